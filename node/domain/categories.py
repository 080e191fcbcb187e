"""The twenty categories every community starts with, and those it adds. The keys of the twenty travel on the wire.

A category of a community's own has a key that means something only here, and is most like one of the twenty: for
neighbours, and for every rule, it is that one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from node.domain.errors import Invalid
from node.domain.phrases import say
from node.domain.spelling import tidy_name, without_marks

LONGEST_NAME = 40
#: A longer list nobody reads who asks in a hurry.
MOST_OWN = 20
#: No key that travels begins so, and no key of our own begins otherwise.
OWN = "own-"
_LONGEST_SLUG = 30

#: Never shared publicly unless a steward decides so for that one notice.
DELICATE = frozenset({"money", "health", "housing", "safety"})

#: Categories met with somebody's time rather than with a thing (ValueFlows `deliverService`).
SERVICES = frozenset(
    {"errands", "transport", "care", "listening", "translation", "forms", "repairs", "tech", "learning", "pets"}
    | {"safety", "organising"}
)


@dataclass(frozen=True)
class Category:
    """A kind of need or offer: a stable key, its name and a few words that say what it covers."""

    key: str
    name: str
    examples: str = ""


SHIPPED: tuple[Category, ...] = (
    Category("groceries", say("Groceries")),
    Category("meals", say("Meals")),
    Category("errands", say("Errands"), say("deliveries, prescriptions")),
    Category("money", say("Money"), say("rent, bills, cash")),
    Category("housing", say("Housing"), say("shelter, storage")),
    Category("transport", say("Transport")),
    Category("baby", say("Baby"), say("diapers, formula, childcare")),
    Category("care", say("Care"), say("elders, disabled and ill people")),
    Category("health", say("Health"), say("medicine, hygiene, period products")),
    Category("listening", say("Listening")),
    Category("translation", say("Translation")),
    Category("forms", say("Forms"), say("benefits, legal, tenant, immigration")),
    Category("goods", say("Goods"), say("clothes, furniture, household")),
    Category("repairs", say("Repairs"), say("cleaning, laundry, yard, moving")),
    Category("tech", say("Tech"), say("phone, internet, printing")),
    Category("learning", say("Learning"), say("tutoring, skills, tools to borrow")),
    Category("pets", say("Pets")),
    Category("safety", say("Safety"), say("accompaniment")),
    Category("organising", say("Organising"), say("calls, driving, flyers, space")),
    Category("other", say("Something else")),
)

BY_KEY = {category.key: category for category in SHIPPED}


def name_of(key: str) -> str:
    """The name shown for a category's key; an unknown key is shown as "Something else"."""
    return BY_KEY.get(key, BY_KEY["other"]).name


def is_own(key: str) -> bool:
    """Whether this is the key of a category of a community's own, here or elsewhere."""
    return key.startswith(OWN)


@dataclass(frozen=True)
class OwnCategories:
    """A community's own way with the categories: their `order` (keys), its own `names`, and which are `hidden`.

    `likes` are those it added: for each key which of the twenty it is most like. Its name is among `names`. What this
    says nothing of is as it comes. Hidden ones are offered to nobody who asks or offers; what is in them stays.
    """

    order: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    likes: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """All of them in this order."""
        known = (*BY_KEY, *self.likes)
        return tuple(dict.fromkeys((*(key for key in self.order if key in known), *known)))

    @property
    def arranged(self) -> tuple[Category, ...]:
        """All of them in this order, each with the name it has here."""
        return tuple(Category(key, self.names[key]) if key in self.names else BY_KEY[key] for key in self.keys)

    @property
    def shown(self) -> tuple[Category, ...]:
        """Those among them that are offered to whoever asks or offers."""
        return tuple(one for one in self.arranged if one.key not in self.hidden)

    def name_of(self, key: str) -> str:
        """The name shown for a category's key; an unknown key is shown as what is left over."""
        known = key if key in BY_KEY or key in self.likes else "other"
        return self.names.get(known) or BY_KEY[known].name

    def knows(self, key: str) -> bool:
        """Whether a category has this key here."""
        return key in BY_KEY or key in self.likes

    def find(self, said: str) -> str | None:
        """The key of the category that has this key or this name here, however it is spelled; None where none has."""
        spelled = tidy_name(said).casefold()
        named = (one.key for one in self.arranged if one.name.casefold() == spelled)
        return said if self.knows(said) else next(named, None)

    def like(self, key: str) -> str:
        """The key under which neighbours and every rule know it: of one of our own, which of the twenty it is like."""
        return self.likes.get(key, key)

    def own(self, key: str) -> str:
        """This key where it is one of our own, else nothing."""
        return key if key in self.likes else ""

    def tag_of(self, key: str) -> str:
        """The name of one of our own as a hashtag without its sign; empty where none can be made, and for others."""
        return as_hashtag(self.names.get(key, "")) if key in self.likes else ""


