"""What may be shared, how far, and until when."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.categories import BY_KEY, DELICATE
from node.domain.consent import ALL, Consent
from node.domain.errors import Conflict, ConsentMissing, Invalid
from node.domain.notices import CLOSED, Kind, Status
from node.domain.shares import Level, ShareRequest, check_request, consent_gap, ends_at, must_be_shareable
from tests.unit.node.make import NOW, make_notice, make_share

PEERS = st.sampled_from(["p1", "p2", "p3"])
CONSENTS = st.builds(
    Consent, board=st.booleans(), peers=st.just(ALL) | st.lists(PEERS).map(tuple), public=st.booleans()
)
REQUESTS = st.builds(ShareRequest, level=st.sampled_from(Level), peers=st.lists(PEERS, min_size=1).map(tuple))


# C-131
def test_without_any_consent_nothing_is_shared() -> None:
    for level in Level:
        with pytest.raises(ConsentMissing):
            must_be_shareable(make_notice(consent=Consent(board=True)), ShareRequest(level, ("p1",)))


@given(CONSENTS, REQUESTS)
def test_nothing_is_shared_beyond_what_was_agreed(consent: Consent, request: ShareRequest) -> None:
    allowed = {
        Level.PUBLIC: consent.public,
        Level.PEERS: consent.peers == ALL,
        Level.NAMED: consent.peers == ALL or set(request.peers) <= set(consent.peers),
    }[request.level]
    assert (consent_gap(consent, Kind.NEED, request) == "") is allowed


def test_consent_for_everyone_on_the_web_is_not_consent_for_peers_and_the_other_way_round() -> None:
    assert consent_gap(Consent(public=True), Kind.NEED, ShareRequest(Level.PEERS))
    assert consent_gap(Consent(peers=ALL), Kind.NEED, ShareRequest(Level.PUBLIC))


def test_a_peers_id_within_the_word_all_is_not_all() -> None:
    consent = Consent(peers=("al",))
    assert not consent.covers_all_peers
    assert not consent.covers_peer("a")
    assert Consent(peers=ALL).covers_peer("a")


def test_the_sentence_names_what_the_person_did() -> None:
    assert "asked" in consent_gap(Consent(), Kind.NEED, ShareRequest(Level.PUBLIC))
    assert "offered" in consent_gap(Consent(), Kind.OFFER, ShareRequest(Level.PUBLIC))


@pytest.mark.parametrize("category", sorted(BY_KEY))
def test_delicate_categories_are_public_only_by_a_stewards_decision(category: str) -> None:
    notice = make_notice(category=category)
    if category in DELICATE:
        with pytest.raises(Conflict, match="steward"):
            must_be_shareable(notice, ShareRequest(Level.PUBLIC))
    must_be_shareable(notice, ShareRequest(Level.PUBLIC, override_category=category in DELICATE))
    must_be_shareable(notice, ShareRequest(Level.PEERS))


@pytest.mark.parametrize("status", [*sorted(CLOSED), Status.PAUSED])
def test_what_is_not_open_is_not_shared(status: Status) -> None:
    with pytest.raises(Conflict):
        must_be_shareable(make_notice(status), ShareRequest(Level.PUBLIC))


@pytest.mark.parametrize(
    ("field", "request_"),
    [
        ("lease_hours", ShareRequest(Level.PEERS, lease_hours=Decimal("0.009"))),
        ("lease_hours", ShareRequest(Level.PEERS, lease_hours=Decimal(1441))),
        ("peers", ShareRequest(Level.NAMED)),
        ("reply_by", ShareRequest(Level.PEERS, reply_by=NOW)),
    ],
)
def test_a_request_that_cannot_be_meant(field: str, request_: ShareRequest) -> None:
    with pytest.raises(Invalid) as caught:
        check_request(request_, NOW)
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize("hours", ["0.01", "48", "1440"])
def test_a_request_that_can_be_meant(hours: str) -> None:
    request = ShareRequest(Level.NAMED, ("p1",), lease_hours=Decimal(hours), reply_by=NOW + timedelta(minutes=1))
    check_request(request, NOW)


# C-135
def test_a_share_always_ends() -> None:
    assert ends_at(make_notice(), NOW) == NOW + timedelta(days=30)
    needed_by = make_notice(needed_by=date(2026, 12, 1))
    assert ends_at(needed_by, NOW) == datetime(2026, 12, 1, 23, 59, tzinfo=UTC)
    assert ends_at(make_notice(needed_by=NOW.date()), NOW) > NOW


def test_a_day_that_is_over_is_not_shared() -> None:
    with pytest.raises(Conflict, match="over"):
        ends_at(make_notice(needed_by=NOW.date() - timedelta(days=1)), NOW)


# C-118
def test_what_an_offer_satisfies_is_named_after_the_object() -> None:
    share = make_share()
    assert share.intent_id == f"{share.object_id}#primary"
