"""How the community calls the categories: by its own words where it chose some, else as they come with the program."""

from contextvars import ContextVar

from node.domain.categories import AS_SHIPPED, BY_KEY, SHIPPED, OwnCategories

#: Set anew for each request: what it is called and in which order it stands are the community's.
_OWN: ContextVar[OwnCategories] = ContextVar("categories", default=AS_SHIPPED)


def call_categories_as(own: OwnCategories) -> None:
    """From here on, say the categories of this request so."""
    _OWN.set(own)


def own_categories() -> OwnCategories:
    """The community's own way with them."""
    return _OWN.get()


def category_name(key: str) -> str:
    """The community's own name for it, else the one it comes with, in the reader's language."""
    return _OWN.get().name_of(key)


def category_examples(key: str) -> str:
    """A few words that say what the category covers, or nothing; what has a name of our own needs none."""
    return "" if key in _OWN.get().names or key not in BY_KEY else BY_KEY[key].examples


def every_category() -> tuple[tuple[str, str], ...]:
    """Key and name of all of them in the community's order, what is not offered at the doors among them."""
    return tuple((one.key, one.name) for one in _OWN.get().arranged)


def shared_categories() -> tuple[tuple[str, str], ...]:
    """Those among them that neighbours know, too: none of our own."""
    return tuple((one.key, one.name) for one in _OWN.get().arranged if one.key in BY_KEY)


def each_like() -> tuple[tuple[str, str], ...]:
    """Key and name of the twenty as neighbours read them, in the order in which they come."""
    return tuple((one.key, one.name) for one in SHIPPED)
