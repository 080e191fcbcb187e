"""`make conformance` counts what tests prove, and refuses comments that make no sense."""

import ast
from pathlib import Path

import pytest

from tests.conformance import collect, find_places, read_reasons, tally

CASES = """
# C-1
def test_first() -> None: ...


TABLE = [
    1,  # C-2, T-3
]


@pytest.mark.parametrize("case", TABLE)
def test_each(case: int) -> None:
    assert case  # C-4


class TestThird:
    # T-5
    def test_inside(self) -> None: ...


def unused() -> None: ...  # C-6


# C-7
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tests = tmp_path / "tests"
    tests.mkdir()
    return tests


def test_a_number_belongs_to_the_test_it_stands_in_or_above(folder: Path) -> None:
    (folder / "test_cases.py").write_text(CASES)
    carried, _ = collect(folder, folder.parent)
    assert carried == {
        ("C", 1): ["tests/test_cases.py::test_first"],
        ("C", 2): ["tests/test_cases.py::test_each"],
        ("T", 3): ["tests/test_cases.py::test_each"],
        ("C", 4): ["tests/test_cases.py::test_each"],
        ("T", 5): ["tests/test_cases.py::test_inside"],
    }


def test_a_number_beside_no_test_is_a_mistake(folder: Path) -> None:
    (folder / "test_cases.py").write_text(CASES)
    _, mistakes = collect(folder, folder.parent)
    assert [mistake.partition(": ")[2] for mistake in mistakes] == [
        "C-6 stands beside no test",
        "C-7 stands beside no test",
    ]


def test_a_number_that_does_not_exist_is_a_mistake(folder: Path) -> None:
    (folder / "test_cases.py").write_text("# C-154, T-44, C-0\ndef test_it() -> None: ...\n")
    carried, mistakes = collect(folder, folder.parent)
    assert carried == {}
    assert len(mistakes) == 3


def test_a_number_in_a_text_is_no_claim(folder: Path) -> None:
    (folder / "test_cases.py").write_text('def test_it() -> None:\n    """C-1"""\n    assert "# C-2"\n')
    assert collect(folder, folder.parent) == ({}, [])


def test_the_last_line_counts_what_is_proved_and_what_does_not_apply(tmp_path: Path) -> None:
    reasons = tmp_path / "conformance.toml"
    reasons.write_text('[C]\n30 = "no attachments"\n[T]\n33 = "no files"\n')
    line = tally({("C", 1): ["a"], ("C", 2): ["a", "b"]}, read_reasons(reasons))
    assert line == "C: 3 of 153, T: 1 of 43"


def test_a_statement_begins_at_its_first_decorator() -> None:
    (place,) = find_places(ast.parse("@mark\n@other\ndef test_it() -> None:\n    pass\n"))
    assert (place.first, place.last, place.tests) == (1, 4, ("test_it",))
