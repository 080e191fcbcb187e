"""Members, sealed notes, peers, feed items, addresses, categories: the small rules."""

from datetime import UTC, datetime, timedelta

import pytest

from node.domain.arrival import ArrivalCard
from node.domain.categories import BY_KEY, DELICATE, SERVICES, SHIPPED, name_of
from node.domain.errors import Invalid, ManyhandsError, NotAllowed, NotFound, SignInNeeded
from node.domain.feed import FeedItem
from node.domain.members import Member, Role, check_name, must_be_dispatcher, must_be_steward
from node.domain.peers import FollowState, OwnActor, PeerStanding, host_of
from node.domain.sealed import SEALED_FIELDS, Contact, SealedNote, check_sealed
from tests.unit.node.make import NORTH, NOW, make_item, make_member, make_peer


@pytest.mark.parametrize(
    ("role", "may_dispatch", "may_link"),
    [
        (Role.STEWARD, True, True),
        (Role.DISPATCHER, True, False),
        (Role.HELPER, False, False),
        (Role.MEMBER, False, False),
    ],
)
def test_what_each_role_may_do(role: Role, may_dispatch: bool, may_link: bool) -> None:
    member = make_member(role)
    assert (member.is_dispatcher, member.is_steward) == (may_dispatch, may_link)
    for check, may in ((must_be_dispatcher, may_dispatch), (must_be_steward, may_link)):
        if may:
            check(member)
        else:
            with pytest.raises(NotAllowed):
                check(member)


def test_somebody_without_a_role_may_nothing() -> None:
    with pytest.raises(NotAllowed):
        must_be_dispatcher(Member("m", "Noor", frozenset(), NOW))


def test_names_are_trimmed_and_neither_empty_nor_endless() -> None:
    assert check_name("  Noor \n Amal ") == "Noor Amal"
    assert check_name("\u202eNoor\u200b \u2066Amal\u2069") == "Noor Amal"
    assert check_name("می\u200cنا") == "می\u200cنا", "some scripts need it"
    for name in ("", " \t", "x" * 81):
        with pytest.raises(Invalid):
            check_name(name)


def test_a_sealed_note_is_checked() -> None:
    note = SealedNote(name="Amina", contact=(Contact("phone", "555-0101"),), story="x" * 4000)
    assert check_sealed(note) == note
    assert not note.is_empty
    assert SealedNote().is_empty
    assert SEALED_FIELDS == ("name", "contact", "address", "story", "arrival", "arrival_card", "answers")


@pytest.mark.parametrize(
    ("field", "note"),
    [
        ("story", SealedNote(story="x" * 4001)),
        ("arrival", SealedNote(arrival="x" * 4001)),
        ("arrival_card.pets", SealedNote(arrival_card=ArrivalCard(pets="x" * 301))),
        ("arrival_card.who_may_come", SealedNote(arrival_card=ArrivalCard(who_may_come="x" * 301))),
        ("arrival_card.at_the_door", SealedNote(arrival_card=ArrivalCard(at_the_door=("shout",)))),
        ("arrival_card.access", SealedNote(arrival_card=ArrivalCard(access=("shout",)))),
        ("arrival_card.language", SealedNote(arrival_card=ArrivalCard(language="<xxx>"))),
        ("contact", SealedNote(contact=(Contact("pigeon", "coo"),))),
        ("contact", SealedNote(contact=(Contact("phone", "5" * 4001),))),
        ("contact", SealedNote(contact=(Contact("phone", "1"),) * 9)),
    ],
)
def test_a_sealed_note_that_cannot_stand_is_named_and_not_quoted(field: str, note: SealedNote) -> None:
    with pytest.raises(Invalid) as caught:
        check_sealed(note)
    assert list(caught.value.fields) == [field]
    assert "xxx" not in str(caught.value.fields)


def test_our_own_pause_or_block_comes_before_what_was_agreed() -> None:
    accepted = FollowState.ACCEPTED
    for changed, state, word in (
        ({}, accepted, "accepted"),
        ({}, None, None),
        ({"paused": True}, accepted, "paused"),
        ({"paused": True}, None, None),
        ({"blocked": True, "paused": True}, None, "blocked"),
    ):
        standing = PeerStanding(make_peer(**changed), state, None)
        assert standing.shown(state) == word
    assert make_peer().may_exchange
    assert not make_peer(paused=True).may_exchange
    assert not make_peer(blocked=True).may_exchange


# C-101
def test_a_host_is_lower_case_and_keeps_its_port() -> None:
    assert host_of("https://Help.River.Example:8443/actors/public") == "help.river.example:8443"


# C-135
def test_a_copy_goes_seven_days_after_its_end() -> None:
    assert make_item(ends_at=NOW).forget_at() == NOW + timedelta(days=7)
    assert make_item(ends_at=None).forget_at() == NOW + timedelta(days=37)
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert make_item(ends_at=last).forget_at() > last - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("item", "is_open"),
    [
        (make_item(), True),
        (make_item(status="partly-met"), True),
        (make_item(status="matched"), False),
        (make_item(status="met"), False),
        (make_item(status="withdrawn"), False),
        (make_item(intent_id=None), False),
    ],
)
def test_help_is_offered_only_for_what_is_open(item: FeedItem, is_open: bool) -> None:
    assert item.is_open is is_open


# C-21
def test_addresses_are_below_our_own() -> None:
    made = [NORTH.object("x"), NORTH.activity("x"), NORTH.agreement("x"), NORTH.event("x"), NORTH.page("x")]
    assert len(set(made)) == len(made)
    assert all(one.startswith("https://aid.north.example/") for one in made)
    assert [NORTH.own_actor(NORTH.actor(own)) for own in OwnActor] == list(OwnActor)
    for other in ("https://other.example/actors/public", NORTH.actor(OwnActor.PUBLIC) + "/", "", NORTH.base_url):
        assert NORTH.own_actor(other) is None


def test_the_twenty_categories() -> None:
    assert len(SHIPPED) == len(BY_KEY) == 20
    assert set(BY_KEY) >= DELICATE | SERVICES
    assert name_of("nonsense") == name_of("other") == "Something else"


def test_every_error_carries_a_plain_sentence() -> None:
    for error in (NotFound(), SignInNeeded(), Invalid({"a": "b"}), NotAllowed("Only a dispatcher can do this.")):
        assert isinstance(error, ManyhandsError)
        assert error.message.endswith(".")
        assert str(error) == error.message
