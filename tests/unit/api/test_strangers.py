"""Messages of strangers, reports and blocks, through the API."""

from typing import Any

import pytest

from node.domain.peers import OwnActor, Peer, RemoteActor
from node.domain.strangers import Enquiry, Report
from node.services.community import Community
from tests.unit.api.conftest import START

ROBIN = "https://social.example/users/robin"


@pytest.fixture
async def enquiry(community: Community, monkeypatch: pytest.MonkeyPatch) -> Enquiry:
    """Robin wrote, and Robin's server can be asked."""
    written = Enquiry(
        "e1", "https://social.example/notes/1", ROBIN, OwnActor.PUBLIC, "Is it still open?", START,
        name="Robin", handle="@robin@social.example", thread="e1",
    )  # fmt: skip

    async def actor(_actor_id: str) -> RemoteActor:
        return RemoteActor(ROBIN, "Person", "robin", "Robin", f"{ROBIN}/inbox", None, None, "", False, START)

    monkeypatch.setattr(community.remote, "actor", actor)
    async with community.database.unit_of_work() as work:
        await work.enquiries.add(written)
    return written


@pytest.fixture
async def report(community: Community) -> Report:
    """Another server reports our public actor."""
    made = Report("r1", "https://social.example/flags/1", ROBIN, ("https://linden.example/actors/public",), "No", START)
    async with community.database.unit_of_work() as work:
        await work.reports.add(made)
    return made


async def test_a_message_is_read_answered_taken_back_and_forgotten(dispatcher: Any, enquiry: Enquiry) -> None:
    status, listed = await dispatcher("GET", "/enquiries")
    assert status == 200
    (line,) = listed["items"]
    assert line["sender"] == {"name": "Robin", "handle": "@robin@social.example", "server": "social.example"}
    assert (line["text"], line["notice"], line["answered"]) == ("Is it still open?", None, False)
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        status, found = await dispatcher("POST", "/enquiries/e1/answers", {"text": "Yes."}, headers=key)
        assert status == 201
    assert [(one["ours"], one["text"], one["state"]) for one in found["said"]] == [
        (False, "Is it still open?", None),
        (True, "Yes.", "waiting"),
    ]
    answer_id = found["said"][1]["id"]
    assert (await dispatcher("DELETE", f"/answers/{answer_id}"))[0] == 204
    status, found = await dispatcher("GET", "/enquiries/e1")
    assert (found["said"][1]["text"], found["said"][1]["state"]) == ("", "taken back")
    assert (await dispatcher("DELETE", "/enquiries/e1"))[0] == 204
    assert (await dispatcher("GET", "/enquiries/e1"))[0] == 404


async def test_details_go_only_on_purpose(dispatcher: Any, enquiry: Enquiry) -> None:
    words = {"text": "Call 555 010 1234."}
    status, problem = await dispatcher("POST", "/enquiries/e1/answers", words)
    assert (status, problem["errors"][0]["field"]) == (422, "with_details")
    status, _ = await dispatcher("POST", "/enquiries/e1/answers", words | {"with_details": True})
    assert status == 201


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": " "}, {"text": "x" * 2_001}, {"text": "a", "cc": []}])
async def test_an_answer_that_cannot_be_one(dispatcher: Any, enquiry: Enquiry, body: Any) -> None:
    assert (await dispatcher("POST", "/enquiries/e1/answers", body))[0] == 422


async def test_blocked_and_heard_again(steward: Any, enquiry: Enquiry, peer: Peer) -> None:
    status, blocked = await steward("POST", "/enquiries/e1/block", {})
    assert status == 200
    assert [(one["kind"], one["subject"]) for one in blocked["items"]] == [("sender", ROBIN)]
    await steward("POST", "/blocks", {"server": "social.example"})
    status, blocked = await steward("POST", "/blocks", {"server": peer.host})
    assert {one["kind"] for one in blocked["items"]} == {"community", "sender", "server"}
    for one in blocked["items"]:
        assert (await steward("DELETE", f"/blocks/{one['id']}"))[0] == 204
        assert (await steward("DELETE", f"/blocks/{one['id']}"))[0] == 404
    assert await steward("GET", "/blocks") == (200, {"items": [], "next": None})
    assert (await steward("POST", "/blocks", {"server": "nobody"}))[0] == 422


async def test_a_whole_server_is_blocked_from_a_message(steward: Any, enquiry: Enquiry) -> None:
    _, blocked = await steward("POST", "/enquiries/e1/block", {"whom": "server"})
    assert [(one["kind"], one["subject"]) for one in blocked["items"]] == [("server", "social.example")]
    assert (await steward("POST", "/enquiries/e1/block", {}))[0] == 404


async def test_reports_are_read_and_forgotten(steward: Any, report: Report) -> None:
    status, listed = await steward("GET", "/reports")
    assert status == 200
    (line,) = listed["items"]
    assert (line["server"], line["text"]) == ("social.example", "No")
    assert line["about"] == [{"id": report.objects[0], "notice": None, "posting": None, "share": None}]
    assert (await steward("DELETE", "/reports/r1"))[0] == 204
    assert (await steward("GET", "/reports"))[1]["items"] == []


async def test_who_may_do_what(dispatcher: Any, member: Any, enquiry: Enquiry, report: Report) -> None:
    for method, path, body in (
        ("GET", "/reports", None),
        ("DELETE", "/reports/r1", None),
        ("GET", "/blocks", None),
        ("POST", "/blocks", {"server": "social.example"}),
        ("POST", "/enquiries/e1/block", {}),
        ("DELETE", "/blocks/any", None),
    ):
        assert (await dispatcher(method, path, body))[0] == 403
    for method, path in (("GET", "/enquiries"), ("GET", "/enquiries/e1"), ("DELETE", "/enquiries/e1")):
        assert (await member(method, path))[0] == 403
