"""A shared notice on the wire: exactly the form of protocol 2.3 to 2.6, and nothing that was not meant to travel."""

import json
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.areas import Area
from node.domain.categories import AS_SHIPPED, SERVICES, SHIPPED, CategoryChange, changed
from node.domain.notices import Kind, Notice, Status, Urgency, Wording
from node.domain.repeating import Repeat
from node.domain.shares import Level, Share
from node.translate.notices import Setting, create, share_to_note
from schemas.activities import parse_activity
from schemas.context import NOTE_CONTEXT
from schemas.fields import dump, load
from tests.unit.node.make import NORTH, RIVER, make_notice, make_share

BASE = "https://aid.north.example"
OBJECT = f"{BASE}/o/4Jx9vQ2mT7kRbW1c"
PAGE = f"{BASE}/p/4Jx9vQ2mT7kRbW1c"
FOLLOWERS = f"{BASE}/actors/public/followers"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
SETTING = Setting(NORTH, "en", Area("North Side", Decimal("51.5074"), Decimal("-0.0928")))
NAMED = replace(SETTING, named_actors=(f"{RIVER}/actors/peers",))
EVERYWHERE = st.sampled_from(Level)


def sent(notice: Notice, share: Share | None = None, setting: Setting = SETTING) -> dict[str, Any]:
    """The object as its bytes say it."""
    note: dict[str, Any] = json.loads(dump(share_to_note(notice, share or make_share(), setting)))
    return note


def coats(**changed: Any) -> Notice:
    return make_notice(
        **{"title": "Children's winter coats", "text": "Sizes for ages 5 to 9.", "urgency": Urgency.THIS_WEEK} | changed
    )


# C-21, C-117, C-118, C-119, C-133, C-135, C-150
def test_a_public_need_as_the_protocol_shows_it() -> None:
    content = (
        "<p><strong>Needed: Children's winter coats (4)</strong></p><p>Sizes for ages 5 to 9.</p>"
        "<p>North Side area, until 1 December 2026. No cost.</p>"
        f'<p>Can you help? <a href="{PAGE}">{PAGE}</a> or send us a private message.</p>'
        f'<p><a href="{BASE}/tags/mutualaid" class="mention hashtag" rel="tag">#<span>MutualAid</span></a> '
        f'<a href="{BASE}/tags/goods" class="mention hashtag" rel="tag">#<span>Goods</span></a></p>'
    )
    assert sent(coats()) == {
        "@context": NOTE_CONTEXT,
        "id": OBJECT,
        "type": "Note",
        "attributedTo": f"{BASE}/actors/public",
        "to": [FOLLOWERS],
        "cc": [PUBLIC],
        "purpose": "request",
        "content": content,
        "contentMap": {"en": content},
        "published": "2026-11-20T10:00:00Z",
        "endTime": "2026-12-01T23:59:00Z",
        "url": PAGE,
        "context": f"{OBJECT}/thread",
        "sensitive": False,
        "location": {
            "type": "Place",
            "name": "North Side",
            "latitude": 51.55,
            "longitude": -0.05,
            "radius": 5,
            "units": "km",
        },
        "publishes": {
            "type": "Intent",
            "id": f"{OBJECT}#primary",
            "name": "Children's winter coats",
            "action": "transfer",
            "resourceConformsTo": "https://w3id.org/manyhands/ns#goods",
            "resourceQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
            "availableQuantity": {"hasUnit": "one", "hasNumericalValue": "4"},
            "minimumQuantity": {"hasUnit": "one", "hasNumericalValue": "1"},
            "finished": False,
        },
        "unitBased": True,
        "status": "open",
        "urgency": "normal",
        "tag": [
            {"type": "Hashtag", "name": "#MutualAid", "href": f"{BASE}/tags/mutualaid"},
            {"type": "Hashtag", "name": "#Goods", "href": f"{BASE}/tags/goods"},
        ],
        "interactionPolicy": {"canQuote": {"automaticApproval": [f"{BASE}/actors/public"]}},
        "replies": f"{OBJECT}/replies",
    }


# C-117, C-118
def test_a_public_offer_is_for_everyone_and_says_so_first() -> None:
    offered = coats(kind=Kind.OFFER, category="transport", title="Rides", unit="hour", quantity=Decimal(10))
    note = sent(offered)
    assert (note["to"], note["cc"]) == ([PUBLIC], [FOLLOWERS])
    assert note["purpose"] == "offer"
    assert note["publishes"]["action"] == "deliverService"
    assert note["publishes"]["availableQuantity"] == {"hasUnit": "hour", "hasNumericalValue": "10"}
    assert note["content"].startswith("<p><strong>Offered: Rides (10)</strong></p>")


