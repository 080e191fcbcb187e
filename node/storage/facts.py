"""The facts of a resource as one value of a row, ours and others' alike."""

from datetime import datetime

from node.domain.resources import LINES, Facts

Values = dict[str, str | bool]


def facts_to_values(facts: Facts | None) -> Values | None:
    """What is stored beside the category and the time of the last look; None for what is no resource."""
    if facts is None:
        return None
    return {name: getattr(facts, name) for name in LINES} | {"no_id_needed": facts.no_id_needed}


def facts_of(values: Values | None, category: str, checked_at: datetime | None, own_category: str = "") -> Facts | None:
    """The same read again."""
    if values is None or checked_at is None:
        return None
    lines = {name: str(values.get(name, "")) for name in LINES}
    needs_none = bool(values.get("no_id_needed"))
    return Facts(category, checked_at=checked_at, no_id_needed=needs_none, own_category=own_category, **lines)
