"""The font documents are written with unless a setting names another: it has Chinese and Latin letters."""

from pathlib import Path

DEBIAN_PACKAGE = "fonts-wqy-microhei"

USUAL_FONT = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
"""Where the package puts it."""
