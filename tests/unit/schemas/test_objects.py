"""Notes and what stands around them."""

from typing import Any

import pytest

from schemas.errors import InvalidDocument
from schemas.fields import document
from schemas.links import Hashtag, Link, Mention
from schemas.objects import Note, OtherObject, Tombstone, parse_note

AS = "https://www.w3.org/ns/activitystreams"
ACTOR = "https://north.example/actors/public"
ID = "https://north.example/o/1"


def written(**more: Any) -> dict[str, Any]:
    return {"@context": AS, "id": ID, "type": "Note", "attributedTo": ACTOR, "content": "<p>Hello</p>", **more}


def intent(**more: Any) -> dict[str, Any]:
    return {"type": "Intent", "id": f"{ID}#primary", "action": "transfer", **more}


def proposal(**more: Any) -> dict[str, Any]:
    return {"type": "Proposal", "attributedTo": ACTOR, "purpose": "offer", "publishes": intent(), **more}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Note", "Note"),
        ("as:Note", "Note"),
        (["Note", "Proposal"], "Note"),
        (["Proposal", "Note"], "Note"),
        (["x:Thing", "https://w3id.org/valueflows/ont/vf#Proposal"], "Proposal"),
        ("Proposal", "Proposal"),
        ("Article", "Article"),
        ("Page", "Page"),
        ("Event", "Event"),
        ("Question", "Question"),
    ],
)
def test_posts_of_all_kinds_are_notes(given: object, kept: str) -> None:
    assert parse_note(written(type=given)).type == kept


@pytest.mark.parametrize("given", ["Person", "x:Note", [], None, 7, ["Image"]])
def test_other_kinds_are_not(given: object) -> None:
    with pytest.raises(InvalidDocument, match=r"^type"):
        parse_note(written(type=given))


# T-13
@pytest.mark.parametrize("context", [None, "https://evil.example/", ["https://evil.example/"], {"id": AS}, 7])
def test_a_document_must_say_that_it_is_activitystreams(context: object) -> None:
    with pytest.raises(InvalidDocument, match=r"^@context"):
        parse_note(written(**{"@context": context}))


# C-117
def test_purpose_is_request_or_offer() -> None:
    for purpose in ("request", "offer"):
        note = parse_note(written(purpose=purpose, publishes=intent()))
        assert note.is_proposal
        assert note.purpose == purpose
    for purpose in ("gift", "", "Request", ["offer"], 1):
        with pytest.raises(InvalidDocument, match=r"^purpose"):
            parse_note(written(purpose=purpose, publishes=intent()))


def test_a_post_without_terms_is_no_proposal() -> None:
    assert not parse_note(written()).is_proposal
    assert not parse_note(written(purpose="offer", publishes="https://north.example/o/1#primary")).is_proposal
    assert not parse_note(written(purpose="offer", publishes={"type": "Process"})).is_proposal
    assert not parse_note(written(publishes=intent())).is_proposal


# C-118
@pytest.mark.parametrize("broken", [{"action": "sell"}, {"action": None}, {"id": None}, {"id": 7}])
def test_an_intent_is_whole_or_the_note_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocument, match=r"^publishes\."):
        parse_note(written(purpose="offer", publishes=intent(**broken)))


def test_terms_in_full_spelling_are_read() -> None:
    vf, om2 = "https://w3id.org/valueflows/ont/vf#", "http://www.ontology-of-units-of-measure.org/resource/om-2/"
    amount = {f"{om2}hasUnit": f"{om2}hour", f"{om2}hasNumericalValue": {"@value": "2"}}
    terms = {f"{vf}action": {"id": f"{vf}deliverService"}, f"{vf}resourceQuantity": amount, "id": f"{ID}#primary"}
    note = parse_note(written(**{"vf:purpose": "request", f"{vf}publishes": {"type": f"{vf}Intent", **terms}}))
    assert note.publishes is not None
    assert note.publishes.action == "deliverService"
    assert note.publishes.resource_quantity is not None
    assert note.publishes.resource_quantity.has_unit == "hour"


def test_a_proposal_attached_by_the_author_gives_the_note_its_terms() -> None:
    note = parse_note(written(attachment=[{"type": "Image", "url": "x:1"}, proposal(unitBased=True)]))
    assert note.type == "Note"
    assert note.is_proposal
    assert note.unit_based is True


@pytest.mark.parametrize(
    "attached",
    [
        proposal(attributedTo="https://other.example/actors/public"),
        {key: value for key, value in proposal().items() if key != "attributedTo"},
        {**proposal(), "type": "Page"},
        "https://north.example/o/2",
    ],
)
def test_other_attachments_do_not(attached: object) -> None:
    assert not parse_note(written(attachment=attached)).is_proposal


