"""A small picture from somebody's device, made bare: what is kept is what is seen, and nothing it says besides.

A photograph may hold where and when it was taken, with what, and by whom; so may a drawing. All of that is left out,
and so is whatever hides behind the picture's end. What a file is, its first bytes say, never its name.
"""

from collections.abc import Callable
from typing import Final

from node.domain.errors import Invalid
from node.domain.phrases import say
from node.domain.pictures import jpeg, png, webp
from node.domain.pictures.bare import Bare, Broken, Moving

__all__ = ["LARGEST", "LARGEST_SIDE", "Bare", "bare"]

#: In bytes, and in pixels.
LARGEST: Final = 100_000
LARGEST_SIDE: Final = 1024
#: So wide, a picture of any kind is hardly ever too large.
SMALL_ENOUGH: Final = 300

_READERS: Final[tuple[tuple[Callable[[bytes], bool], Callable[[bytes], Bare]], ...]] = (
    (png.is_one, png.read),
    (jpeg.is_one, jpeg.read),
    (webp.is_one, webp.read),
)
_BEGINNINGS_OF_SVG: Final = (b"<svg", b"<?xml", b"<!doctype svg", b"<!--")


def bare(data: bytes, size: int | None = None) -> Bare:
    """The picture alone. `size` is how many bytes were sent where `data` is only their beginning.

    Raises Invalid, naming `picture`, with what to do about it.
    """
    sent = len(data) if size is None else size
    if sent > LARGEST:
        raise _wrong(
            say(
                "The picture has %(size)s kB; at most %(most)s kB. Make it smaller, for example %(wide)s pixels wide,"
                " and choose it again.",
                size=-(-sent // 1000),
                most=LARGEST // 1000,
                wide=SMALL_ENOUGH,
            )
        )
    try:
        found = _reader_of(data)(data)
    except Moving:
        raise _wrong(say("This picture moves. Choose one that stands still.")) from None
    except Broken:
        raise _wrong(
            say("This picture is damaged, or did not arrive whole. Save it once more and choose it again.")
        ) from None
    if max(found.width, found.height) > LARGEST_SIDE:
        raise _wrong(
            say(
                "The picture is %(width)s pixels wide and %(height)s high; at most %(most)s each. Make it smaller and"
                " choose it again.",
                width=found.width,
                height=found.height,
                most=LARGEST_SIDE,
            )
        )
    return found


def _reader_of(data: bytes) -> Callable[[bytes], Bare]:
    for is_one, read in _READERS:
        if is_one(data):
            return read
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_BEGINNINGS_OF_SVG):
        raise _wrong(
            say(
                "A drawing in SVG can hold programs, so we take none. Save it as PNG from the program it was drawn"
                " with, and choose that."
            )
        )
    raise _wrong(
        say(
            "This is not a PNG, JPEG or WebP picture. Open it in a program for pictures, save it as one, and choose"
            " that."
        )
    )


def _wrong(sentence: str) -> Invalid:
    return Invalid({"picture": sentence})