OWN = changed(AS_SHIPPED, CategoryChange("", "Bíke repair", like="repairs"))
BIKES = replace(SETTING, categories=OWN)


# C-119, C-144
def test_a_category_of_our_own_goes_out_as_what_it_is_most_like_with_its_name_as_a_hashtag() -> None:
    note = sent(coats(category="repairs", own_category="own-bike-repair"), setting=BIKES)
    assert note["publishes"]["resourceConformsTo"] == "https://w3id.org/manyhands/ns#repairs"
    assert note["publishes"]["action"] == "deliverService"
    assert note["tag"] == [
        {"type": "Hashtag", "name": "#MutualAid", "href": f"{BASE}/tags/mutualaid"},
        {"type": "Hashtag", "name": "#Repairs", "href": f"{BASE}/tags/repairs"},
        {"type": "Hashtag", "name": "#BikeRepair", "href": f"{BASE}/tags/bikerepair"},
    ]
    assert (
        f'<a href="{BASE}/tags/bikerepair" class="mention hashtag" rel="tag">#<span>BikeRepair</span></a></p>'
        in (note["content"])
    )


@pytest.mark.parametrize("level", [Level.PEERS, Level.NAMED])
def test_to_neighbours_its_name_goes_along_and_leads_to_no_page(level: Level) -> None:
    setting = replace(BIKES, named_actors=NAMED.named_actors)
    note = sent(coats(category="repairs", own_category="own-bike-repair"), make_share(level), setting)
    assert note["tag"] == [{"type": "Hashtag", "name": "#BikeRepair"}]
    assert note["content"].endswith("<p>#BikeRepair</p>") and "<a" not in note["content"]


def test_a_name_in_other_letters_is_no_hashtag_and_the_category_is_understood_all_the_same() -> None:
    own = changed(AS_SHIPPED, CategoryChange("", "إصلاح الدراجات", like="repairs"))
    notice = coats(category="repairs", own_category="own-1")
    assert [tag["name"] for tag in sent(notice, setting=replace(SETTING, categories=own))["tag"]] == [
        "#MutualAid", "#Repairs"
    ]  # fmt: skip
    assert "tag" not in sent(notice, make_share(Level.PEERS), replace(SETTING, categories=own))


@given(EVERYWHERE)
def test_the_key_of_a_category_of_our_own_never_travels(level: Level) -> None:
    setting = replace(BIKES, named_actors=NAMED.named_actors)
    for own_category in ("own-bike-repair", "own-taken-away-since"):
        notice = coats(category="repairs", own_category=own_category)
        assert b"own-" not in dump(share_to_note(notice, make_share(level), setting))


# C-24
def test_what_is_for_peers_names_neither_everyone_nor_a_page() -> None:
    note = sent(coats(), make_share(Level.PEERS))
    assert note["attributedTo"] == f"{BASE}/actors/peers"
    assert (note["to"], note["cc"]) == ([f"{BASE}/actors/peers/followers"], [])
    assert note.keys().isdisjoint({"url", "context", "replies", "tag"})
    assert "<a" not in note["content"]
    assert PUBLIC not in json.dumps(note)


def test_what_is_for_named_peers_is_addressed_to_them_alone() -> None:
    note = sent(coats(), make_share(Level.NAMED, named=("peer1",)), NAMED)
    assert note["attributedTo"] == f"{BASE}/actors/peers"
    assert (note["to"], note["cc"]) == ([f"{RIVER}/actors/peers"], [])


# C-27, C-132: the whole list of what may stand in a shared object
ALLOWED = frozenset(
    "@context id type attributedTo to cc purpose content contentMap published updated endTime url context sensitive "
    "location publishes unitBased status urgency tag interactionPolicy replies".split()
)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40
)
WORDINGS = st.builds(
    Wording,
    title=WORDS,
    category=st.sampled_from([category.key for category in SHIPPED]),
    text=WORDS,
    area=st.just("") | WORDS,
    urgency=st.sampled_from(Urgency),
    needed_by=st.none() | st.dates(),
    repeat=st.sampled_from(Repeat),
    repeat_until=st.none() | st.dates(),
    quantity=st.decimals("0.000001", 1_000_000, places=6),
    unit=st.sampled_from(["one", "hour", "kilogram"]),
    languages=st.lists(WORDS).map(tuple),
)
NOTICES = st.builds(
    Notice,
    id=st.just("theNoticesOwnId"),
    kind=st.sampled_from(Kind),
    wording=WORDINGS,
    created_at=st.just(datetime(2011, 1, 1, tzinfo=UTC)),
    updated_at=st.just(datetime(2012, 1, 1, tzinfo=UTC)),
    status=st.sampled_from(Status),
    remaining=st.decimals(0, 1_000_000, places=6),
)


