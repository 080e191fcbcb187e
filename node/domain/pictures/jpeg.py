"""JPEG (ITU-T T.81, annex B), as far as a still picture needs it."""

import struct
from collections.abc import Iterator
from typing import Final

from node.domain.pictures.bare import Bare, Broken

_START: Final = b"\xff\xd8"
_END: Final = 0xD9
_SCAN: Final = 0xDA
_ADOBE: Final = 0xEE
#: How large, and how it is packed: frames, but for the tables that lie between their numbers.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: Tables, the distance of restarts, scans. APPn (Exif, XMP, colour profiles, previews) and comments are left out.
_SEEN: Final = _FRAMES | {0xC4, 0xCC, 0xDB, 0xDD, _SCAN}
#: Within a scan: a byte that only looks like a marker, and restarts.
_WITHIN: Final = frozenset({0x00, *range(0xD0, 0xD8)})
#: "Adobe", a version, two flags, and how the colours are meant: nothing more is taken from that segment.
_ADOBE_LENGTH: Final = 12


def is_one(data: bytes) -> bool:
    """Whether it begins like one."""
    return data.startswith(b"\xff\xd8\xff")


def read(data: bytes) -> Bare:
    """The picture alone. Raises Broken."""
    kept, sizes, has_scan = [_START], [], False
    for marker, segment, scanned in _segments(data):
        if marker in _FRAMES:
            sizes.append(_size(segment))
        has_scan = has_scan or marker == _SCAN
        if marker in _SEEN:
            kept += (_written(marker, segment), scanned)
        elif marker == _ADOBE and segment.startswith(b"Adobe") and len(segment) >= _ADOBE_LENGTH:
            kept.append(_written(marker, segment[:_ADOBE_LENGTH]))
    if len(sizes) != 1 or not has_scan:
        raise Broken
    width, height = sizes[0]
    return Bare("image/jpeg", b"".join((*kept, bytes((0xFF, _END)))), width, height)


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each marker with its segment and, for a scan, the packed pixels; nothing that follows the picture's end."""
    at = len(_START)
    while True:
        marker, at = _marker(data, at)
        if marker == _END:
            return
        length = int.from_bytes(data[at : at + 2], "big")
        segment = data[at + 2 : at + length]
        if length < 2 or len(segment) != length - 2:
            raise Broken
        at += length
        end = _end_of_scan(data, at) if marker == _SCAN else at
        yield marker, segment, data[at:end]
        at = end


def _marker(data: bytes, at: int) -> tuple[int, int]:
    """The marker that stands here, whatever fills the room before it, and where it ends."""
    end = at
    while data[end : end + 1] == b"\xff":
        end += 1
    if end == at or end >= len(data) or data[end] in _WITHIN or data[end] in {0x01, 0xD8}:
        raise Broken
    return data[end], end + 1


def _end_of_scan(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            raise Broken
        if data[at + 1] not in _WITHIN:
            return at
        at += 2


def _size(frame: bytes) -> tuple[int, int]:
    if len(frame) < 6:
        raise Broken
    height, width = struct.unpack_from(">HH", frame, 1)
    if not width or not height:
        raise Broken
    return width, height


def _written(marker: int, segment: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(segment) + 2).to_bytes(2, "big") + segment
