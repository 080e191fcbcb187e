"""How a community looks: one of a few accents, each of which can be read, and the logo beside its name."""

from dataclasses import dataclass
from enum import StrEnum


class Accent(StrEnum):
    """The colour of links, buttons and edges. There is no free choice, so that nobody makes a page unreadable."""

    GREEN = "green"
    TEAL = "teal"
    BLUE = "blue"
    VIOLET = "violet"
    PLUM = "plum"
    BERRY = "berry"
    BROWN = "brown"
    GREY = "grey"


@dataclass(frozen=True)
class Logo:
    """What pages need to know of a picture: `name`, which changes with what is in it, and its sides in pixels."""

    name: str
    width: int
    height: int

    @property
    def is_square(self) -> bool:
        """Whether it can stand for us where only squares can."""
        return self.width == self.height
