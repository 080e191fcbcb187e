"""The parts of a form that carries files (RFC 7578), read as they come: its words, and the beginning of each file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aiohttp import BodyPartReader, web

#: So much of a file is kept: a byte more than the largest that any form of ours takes.
KEPT: Final = 500_001
#: So many files are kept; no form of ours asks for more.
MOST_FILES: Final = 2
#: So much of all files of a member is read, so that the page a photograph came from can say that it is too large.
MOST_READ: Final = 32 * 1024 * 1024
MOST_PARTS: Final = 1000
_AT_ONCE: Final = 65_536


@dataclass(frozen=True)
class SentFile:
    """A file: what it is called on its device, how it begins, and how many bytes of it came."""

    name: str
    beginning: bytes = field(repr=False)
    size: int


@dataclass(frozen=True)
class SentParts:
    """What a form brought. `cut` is the field of the file in which reading ended; empty where everything was read."""

    words: tuple[tuple[str, str], ...]
    files: Mapping[str, SentFile]
    cut: str = ""


async def read_parts(request: web.Request, most: int) -> SentParts:
    """Everything that was sent, in its order; of what comes behind `most` bytes of files, nothing.

    Raises ValueError and LookupError for what is no form, and HTTPRequestEntityTooLarge for too many or too long words.
    """
    words: list[tuple[str, str]] = []
    files: dict[str, SentFile] = {}
    room, left, parts = request.client_max_size, most, 0
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        parts += 1
        if parts > MOST_PARTS:
            raise web.HTTPRequestEntityTooLarge(MOST_PARTS, parts)
        if not isinstance(part, BodyPartReader) or not part.name:
            raise ValueError("no field of a form")
        if part.filename is None and part.headers.get("Content-Type", "text/plain").startswith("text/"):
            text = await _text_of(part, room)
            room -= len(text)
            words.append((part.name, text.decode(part.get_charset(default="utf-8"))))
            continue
        sent = await _file_of(part, KEPT if len(files) < MOST_FILES else 0, left)
        left -= sent.size
        if sent.name:
            files.setdefault(part.name, sent)
        if left < 0:
            return SentParts(tuple(words), files, part.name)
    return SentParts(tuple(words), files)


async def _text_of(part: BodyPartReader, room: int) -> bytes:
    text = bytearray()
    while chunk := await part.read_chunk(_AT_ONCE):
        text += chunk
        if len(text) > room:
            raise web.HTTPRequestEntityTooLarge(room, len(text))
    return bytes(text)


async def _file_of(part: BodyPartReader, kept: int, left: int) -> SentFile:
    """The file, read until it ends or more than `left` of it has come."""
    beginning, size = bytearray(), 0
    while size <= left and (chunk := await part.read_chunk(_AT_ONCE)):
        size += len(chunk)
        beginning += chunk[: max(kept - len(beginning), 0)]
    return SentFile(part.filename or "", bytes(beginning), size)
