"""Another community's Note as we keep it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from node.domain.areas import Area
from node.domain.feed import FeedItem, FeedKind
from node.domain.notices import Kind, Status, Urgency
from node.domain.peers import OwnActor
from node.translate.feed import Reception, note_to_feed_item
from node.translate.notices import Setting, share_to_note
from schemas.marketplace import Intent, Measure
from schemas.objects import Note, Place
from tests.unit.node.make import NORTH, NOW, RIVER, RIVER_PUBLIC, make_notice, make_share

SETTING = Setting(NORTH, "en", Area("North Side"))
RECEPTION = Reception("item1", NOW, OwnActor.PEERS)
OBJECT = f"{RIVER}/o/abc"


def intent(**changed: Any) -> Intent:
    one = Measure(has_unit="one", has_numerical_value=1)
    return Intent(**{"id": f"{OBJECT}#primary", "action": "transfer", "resource_quantity": one} | changed)


def note(**changed: Any) -> Note:
    return Note(**{"id": OBJECT, "attributed_to": RIVER_PUBLIC, "content": "<p>Two chairs</p><p>More</p>"} | changed)


def item(**changed: Any) -> FeedItem:
    return note_to_feed_item(note(**changed), RECEPTION)


def test_what_we_share_arrives_as_it_was_meant() -> None:
    shared = make_notice(Status.PARTLY_MET, 1, text="For two.", urgency=Urgency.TODAY)
    arrived = note_to_feed_item(share_to_note(shared, make_share(), SETTING), RECEPTION)
    assert (arrived.kind, arrived.title, arrived.category) == (FeedKind.NEED, "Winter coats", "goods")
    assert (arrived.status, arrived.available, arrived.unit, arrived.unit_based) == (
        "partly-met",
        Decimal(1),
        "one",
        True,
    )
    assert (arrived.area, arrived.urgency, arrived.language) == ("North Side", "today, or unsafe", "en")
    assert (arrived.published_at, arrived.ends_at) == (NOW, datetime(2026, 12, 1, 23, 59, tzinfo=UTC))
    assert (arrived.received_by, arrived.public, arrived.is_open) == ("peers", True, True)
    assert arrived.intent_id == f"{arrived.object_id}#primary"
    assert "<p>For two.</p>" in arrived.html


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("urgency", Urgency)
def test_every_urgency_and_kind_comes_through(kind: Kind, urgency: Urgency) -> None:
    sent = share_to_note(make_notice(kind=kind, urgency=urgency), make_share(), SETTING)
    arrived = note_to_feed_item(sent, RECEPTION)
    assert (arrived.kind.value, arrived.urgency) == (kind.value, urgency.value)


def test_a_plain_post_is_an_announcement() -> None:
    for post in (item(), item(publishes=intent()), item(purpose="request")):
        assert post.kind is FeedKind.ANNOUNCEMENT
        assert (post.intent_id, post.available, post.urgency, post.category) == (None, None, "", "other")
        assert post.title == "Two chairs"
        assert not post.is_open


# C-143
def test_a_title_is_one_line_that_reads_as_it_is() -> None:
    assert item(name="Free\u202e money\n<b>").title == "Free money <b>"
    named = item(purpose="offer", publishes=intent(name="a&#x202e;b\x00"))
    assert (named.kind, named.title) == (FeedKind.OFFER, "ab")
    assert item(content="").title == "(no words)"
    assert len(item(name="x" * 4000).title) == 200


# C-141, C-142
def test_its_html_is_cleaned() -> None:
    assert item(content='<p onclick="x">a</p><img src="https://x.example/">').html == "<p>a</p>"


def test_odd_or_missing_terms_are_taken_calmly() -> None:
    odd = item(
        purpose="request",
        publishes=intent(resource_conforms_to="https://other.example/coats", resource_quantity=None),
        urgency="very very",
        status="matched",
        location=Place(name=None),
    )
    assert (odd.category, odd.available, odd.unit, odd.urgency, odd.status, odd.area) == (
        "other",
        Decimal(1),
        "one",
        "",
        "matched",
        "",
    )
    long = item(
        purpose="request",
        publishes=intent(resource_quantity=Measure(has_unit="u" * 99, has_numerical_value="2")),
        location=Place(name="\u202e" + "n" * 999),
    )
    assert (len(long.unit), len(long.area)) == (40, 200)


def test_what_is_still_available_counts_before_what_was_wanted() -> None:
    left = intent(available_quantity=Measure(has_unit="one", has_numerical_value="0"))
    assert item(purpose="request", publishes=left).available == 0


def test_only_an_explicit_no_makes_it_all_or_nothing() -> None:
    assert [item(unit_based=said).unit_based for said in (None, True, False)] == [True, True, False]


def test_a_note_without_times_counts_from_when_it_came() -> None:
    plain = item()
    assert (plain.published_at, plain.updated_at, plain.ends_at) == (NOW, NOW, None)
    later = NOW.replace(day=25)
    assert item(published=NOW, updated=later).updated_at == later


# C-41
def test_public_in_any_spelling_is_public() -> None:
    for spelling in ("as:Public", "Public", "https://www.w3.org/ns/activitystreams#Public"):
        assert item(to=(spelling,)).public
        assert item(cc=(spelling,)).public
    assert not item(to=(f"{RIVER_PUBLIC}/followers",)).public
