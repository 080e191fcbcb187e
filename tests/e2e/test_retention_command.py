"""`manyhands retention run`: what is due is told, and forgotten."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.commands import MAPPING, SHEET, manyhands


@pytest.fixture
def old(home: Path) -> Path:
    """A community in which one need was closed long ago."""
    manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)
    with closing(sqlite3.connect(home / "manyhands.db")) as database, database:
        database.execute(
            "UPDATE notices SET status = 'met', updated_at = '2020-01-01 00:00:00.000000' "
            "WHERE id = (SELECT min(id) FROM notices WHERE kind = 'need')"
        )
    return home


def kept(home: Path) -> int:
    """How many sealed notes have their key."""
    with closing(sqlite3.connect(home / "manyhands.db")) as database:
        return int(database.execute("SELECT count(*) FROM sealed_keys").fetchone()[0])


def test_a_dry_run_tells_and_a_run_does(old: Path) -> None:
    before = kept(old)
    looked = manyhands("retention", "run", "--dry-run", data_dir=old)
    assert (looked.status, looked.err) == (0, "")
    assert looked.out.splitlines() == ["Due: sealed notes: 1", "Due: needs and offers, reduced to numbers: 1"]
    assert kept(old) == before
    ran = manyhands("retention", "run", data_dir=old)
    assert ran.out.splitlines() == ["Forgotten: sealed notes: 1", "Forgotten: needs and offers, reduced to numbers: 1"]
    assert kept(old) == before - 1
    assert manyhands("retention", "run", data_dir=old).out == "Nothing is due.\n"
