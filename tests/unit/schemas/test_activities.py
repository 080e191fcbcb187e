"""Activities of others, and ours as they are built and sent."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from schemas.activities import (
    Accept,
    Create,
    Delete,
    Follow,
    Introduction,
    Offer,
    Reject,
    Undo,
    Unknown,
    Update,
    parse_activity,
    parse_heading,
)
from schemas.actors import Actor
from schemas.errors import InvalidDocument
from schemas.fields import document
from schemas.marketplace import Agreement, Commitment, EconomicEvent, Measure
from schemas.objects import Note, OtherObject

AS = "https://www.w3.org/ns/activitystreams"
NORTH = "https://north.example/actors/public"
RIVER = "https://river.example/actors/public"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
THREE = Measure(has_unit="one", has_numerical_value=Decimal(3))
FOLLOW = Follow(id="https://river.example/a/1", actor=RIVER, object=NORTH, to=(NORTH,))
OFFER = Offer(
    id="https://river.example/a/2",
    actor=RIVER,
    to=(NORTH,),
    published=NOW,
    object=Agreement(stipulates=Commitment(satisfies="https://north.example/o/1#primary", resource_quantity=THREE)),
)
NOTE = Note(id="https://north.example/o/1", attributed_to=NORTH, to=(RIVER,), content="<p>Coats</p>", published=NOW)


def written(kind: object, about: object, **more: Any) -> dict[str, Any]:
    return {"@context": AS, "id": "https://river.example/a/9", "type": kind, "actor": RIVER, "object": about, **more}


@pytest.mark.parametrize("given", ["Follow", "as:Follow", ["Follow"], ["x:Thing", "Follow"]])
def test_a_known_type_is_found_among_others(given: object) -> None:
    assert isinstance(parse_activity(written(given, NORTH)), Follow)


# C-111
@pytest.mark.parametrize("given", ["Dislike", "Add", "Question", "https://example.org/Foo", ["Listen", "x:Thing"]])
def test_unknown_activities_keep_type_id_and_actor_only(given: object) -> None:
    activity = parse_activity(written(given, {"anything": [7]}, to=["x:1"] * 50, published="soon"))
    assert isinstance(activity, Unknown)
    assert (activity.id, activity.actor, activity.to) == ("https://river.example/a/9", RIVER, ())
    assert activity.type == (given if isinstance(given, str) else "Listen")


@pytest.mark.parametrize(
    ("broken", "path"),
    [
        ({"type": None}, "type"),
        ({"type": []}, "type"),
        ({"type": 7}, "type"),
        ({"type": "x" * 300}, "type"),
        ({"@context": None}, "@context"),
        ({"@context": "https://evil.example/"}, "@context"),
        ({"actor": None}, "actor"),
        ({"actor": 7}, "actor"),
        ({"actor": [RIVER, NORTH]}, "actor"),
        ({"object": None}, "object"),
        ({"object": [NORTH, RIVER]}, "object"),
        ({"object": 7}, "object"),
        ({"id": 7}, "id"),
        ({"to": [f"x:{number}" for number in range(21)]}, ""),
        ({"to": [7]}, "to.0"),
        ({"published": "yesterday"}, "published"),
        ({"@graph": []}, ""),
        ({"object": {"id": NORTH, "@included": []}}, ""),
    ],
)
# C-60, T-13, T-21
def test_what_is_not_an_activity_is_refused_at_its_place(broken: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse_activity({**written("Follow", NORTH), **broken})
    assert refused.value.path == path


# C-60
@pytest.mark.parametrize("actor", [RIVER, [RIVER], {"id": RIVER, "type": "Person", "inbox": "x:1"}, [{"id": RIVER}]])
def test_the_actor_is_reduced_to_one_id(actor: object) -> None:
    assert parse_activity({**written("Follow", NORTH), "actor": actor}).actor == RIVER


# C-61
def test_an_activity_may_have_no_id() -> None:
    document_without = {key: value for key, value in written("Follow", NORTH).items() if key != "id"}
    assert parse_activity(document_without).id is None


@pytest.mark.parametrize(
    "about",
    [
        {"@id": NORTH},
        {"as:id": NORTH},
        [{"@id": NORTH}],
        {"https://www.w3.org/ns/activitystreams#id": NORTH},
        {"id": NORTH},
    ],
)
def test_a_heading_finds_what_it_is_about_however_that_is_spelled(about: object) -> None:
    said = written("Like", about)
    spelled = {"as:object" if key == "object" else key: value for key, value in said.items()}
    for one in (said, spelled):
        assert parse_heading(one).object == NORTH


# T-13
@pytest.mark.parametrize("key", ["@graph", "@included", "@reverse"])
def test_a_heading_refuses_what_it_sees_and_leaves_what_is_deeper_to_the_whole(key: str) -> None:
    for seen in ({**written("Like", NORTH), key: []}, written("Like", {"id": NORTH, key: []})):
        with pytest.raises(InvalidDocument):
            parse_heading(seen)
    deeper = written("Like", {"id": NORTH, "tag": [{key: []}]})
    assert parse_heading(deeper).object == NORTH
    with pytest.raises(InvalidDocument):
        parse_activity(deeper)


def test_an_error_never_repeats_what_was_sent() -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse_activity(written("Create", {"type": "Note", "id": "x:1", "attributedTo": RIVER, "purpose": "s3cret"}))
    assert "s3cret" not in str(refused.value)
    assert refused.value.path == "object.purpose"


def test_the_path_of_an_error_leads_into_the_document() -> None:
    terms = {"type": "Intent", "id": "x:1#primary", "action": "transfer", "resourceQuantity": {"hasUnit": "one"}}
    note = {"type": "Note", "id": "x:1", "attributedTo": RIVER, "purpose": "offer", "publishes": terms}
    with pytest.raises(InvalidDocument) as refused:
        parse_activity(written("Create", note))
    assert str(refused.value) == "object.publishes.resourceQuantity.hasNumericalValue: this is missing"


# C-95, C-106
@pytest.mark.parametrize("kind", ["Accept", "Reject", "Undo"])
def test_an_answer_holds_the_follow_or_only_its_id(kind: str) -> None:
    whole = parse_activity(written(kind, document(FOLLOW)))
    assert isinstance(whole, Accept | Reject | Undo)
    assert (whole.object, whole.embedded) == (FOLLOW.id, FOLLOW)
    by_id = parse_activity(written(kind, FOLLOW.id))
    assert isinstance(by_id, Accept | Reject | Undo)
    assert (by_id.object, by_id.embedded) == (FOLLOW.id, None)
    half = parse_activity(written(kind, {"id": FOLLOW.id, "type": "Follow"}))
    assert isinstance(half, Accept | Reject | Undo)
    assert (half.object, half.embedded) == (FOLLOW.id, None)


@pytest.mark.parametrize("kind", [Note, Actor, Accept, Undo])
@pytest.mark.parametrize("value", ["text", 7, [], None])
def test_what_is_no_object_at_all_is_refused(kind: type[Note], value: Any) -> None:
    with pytest.raises(InvalidDocument, match="must be an object"):
        kind.parse_plain(value)


# C-60
@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_several_objects_at_once_are_refused(kind: str) -> None:
    with pytest.raises(InvalidDocument, match="exactly one"):
        parse_activity(written(kind, [document(NOTE), document(NOTE)]))


# C-94
def test_an_undo_tells_whose_activity_it_takes_back() -> None:
    stub = parse_activity(written("Undo", {"id": OFFER.id, "type": "Offer", "actor": {"id": NORTH}}))
    assert isinstance(stub, Undo)
    assert (stub.object, stub.undone_type, stub.undone_actor, stub.embedded) == (OFFER.id, "Offer", NORTH, None)
    whole = parse_activity(written("Undo", document(OFFER)))
    assert isinstance(whole, Undo)
    assert whole.embedded == OFFER
    bare = parse_activity(written("Undo", OFFER.id))
    assert isinstance(bare, Undo)
    assert (bare.undone_type, bare.undone_actor) == (None, None)
    other = parse_activity(written("Undo", {"id": "x:1", "type": ["Announce"], "actor": RIVER}))
    assert isinstance(other, Undo)
    assert other.undone_type == "Announce"


# C-98
def test_a_sender_cannot_fill_the_names_that_are_ours() -> None:
    ours = {"embeddedObject": document(FOLLOW), "embedded": document(FOLLOW), "undoneType": "Follow"}
    ours |= {"undoneActor": NORTH, "undone_type": "Follow", "undone_actor": NORTH}
    for kind in ("Accept", "Reject", "Undo"):
        activity = parse_activity(written(kind, "x:1", **ours))
        assert isinstance(activity, Accept | Reject | Undo)
        assert activity.embedded is None
    undo = parse_activity(written("Undo", "x:1", **ours))
    assert isinstance(undo, Undo)
    assert (undo.undone_type, undo.undone_actor) == (None, None)


# C-120
@pytest.mark.parametrize("offered", [{"type": "Note", "id": "x:1"}, None, [], {"id": "x:1"}])
def test_an_offer_of_anything_but_an_agreement_or_an_id_is_unknown(offered: object) -> None:
    assert isinstance(parse_activity(written("Offer", offered)), Unknown)


@pytest.mark.parametrize("offered", ["https://market.example/actors/public", ["https://market.example/actors/public"]])
@pytest.mark.parametrize("target", [RIVER, {"id": RIVER}, [RIVER]])
def test_an_offer_of_an_id_is_an_introduction(offered: object, target: object) -> None:
    found = parse_activity(written("Offer", offered, target=target, content="They have a van."))
    assert isinstance(found, Introduction)
    assert (found.object, found.target) == ("https://market.example/actors/public", RIVER)
    wish = parse_activity(written("Offer", offered))
    assert isinstance(wish, Introduction) and wish.target is None


# C-120
@pytest.mark.parametrize(
    "stipulates",
    [
        None,
        "x:1",
        [],
        {"type": "Commitment"},
        {"type": "Intent", "satisfies": "x:1"},
        {"type": "Commitment", "satisfies": "x:1", "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": 0}},
    ],
)
def test_an_agreement_needs_a_whole_commitment(stipulates: object) -> None:
    with pytest.raises(InvalidDocument, match=r"^object\.stipulates"):
        parse_activity(written("Offer", {"type": "Agreement", "stipulates": stipulates}))


# C-124
def test_an_accept_carries_an_agreement_or_none() -> None:
    agreed = Agreement(id="https://north.example/agreements/1", attributed_to=NORTH, stipulates=OFFER.object.stipulates)
    accept = parse_activity(written("Accept", OFFER.id, result=document(agreed)))
    assert isinstance(accept, Accept)
    assert accept.result == agreed
    other = parse_activity(written("Accept", OFFER.id, result={"type": "OrderedCollection"}))
    assert isinstance(other, Accept)
    assert other.result is None


@pytest.mark.parametrize(
    ("created", "kind"),
    [
        ("https://river.example/o/1", str),
        ({"id": "x:1", "type": "Note", "attributedTo": RIVER}, Note),
        ([{"id": "x:1", "type": ["Proposal", "x:Need"], "attributedTo": RIVER}], Note),
        ({"id": "x:1", "type": "Note"}, OtherObject),
        ({"type": "Note", "attributedTo": RIVER, "content": "without an id"}, OtherObject),
        ({"id": "x:1", "type": "Video", "attributedTo": [{"id": RIVER}]}, OtherObject),
        ({"id": "x:1", "type": "EconomicEvent", "attributedTo": RIVER, "fulfills": "x:2"}, EconomicEvent),
        ({"id": "x:1", "type": "ValueFlows:EconomicEvent", "attributedTo": RIVER}, OtherObject),
        ({"id": "x:1", "type": "EconomicEvent", "attributedTo": RIVER}, OtherObject),
        ({"id": "x:1", "type": "Person"}, OtherObject),
        ({"id": "x:1"}, OtherObject),
        ({}, OtherObject),
    ],
)
def test_what_is_created_is_read_as_what_it_is(created: object, kind: type) -> None:
    create = parse_activity(written("Create", created))
    assert isinstance(create, Create)
    assert type(create.object) is kind


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ("https://river.example/o/1", str),
        ({"id": "x:1", "type": "Note", "attributedTo": RIVER}, Note),
        ({"id": RIVER, "type": ["Group", "x:Community"]}, Actor),
        ({"id": "x:1", "type": "Agreement", "stipulates": {"type": "Commitment", "satisfies": "x:2"}}, Agreement),
        ({"id": "x:1", "type": "Agreement"}, OtherObject),
        ({"id": "x:1", "type": "EconomicEvent", "fulfills": "x:2"}, OtherObject),
    ],
)
def test_what_is_changed_is_read_as_what_it_is(changed: object, kind: type) -> None:
    update = parse_activity(written("Update", changed))
    assert isinstance(update, Update)
    assert type(update.object) is kind


# C-107
@pytest.mark.parametrize("gone", ["x:1", {"id": "x:1", "type": "Tombstone"}, [{"id": "x:1"}]])
def test_a_delete_names_one_id(gone: object) -> None:
    delete = parse_activity(written("Delete", gone))
    assert isinstance(delete, Delete)
    assert delete.object == "x:1"
    assert document(delete)["object"] == {"id": "x:1", "type": "Tombstone"}


# C-150
@pytest.mark.parametrize(
    "activity",
    [
        FOLLOW,
        OFFER,
        Accept(id="x:1", actor=NORTH, to=(RIVER,), object="https://river.example/a/1", embedded=FOLLOW),
        Accept(id="x:1", actor=NORTH, to=(RIVER,), object="https://river.example/a/2", result=OFFER.object),
        Reject(id="x:1", actor=NORTH, to=(RIVER,), object="https://river.example/a/2", content="Already covered."),
        Undo(id="x:1", actor=RIVER, to=(NORTH,), object="https://river.example/a/1", embedded=FOLLOW),
        Undo(id="x:1", actor=RIVER, object="x:2", undone_type="Offer", undone_actor=RIVER),
        Create(id="x:1", actor=NORTH, to=(RIVER,), cc=(), published=NOW, object=NOTE),
        Create(id="x:1", actor=NORTH, object="https://north.example/o/1"),
        Create(id="x:1", actor=NORTH, object=EconomicEvent(id="x:2", attributed_to=NORTH, fulfills="x:3")),
        Update(id="x:1", actor=NORTH, object=NOTE.model_copy(update={"updated": NOW})),
        Update(id="x:1", actor=NORTH, object=Actor(id=NORTH, type="Organization")),
        Update(id="x:1", actor=NORTH, object=OFFER.object.model_copy(update={"id": "x:2", "end_time": NOW})),
        Delete(id="x:1", actor=NORTH, to=(RIVER,), object="https://north.example/o/1"),
    ],
    ids=lambda activity: activity.type,
)
def test_what_we_build_is_read_back_the_same(activity: Create) -> None:
    sent = document(activity)
    assert next(iter(sent)) == "@context"
    assert parse_activity(sent) == activity
    assert None not in sent.values()


def test_an_undone_offer_is_sent_by_id_type_and_actor_only() -> None:
    undo = Undo(id="x:1", actor=RIVER, object="https://river.example/a/2", embedded=OFFER)
    assert document(undo)["object"] == {"id": OFFER.id, "type": "Offer", "actor": RIVER}
    assert (undo.undone_type, undo.undone_actor) == ("Offer", RIVER)
    nobody = Undo(id="x:1", actor=RIVER, object="x:2", undone_type="Offer")
    assert document(nobody)["object"] == {"id": "x:2", "type": "Offer"}


def test_an_actor_that_rests_says_so_with_its_prefix_declared() -> None:
    update = Update(id="x:1", actor=NORTH, object=Actor(id=NORTH, type="Organization", resting_until=NOW))
    sent = document(update)
    assert {"aid": "https://w3id.org/manyhands/ns#"} in sent["@context"]  # type: ignore[operator]
    assert sent["object"]["aid:restingUntil"] == "2026-11-20T10:00:00Z"  # type: ignore[index,call-overload]
    assert parse_activity(sent) == update
