"""What a dispatcher should read once more before a notice is shared: gentle reminders, never a refusal."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from node.domain.phrases import say
from node.domain.redaction.contacts import links
from node.domain.redaction.overlaps import Overlap
from node.domain.redaction.places import doors, streets
from node.domain.redaction.rare_details import ages, only_ones, private_matters, schools


class Telling(StrEnum):
    """What a piece of a notice may give away, said as the beginning of a sentence."""

    NAME = say("This may be somebody's name, and it also stands in the sealed note")
    PHRASE = say("These words stand in the sealed note just like this")
    STREET = say("This looks like a street address")
    DOOR = say("This looks like a flat, a door or a postcode")
    LINK = say("This leads to a page, which may say more")
    AREA = say("This is none of our areas, and others would read it as it is written")
    SMALLER_AREA = say("Others are told only the larger area, and this names a smaller one")
    PRIVATE = say("This is something people rarely tell everyone")
    AGE = say("An age can give somebody away")
    ONLY = say("Being the only one can give somebody away")
    SCHOOL = say("A school or house by its name can give somebody away")
    WORD = say("This also stands in the sealed note")
    UNCOMPARED = say("The sealed note is locked at the moment, so nothing was compared with it")


@dataclass(frozen=True)
class Finding:
    """One reminder: what it is about, and the pieces of the notice."""

    about: Telling
    pieces: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The reminder in one line."""
        return f"{self.about}: {', '.join(self.pieces)}" if self.pieces else f"{self.about}."


_LOOKS: tuple[tuple[Telling, Callable[[str], tuple[str, ...]]], ...] = (
    (Telling.STREET, streets),
    (Telling.DOOR, doors),
    (Telling.LINK, links),
    (Telling.PRIVATE, private_matters),
    (Telling.AGE, ages),
    (Telling.ONLY, only_ones),
    (Telling.SCHOOL, schools),
)


def findings(
    text: str, shared: Overlap | None, strange_area: str = "", smaller: tuple[str, ...] = ()
) -> tuple[Finding, ...]:
    """Everything to read once more in `text`, what weighs most first.

    `shared` is what the text has in common with the sealed note, None where that could not be looked at;
    `strange_area` an area that is none of the community's own, `smaller` areas in the text that others are not told.
    """
    order = {about: place for place, about in enumerate(Telling)}
    every = (*_all(text, shared, strange_area), (Telling.SMALLER_AREA, smaller))
    found = [Finding(about, tuple(dict.fromkeys(pieces))) for about, pieces in every if pieces]
    if shared is None:
        found.append(Finding(Telling.UNCOMPARED))
    return tuple(sorted(found, key=lambda finding: order[finding.about]))


def _all(text: str, shared: Overlap | None, strange_area: str) -> Iterator[tuple[Telling, tuple[str, ...]]]:
    for about, look in _LOOKS:
        yield about, look(text)
    common = shared or Overlap()
    yield Telling.NAME, common.names
    yield Telling.PHRASE, common.phrases
    yield Telling.WORD, common.words
    yield Telling.AREA, (strange_area,) if strange_area else ()
