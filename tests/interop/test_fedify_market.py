"""The marketplace of FEP-0837 between us and a server whose vocabulary has native classes for it."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from node.domain.areas import Area
from node.domain.feed import FeedKind
from node.domain.notices import Kind
from node.domain.peers import FollowState, OwnActor, PeerLevel
from node.domain.responses import Response, ResponseState
from node.domain.shares import Level, Share
from node.services import peers, responses
from node.services.community import profile, save_profile
from schemas.marketplace import Intent
from schemas.objects import Note, parse_note
from tests.interop.fedify_server import CommandFailed, FedifyServer
from tests.village import Village, get, settle, until

pytestmark = pytest.mark.interop

EXAMPLES = Path(__file__).parents[2] / "schemas" / "examples"
GOODS = "https://w3id.org/manyhands/ns#goods"


async def sent(north: Village, share: Share) -> dict[str, Any]:
    """The Note of a share as a document of its own, as it left."""
    async with north.community.database.reading() as work:
        created: dict[str, Any] = json.loads((await work.outbox.creates([share.id]))[share.id].body)
    return {"@context": created["@context"], **created["object"]}


async def market(stranger: FedifyServer, kind: str) -> dict[str, Any]:
    """The newest thing of a kind about a proposal that reached it."""
    seen = [one for one in await asyncio.to_thread(stranger.market) if one["class"] == kind]
    return seen[-1]


async def proposed(north: Village, stranger: FedifyServer, **wanted: str) -> dict[str, str]:
    """We follow it, and it proposes something to its followers."""
    standing = await peers.add(north.community, stranger.actor, PeerLevel.PUBLIC, north.dispatcher)

    async def is_accepted() -> bool:
        await settle(north)
        return (await peers.get(north.community, standing.peer.id)).outgoing is FollowState.ACCEPTED

    await until(is_accepted)
    made = {"action": "transfer", "conformsTo": GOODS, "content": "<p>Warm ones</p>", "unit": "one"} | wanted
    told = await asyncio.to_thread(lambda: stranger.propose(**made))
    await settle(north)
    return told


# --- what we publish --------------------------------------------------------------------------------------------------


def written(measure: Any) -> dict[str, str] | None:
    return None if measure is None else {"unit": measure.has_unit, "amount": str(measure.has_numerical_value)}


def as_told(intent: Intent) -> dict[str, Any]:
    return {
        "class": "Intent",
        "id": intent.id,
        "action": intent.action,
        "resourceConformsTo": intent.resource_conforms_to,
        "resourceQuantity": written(intent.resource_quantity),
        "availableQuantity": written(intent.available_quantity),
        "minimumQuantity": written(intent.minimum_quantity),
    }


def moment(time: Any) -> str | None:
    return None if time is None else f"{time:%Y-%m-%dT%H:%M:%SZ}"


def is_told_as(note: Note, told: dict[str, Any]) -> None:
    """Value by value, what its class understood is what ours says."""
    assert told["id"] == note.id
    assert told["attribution"] == note.attributed_to
    assert (told["to"], told["cc"]) == (list(note.to), list(note.cc))
    assert told["content"] == note.content
    assert (told["published"], told["endTime"]) == (moment(note.published), moment(note.end_time))
    assert told["url"] == note.url
    assert told["sensitive"] is note.sensitive
    assert told["tags"] == [f"{tag.type} {tag.name}" for tag in note.tag]
    assert note.location is not None
    place = note.location.model_dump(include={"name", "latitude", "longitude", "radius", "units"})
    assert told["location"] == {"class": "Place", **place}
    assert told["location"]["latitude"] == (51.55 if note.location.name == "North Side" else None)


SHARED: tuple[dict[str, Any], ...] = (
    {"title": "Children's winter coats", "category": "goods"},
    {"title": "Rice", "category": "groceries", "unit": "kilogram", "quantity": Decimal("3.5")},
    {"title": "Rides", "category": "transport", "unit": "hour", "quantity": Decimal(10), "kind": Kind.OFFER},
    {"title": "A table", "quantity": Decimal(1), "kind": Kind.OFFER, "area": "Harbour"},
)


# C-119, C-150
async def test_it_understands_every_term_of_what_we_publish(north: Village, fedify: FedifyServer) -> None:
    """Read as a Note, and once more as the Proposal that it also is."""
    areas = (Area("North Side", Decimal("51.5432"), Decimal("-0.1234")), Area("Harbour"))
    await save_profile(north.community, replace(await profile(north.community), areas=areas))
    for wanted in SHARED:
        share = await north.share(await north.ask(**wanted), Level.PUBLIC)
        document = await sent(north, share)
        note = parse_note(document)
        assert note.publishes is not None
        as_note = await asyncio.to_thread(fedify.read, "Object", document)
        assert as_note["class"] == "Note"
        is_told_as(note, as_note)
        told = await asyncio.to_thread(fedify.read, "Proposal", document)
        assert told["class"] == "Proposal"
        is_told_as(note, told)
        assert told["purpose"] == note.purpose == ("offer" if wanted.get("kind") is Kind.OFFER else "request")
        assert told["unitBased"] is note.unit_based
        assert told["reciprocal"] is None  # a gift
        assert told["publishes"] == as_told(note.publishes)
        available = told["publishes"]["availableQuantity"]
        assert available["unit"] == wanted.get("unit", "one")
        assert Decimal(available["amount"]) == wanted.get("quantity", 4)


# C-12, C-13
async def test_it_reads_our_actors_and_their_keys(north: Village, fedify: FedifyServer) -> None:
    for own in OwnActor:
        actor = f"{north.url}/actors/{own}"
        _, body = await get(actor, Accept="application/activity+json")
        document = json.loads(body)
        told = await asyncio.to_thread(fedify.read, "Object", document)
        assert (told["class"], told["id"]) == (document["type"], actor)
        assert told["publicKeys"] == [{"id": f"{actor}#main-key", "owner": actor, "algorithm": "RSASSA-PKCS1-v1_5"}]
        assert told["assertionMethods"] == [{"id": f"{actor}#ed25519-key", "owner": actor, "algorithm": "Ed25519"}]


# Their sample keys are cut short; the actors themselves are read above.
ELSEWHERE = {"actor-community", "update-actor-agreement", "update-actor-resting"}
# It has no class for an EconomicEvent and reads nothing around one: the receipt is for nodes of our own kind.
NO_CLASS = {"create-receipt"}


# C-150
async def test_it_reads_every_kind_of_document_that_we_send(fedify: FedifyServer) -> None:
    documents = {file.stem: json.loads(file.read_bytes()) for file in sorted(EXAMPLES.glob("*.json"))}
    told = {name: one for name, one in documents.items() if "@context" in one and name not in ELSEWHERE}
    assert len(told) >= 24
    refused = set()
    for name, document in told.items():
        try:
            read = await asyncio.to_thread(fedify.read, "Object", document)
        except CommandFailed:
            refused.add(name)
        else:
            assert (read["class"], read["id"]) == (document["type"], document["id"])
    assert refused == NO_CLASS


# --- an agreement, from their side and from ours ----------------------------------------------------------------------


# C-119, C-120, C-124
async def test_it_offers_help_and_understands_our_yes(north: Village, fedify: FedifyServer) -> None:
    share = await north.share(await north.ask("Children's winter coats"), Level.PUBLIC)
    ours = f"{north.url}/actors/public"
    offer_id = await asyncio.to_thread(
        lambda: fedify.offer(ours, satisfies=share.intent_id, unit="one", amount="3", content="Any evening.")
    )
    await settle(north)
    arrived = await north.response()
    assert (arrived.offer_id, arrived.remote_actor) == (offer_id, fedify.actor)
    assert (arrived.quantity, arrived.unit, arrived.text) == (Decimal(3), "one", "Any evening.")

    agreed = await responses.agree(north.community, arrived.id, (), None, north.dispatcher)
    await settle(north)
    told = await market(fedify, "Accept")
    assert (told["actor"], told["objectId"], told["to"]) == (ours, offer_id, [fedify.actor])
    result = told["result"]
    assert (result["class"], result["id"]) == ("Agreement", agreed.agreement_id)
    assert result["attribution"] == ours
    assert result["stipulates"] == {
        "class": "Commitment",
        "id": f"{agreed.agreement_id}#primary",
        "satisfies": share.intent_id,
        "resourceQuantity": {"unit": "one", "amount": "3"},
    }
    assert result["stipulatesReciprocal"] is None
    assert result["endTime"] == moment(agreed.lease_until)
    assert result["url"] == {"href": f"{agreed.agreement_id}/coordinate", "mediaType": "text/html"}


# C-120
async def test_it_offers_more_than_is_open_and_understands_our_no(north: Village, fedify: FedifyServer) -> None:
    share = await north.share(await north.ask("Children's winter coats"), Level.PUBLIC)
    ours = f"{north.url}/actors/public"
    offer_id = await asyncio.to_thread(
        lambda: fedify.offer(ours, satisfies=share.intent_id, unit="one", amount="5", content="")
    )
    await settle(north)
    told = await market(fedify, "Reject")
    assert (told["actor"], told["objectId"]) == (ours, offer_id)
    assert told["content"].startswith("What was offered does not fit")


# C-1, C-120: with whole addresses for keys
@pytest.mark.parametrize(
    ("purpose", "action", "unit", "amount"),
    [("request", "transfer", "one", "5"), ("offer", "deliverService", "hour", "2.5")],
)
async def test_we_understand_what_it_proposes(
    north: Village, fedify: FedifyServer, purpose: str, action: str, unit: str, amount: str
) -> None:
    told = await proposed(north, fedify, purpose=purpose, action=action, title="Blankets", unit=unit, amount=amount)
    item = (await north.only_item()).item
    assert item.kind is (FeedKind.NEED if purpose == "request" else FeedKind.OFFER)
    assert (item.object_id, item.intent_id, item.actor) == (told["id"], told["intent"], fedify.actor)
    assert (item.title, item.html, item.category) == ("Blankets", "<p>Warm ones</p>", "goods")
    assert (item.unit, item.available, item.unit_based) == (unit, Decimal(amount), True)


# C-120, C-124, C-125
async def test_it_understands_our_offer_and_we_its_yes(north: Village, fedify: FedifyServer) -> None:
    told = await proposed(north, fedify, purpose="request", title="Blankets", amount="5")
    ours = await north.offer(3, "We can bring them any evening.")
    await settle(north)
    offer = await market(fedify, "Offer")
    assert (offer["id"], offer["actor"], offer["to"]) == (ours.offer_id, f"{north.url}/actors/public", [fedify.actor])
    assert offer["content"] == "<p>We can bring them any evening.</p>"
    assert offer["endTime"] == moment(ours.until)
    assert offer["object"]["class"] == "Agreement"
    assert offer["object"]["stipulatesReciprocal"] is None
    assert offer["object"]["stipulates"] == {
        "class": "Commitment",
        "id": None,
        "satisfies": told["intent"],
        "resourceQuantity": {"unit": "one", "amount": "3"},
    }

    agreement = await asyncio.to_thread(fedify.agree, ours.offer_id, 24)
    await settle(north)
    agreed = await response_as_it_stands(north, ours)
    assert (agreed.state, agreed.agreement_id) == (ResponseState.AGREED, agreement)
    assert agreed.lease_until is not None
    assert timedelta(hours=23) < agreed.lease_until - north.clock() < timedelta(hours=25)


async def response_as_it_stands(north: Village, response: Response) -> Response:
    return (await responses.get(north.community, response.id)).response
