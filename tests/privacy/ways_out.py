"""Ways by which words leave that are not an answer over HTTP, and what people change their minds about.

Each step puts what left into `story.left`, under a name of its own. Whoever builds another way out (an archive, an
e-mail, a list on paper) adds a step here: `test_leaks.py` fails until the file that opens it is known there.
"""

import asyncio
import json
import sys
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from sqlite3 import connect

from node.cli import exporting
from node.domain.arrival import ArrivalCard
from node.domain.consent import Consent
from node.domain.notices import Kind, Wording
from node.domain.sealed import Contact, SealedNote
from node.services import backups, exports, needs, restoring, shares
from node.services.needs import Entry
from node.storage.archives import Lock, Opener, new_identity
from node.storage.copies import copy_without_keys
from node.storage.keyring import Keyring, dump
from tests.privacy.sealed_story import MAPPING, MINDED, Story, mark, sheet
from tests.village import settle


async def ask_first_and_change_minds(story: Story) -> None:
    """Nobody agreed to a share: 409, ask first, yes, no longer; each with the sealed note's own words at hand."""
    north = story.north
    sealed = SealedNote(
        name=mark(MINDED, "name"),
        contact=(Contact("other", mark(MINDED, "contact")), Contact("phone", "020 7946 0102")),
        address=mark(MINDED, "address"),
        story=mark(MINDED, "story"),
        arrival=mark(MINDED, "arrival"),
        arrival_card=ArrivalCard(pets=mark(MINDED, "pets"), who_may_come=mark(MINDED, "who_may_come")),
    )
    wording = Wording("Bread for one who was not asked", "groceries", quantity=Decimal(1))
    asked = await needs.ask(north.community, Entry(Kind.NEED, wording, sealed, Consent()))
    path = f"/needs/{asked.notice.id}"
    assert (await story.api("dispatcher", "POST", f"{path}/shares", {"level": "peers"})).status == 409
    noted = await story.api("dispatcher", "POST", f"{path}/callbacks", {"level": "peers"})
    assert noted.status == 201
    (line,) = await _to_ask(story)
    said = {"given": True, "channel": "phone", "wording": "May they read it?", "language": "en"}
    answered = await story.api("dispatcher", "POST", f"/callbacks/{line}/answer", said)
    assert answered.status == 200
    assert (await story.api("dispatcher", "POST", f"{path}/shares", {"level": "peers"})).status == 201
    await settle(north, story.river)
    guest = story.people["guest"]
    for place in (f"/r/{asked.code}", f"/r/{asked.code}/consent"):
        north.clock.forward(minutes=11)
        assert (await guest.ask("GET", place)).status == 200
    no_longer = {"question": "peers", "answer": "no"}
    assert (await guest.ask("POST", f"/r/{asked.code}/consent", no_longer)).status == 303
    await settle(north, story.river)
    (ended,) = await shares.shares_of(north.community, asked.notice.id)
    assert not ended.is_shown
    for role in ("dispatcher", "steward"):
        for place in (f"/dispatch/{asked.notice.id}", f"/dispatch/{asked.notice.id}/consent"):
            assert (await story.people[role].ask("GET", place)).status == 200


async def _to_ask(story: Story) -> list[str]:
    answer = await story.api("dispatcher", "GET", "/callbacks")
    return [item["id"] for item in json.loads(answer.body)["items"]]


async def print_in_the_terminal(story: Story) -> None:
    """What the command for spreadsheets says about one before anything is brought in."""
    table, mapping = story.folder / "table.csv", story.folder / "mapping.toml"
    table.write_bytes(sheet())
    mapping.write_bytes(MAPPING)
    command = (sys.executable, "-m", "node", "import", str(table), "--mapping", str(mapping), "--dry-run")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    printed, complained = await process.communicate()
    assert process.returncode == 0, complained
    assert b"Bread by spreadsheet" in printed
    story.left["the terminal"] = printed + complained


async def take_everything_along(story: Story) -> None:
    """What `manyhands export` writes where nobody asks for what is locked."""
    folder = story.folder / "along"
    await exports.take_along(story.north.community, exporting._Writer(folder))
    story.left["an export"] = b"\n".join(path.read_bytes() for path in sorted(folder.iterdir()))
    assert b"Bread by spreadsheet" in story.left["an export"]


async def put_a_copy_aside(story: Story) -> None:
    """What a migration does before it changes anything."""
    copy = story.folder / "copies" / "before.db"
    copy.parent.mkdir()
    await asyncio.to_thread(copy_without_keys, _database_of(story), copy)
    story.left["a copy before a migration"] = copy.read_bytes()
    _holds_words_and_no_key(story, "a copy before a migration")


async def make_backups(story: Story) -> None:
    """The data and the keyring, as they lie on somebody's disk, and once they are opened there."""
    community = story.north.community
    identity, recipient = new_identity()
    places = {"backup_dir": story.folder / "cellar", "keyring_dir": story.folder / "attic"}
    settings = community.settings.model_copy(update=places)
    made = await backups.create(community.database, settings, Lock((recipient,)), community.now())
    assert made.data is not None and made.keyring is not None
    story.left["a data backup"] = made.data.read_bytes()
    story.left["a keyring backup"] = made.keyring.read_bytes()
    with restoring.opened(made.data, Opener(identity), story.folder) as data:
        assert isinstance(data, restoring.Data)
        story.left["a data backup, opened"] = data.file.read_bytes()
    _holds_words_and_no_key(story, "a data backup, opened")
    with restoring.opened(made.keyring, Opener(identity), story.folder) as keyring:
        assert isinstance(keyring, Keyring)
        story.left["a keyring backup, opened"] = dump(keyring)
    assert story.ids["webneed"] in keyring.notice_ids


def _holds_words_and_no_key(story: Story, way: str) -> None:
    assert b"Bread by spreadsheet" in story.left[way]
    with closing(connect(_database_of(story))) as connection:
        keys = [key for (key,) in connection.execute("SELECT wrapped_key FROM sealed_keys")]
    assert keys and not any(key in story.left[way] for key in keys), f"a key is in {way}"


def _database_of(story: Story) -> Path:
    return story.north.community.settings.data_dir / "manyhands.db"
