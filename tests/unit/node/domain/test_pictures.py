"""A picture is kept bare: where it was taken does not come in with it; and whatever is sent, a sentence answers."""

import contextlib
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.errors import Invalid
from node.domain.pictures import LARGEST, bare
from tests.pictures import CLEAR, EVERY, JPEG, LOSSLESS, PNG

#: Exif (CIPA DC-008): 51° 30' 26" N, in a directory of places, and who took the picture.
PLACE = struct.pack("<6I", 51, 1, 30, 1, 26, 1)
EXIF = (
    b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 2)
    + struct.pack("<HHII", 0x013B, 2, 6, 38) + struct.pack("<HHII", 0x8825, 4, 1, 44) + bytes(4)
    + b"Amina\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x0002, 5, 3, 62) + bytes(4) + PLACE
)  # fmt: skip
WORDS = b"Amina at the Old Mill"
BEHIND = b"and one more picture behind the end"


def _jpeg(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def _png(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _webp(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = (kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2) for kind, data in chunks)
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_where_a_photograph_was_taken_and_by_whom_does_not_come_in() -> None:
    said = _jpeg(0xE1, b"Exif\0\0" + EXIF) + _jpeg(0xED, b"Photoshop 3.0\0" + WORDS) + _jpeg(0xFE, WORDS)
    photograph = JPEG[:2] + said + _jpeg(0xE2, b"MPF\0" + WORDS) + JPEG[2:] + BEHIND
    assert PLACE in photograph and b"Amina" in photograph
    assert bare(photograph).content == JPEG
    said = _png(b"tEXt", b"Author\0" + WORDS) + _png(b"eXIf", EXIF) + _png(b"zTXt", WORDS) + _png(b"iTXt", WORDS)
    moves = _png(b"acTL", struct.pack(">II", 2, 0))
    assert bare(PNG[:33] + said + moves + PNG[33:-12] + _png(b"tIME", bytes(7)) + PNG[-12:] + BEHIND).content == PNG
    extended = (b"VP8X", b"\x2c\0\0\0\x17\0\0\x0f\0\0")
    points = (b"VP8L", LOSSLESS[20 : 20 + int.from_bytes(LOSSLESS[16:20], "little")])
    told = _webp(extended, (b"ICCP", WORDS), points, (b"EXIF", EXIF), (b"XMP ", WORDS))
    assert bare(told + BEHIND).content == LOSSLESS
    assert bare(CLEAR[:20] + b"\x1c" + CLEAR[21:]).content == CLEAR, "what is see-through stays so, and says no more"


def test_every_kind_is_known_by_its_content_and_is_itself_when_it_is_bare() -> None:
    for picture in EVERY.values():
        found = bare(picture)
        assert (found.content, found.width, found.height) == (picture, 24, 16)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "SVG can hold programs"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><svg/>', "SVG can hold programs"),
        (b"GIF89a" + bytes(20), "not a PNG, JPEG or WebP"),
        (b"", "not a PNG, JPEG or WebP"),
        (PNG[:16] + bytes(4) + PNG[20:], "is damaged"),
        (
            PNG[:8] + _png(b"IHDR", struct.pack(">II5B", 1025, 9, 8, 6, 0, 0, 0)) + PNG[33:],
            "1025 pixels wide and 9 high",
        ),
        (_webp((b"VP8X", b"\x02\0\0\0\x17\0\0\x0f\0\0"), (b"ANIM", bytes(6))), "This picture moves."),
        (PNG + bytes(300_000 - len(PNG)), "The picture has 300 kB; at most 100 kB."),
    ],
)
def test_what_cannot_be_taken_says_what_to_do(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        bare(data)
    (said,) = refused.value.fields.values()
    assert sentence in said and said.endswith((".", "that.")), said


def test_half_a_picture_is_none() -> None:
    for name, picture in EVERY.items():
        for length in range(len(picture)):
            with pytest.raises(Invalid):
                assert not bare(picture[:length]), (name, length)


PIECES = st.sampled_from([*EVERY.values(), b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x40\0\0\0WEBPVP8X"])


@given(PIECES, st.integers(0, 700), st.binary(max_size=40))
def test_any_bytes_are_a_bare_picture_or_a_sentence(begun: bytes, at: int, other: bytes) -> None:
    for data in (other, begun[:at] + other, begun[:at] + other + begun[at + len(other) :]):
        with contextlib.suppress(Invalid):
            found = bare(data)
            assert bare(found.content) == found and len(found.content) <= len(data) + 1 <= LARGEST
