"""What can be wrong with a picture that comes, or should."""

import enum


class PictureTrouble(enum.StrEnum):
    """What is wrong with the captured picture now."""

    LOST = "lost"  # the source runs, or should, and gives none
    FROZEN = "frozen"  # every picture is the same
    BLANK = "blank"  # black, or one colour all over
    RESIZED = "resized"  # its size changed a moment ago: what was measured before has another scale
    COVERED = "covered"  # no signed mask fits it: black, or only the largest shape known is shown
    NEW_TEXT = "new_text"  # text stands under the mask where none was when a person signed it off
