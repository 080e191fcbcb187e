"""The twenty categories every community starts with. Keys are stable and travel on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from node.domain.errors import Invalid
from node.domain.phrases import say

LONGEST_NAME = 40

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


@dataclass(frozen=True)
class OwnCategories:
    """A community's own way with the categories: their `order` (keys), its own `names`, and which are `hidden`.

    What it says nothing of is as it comes. Hidden ones are offered to nobody who asks or offers; what is in them stays.
    """

    order: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()

    @property
    def arranged(self) -> tuple[Category, ...]:
        """All of them in this order, each with the name it has here."""
        keys = dict.fromkeys((*(key for key in self.order if key in BY_KEY), *BY_KEY))
        return tuple(Category(key, self.names[key]) if key in self.names else BY_KEY[key] for key in keys)

    @property
    def shown(self) -> tuple[Category, ...]:
        """Those among them that are offered to whoever asks or offers."""
        return tuple(one for one in self.arranged if one.key not in self.hidden)

    def name_of(self, key: str) -> str:
        """The name shown for a category's key; an unknown key is shown as what is left over."""
        known = key if key in BY_KEY else "other"
        return self.names.get(known) or BY_KEY[known].name


AS_SHIPPED = OwnCategories()


@dataclass(frozen=True)
class CategoryChange:
    """How one category shall be: an empty `name` is the one it comes with; `behind` which key it stands, or first."""

    key: str
    name: str = ""
    behind: str = ""
    is_hidden: bool = False


def changed(own: OwnCategories, wanted: CategoryChange) -> OwnCategories:
    """The same with one category as it is wanted; its key must be known. Raises Invalid beside each field."""
    name = " ".join(wanted.name.split())
    others = [one for one in own.arranged if one.key != wanted.key]
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": say("Write it in at most %(most)s characters.", most=LONGEST_NAME)})
    if name and name.casefold() in {one.name.casefold() for one in others}:
        raise Invalid({"name": say("Another category is called that already.")})
    if wanted.is_hidden and wanted.key == "other":
        raise Invalid({"is_hidden": say("What fits nowhere else must be able to go somewhere.")})
    keys = [one.key for one in others]
    keys.insert(keys.index(wanted.behind) + 1 if wanted.behind in keys else 0, wanted.key)
    names = {key: value for key, value in own.names.items() if key != wanted.key} | ({wanted.key: name} if name else {})
    hidden = own.hidden - {wanted.key} | ({wanted.key} if wanted.is_hidden else frozenset())
    return replace(own, order=tuple(keys) if keys != list(BY_KEY) else (), names=names, hidden=hidden)
