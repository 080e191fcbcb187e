"""docs/roles.md as values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.privacy.people import ROLES

DOCUMENT = Path(__file__).parents[2] / "docs" / "roles.md"
NO = "–"
YES = "yes"


@dataclass(frozen=True)
class Row:
    """One address, with what each role finds there: names of fields, none for a plain yes, and None for no."""

    method: str
    path: str
    seen: dict[str, frozenset[str] | None]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def rows() -> Iterator[Row]:
    """Every address of every table that has the roles as its columns."""
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        addresses = re.findall(r"`(GET|POST|PATCH|DELETE) (\S+)`", cells[0])
        if line.startswith("| `") and addresses and len(cells) == 1 + len(ROLES):
            seen = dict(zip(ROLES, map(_seen, cells[1:]), strict=True))
            yield from (Row(method, path, seen) for method, path in addresses)


def _seen(cell: str) -> frozenset[str] | None:
    if cell == NO:
        return None
    return frozenset() if cell == YES else frozenset(cell.split(", "))
