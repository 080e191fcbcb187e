"""What reading a picture gives, and what can be wrong with one."""

from dataclasses import dataclass


class Broken(Exception):
    """It does not hold together as its format says."""


class Moving(Exception):
    """It holds several pictures, to be shown one after the other."""


@dataclass(frozen=True)
class Bare:
    """A picture with nothing but what is seen; its sides are in pixels."""

    media_type: str
    content: bytes
    width: int
    height: int
