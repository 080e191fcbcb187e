"""`manyhands move`: another address, step by step."""

from pathlib import Path

from tests.e2e.commands import manyhands, refused

NEW = "http://localhost:8555"


def test_the_steps_are_told_and_the_address_is_changed(home: Path) -> None:
    config = home / "config.toml"
    before = config.read_text(encoding="utf-8")
    ran = manyhands("move", f"{NEW}/", data_dir=home)
    assert (ran.status, ran.err) == (0, "")
    assert [line[:2] for line in ran.out.splitlines()[1:]] == ["1.", "2.", "3.", "4."]
    assert f'BASE_URL = "{NEW}"' in config.read_text(encoding="utf-8")
    assert config.read_text(encoding="utf-8").splitlines()[0] == before.splitlines()[0]
    assert manyhands("doctor", data_dir=home).status in {0, 1}
    assert "is told" in manyhands("move", "--tell", data_dir=home).out
    refused(manyhands("move", "http://localhost:8666", data_dir=home), 1, "is not over")


def test_what_cannot_be_meant_is_said_plainly(home: Path) -> None:
    before = (home / "config.toml").read_text(encoding="utf-8")
    refused(manyhands("move", data_dir=home), 2, "new address")
    refused(manyhands("move", "--tell", data_dir=home), 1, "No move is prepared")
    refused(manyhands("move", "not an address", data_dir=home), 2, "BASE_URL")
    assert (home / "config.toml").read_text(encoding="utf-8") == before


def test_where_the_environment_says_the_address_it_is_told_to_change_it(home: Path) -> None:
    before = (home / "config.toml").read_text(encoding="utf-8")
    ran = manyhands("move", NEW, data_dir=home, MANYHANDS_BASE_URL="http://localhost:8440")
    assert f"Set MANYHANDS_BASE_URL to {NEW}." in ran.out
    assert (home / "config.toml").read_text(encoding="utf-8") == before
