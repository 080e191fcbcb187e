"""The twenty categories every community starts with. Keys are stable and travel on the wire."""

from dataclasses import dataclass

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
    Category("groceries", "Groceries"),
    Category("meals", "Meals"),
    Category("errands", "Errands", "deliveries, prescriptions"),
    Category("money", "Money", "rent, bills, cash"),
    Category("housing", "Housing", "shelter, storage"),
    Category("transport", "Transport"),
    Category("baby", "Baby", "diapers, formula, childcare"),
    Category("care", "Care", "elders, disabled and ill people"),
    Category("health", "Health", "medicine, hygiene, period products"),
    Category("listening", "Listening"),
    Category("translation", "Translation"),
    Category("forms", "Forms", "benefits, legal, tenant, immigration"),
    Category("goods", "Goods", "clothes, furniture, household"),
    Category("repairs", "Repairs", "cleaning, laundry, yard, moving"),
    Category("tech", "Tech", "phone, internet, printing"),
    Category("learning", "Learning", "tutoring, skills, tools to borrow"),
    Category("pets", "Pets"),
    Category("safety", "Safety", "accompaniment"),
    Category("organising", "Organising", "calls, driving, flyers, space"),
    Category("other", "Something else"),
)

BY_KEY = {category.key: category for category in SHIPPED}


def name_of(key: str) -> str:
    """The name shown for a category's key; an unknown key is shown as "Something else"."""
    return BY_KEY.get(key, BY_KEY["other"]).name
