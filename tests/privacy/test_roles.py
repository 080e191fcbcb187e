"""The table of roles is true: at every door, in every role, exactly the fields it names, and no byte of any other."""

import re

import pytest

from tests.privacy.forms import typed
from tests.privacy.people import Answer, filled, routes_of
from tests.privacy.table import Row, rows
from tests.privacy.told import KEPT_BY_OTHERS, Told

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROWS = tuple(rows())

#: Doors that the table leaves out, each with its reason.
LEFT_OUT = {
    ("POST", "/inbox"): "FEDERATION.md says who may send what; nothing is shown",
    ("POST", "/actors/public/inbox"): "the same",
    ("POST", "/actors/peers/inbox"): "the same",
    ("POST", "/actors/instance/inbox"): "the same",
    ("POST", "/sign-out"): "ends one's own session",
    ("GET", "/leave"): "ends one's own session",
    ("POST", "/leave"): "ends one's own session",
    ("GET", "/static/{name}"): "stylesheet, script and drawings",
    ("GET", "/logo/{name}"): "the picture beside our name, the same for everybody",
}


@pytest.mark.parametrize("row", ROWS, ids=str)
async def test_every_row(row: Row, everybody: Told) -> None:
    for role, seen in row.seen.items():
        ids = await everybody.ids_for(role, row.path)
        path = filled(row.path, ids)
        assert "{" not in path, f"nobody knows the id in {path}"
        answer = await everybody.people[role].ask(row.method, path, typed(row.method, row.path, ids))
        if seen is None:
            assert answer.is_refusal, f"{role} was let in: {answer.status}"
        else:
            assert not answer.is_refusal, f"{role} was refused: {answer.status}"
            assert answer.status < 500 or answer.status == 502
        _check_fields(everybody, role, answer, seen or frozenset())


def _check_fields(everybody: Told, role: str, answer: Answer, granted: frozenset[str]) -> None:
    marks = everybody.marks
    everything = answer.everything
    allowed = {mark for name in granted for mark in marks[name]}
    missing = [mark for mark in allowed if mark not in everything]
    assert not missing, f"{role} does not see {missing}"
    others = {mark for found in marks.values() for mark in found} - allowed
    others |= {one.encode() for one in KEPT_BY_OTHERS}
    too_much = [mark for mark in others if mark in everything]
    assert not too_much, f"{role} sees {too_much}"


async def test_no_door_is_left_out(everybody: Told) -> None:
    known = {(row.method, re.sub(r"\{\w+\}", "x", row.path.partition("?")[0])) for row in ROWS}
    missing = []
    for method, pattern in routes_of(everybody.village) - LEFT_OUT.keys():
        is_it = re.compile(re.sub(r"\{\w+\}", "[^/]+", pattern))
        if not any(method == one and is_it.fullmatch(path) for one, path in known):
            missing.append(f"{method} {pattern}")
    assert sorted(missing) == []


async def test_every_mark_can_be_seen_by_somebody() -> None:
    """A mark that is nowhere would prove nothing."""
    assert {name for row in ROWS for seen in row.seen.values() for name in seen or ()} == {
        "words", "kept", "public", "theirs", "sealed", "given", "got", "reasons", "openers", "agreed", "code", "here",
        "letters", "reports", "vouched", "could",
    }  # fmt: skip


async def test_the_check_sees_a_field_too_many_and_one_too_few(everybody: Told) -> None:
    page = Answer(200, {}, b"<p>Amina, 555-0101</p>")
    with pytest.raises(AssertionError, match=r"sees .*Amina"):
        _check_fields(everybody, "stranger", page, frozenset())
    with pytest.raises(AssertionError, match="does not see"):
        _check_fields(everybody, "dispatcher", page, frozenset({"sealed"}))
