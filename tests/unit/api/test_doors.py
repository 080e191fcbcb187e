"""Who may come in, and every request that cannot be read."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from node.api.v1.calls import CALLS
from node.api.v1.operations import Access, Operation
from node.api.v1.reading import LARGEST_BODY
from node.services import members, membership
from node.services.community import Community
from tests.unit.api.conftest import Caller

Client = TestClient[Any, Any]

MUST_BE_MORE = [call for call in CALLS if call.access != Access.MEMBER]
TAKING_BODIES = [call for call in CALLS if call.takes_body]


#: Two people may be done with the same thing at once; the second has nothing to mend.
TWICE_IS_ONCE = {
    "forget_enquiry",
    "forget_report",
    "set_introduction_aside",
    "take_introduction_back",
    "unfollow",
    "take_hand_over_off",
    "let_shift_go",
    "take_shift_off",
}


def address(call: Operation) -> str:
    """The call's address with an id that nothing has."""
    return call.path.replace("{id}", "nothing")


async def test_whoever_could_when_a_body_began_cannot_when_it_ends(
    community: Community, steward: Caller, member: Caller
) -> None:
    found = {one.is_steward: one for one in await members.listing(community)}

    async def slowly() -> AsyncIterator[bytes]:
        yield b'{"notice": {"title": "Bread", '
        await asyncio.sleep(0.2)  # now it is known who is there
        await membership.end(community, found[False].id, None)
        yield b'"category": "groceries"}}'

    headers = {"Authorization": f"Bearer {member.token}", "Content-Type": "application/json"}
    answer = await member.client.post("/api/v1/needs", data=slowly(), headers=headers)
    assert answer.status == 401


async def test_no_call_works_without_a_token(client: Client) -> None:
    for call in CALLS:
        answer = await client.request(call.method, "/api/v1" + address(call))
        assert answer.status == 401, call.name
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.content_type == "application/problem+json"
        assert (await answer.json())["status"] == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer mh_wrong", "Basic Ym86Ym8=", "mh_x", "Bearer \udcff\udcfe", "Bearer a b"]
)
async def test_a_bad_token_is_refused(client: Client, header: str) -> None:
    answer = await client.get("/api/v1/needs", headers={"Authorization": header})
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_member_may_not_do_what_needs_a_role(member: Any) -> None:
    for call in MUST_BE_MORE:
        status, problem = await member(call.method, address(call))
        assert (status, problem["title"]) == (403, "Forbidden"), call.name


async def test_a_dispatcher_may_not_do_what_needs_a_steward(dispatcher: Any) -> None:
    for call in CALLS:
        if call.access == Access.STEWARD:
            assert (await dispatcher(call.method, address(call)))[0] == 403, call.name


async def test_what_does_not_exist_is_not_found(steward: Any) -> None:
    bodies = {
        "share": {"level": "public"},
        "set_status": {"status": "met"},
        "correct": {"notice": {}},
        "offer_help": {"quantity": 1},
        "answer_enquiry": {"text": "Hello"},
        "note_consent": {"use": "board", "given": True, "channel": "phone"},
        "ask_first": {"level": "public"},
        "give_more_time": {"until": "2031-05-05T12:00:00Z"},
        "ask_for_more_time": {"until": "2031-05-05T12:00:00Z"},
        "settle_message": {"outcome": "sent"},
        "ask_question": {"text": "Hello?"},
        "answer_question": {"text": "Hello"},
        "compare_words_of_peer": {"words": "one two three four five six"},
        "finish_need": {"status": "met"},
        "propose_match": {"offer": "nothing"},
        "come_along": {"part": "nothing"},
        "answer_callback": {"given": True, "channel": "phone"},
        "note_contact": {"reached": "spoke"},
        "split_need": {"title": "A part"},
        "meet_some": {"quantity": 1},
        "note_still": {"given": True},
    }
    for call in (call for call in CALLS if call.has_id):
        body = next((body for start, body in bodies.items() if call.name.startswith(start)), {})
        query = "?level=public" if call.path.endswith(("/preview", "/check")) else ""
        status, problem = await steward(call.method, address(call) + query, body if call.takes_body else None)
        wanted = (204, None) if call.name in TWICE_IS_ONCE else (404, "about:blank")
        assert (status, problem and problem["type"]) == wanted, call.name


async def test_a_body_must_be_json_by_type_and_by_word(steward: Any) -> None:
    for call in TAKING_BODIES:
        typed = await steward.send(call.method, address(call), b"{}", headers={"Content-Type": "text/plain"})
        assert typed.status == 415, call.name
    for call, body in product(TAKING_BODIES, (b"{", b"\xff\xfe", b"{'a': 1}", b'{"a": "\\ud800"}', b"[" * 100_000)):
        status, problem = await steward(call.method, address(call), body)
        assert status == 400, (call.name, body[:20])
        assert problem["detail"]


