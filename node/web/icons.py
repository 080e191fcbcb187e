"""Our drawing and the icons made of it, on the ground of another accent.

Each icon is a PNG with one palette (W3C PNG, 11.2.2): steps from the ground to the lines of the drawing, then the
ground alone for its soft corners. Another palette is another ground, and nothing has to be drawn again.
"""

import struct
import zlib
from typing import Final

from node.domain.pictures import png

#: As the files in static/ are drawn: the usual accent, and the colour of the lines.
GROUND: Final = "#1f5f4a"
LINES: Final = "#fff8ea"
_STEPS: Final = 160
_ENTRIES: Final = 256


def on_ground(name: str, content: bytes, ground: str) -> bytes:
    """The drawing (`.svg`) or icon (`.png`) with this colour, as `#1f5f4a`, in place of its ground."""
    if name.endswith(".svg"):
        return content.replace(GROUND.encode(), ground.encode())
    palette = _chunk(b"PLTE", _palette(ground))
    return png.SIGNATURE + b"".join(palette if kind == b"PLTE" else whole for kind, whole in png.chunks(content))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _palette(ground: str) -> bytes:
    below, above = bytes.fromhex(ground[1:]), bytes.fromhex(LINES[1:])
    blends = (
        round(under + (over - under) * step / (_STEPS - 1))
        for step in range(_STEPS)
        for under, over in zip(below, above, strict=True)
    )
    return bytes(blends) + below * (_ENTRIES - _STEPS)
