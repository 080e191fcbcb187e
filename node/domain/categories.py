"""The twenty categories every community starts with. Keys are stable and travel on the wire."""

from dataclasses import dataclass

from node.domain.phrases import say

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
