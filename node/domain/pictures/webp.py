"""WebP (RFC 9649), as far as a still picture needs it."""

from collections.abc import Iterator
from typing import Final

from node.domain.pictures.bare import Bare, Broken, Moving

_LOSSY, _LOSSLESS, _EXTENDED, _ALPHA = b"VP8 ", b"VP8L", b"VP8X", b"ALPH"
_MOVING: Final = frozenset({b"ANIM", b"ANMF"})
_HAS_ALPHA: Final = 0x10


def is_one(data: bytes) -> bool:
    """Whether it begins like one."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def read(data: bytes) -> Bare:
    """The picture alone: Exif, XMP, colour profiles and everything unknown are left out. Raises Broken, Moving."""
    chunks = dict[bytes, bytes]()
    for kind, payload in _chunks(data):
        if kind in _MOVING:
            raise Moving
        chunks.setdefault(kind, payload)
    points = [kind for kind in (_LOSSY, _LOSSLESS) if kind in chunks]
    if len(points) != 1:
        raise Broken
    kind = points[0]
    width, height = _lossy_size(chunks[kind]) if kind == _LOSSY else _lossless_size(chunks[kind])
    parts = [_written(kind, chunks[kind])]
    if kind == _LOSSY and _ALPHA in chunks and _EXTENDED in chunks:
        parts = [_written(_EXTENDED, _extended(width, height)), _written(_ALPHA, chunks[_ALPHA]), *parts]
    body = b"WEBP" + b"".join(parts)
    return Bare("image/webp", b"RIFF" + len(body).to_bytes(4, "little") + body, width, height)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's kind and payload; what follows the length that the file says is no part of the picture."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Broken
    at = 12
    while at + 8 <= end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise Broken
        yield data[at : at + 4], data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _lossy_size(frame: bytes) -> tuple[int, int]:
    """Of a key frame (RFC 6386, 9.1)."""
    if len(frame) < 10 or frame[0] & 1 or frame[3:6] != b"\x9d\x01\x2a":
        raise Broken
    width, height = (int.from_bytes(frame[at : at + 2], "little") & 0x3FFF for at in (6, 8))
    if not width or not height:
        raise Broken
    return width, height


def _lossless_size(stream: bytes) -> tuple[int, int]:
    if len(stream) < 5 or stream[0] != 0x2F:
        raise Broken
    bits = int.from_bytes(stream[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _extended(width: int, height: int) -> bytes:
    return bytes((_HAS_ALPHA, 0, 0, 0)) + b"".join((side - 1).to_bytes(3, "little") for side in (width, height))


def _written(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "little") + payload + bytes(len(payload) % 2)
