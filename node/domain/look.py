"""How a community looks: one of a few accents, each of which can be read."""

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
