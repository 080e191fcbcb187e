"""Health and rest: what stewards read of how the node runs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from node.domain.checks import Check, Standing
from node.domain.members import Role
from node.domain.tellings import Subject, Telling, TellingState, Way
from node.services import health, members
from node.services.community import Community
from tests.unit.web_members.neighbours import START

RECIPIENT = "age1" + "q" * 58


@pytest.fixture
def running(community: Community) -> Community:
    """The community as it would run for real: nothing about it needs a look."""
    folder = community.settings.data_dir
    folder.chmod(0o700)
    (folder / "master.key").write_text((b"k" * 32).hex())
    (folder / "master.key").chmod(0o600)
    changed = {"base_url": "https://hands.example", "smtp_url": "smtp://127.0.0.1:1"}
    return replace(community, settings=community.settings.model_copy(update=changed))


async def checks(community: Community) -> dict[str, Check]:
    """What a steward reads, by its name."""
    steward = await members.add(community, community.new_id(), frozenset({Role.STEWARD}))
    return {check.name: check for check in await health.look_over(community, steward)}


async def needing(community: Community) -> set[str]:
    return {check.name for check in (await checks(community)).values() if not check.is_ok}


def backup(day: int) -> Callable[[Path], object]:
    """A backup of this day of the month before the clock's."""

    def put(folder: Path) -> None:
        (folder / "backups").mkdir(exist_ok=True)
        (folder / "backups" / f"data-202610{day:02}T100000Z.age").touch()

    return put


async def test_one_broken_thing_needs_a_look_and_nothing_else(
    running: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, key = running.settings.data_dir, running.settings.data_dir / "master.key"
    assert await needing(running) == set()
    found = await checks(running)
    assert {name for name, check in found.items() if check.standing is Standing.OFF} == {
        "sealing",
        "backups",
        "devices",
    }
    folder.chmod(0o755)
    folder_check = (await checks(running))["folder"]
    assert (folder_check.is_ok, folder_check.command) == (False, f"chmod 700 {folder}")
    folder.chmod(0o700)
    key.chmod(0o644)
    assert await needing(running) == {"secrets"}
    key.chmod(0o600)
    key.write_text("short")
    assert await needing(running) == {"secrets"}
    key.write_text((b"k" * 32).hex())
    due = replace(running, settings=running.settings.model_copy(update={"backup_recipients": (RECIPIENT,)}))
    assert await needing(due) == {"backups"}
    backup(1)(folder)
    assert (await checks(running))["backups"].line.endswith("Run: manyhands backup create")
    monkeypatch.setattr("node.services.health.ROOM_NEEDED", 1 << 60)
    assert await needing(running) == {"backups", "room"}
    monkeypatch.undo()
    async with running.database.unit_of_work() as work:
        await work.connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert (await checks(running))["database"].command == "manyhands migrate"
    gone = replace(running, settings=running.settings.model_copy(update={"data_dir": folder / "gone"}))
    assert {"folder", "secrets", "room"} <= await needing(gone)


async def test_mail_that_does_not_go_out_is_said_and_its_server_is_not_asked(running: Community) -> None:
    telling = Telling("one", Subject.WHAT_WAITS, Way.MAIL, "key", START, START, tries=1)
    for state, is_ok in (
        (TellingState.WAITING, False),
        (TellingState.GIVEN_UP, False),
        (TellingState.TOLD, True),
    ):
        async with running.database.unit_of_work() as work:
            await work.tellings.remove("one")
            await work.tellings.add(replace(telling, state=state))
        assert (await checks(running))["mail"].is_ok is is_ok, state
    without = replace(running, settings=running.settings.model_copy(update={"smtp_url": ""}))
    assert (await checks(without))["mail"].standing is Standing.OFF


async def test_the_desk_tells_stewards_that_something_needs_a_look(
    running: Community, steward: Any, dispatcher: Any, clock: Any
) -> None:
    said = "Something about our server needs a look."
    key = running.settings.data_dir / "master.key"
    assert said not in (await steward.get("/dispatch")).html
    key.chmod(0o644)
    assert said not in (await steward.get("/dispatch")).html, "that is looked at every ten minutes alone"
    clock.go_on(minutes=10)
    assert said in (await steward.get("/dispatch")).html
    assert said not in (await dispatcher.get("/dispatch")).html
    key.chmod(0o600)
    await steward.get("/health")
    assert said not in (await steward.get("/dispatch")).html


async def test_stewards_read_in_words_what_to_do_and_who_can(steward: Any, dispatcher: Any) -> None:
    page = (await steward.get("/health")).html
    assert "Something needs a look" in page  # no master key lies in the folder
    assert page.index("Needs a look") < page.index("Not set up") < page.index("Fine")
    assert "manyhands export" in page
    for path in ("/rest", "/seal", "/moving", "/peers"):
        assert f'href="{path}"' in page
    assert (await dispatcher.get("/health")).status == 403
    assert 'href="/health"' in (await steward.get("/settings")).html


async def test_the_clock_is_compared_with_what_others_write_on_their_answers(running: Community, clock: Any) -> None:
    assert "clock" not in await checks(running), "nothing is known, and nobody is asked"
    heard, now = running.remote.their_clocks, START
    heard.note("hill.example", "nonsense", now)
    heard.note("hill.example", format_datetime(now + timedelta(minutes=1)), now)
    assert (await checks(running))["clock"].is_ok
    heard.note("mill.example", format_datetime(now - timedelta(hours=9)), now)
    heard.note("pond.example", format_datetime(now + timedelta(minutes=2)), now)
    assert (await checks(running))["clock"].is_ok, "one that goes wrong elsewhere says nothing of ours"
    later = now + timedelta(days=1)
    clock.go_on(days=1)
    assert "clock" not in await checks(running), "that was long ago"
    heard.note("hill.example", format_datetime(later - timedelta(minutes=9)), later)
    wrong = (await checks(running))["clock"]
    assert (wrong.is_ok, wrong.said) == (
        False,
        "It differs by 9 minutes from the clocks of other servers that answered lately.",
    )
