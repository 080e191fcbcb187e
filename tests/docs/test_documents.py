"""The documents say what is so: files, links, examples, settings, commands and the API's story are checked here."""

import json
import re
import shlex
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import click
import jsonschema
import pytest

from federation.cavage import MAX_FUTURE, MAX_PAST
from federation.keys import MAX_RSA_BITS, MIN_RSA_BITS
from federation.retry import RETRIES
from federation.transport import Limits
from node.cli import manyhands
from node.domain.addresses import Addresses
from node.domain.areas import Area
from node.domain.categories import SHIPPED
from node.domain.feed import KEPT_AFTER_END, POST_LIFE
from node.domain.notices import Kind, Notice, Wording
from node.domain.peers import OwnActor
from node.domain.retention import (
    ANSWERS_KEPT,
    ASKED_BEFORE,
    GRACE,
    HIDDEN_BELOW,
    JOURNAL_KEPT,
    LIFE,
    RECEIPT_KEPT,
    STANDING_ASKED,
    Clocks,
)
from node.domain.shares import Level, Share
from node.domain.strangers import KEPT_DAYS, LONGEST_KEPT_DAYS, Answer
from node.settings import DEFAULT_BACKUPS_KEPT, Settings
from node.translate.actors import Presentation, PublishedKey, PublishedKeys, actor_document
from node.translate.answers import answer_to_note
from node.translate.answers import create as create_answer
from node.translate.notices import Setting, share_to_note
from schemas.activities import parse_activity
from schemas.actors import ACTOR_TYPES, MAX_KEYS, MAX_PROFILE_FIELDS, parse_actor
from schemas.fields import MAX_ID, MAX_TEXT, Wire, document
from schemas.links import MAX_TAGS
from schemas.objects import MAX_ADDRESSEES, MAX_ATTACHMENTS, MAX_LANGUAGES
from schemas.strict import MAX_DEPTH, MAX_NODES
from tests.village import Clock, Village, settle, village

