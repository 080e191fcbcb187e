"""The stylesheet, the script and the drawings: read once, served with a name that changes when they do."""

import hashlib
from dataclasses import dataclass
from importlib import resources

from aiohttp import web

_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class StaticFile:
    """One file as it is sent; `mark` changes with its content."""

    content: bytes
    content_type: str
    mark: str

    @classmethod
    def of(cls, name: str, content: bytes) -> "StaticFile":
        """This content under a name, whose end says what it is."""
        return cls(content, _TYPES[name.rpartition(".")[2]], mark_of(content))


StaticFiles = dict[str, StaticFile]
STATIC_FILES = web.AppKey("static_files", StaticFiles)


def load_static_files() -> StaticFiles:
    """Every file of the package's static folder, by name."""
    folder = resources.files("node.web") / "static"
    return {item.name: StaticFile.of(item.name, item.read_bytes()) for item in folder.iterdir() if item.is_file()}


def mark_of(content: bytes) -> str:
    """What stands in an address so that it is another one once the content is another."""
    return hashlib.sha256(content).hexdigest()[:12]


def static_url(files: StaticFiles, name: str) -> str:
    """The address of a static file, with its mark. Raises KeyError for a name that is not there."""
    return f"/static/{name}?v={files[name].mark}"


async def show_static(request: web.Request) -> web.Response:
    """GET /static/{name}: packed for whoever asks for that."""
    found = request.app[STATIC_FILES].get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
    if found.content_type == _TYPES["png"]:
        return web.Response(body=found.content, content_type=found.content_type, headers=headers)
    response = web.Response(body=found.content, content_type=found.content_type, charset="utf-8", headers=headers)
    response.enable_compression()  # the same for everybody, so its length tells nothing
    return response
