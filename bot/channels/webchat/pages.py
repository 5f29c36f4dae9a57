"""The files of the page: read once, small on the wire, asked for again only when they change."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
HOST = re.compile(r"[\w.-]+(:\d+)?|\[[\da-fA-F:]+\](:\d+)?")
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "media-src 'self' blob:; connect-src 'self'{sockets}; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class File:
    body: bytes
    small: bytes  # gzip
    mark: str  # of its content
    mime: str


class Pages:
    """Serves the folder ``page``.  Restart to see a change."""

    def __init__(self, head: str = "") -> None:
        """Read the folder; ``head`` goes into the head of every page."""
        found = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
        self._files = {
            name: _file(name, body) for name, body in found.items() if not name.endswith(".html")
        }
        for name in sorted(set(found) - set(self._files)):
            html = self._marked(found[name].decode()).replace("</head>", f"{head}</head>", 1)
            self._files[name] = _file(name, html.encode())

    def _marked(self, html: str) -> str:
        """Name every file by its content, so that a browser may keep it for ever."""
        return re.sub(
            r'"/static/([\w.-]+)"',
            lambda found: f'"/static/{found[1]}?v={self._files[found[1]].mark}"',
            html,
        )

    def html(self, request: web.Request, name: str) -> web.Response:
        response = self._answer(request, self._files[name], "no-cache")
        # "self" does not cover sockets in Safari before 15.4
        sockets = ""
        if HOST.fullmatch(request.host):
            sockets = f" ws://{request.host} wss://{request.host}"
        response.headers["Content-Security-Policy"] = CONTENT.format(sockets=sockets)
        return response

    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        file = self._files.get(name)
        if file is None or name.endswith(".html"):
            raise web.HTTPNotFound
        known = request.query.get("v") == file.mark
        response = self._answer(request, file, FOREVER if known else "no-cache")
        if file.mime == "image/svg+xml":  # opened by itself it would be a page of its own
            response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    def _answer(self, request: web.Request, file: File, cache: str) -> web.Response:
        headers = {"Cache-Control": cache, "ETag": f'"{file.mark}"', "Vary": "Accept-Encoding"}
        if file.mark in {one.value for one in request.if_none_match or ()}:
            return web.Response(status=304, headers=headers)
        body = file.body
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body = file.small
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=body, content_type=file.mime, charset="utf-8", headers=headers)


def _file(name: str, body: bytes) -> File:
    mime = guess_type(name)[0] or "application/octet-stream"
    return File(body, gzip.compress(body, mtime=0), sha256(body).hexdigest()[:16], mime)