ROOT = Path(__file__).parents[2]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^][]*\]\(([^)\s]+)\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """The code blocks of one language, in order."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text_of(name), re.MULTILINE | re.DOTALL)
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in found]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(path.read_text(encoding="utf-8"))]
    missing = [one for one in targets if one and "://" not in one and not (path.parent / one).exists()]
    assert missing == []


def test_no_page_and_no_document_holds_two_versions_of_itself() -> None:
    """What git leaves where two changes met is shown to people as it is: a page with it is rendered all the same."""
    shown = (*DOCUMENTS, *(path for path in (ROOT / "node" / "web").rglob("*.*") if path.suffix in {".html", ".css"}))
    mark = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    assert [named(path) for path in shown if mark.search(path.read_text(encoding="utf-8"))] == []


def files_in_architecture() -> Iterator[str]:
    folder = ""
    for line in text_of("ARCHITECTURE.md").splitlines():
        if heading := re.match(r"#+ (?:`([\w/]+)/`)?", line):
            folder = heading[1] or ""
        elif folder and (row := re.match(r"\| `(\w+\.py)` \| \S", line)):
            yield f"{folder}/{row[1]}"


def test_architecture_has_one_line_for_each_file() -> None:
    mentioned = sorted(files_in_architecture())
    present = sorted(named(path) for room in ("node", "federation", "schemas") for path in (ROOT / room).rglob("*.py"))
    assert mentioned == present


def test_architecture_draws_the_layers_that_are_enforced() -> None:
    drawn = set(re.findall(r"[a-z_]+", blocks("ARCHITECTURE.md", "")[1]))
    contracts = re.findall(r"^layers =\n((?:    .*\n)+)", text_of(".importlinter"), re.MULTILINE)
    assert set(re.findall(r"[a-z_]+", " ".join(contracts))) <= drawn


def test_architecture_names_every_command() -> None:
    assert [name for name in manyhands.commands if f"`{name}" not in text_of("ARCHITECTURE.md")] == []


# C-16, C-150
@pytest.mark.parametrize("block", blocks("FEDERATION.md", "json"), ids=lambda block: json.loads(block)["id"][-22:])
def test_every_example_of_federation_is_read_and_written_again(block: str) -> None:
    written = json.loads(block)
    value: Wire = parse_actor(written) if written["type"] in ACTOR_TYPES else parse_activity(written)
    assert document(value) == written


@pytest.mark.parametrize("block", blocks("FEDERATION.md", "json"), ids=lambda block: json.loads(block)["id"][-22:])
def test_every_example_of_federation_fits_its_json_schema(block: str) -> None:
    written = json.loads(block)
    name = "actor" if written["type"] in ACTOR_TYPES else written["type"].lower()
    if name == "offer" and isinstance(written["object"], str):
        name = "introduction"
    schema = json.loads(text_of(f"schemas/json/{name}.schema.json"))
    jsonschema.validate(written, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written | {"type": "Dislike"}, schema)


# C-16
def test_federation_has_an_example_of_every_activity_and_what_it_is_about() -> None:
    shown = {
        (one["type"], one["object"].get("type") if isinstance(one["object"], dict) else "id") for one in examples()
    }
    assert shown == {
        ("Follow", "id"),
        ("Accept", "Follow"),
        ("Reject", "Follow"),
        ("Undo", "Follow"),
        ("Create", "Note"),
        ("Update", "Note"),
        ("Update", "Organization"),
        ("Update", "Agreement"),
        ("Delete", "Tombstone"),
        ("Offer", "Agreement"),
        ("Offer", "id"),
        ("Accept", "id"),
        ("Reject", "id"),
        ("Undo", "Offer"),
        ("Create", "EconomicEvent"),
        ("Like", "id"),
        ("Undo", "Like"),
        ("Announce", "id"),
        ("Flag", "id"),
        ("Block", "id"),
        ("Move", "id"),
    }


def examples() -> list[dict[str, Any]]:
    return [one for one in map(json.loads, blocks("FEDERATION.md", "json")) if "object" in one]


def test_the_examples_of_federation_have_the_fields_that_are_sent() -> None:
    north, now = Addresses("https://aid.north.example"), datetime(2026, 11, 20, 10, tzinfo=UTC)
    keys = {OwnActor.PUBLIC: PublishedKeys(PublishedKey("k", "pem"), (PublishedKey("e", "z6"),))}
    actor = actor_document(north, OwnActor.PUBLIC, Presentation("North Side", "north", ("North Side",), now), keys)
    assert list(json.loads(blocks("FEDERATION.md", "json")[0])) == list(document(actor))
    notice = Notice("n", Kind.NEED, Wording("Coats", "goods", area="North Side", quantity=Decimal(4)), now, now)
    note = share_to_note(
        notice,
        Share("s", "n", Level.PUBLIC, north.object("x"), now, now, now),
        Setting(north, "en", Area("North Side")),
    )
    create = next(one for one in examples() if one["type"] == "Create")
    assert [key for key in create["object"]] == list(document(note))[1:]
    assert list(create["object"]["publishes"]) == list(document(note)["publishes"])  # type: ignore[arg-type]


def test_the_example_of_an_answer_has_the_fields_that_are_sent() -> None:
    north, now = Addresses("https://aid.north.example"), datetime(2026, 11, 20, 12, tzinfo=UTC)
    shown = next(one for one in examples() if one["type"] == "Create" and {"inReplyTo", "tag"} <= one["object"].keys())
    robin, note_id = shown["to"][0], shown["object"]["inReplyTo"]
    handle = shown["object"]["tag"][0]["name"]
    words = "Thank you, yes. Any evening at our counter in the old library."
    answer = Answer("a", "e", shown["object"]["id"], note_id, OwnActor.PUBLIC, robin, handle, "", words, now)
    assert document(create_answer(shown["id"], answer_to_note(answer, north))) == shown


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        ("nesting", (MAX_DEPTH, MAX_NODES)),
        ("one text", (MAX_TEXT // 1000, MAX_ID)),
        ("addressees", (MAX_ADDRESSEES,)),
        ("tags", (MAX_TAGS, MAX_ATTACHMENTS, MAX_LANGUAGES)),
        ("keys of an actor", (MAX_KEYS, MAX_PROFILE_FIELDS)),
        ("age of a signature", (MAX_PAST.total_seconds() / 60, MAX_FUTURE.total_seconds() / 60)),
        ("redirects", (Limits().hops,)),
        ("waiting", (Limits().connect, Limits().total)),
    ],
)
def test_the_limits_of_federation_are_those_of_the_code(row: str, limits: tuple[float, ...]) -> None:
    line = next(line for line in text_of("FEDERATION.md").splitlines() if line.startswith(f"| {row}"))
    assert [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", line)] == list(limits)


def test_federation_says_how_often_and_what_keys_and_categories() -> None:
    said = text_of("FEDERATION.md")
    assert RETRIES == 16 and "sixteen times" in said
    assert f"{MIN_RSA_BITS} to {MAX_RSA_BITS} bits" in said
    assert all(f"`{category.key}`" in said for category in SHIPPED)


def test_every_setting_is_explained_with_its_default() -> None:
    parts = dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", text_of("docs/settings.md"), re.MULTILINE | re.DOTALL))
    assert sorted(parts) == sorted(name.upper() for name in Settings.model_fields)
    places = {"base_url", "data_dir", "database_url", "backup_dir", "keyring_dir"}
    plain = Settings(base_url="http://localhost:1").model_dump(exclude=places)
    for name, value in plain.items():
        shown = "false" if value is False else value or ("none" if isinstance(value, tuple) else "off")
        assert re.search(rf"Default: `?{re.escape(str(shown))}`?[.\n]", parts[name.upper()]), name


@pytest.mark.parametrize(
    ("row", "numbers"),
    [
        ("sealed notes |", (Clocks().sealed_notes,)),
        ("words of a need or an offer, what", (Clocks().notices,)),
        ("the log |", (Clocks().log,)),
        ("who is signed in", (Clocks().sessions,)),
        ("a need or an offer that nobody", (LIFE.days, GRACE.days, ASKED_BEFORE.days, STANDING_ASKED.days)),
        ("what was erased", (RECEIPT_KEPT.days,)),
        ("numbers of what was erased", (HIDDEN_BELOW,)),
        ("what other communities share", (KEPT_AFTER_END.days, (POST_LIFE + KEPT_AFTER_END).days)),
        ("messages and reports", (KEPT_DAYS, 1, LONGEST_KEPT_DAYS)),
        ("activities from other servers", (JOURNAL_KEPT.days,)),
        ("answers kept for programs", (ANSWERS_KEPT.days,)),
        ("data backups", (DEFAULT_BACKUPS_KEPT,)),
    ],
)
def test_privacy_tells_the_clocks_of_the_code(row: str, numbers: tuple[int, ...]) -> None:
    table = text_of("docs/privacy.md").partition("## How long")[2]
    line = next(line for line in table.splitlines() if line.startswith(f"| {row}"))
    assert [int(number) for number in re.findall(r"\d+", line)] == list(numbers)


def commands_in(name: str) -> list[list[str]]:
    lines = [line for block in blocks(name, "sh") for line in block.splitlines() if line.startswith("manyhands ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


@pytest.mark.parametrize("typed", commands_in("README.md"), ids=" ".join)
def test_every_command_in_the_readme_can_be_typed_so(typed: list[str]) -> None:
    command: click.Command = manyhands
    context = click.Context(manyhands, info_name="manyhands")
    while isinstance(command, click.Group):
        _, command, typed = command.resolve_command(context, list(typed))  # type: ignore[assignment]
    command.make_context("typed", list(typed), parent=context)


def test_the_readme_names_make_targets_that_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    typed = {word for block in blocks("README.md", "sh") for word in re.findall(r"\bmake ([a-z-]+)", block)}
    assert {"demo", "test", "test-deps", "run"} <= typed <= targets
    assert "make test\n" in blocks("README.md", "sh")


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_says_what_why_and_what_it_costs(path: Path) -> None:
    written = path.read_text(encoding="utf-8")
    assert re.findall(r"^## (.*)$", written, re.MULTILINE) == ["Status", "Decision", "Why", "What it costs"]
    assert written.startswith(f"# {path.stem[:4]}. ")
    assert f"({path.name})" in text_of("docs/adr/README.md")


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [int(path.stem[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


def test_the_changelog_begins_with_what_is_unreleased() -> None:
    assert re.findall(r"^## (.*)$", text_of("CHANGELOG.md"), re.MULTILINE)[0] == "[Unreleased]"


@pytest.fixture
async def towns(tmp_path: Path) -> AsyncIterator[dict[str, Village]]:
    clock = Clock()
    async with village("North Side", tmp_path / "n", clock) as north, village("River", tmp_path / "r", clock) as river:
        yield {"north": north, "river": river}


class Story:
    """Runs the shell lines of docs/api.md: `north` and `river` ask two villages, `jq` looks into the answer."""

    def __init__(self, towns: dict[str, Village]) -> None:
        self.towns = towns
        self.known = {name.upper(): f"{town.url}/api/v1" for name, town in towns.items()}

    async def tell(self, line: str) -> Any:
        """The answer to one line, what `jq` makes of it included. Fails where the API says no."""
        variable, who, rest = re.fullmatch(r"(?:(\w+)=\$\()?(north|river) (.*)", line.strip(), re.DOTALL).groups()  # type: ignore[union-attr]
        asked, _, path = (rest.removesuffix(")") if variable else rest).partition(" | jq -r ")
        found: Any = await self.ask(self.towns[who], shlex.split(asked))
        for key, place in re.findall(r"\.(\w+)|\[(\d+)\]", path):
            found = found[key] if key else found[int(place)]
        if variable:
            self.known[variable] = found
        await settle(*self.towns.values())
        return found

    async def ask(self, town: Village, words: list[str]) -> Any:
        options = {"-d": "", "-X": "", "-H": "X-Nothing: here"}
        options |= {words[at]: words[at + 1] for at in range(len(words) - 1) if words[at] in options}
        url = next(word for word in words if word.startswith("$"))
        url = re.sub(r"\$(\w+)", lambda name: self.known[name[1]], url)
        body = options["-d"].replace("https://hands.north.example", self.towns["north"].url)
        name, _, value = options["-H"].partition(": ")
        headers = {"Authorization": f"Bearer {await town.token()}", "Content-Type": "application/json", name: value}
        method = options["-X"] or ("POST" if body else "GET")
        async with aiohttp.request(method, url, data=body or None, headers=headers) as answer:
            assert answer.status < 300, (words, await answer.text())
            return await answer.json() if answer.status != 204 else {}


async def test_the_story_of_the_api_runs_as_it_is_told(towns: dict[str, Village]) -> None:
    story, answers = Story(towns), []
    for block in blocks("docs/api.md", "sh")[1:]:
        for line in re.split(r"\n(?=(?:\w+=\$\()?(?:north|river) )", block):
            answers.append(await story.tell(line))
    (released,) = [one for one in answers if isinstance(one, dict) and "meeting_phrase" in one]
    assert len(released.pop("meeting_phrase").split()) == 2
    assert released == {"name": "Amina", "contact": [{"method": "phone", "value": "555-0101", "voicemail_ok": True}]}
    assert "met" in answers and None not in answers
    record = await story.tell('north "$NORTH/shares/$SHARE"')
    assert (record["state"], len(record["receipts"])) == ("withdrawn", 1)