def test_a_note_with_its_own_terms_keeps_them() -> None:
    note = parse_note(written(purpose="request", publishes=intent(), attachment=[proposal()]))
    assert note.purpose == "request"


# T-21
def test_counts_and_lengths_are_bounded() -> None:
    tag, image = {"type": "Hashtag", "name": "#Food"}, {"type": "Image"}
    assert len(parse_note(written(tag=[tag] * 32, attachment=[image] * 8, to=["x:1"] * 10, cc=["x:2"] * 10)).tag) == 32
    for more in (
        {"tag": [tag] * 33},
        {"attachment": [image] * 9},
        {"to": ["x:1"] * 21},
        {"to": ["x:1"] * 11, "cc": ["x:2"] * 10},
        {"content": "x" * 20_001},
        {"contentMap": {"en": "x" * 20_001}},
        {"contentMap": {str(number): "x" for number in range(33)}},
        {"urgency": "x" * 41},
    ):
        with pytest.raises(InvalidDocument):
            parse_note(written(**more))


def test_tags_we_know_are_kept_and_others_passed_over() -> None:
    note = parse_note(
        written(
            tag=[
                {"type": "Hashtag", "name": "#Food", "href": "x:1"},
                {"type": "Emoji", "name": ":heart:"},
                {"type": "as:Mention", "href": "x:2"},
                {"type": "Link", "href": "x:3", "rel": "x:4", "mediaType": "text/html"},
                {"type": "Hashtag"},
                {"type": "Link", "href": None},
                "x:5",
                None,
            ]
        )
    )
    assert note.tag == (
        Hashtag(name="#Food", href="x:1"),
        Mention(href="x:2"),
        Link(href="x:3", rel=("x:4",), media_type="text/html"),
    )
    assert document(note)["tag"][2]["rel"] == ["x:4"]  # type: ignore[index,call-overload]


def test_content_in_several_languages_has_a_first_one() -> None:
    note = parse_note(written(content=None, contentMap={"es": "Hola", "en": "Hello"}))
    assert note.content == "Hola"
    assert parse_note(written(content=None, contentMap={})).content == ""


def test_things_of_other_servers_that_we_do_not_follow_are_passed_over() -> None:
    note = parse_note(
        written(
            location="https://north.example/places/1",
            status="posted",
            interactionPolicy="nobody",
            replies={"type": "Collection", "items": []},
            inReplyTo=None,
            sensitive=None,
            summary=None,
            bto=["x:1"],
            bcc="x:2",
            signature={},
        )
    )
    assert (note.location, note.status, note.interaction_policy, note.replies) == (None, None, None, None)
    # C-27
    assert {"bto", "bcc", "signature"}.isdisjoint(document(note))


def test_a_place_has_numbers_of_this_earth() -> None:
    place = parse_note(written(location=[{"type": "Place", "latitude": 51.5, "longitude": -0.1, "radius": 5}])).location
    assert place is not None
    assert document(place)["radius"] == 5
    assert parse_note(written(location={"type": "VirtualLocation", "name": "Call"})).location is None
    for wrong in ({"latitude": 91}, {"longitude": -181}, {"radius": -1}):
        with pytest.raises(InvalidDocument, match=r"^location"):
            parse_note(written(location={"type": "Place", **wrong}))


# C-107
def test_a_tombstone_tells_nothing_but_its_id() -> None:
    stone = Tombstone.parse({"id": ID, "type": "Tombstone", "formerType": "Note", "deleted": "2026-11-20T10:00:00Z"})
    assert document(stone) == {"@context": AS, "id": ID, "type": "Tombstone"}


def test_terms_of_this_profile_are_sent_with_their_prefix() -> None:
    note = parse_note(written(**{"aid:capacity": True, "publishes": intent(**{"aid:loan": True})}))
    assert note.capacity is True
    assert document(note)["aid:capacity"] is True
    assert document(note)["publishes"]["aid:loan"] is True  # type: ignore[index,call-overload]
    assert "aid:capacity" not in document(Note(id=ID, attributed_to=ACTOR))


def test_an_object_we_do_not_use_keeps_its_name_and_owner() -> None:
    other = OtherObject.parse(
        {"id": "x:1", "type": ["Video"], "attributedTo": [{"type": "Person", "id": "x:2"}, "x:3"]}
    )
    assert (other.id, other.type, other.attributed_to) == ("x:1", "Video", "x:2")
