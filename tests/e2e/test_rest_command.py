"""`manyhands rest`: a community rests for a while, and is back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.commands import manyhands


def test_rest_is_declared_told_and_ended(home: Path) -> None:
    assert manyhands("rest", data_dir=home).out == "We do not rest.\n"
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    said = manyhands("rest", "--until", str(day), data_dir=home)
    assert (said.status, said.out, said.err) == (0, f"We rest until the end of {day}. Our neighbours are told.\n", "")
    assert manyhands("rest", data_dir=home).out == f"We rest until {day} 23:59 UTC.\n"
    assert manyhands("rest", "--end", data_dir=home).out == "We are back. Our neighbours are told.\n"
    assert manyhands("rest", data_dir=home).out == "We do not rest.\n"


def test_what_cannot_be_meant_is_said_plainly(home: Path) -> None:
    for words, status in (
        (("--until", "soon"), 2),
        (("--until", "2030-01-01", "--end"), 2),
        (("--until", "2020-01-01"), 1),
        (("--end",), 1),
    ):
        refused = manyhands("rest", *words, data_dir=home)
        assert (refused.status, refused.out) == (status, "")
        assert "Traceback" not in refused.err