# C-27, C-119, C-132, C-135, C-150
@given(NOTICES, EVERYWHERE)
def test_whatever_is_shared_holds_only_what_is_on_the_list_and_can_be_read_again(notice: Notice, level: Level) -> None:
    share = make_share(level)
    setting = replace(NAMED, area=Area(notice.wording.area, Decimal(51), Decimal(0)))
    body = dump(create(NORTH.activity("x"), share_to_note(notice, share, setting)))
    note = json.loads(body)["object"]
    assert note.keys() <= ALLOWED
    assert note["type"] == "Note"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", note["endTime"])
    for name in ("resourceQuantity", "availableQuantity", "minimumQuantity"):
        assert re.fullmatch(r"\d{1,7}(\.\d{1,9})?", note["publishes"][name]["hasNumericalValue"])
    assert b"2011-" not in body.replace(notice.wording.text.encode(), b"")  # when it was asked for stays at home
    assert b"theNoticesOwnId" not in body
    assert parse_activity(load(body)).type == "Create"


def test_every_field_of_a_notice_was_thought_of() -> None:
    """Who adds a field decides here whether it travels; the default is that it does not."""
    travels = {"title", "category", "text", "area", "urgency", "quantity", "unit", "access"}
    stays = {"needed_by", "repeat", "repeat_until", "languages"}  # the day travels as the share's end
    by_its_name = {"own_category"}  # as a hashtag; the key stays
    assert {field.name for field in fields(Wording)} == travels | stays | by_its_name


def test_an_offer_says_in_its_words_what_is_possible() -> None:
    note = sent(coats(kind=Kind.OFFER, access=("step-free", "no lifting")))
    assert "<p>Access: step-free, no lifting.</p>" in note["content"]
    assert "Access" not in sent(coats(kind=Kind.OFFER))["content"]


def test_the_last_day_is_told_in_the_communitys_own_time() -> None:
    late = make_share(ends_at=datetime(2026, 12, 2, 4, 59, tzinfo=UTC))
    in_new_york = replace(SETTING, zone=ZoneInfo("America/New_York"))
    assert "until 1 December 2026." in share_to_note(coats(), late, in_new_york).content
    assert "until 2 December 2026." in share_to_note(coats(), late, SETTING).content


# C-150: what GoToSocial and Mastodon would take for a content warning or for a vote
def test_a_note_has_no_name_no_summary_and_answers_nothing() -> None:
    for kind in Kind:
        for level in Level:
            note = sent(coats(kind=kind), make_share(level))
            assert note.keys().isdisjoint({"name", "summary", "inReplyTo", "bto", "bcc", "attachment"})


# C-144
@pytest.mark.parametrize("category", [category.key for category in SHIPPED])
def test_a_public_note_reads_alone(category: str) -> None:
    note = sent(coats(category=category))
    for word in ("Children's winter coats", "North Side", "1 December 2026", PAGE):
        assert word in note["content"]
    for tag in note["tag"]:
        assert re.fullmatch(r"#[A-Za-z0-9_]+", tag["name"])
        assert tag["href"] == f"{BASE}/tags/{tag['name'][1:].lower()}"
        assert f"<span>{tag['name'][1:]}</span>" in note["content"]
    assert note["publishes"]["action"] == ("deliverService" if category in SERVICES else "transfer")


def test_the_words_written_for_this_share_come_instead_of_the_notices_own() -> None:
    note = sent(coats(text="The notice's own words."), make_share(text="Words for peers.\n\nIn two\nparagraphs."))
    assert "<p>Words for peers.</p><p>In two<br>paragraphs.</p>" in note["content"]
    assert "own words" not in json.dumps(note)


# C-141
def test_what_looks_like_html_in_our_words_is_text() -> None:
    notice = coats(title="Coats <b>&", text="<script>alert(1)</script>")
    content = sent(notice, setting=replace(SETTING, area=Area("North <i>")))["content"]
    assert "North &lt;i&gt; area" in content
    assert "Coats &lt;b&gt;&amp;" in content
    assert "<script" not in content
    assert "<i>" not in content


# C-133
def test_where_it_is_travels_as_far_as_it_is_told_and_never_as_the_notice_says_it() -> None:
    no_middle = replace(SETTING, area=Area("North Side"))
    assert sent(coats(), setting=no_middle)["location"] == {"type": "Place", "name": "North Side"}
    not_told = sent(coats(area="Mill Lane"), setting=replace(SETTING, area=None))
    assert "location" not in not_told and "Lane" not in str(not_told)