async def test_a_body_must_not_be_too_large(steward: Any) -> None:
    for call in TAKING_BODIES:
        assert (await steward(call.method, address(call), b'"' + b"a" * LARGEST_BODY + b'"'))[0] == 413, call.name


async def test_a_body_that_unpacks_too_large_or_not_at_all_is_refused(member: Any) -> None:
    packed = {"Content-Encoding": "gzip"}
    large = await member.send("POST", "/needs", gzip.compress(b" " * (LARGEST_BODY + 1)), headers=packed)
    assert large.status == 413
    broken = await member.send("POST", "/needs", b"not packed", headers=packed)
    assert broken.status == 400


async def test_an_unknown_field_is_named(steward: Any) -> None:
    named = {"field": "favourite_colour", "detail": "There is no field of this name here."}
    for call in TAKING_BODIES:
        status, problem = await steward(call.method, address(call), {"favourite_colour": "red"})
        assert status == 422, call.name
        assert named in problem["errors"], call.name


async def test_an_unknown_or_repeated_question_is_named(steward: Any) -> None:
    for call in CALLS:
        body: dict[str, Any] | None = {} if call.takes_body else None
        status, problem = await steward(call.method, address(call) + "?colour=red", body)
        assert status == 422, call.name
        if call.takes_body:  # the body is looked at first
            continue
        assert "colour" in [error["field"] for error in problem["errors"]], call.name
        assert (await steward(call.method, address(call) + "?a=1&a=2", body))[0] == 422, call.name


@pytest.mark.parametrize("path", ["", "/", "/v2/needs", "/v1", "/v1/nothing", "/v1/needs/a%2Fb", "/v1/needs/%00"])
async def test_what_is_no_call_is_a_json_404(client: Client, path: str) -> None:
    answer = await client.get("/api" + path)
    assert answer.status == 404
    assert answer.content_type == "application/problem+json"


async def test_a_wrong_method_is_a_json_405_with_the_right_ones(client: Client) -> None:
    answer = await client.put("/api/v1/needs/abc")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD, PATCH"
    assert (await answer.json())["title"] == "Method Not Allowed"


async def test_every_get_may_be_asked_by_head(dispatcher: Any) -> None:
    answer = await dispatcher.client.head("/api/v1/needs", headers={"Authorization": f"Bearer {dispatcher.token}"})
    assert (answer.status, await answer.read()) == (200, b"")


async def test_nothing_is_kept_by_caches(dispatcher: Any) -> None:
    for path in ("/needs", "/needs/nothing"):
        assert (await dispatcher.send("GET", path)).headers["Cache-Control"] == "no-store"


async def test_an_unforeseen_error_says_nothing(
    dispatcher: Any, community: Community, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError("555 0134")

    monkeypatch.setattr("node.services.needs.listing", fails)
    answer = await dispatcher.client.get("/api/v1/needs", headers={"Authorization": f"Bearer {dispatcher.token}"})
    assert answer.status == 500
    assert "555" not in await answer.text()
    logged = "".join(capsys.readouterr())
    assert "RuntimeError" in logged
    assert "555 0134" not in logged  # C-139


NAMES = st.sampled_from(
    "notice sealed consent title category contact peers level quantity until release needed_by status text address "
    "lease_hours reply_by languages urgency voicemail_ok".split()
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["all", "baby", "public", "named", "met", "under way", "0001-01-01T00:00+14:00", "1e999"])
)
SHAPES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shape=SHAPES, call=st.sampled_from(TAKING_BODIES))
async def test_no_shape_of_a_body_is_ever_our_fault(shape: Any, call: Operation, steward: Any) -> None:
    body = json.dumps(shape).encode()
    status, _ = await steward(call.method, address(call), body)
    assert status < 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=LEAVES, part=st.sampled_from(["notice", "sealed", "consent"]), choice=st.integers(0, 20))
async def test_no_single_wrong_field_is_ever_our_fault(
    value: Any, part: str, choice: int, need: Any, member: Any
) -> None:
    names = sorted(need[part])
    body = {**need, part: {**need[part], names[choice % len(names)]: value}}
    status, _ = await member("POST", "/needs", json.dumps(body).encode())
    assert status < 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["after", "q", "status", "category", "area", "limit", "kind", "origin", "peers", "level"]),
    value=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    call=st.sampled_from([call for call in CALLS if call.method == "GET"]),
)
async def test_no_question_is_ever_our_fault(name: str, value: str, call: Operation, steward: Any) -> None:
    status, _ = await steward("GET", address(call), params={name: value})
    assert status < 500
