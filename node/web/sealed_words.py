"""How what is sealed is said: its fields, the arrival card, access; for whoever fills it in, and for whoever comes."""

from node.domain.arrival import ArrivalCard
from node.web.language_names import language_name
from node.web.words import FIELD_NAMES, _, listed

Choices = tuple[tuple[str, str, str], ...]

_AT_THE_DOOR = {
    "text first": _("Send a text message first"),
    "do not knock": _("Do not knock"),
    "ring": _("Ring the bell"),
    "leave at door": _("Leave it at the door"),
}

#: Each need: as the person says it, and as whoever comes reads it.
_NEEDED = {
    "step-free": (_("I need a way without steps"), _("a way without steps")),
    "wheelchair": (_("I use a wheelchair"), _("uses a wheelchair")),
    "no lifting": (_("I cannot lift or carry"), _("cannot lift or carry")),
    "time at the door": (_("I need time to get to the door"), _("needs time to get to the door")),
    "hard of hearing": (_("I do not hear well"), _("does not hear well")),
    "low vision": (_("I do not see well"), _("does not see well")),
    "sign language": (_("I use sign language"), _("uses sign language")),
    "masks": (_("Please wear a mask"), _("please wear a mask")),
    "no scents": (_("No perfume or strong smells, please"), _("no perfume or strong smells")),
    "quiet": (_("Quiet, please"), _("quiet, please")),
}

#: Each word about an offer: as whoever offers says it, and as others read it.
_OFFERED = {
    "step-free": (_("The way to it has no steps"), _("no steps on the way")),
    "wheelchair": (_("There is room for a wheelchair"), _("room for a wheelchair")),
    "no lifting": (_("I cannot lift or carry"), _("without lifting or carrying")),
    "sitting work": (_("I can do it sitting down"), _("done sitting down")),
    "sign language": (_("I use sign language"), _("sign language")),
    "masks": (_("I wear a mask, and ask for one"), _("with masks")),
    "no scents": (_("No perfume or strong smells"), _("no perfume or strong smells")),
    "quiet": (_("It is quiet there"), _("quiet")),
    "by phone": (_("It can be done by telephone"), _("also by telephone")),
}


_YES_NO = {"yes": _("yes"), "no": _("no")}

#: The same for the person whose note it is.
_OWN_FIELD_NAMES = FIELD_NAMES | {
    "name": _("What we call you"),
    "contact": _("How to reach you"),
    "story": _("What you told the dispatchers"),
}


def own_field_name(name: str) -> str:
    """A field of the sealed note, in words for its owner."""
    return _OWN_FIELD_NAMES.get(name, name)


def field_name(name: str) -> str:
    """A field of the sealed note, in words."""
    return FIELD_NAMES.get(name, name)


def at_the_door_name(word: str) -> str:
    """One thing to do at the door, in words."""
    return _AT_THE_DOOR.get(word, word)


def access_needed() -> Choices:
    """What somebody may need, as they would say it."""
    return tuple((word, own, "") for word, (own, _read) in _NEEDED.items())


def access_offered() -> Choices:
    """What an offer may say of itself, as whoever offers would say it."""
    return tuple((word, own, "") for word, (own, _read) in _OFFERED.items())


def own_answer(answer: str) -> str:
    """An answer to a question of our own: a yes and a no in the reader's language, anything else as it was written."""
    return _YES_NO.get(answer, answer)


def offered(words: tuple[str, ...]) -> str:
    """What an offer says of itself, in one line for its readers."""
    return listed(_OFFERED[word][1] if word in _OFFERED else word for word in words)


def arrival_lines(card: ArrivalCard) -> tuple[tuple[str, str], ...]:
    """The card as labels and values for whoever comes; only what was filled in."""
    lines = (
        (_("At the door"), listed(at_the_door_name(word) for word in card.at_the_door)),
        (_("Who may come"), card.who_may_come),
        (_("Access"), listed(_NEEDED[word][1] if word in _NEEDED else word for word in card.access)),
        (_("Language at the door"), language_name(card.language) if card.language else ""),
        (_("Interpreter"), _("please bring somebody who interprets") if card.interpreter else ""),
        (_("Animals"), card.pets),
    )
    return tuple((label, value) for label, value in lines if value)


FILTERS = {
    "arrival_lines": arrival_lines,
    "field_name": field_name,
    "offered": offered,
    "own_answer": own_answer,
    "own_field_name": own_field_name,
}
