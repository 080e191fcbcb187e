"""Everything goes along: readable, with a README, and locked things only where they were asked for."""

import csv
import json
import stat
from pathlib import Path

import pytest

from node.storage.exporting import LEFT_OUT, SHEETS
from node.storage.tables import metadata
from tests.e2e.commands import MAPPING, SHEET, manyhands, refused

PRIVATE = ("Maribel", "555-0101", "Tannery", "behind the bakery")


@pytest.fixture
def full(home: Path) -> Path:
    """A community with some sixty needs and offers."""
    manyhands("import", SHEET, "--mapping", MAPPING, data_dir=home)
    return home


def words_in(folder: Path) -> str:
    """Everything that was written, in one text."""
    return "".join(path.read_text(encoding="utf-8-sig") for path in folder.iterdir())


def test_everything_is_written_as_json_and_as_csv_with_a_readme(full: Path, tmp_path: Path) -> None:
    folder = tmp_path / "away" / "2031"
    ran = manyhands("export", folder, data_dir=full)
    assert (ran.status, ran.err) == (0, "")
    assert "README.txt" in ran.out
    names = {sheet.name for sheet in SHEETS}
    assert {path.name for path in folder.iterdir()} == {
        "README.txt", *(f"{name}.json" for name in names), *(f"{name}.csv" for name in names),
    }  # fmt: skip
    notices = json.loads((folder / "notices.json").read_text())
    with (folder / "notices.csv").open(encoding="utf-8-sig", newline="") as file:
        sheet = list(csv.DictReader(file))
    assert len(notices) == len(sheet) >= 60
    assert sheet[0]["title"] == notices[0]["title"] and notices[0]["created_at"].endswith("+00:00")
    assert json.loads((folder / "members.json").read_text())[0]["roles"] == ["dispatcher", "steward"]
    readme = (folder / "README.txt").read_text()
    assert "Tannery" not in readme and "secret keys" in readme and "notices.csv" in readme


def test_nothing_that_is_locked_and_no_secret_goes_along(full: Path, tmp_path: Path) -> None:
    manyhands("export", tmp_path / "away", data_dir=full)
    written = words_in(tmp_path / "away")
    assert "Groceries for a household" in written
    for private in (*PRIVATE, "code_hash", "password_hash", "PRIVATE KEY", "wrapped"):
        assert private not in written
    assert stat.S_IMODE((tmp_path / "away").stat().st_mode) == 0o700


def test_what_is_locked_goes_along_where_it_is_asked_for_twice(full: Path, tmp_path: Path) -> None:
    ran = manyhands("export", tmp_path / "away", "--sealed", "--yes", data_dir=full)
    assert ran.status == 0 and "What was locked is in it, too." in ran.out
    notes = json.loads((tmp_path / "away" / "sealed_notes.json").read_text())
    assert "Maribel" in {one["note"]["name"] for one in notes}
    readme = (tmp_path / "away" / "README.txt").read_text()
    assert "in confidence" in readme and "written opened" not in readme


def test_without_a_yes_nothing_is_written(full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("click.confirm", lambda _question: False)
    ran = manyhands("export", tmp_path / "away", "--sealed", data_dir=full)
    assert ran.status == 1 and "Nothing was written." in ran.err
    assert not (tmp_path / "away").exists()


def test_it_is_written_down_that_it_was_done(full: Path, tmp_path: Path) -> None:
    manyhands("export", tmp_path / "once", data_dir=full)
    manyhands("export", tmp_path / "twice", data_dir=full)
    log = json.loads((tmp_path / "twice" / "audit.json").read_text())
    assert "exported everything but the sealed notes" in {line["action"] for line in log}


def test_a_folder_with_something_in_it_is_left_alone(full: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    refused(manyhands("export", tmp_path, data_dir=full), 1, "is not an empty folder")
    refused(manyhands("export", tmp_path / "notes.txt", data_dir=full), 1, "is not an empty folder")
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_no_cell_is_a_formula(home: Path, tmp_path: Path) -> None:
    manyhands("member", "add", "=cmd", "--role", "helper", data_dir=home)
    manyhands("export", tmp_path / "away", data_dir=home)
    cells = (tmp_path / "away" / "members.csv").read_text(encoding="utf-8-sig")
    assert ",'=cmd," in cells
    assert "=cmd" in {one["name"] for one in json.loads((tmp_path / "away" / "members.json").read_text())}


def test_every_table_was_thought_of() -> None:
    """Who adds a table decides here whether it goes along; the default is that it does not."""
    assert {sheet.name for sheet in SHEETS} | LEFT_OUT.keys() == set(metadata.tables)
    assert {sheet.name for sheet in SHEETS}.isdisjoint(LEFT_OUT)
    secret = ("hash", "wrapped", "token", "password", "key")
    for sheet in SHEETS:
        assert sheet.without <= {column.name for column in metadata.tables[sheet.name].columns}
        left = [name for name in sheet.columns if any(word in name for word in secret)]
        assert left in ([], ["object_key"], ["keys"])  # others' public keys
