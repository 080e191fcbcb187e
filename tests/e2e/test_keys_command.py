"""New signing keys from the command line."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.e2e.commands import manyhands, refused


def kept(home: Path) -> set[str]:
    """The end of each stored key's id."""
    with closing(sqlite3.connect(home / "manyhands.db")) as database:
        return {key_id.rpartition("/")[2] for (key_id,) in database.execute("SELECT key_id FROM actor_keys")}


FIRST = {f"{own}#{name}" for own in ("public", "peers", "instance") for name in ("main-key", "ed25519-key")}


# T-43
def test_new_keys_stand_beside_the_old_for_a_week(home: Path) -> None:
    assert kept(home) == FIRST
    ran = manyhands("keys", "rotate", data_dir=home)
    assert (ran.status, ran.err) == (0, "")
    assert "for a week" in ran.out
    assert kept(home) == FIRST | {f"{name}-2" for name in FIRST}
    assert manyhands("doctor", data_dir=home).status in {0, 1}


# T-43
def test_keys_that_somebody_else_has_are_gone_at_once(home: Path) -> None:
    ran = manyhands("keys", "rotate", "--at-once", data_dir=home)
    assert "erased" in ran.out
    assert kept(home) == {f"{name}-2" for name in FIRST}


def test_it_is_not_done_without_end(home: Path) -> None:
    for _ in range(3):
        assert manyhands("keys", "rotate", data_dir=home).status == 0
    refused(manyhands("keys", "rotate", data_dir=home), 1, "Wait")