AS_SHIPPED = OwnCategories()


@dataclass(frozen=True)
class CategoryChange:
    """How one category shall be: an empty `name` is the one it comes with; `behind` which key it stands, or first.

    One of our own needs a name, and is `like` one of the twenty. An empty `key` adds it.
    """

    key: str
    name: str = ""
    behind: str = ""
    is_hidden: bool = False
    like: str = ""


def changed(own: OwnCategories, wanted: CategoryChange) -> OwnCategories:
    """The same with one category as it is wanted; its key must be known. Raises Invalid beside each field."""
    name = tidy_name(wanted.name)
    others = [one for one in own.arranged if one.key != wanted.key]
    is_ours = not wanted.key or wanted.key in own.likes
    faults = {
        "name": _name_fault(name, tuple(one.name for one in others), is_ours=is_ours),
        "like": say("Choose the one it is most like.") if is_ours and wanted.like not in BY_KEY else "",
        "is_hidden": say("What fits nowhere else must be able to go somewhere.")
        if wanted.is_hidden and wanted.key == "other"
        else "",
    }
    if not wanted.key and len(own.likes) >= MOST_OWN:
        faults["name"] = say("You have %(most)s of your own already. Take one away first.", most=MOST_OWN)
    if any(faults.values()):
        raise Invalid({field: fault for field, fault in faults.items() if fault})
    key = wanted.key or new_key(own, name)
    keys = [one.key for one in others]
    keys.insert(keys.index(wanted.behind) + 1 if wanted.behind in keys else 0, key)
    names = {one: value for one, value in own.names.items() if one != key} | ({key: name} if name else {})
    hidden = own.hidden - {key} | ({key} if wanted.is_hidden else frozenset())
    likes = {**own.likes, key: wanted.like} if is_ours else own.likes
    return replace(own, order=_order(keys), names=names, hidden=hidden, likes=likes)


def without(own: OwnCategories, key: str) -> OwnCategories:
    """The same without one that the community added."""
    if key not in own.likes:
        return own
    return OwnCategories(
        order=_order([one for one in own.keys if one != key]),
        names={one: name for one, name in own.names.items() if one != key},
        hidden=own.hidden - {key},
        likes={one: like for one, like in own.likes.items() if one != key},
    )


def new_key(own: OwnCategories, name: str) -> str:
    """A key for one more of our own, known by its name as far as that can be told in a key; no other has it."""
    slug = "-".join(re.findall(r"[a-z0-9]+", _plain(name).lower()))[:_LONGEST_SLUG].strip("-") or "1"
    found, number = f"{OWN}{slug}", 1
    while found in own.likes:
        number += 1
        found = f"{OWN}{number}" if slug == "1" else f"{OWN}{slug}-{number}"
    return found


def as_hashtag(name: str) -> str:
    """A name as one word of letters and digits, as every server reads hashtags (protocol 144).

    Empty where a letter of it cannot be written so, and where it has none.
    """
    plain = _plain(name)
    if not plain.isascii() and any(sign.isalnum() and not sign.isascii() for sign in plain):
        return ""
    words = re.findall(r"[A-Za-z0-9]+", plain.replace("'", "").replace("\u2019", ""))
    tag = "".join(word[:1].upper() + word[1:] for word in words)
    return tag if any(sign.isalpha() for sign in tag) else ""


def _plain(name: str) -> str:
    """Without the marks on its letters."""
    return without_marks(name.translate(_TWO_LETTERS))


_TWO_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
)


def _name_fault(name: str, taken: tuple[str, ...], *, is_ours: bool) -> str:
    if is_ours and not name:
        return say("Say what it is called.")
    if len(name) > LONGEST_NAME:
        return say("Write it in at most %(most)s characters.", most=LONGEST_NAME)
    if is_ours and not any(sign.isalpha() for sign in name):
        return say("Say what it is called, in letters.")
    is_taken = bool(name) and name.casefold() in {one.casefold() for one in taken}
    if is_taken or (is_ours and _is_tag_taken(as_hashtag(name).lower(), taken)):
        return say("Another category is called that already.")
    return ""


def _is_tag_taken(tag: str, taken: tuple[str, ...]) -> bool:
    return bool(tag) and tag in _TAGS_OF_ALL | {as_hashtag(one).lower() for one in taken}


def _order(keys: list[str]) -> tuple[str, ...]:
    return tuple(keys) if keys != list(BY_KEY) else ()


#: As hashtags these mean the same everywhere, so nothing of one community's own is called so.
_TAGS_OF_ALL = frozenset(as_hashtag(one.name).lower() for one in SHIPPED) | {"mutualaid", "announcements"}
