"""The pages: `web/static/`, as `npm run build` left it. No directory listing, no symlink is followed."""

import mimetypes
from pathlib import Path

from aiohttp.web import FileResponse, Response, StreamResponse

from records.permissions import Permission, Scope
from web.call import Call
from web.errors import ProblemCode, Refused
from web.routing import RouteTable

table = RouteTable()
HASHED = "assets"
_FOREVER = "public, max-age=31536000, immutable"
_NOT_PAGES = ("api", HASHED, "socket", "station", "whip", "whep")
_NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Cloud Clinic</title>
<h1>页面尚未构建 · The pages are not built</h1>
<p>在项目目录运行 <code>make client</code>，然后刷新。</p>
<p>Run <code>make client</code> in the project, then reload.</p>
"""


@table.route("GET", "/{path:.*}", permission=Permission.ANYONE, scope=Scope.NONE)
async def show_page(call: Call[None]) -> StreamResponse:
    """A file of the built client; every page's path answers with `index.html`, which finds its page."""
    root = call.parts.static.resolve()
    path = call.named("path")
    found = find_file(root, path) if path else None
    if found is None:
        first, last = path.split("/")[0], path.rsplit("/", 1)[-1]
        if first in _NOT_PAGES or "." in last or path.startswith("/"):
            raise Refused(ProblemCode.NOT_FOUND)
        found = find_file(root, "index.html")
    if found is None:
        return Response(status=503, text=_NOT_BUILT, content_type="text/html")
    return _answer(found, hashed=path.startswith(HASHED + "/"))


def find_file(root: Path, path: str) -> Path | None:
    """A regular file below `root` by its plain path; None for anything else, symlinks and dots included."""
    parts = path.split("/")
    if "\\" in path or "\0" in path or any(part in ("", ".", "..") or part.startswith(".") for part in parts):
        return None
    at = root
    for part in parts:
        at = at / part
        if at.is_symlink():
            return None
    return at if at.is_file() else None


def _answer(file: Path, hashed: bool) -> FileResponse:
    response = FileResponse(file)  # hands out `.br` or `.gz` beside it when the browser takes that
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    # Some systems map .js to text/plain, which browsers refuse under nosniff.
    response.content_type = "text/javascript" if file.suffix in (".js", ".mjs") else kind
    if response.content_type.startswith("text/"):
        response.charset = "utf-8"
    response.headers["Cache-Control"] = _FOREVER if hashed else "no-cache"
    return response
