"""PNG (W3C Portable Network Graphics, third edition), as far as a still picture needs it."""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from node.domain.pictures.bare import Bare, Broken

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
#: What is seen. Words, times, places, further frames and everything unknown are left out.
_SEEN: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"})


def is_one(data: bytes) -> bool:
    """Whether it begins like one."""
    return data.startswith(SIGNATURE)


def read(data: bytes) -> Bare:
    """The picture alone. Raises Broken."""
    parts = list(chunks(data))
    kinds = [kind for kind, _whole in parts]
    first = parts[0][1]
    if kinds[0] != b"IHDR" or len(first) != 25 or kinds.count(b"IHDR") != 1 or b"IDAT" not in kinds:
        raise Broken
    width, height = struct.unpack_from(">II", first, 8)
    if not width or not height:
        raise Broken
    content = SIGNATURE + b"".join(whole for kind, whole in parts if kind in _SEEN)
    return Bare("image/png", content, width, height)


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's kind with the whole of it, up to the last one; what follows that is no part of the picture.

    Raises Broken.
    """
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if at + 12 > len(data):
            raise Broken
        (length,) = struct.unpack_from(">I", data, at)
        whole = data[at : at + 12 + length]
        kind = whole[4:8]
        if len(whole) != 12 + length or struct.unpack(">I", whole[-4:])[0] != zlib.crc32(whole[4:-4]):
            raise Broken
        yield kind, whole
        at += len(whole)
