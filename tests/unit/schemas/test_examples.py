"""Our own examples, sent and read again, and the JSON Schemas beside them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from schemas.activities import (
    Accept,
    Announce,
    Block,
    Create,
    Delete,
    Flag,
    Follow,
    Introduction,
    Like,
    Move,
    Offer,
    Reject,
    Undo,
    Update,
    parse_activity,
)
from schemas.actors import Actor, parse_actor
from schemas.collections import parse_collection
from schemas.context import ACTOR_CONTEXT, AGREEMENT_CONTEXT, AS, EVENT_CONTEXT, NOTE_CONTEXT
from schemas.discovery import NodeInfo, NodeInfoLinks, WebFinger
from schemas.fields import Wire, document, dump, load
from schemas.marketplace import Agreement, EconomicEvent
from schemas.objects import Note, Tombstone
from tests.unit.schemas.conftest import REPOSITORY

EXAMPLES = sorted((REPOSITORY / "schemas" / "examples").glob("*.json"))
SCHEMAS = REPOSITORY / "schemas" / "json"

DESCRIBED: dict[str, type[Wire]] = {
    "accept": Accept,
    "actor": Actor,
    "agreement": Agreement,
    "announce": Announce,
    "block": Block,
    "create": Create,
    "delete": Delete,
    "economic-event": EconomicEvent,
    "flag": Flag,
    "follow": Follow,
    "introduction": Introduction,
    "like": Like,
    "move": Move,
    "note": Note,
    "offer": Offer,
    "reject": Reject,
    "undo": Undo,
    "update": Update,
}
READERS: dict[str, Callable[[Any], Wire]] = {
    "actor-community": parse_actor,
    "followers": parse_collection,
    "nodeinfo": NodeInfo.parse,
    "nodeinfo-links": NodeInfoLinks.parse,
    "outbox": parse_collection,
    "outbox-page": parse_collection,
    "tombstone": Tombstone.parse,
    "webfinger-community": WebFinger.parse,
    "webfinger-server": WebFinger.parse,
}


def parts(value: Any) -> list[dict[str, Any]]:
    """Every object inside a document."""
    if isinstance(value, dict):
        return [value] + [part for inner in value.values() for part in parts(inner)]
    return [part for inner in value for part in parts(inner)] if isinstance(value, list) else []


# C-150
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_written_as_it_was_read(file: Path) -> None:
    written = load(file.read_bytes())
    value = READERS.get(file.stem, parse_activity)(written)
    assert document(value) == written
    assert json.loads(dump(value)) == written
    assert next(iter(document(value))) == next(iter(written))


# C-150, C-119
@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_keeps_to_what_strict_readers_take(file: Path) -> None:
    for part in parts({key: value for key, value in load(file.read_bytes()).items() if key != "@context"}):
        if "type" in part:
            assert isinstance(part["type"], str)
        if "context" in part:
            assert isinstance(part["context"], str)
        if "hasUnit" in part:
            assert isinstance(part["hasNumericalValue"], str)
        for key in {"published", "updated", "endTime"} & part.keys():
            assert len(part[key]) == len("2026-11-20T10:00:00Z")
            assert part[key].endswith("Z")
        if part.get("type") == "Note":
            assert "name" not in part


# C-117, C-118
@pytest.mark.parametrize(("name", "purpose"), [("create-need", "request"), ("create-offer", "offer")])
def test_a_need_and_an_offer_are_proposals_inside_a_note(examples: Path, name: str, purpose: str) -> None:
    activity = parse_activity(load((examples / f"{name}.json").read_bytes()))
    assert isinstance(activity, Create)
    note = activity.object
    assert isinstance(note, Note)
    assert note.is_proposal
    assert note.purpose == purpose
    assert note.publishes is not None
    assert note.publishes.id == f"{note.id}#primary"
    assert note.publishes.resource_quantity is not None
    assert note.publishes.resource_quantity.has_unit in {"one", "hour"}


# C-40
@pytest.mark.parametrize(
    "name", ["create-need", "update-need", "delete-need", "follow", "undo-follow", "undo-offer", "offer-agreement"]
)
def test_every_activity_carries_an_object(examples: Path, name: str) -> None:
    assert load((examples / f"{name}.json").read_bytes())["object"]


def test_each_kind_of_content_has_its_own_context(examples: Path) -> None:
    def context(name: str) -> object:
        return document(READERS.get(name, parse_activity)(load((examples / f"{name}.json").read_bytes())))["@context"]

    assert context("create-need") == context("update-need") == NOTE_CONTEXT
    assert context("create-receipt") == EVENT_CONTEXT
    assert context("offer-agreement") == context("accept-offer") == AGREEMENT_CONTEXT
    assert context("accept-follow") == context("delete-need") == context("undo-offer") == AS
    assert context("actor-community") == ACTOR_CONTEXT
    # Fedify finds the keys that proofs are made with only where both of these explain the terms.
    assert {"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"} <= set(ACTOR_CONTEXT[:-1])


@pytest.mark.parametrize("name", DESCRIBED)
def test_the_written_schemas_are_those_of_the_code(name: str) -> None:
    text = json.dumps(DESCRIBED[name].model_json_schema(), indent=2, sort_keys=True) + "\n"
    file = SCHEMAS / f"{name}.schema.json"
    assert file.read_text(encoding="utf-8") == text, f"{file.name} is old: write model_json_schema() there again"


def test_no_schema_is_left_over() -> None:
    assert {file.name for file in SCHEMAS.glob("*")} == {f"{name}.schema.json" for name in DESCRIBED}


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_fit_their_schemas(file: Path) -> None:
    example = json.loads(file.read_bytes())
    kind = {"Organization": "Actor"}.get(example.get("type"), example.get("type"))
    if kind == "Offer" and isinstance(example["object"], str):
        kind = "Introduction"
    described = {model.__name__: name for name, model in DESCRIBED.items()}
    if kind in described:
        schema = json.loads((SCHEMAS / f"{described[kind]}.schema.json").read_bytes())
        jsonschema.validate(example, schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**example, "type": "Dislike"}, schema)
