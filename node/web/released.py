"""What another community let us read for a task, as it is shown once and kept nowhere."""

from dataclasses import dataclass

from node.domain.arrival import SHORT_LIMIT, ArrivalCard
from node.domain.sealed import FIELD_LIMIT, Contact, SealedNote
from node.web.forms import clean
from schemas.fields import Document

MOST_CONTACTS = 8
MOST_WORDS = 20


@dataclass(frozen=True)
class Details:
    """The released fields, and what to say at the door."""

    note: SealedNote
    meeting_phrase: str


def read_details(released: Document) -> Details:
    """What the other community answered, read with care: anything but plain words of a sane length is left out."""
    words = {name: _words(released.get(name)) for name in ("name", "address", "story", "arrival")}
    contacts = released.get("contact")
    given = [one for one in contacts if isinstance(one, dict)][:MOST_CONTACTS] if isinstance(contacts, list) else []
    contact = tuple(
        Contact(_words(one.get("method")), _words(one.get("value")), one.get("voicemail_ok") is True) for one in given
    )
    card = released.get("arrival_card")
    if isinstance(card, dict):
        words["arrival"] = words["arrival"] or _words(card.get("anything_else"))
    note = SealedNote(
        name=words["name"],
        contact=contact,
        address=words["address"],
        story=words["story"],
        arrival=words["arrival"],
        arrival_card=_card(card if isinstance(card, dict) else {}),
    )
    return Details(note, _words(released.get("meeting_phrase"))[:SHORT_LIMIT])


def _card(card: Document) -> ArrivalCard:
    """Words we do not know are shown as they came: a newer version may know more of them."""
    return ArrivalCard(
        at_the_door=_several(card.get("at_the_door")),
        access=_several(card.get("access")),
        language=_words(card.get("language"))[:SHORT_LIMIT],
        interpreter=card.get("interpreter") is True,
        pets=_words(card.get("pets"))[:SHORT_LIMIT],
        who_may_come=_words(card.get("who_may_come"))[:SHORT_LIMIT],
    )


def _several(value: object) -> tuple[str, ...]:
    found = [_words(one)[:SHORT_LIMIT] for one in value[:MOST_WORDS]] if isinstance(value, list) else []
    return tuple(filter(None, found))


def _words(value: object) -> str:
    return clean(value)[:FIELD_LIMIT] if isinstance(value, str) else ""
