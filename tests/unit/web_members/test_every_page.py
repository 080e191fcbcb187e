"""What holds for every page of members: who may open it, and how it is made."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from node.domain.call_backs import CallBack
from node.domain.consent import Consent
from node.domain.feed import FeedItem
from node.domain.notices import Notice
from node.domain.peers import Peer
from node.domain.responses import Response
from node.domain.shares import Level, Share
from node.domain.strangers import Enquiry, Report
from node.services import call_backs, members
from node.services.call_backs import Wish
from node.services.community import Community
from tests.unit.web_members.visitor import Visitor

#: Nobody is spoken of as a burden or a giver (product.md).
NEVER_SAID = re.compile(
    r"\b(client|beneficiary|beneficiaries|recipient|case|donor|deserving|eligible|no-show)s?\b", re.IGNORECASE
)

DISPATCHERS = (
    "/dispatch",
    "/dispatch?kind=offer",
    "/dispatch/{need}",
    "/dispatch/{need}/wording",
    "/dispatch/{need}/share",
    "/dispatch/{need}/consent",
    "/dispatch/{rent}/call-backs/{call_back}",
    "/shares/{share}",
    "/shares/{share}/stop",
    "/feed/{item}/offer",
    "/responses",
    "/responses/{offered}",
    "/tasks",
    "/tasks/{task}",
    "/tasks/{task}/hand-back",
    "/enquiries",
    "/enquiries/{enquiry}",
)
MEMBERS = ("/feed", "/feed?kind=need&origin=willow.example", "/feed/{item}")
STEWARDS = (
    "/peers",
    "/peers/{peer}",
    "/peers/{peer}/block",
    "/peers/{peer}/drop",
    "/enquiries/{enquiry}/block",
    "/reports",
    "/reports/{report}/block",
    "/blocks",
    "/seal",
)
DEEDS = (
    "/dispatch/{need}/status",
    "/dispatch/{need}/wording",
    "/dispatch/{need}/sealed",
    "/dispatch/{need}/share",
    "/dispatch/{need}/consent",
    "/dispatch/{rent}/call-backs/{call_back}",
    "/shares/{share}/stop",
    "/feed/{item}/offer",
    "/feed/{item}/take-back",
    "/responses/{offered}/agree",
    "/responses/{offered}/decline",
    "/tasks/{task}/details",
    "/tasks/{task}/status",
    "/enquiries/{enquiry}/answer",
    "/enquiries/{enquiry}/take-back",
    "/enquiries/{enquiry}/done",
)
STEWARDS_DEEDS = (
    "/peers",
    "/peers/{peer}/pause",
    "/peers/{peer}/block",
    "/peers/{peer}/level",
    "/peers/{peer}/drop",
    "/enquiries/kept",
    "/enquiries/{enquiry}/block",
    "/reports/{report}/done",
    "/reports/{report}/block",
    "/blocks",
    "/blocks/{peer}/unblock",
    "/seal",
    "/seal/passphrase",
    "/seal/two",
    "/seal/take-back",
)


@pytest.fixture
async def call_back(ask: Any, community: Community, steward: Visitor) -> CallBack:
    """Somebody is to be asked whether help with the rent may be looked for elsewhere."""
    rent: Notice = await ask(title="Help with the rent", consent=Consent())
    by = await members.by_name(community, "Amina")
    return await call_backs.ask_first(community, rent.id, Wish(Level.PEERS), by)


@pytest.fixture
def ids(
    need: Notice,
    share: Share,
    item: FeedItem,
    offered: Response,
    task: Response,
    peer: Peer,
    enquiry: Enquiry,
    report: Report,
    call_back: CallBack,
) -> dict[str, str]:
    """Everything the paths speak of."""
    return {
        "need": need.id,
        "rent": call_back.notice_id,
        "call_back": call_back.id,
        "share": share.id,
        "item": item.id,
        "offered": offered.id,
        "task": task.id,
        "peer": peer.id,
        "enquiry": enquiry.id,
        "report": report.id,
    }


@pytest.mark.parametrize("path", DISPATCHERS + MEMBERS + STEWARDS)
async def test_a_finished_page(path: str, steward: Any, ids: dict[str, str]) -> None:
    page = await steward.get(path.format(**ids))
    assert page.status == 200
    assert page.read.h1s == 1
    assert re.search(r"<title>\s*\S.* – Linden Street\s*</title>", page.html)
    assert len(page.read.ids) == len(set(page.read.ids)), "an id occurs twice"
    assert page.headers["Cache-Control"] == "no-store"
    assert not NEVER_SAID.search(page.text)
    assert "<script>" not in page.html
    assert "style=" not in page.html
    for form in page.read.forms:
        seen = [one for one in form["fields"] if one["tag"] != "button" and one.get("type") != "hidden"]
        assert form["method"] != "post" or "csrf" in page.names(form["action"])
        assert all(one.get("id") in page.read.labels for one in seen), "a field without a label"


async def test_a_guest_is_sent_to_sign_in_and_back(guest: Any, ids: dict[str, str]) -> None:
    for path in DISPATCHERS + MEMBERS + STEWARDS:
        there = path.format(**ids)
        page = await guest.get(there)
        assert (page.status, page.location) == (303, f"/sign-in?next={quote(there, safe='')}")


async def test_a_helper_gets_a_finished_refusal(helper: Any, ids: dict[str, str]) -> None:
    for path in DISPATCHERS + STEWARDS:
        page = await helper.get(path.format(**ids))
        assert page.status == 403, path
        assert "This is not open to you" in page.text


async def test_linking_is_for_stewards(dispatcher: Any, ids: dict[str, str]) -> None:
    for path in STEWARDS:
        assert (await dispatcher.get(path.format(**ids))).status == 403, path


async def test_any_member_reads_the_feed(helper: Any, ids: dict[str, str]) -> None:
    for path in MEMBERS:
        page = await helper.get(path.format(**ids))
        assert page.status == 200, path
        assert "/dispatch" not in page.read.links


async def test_a_helper_cannot_do_it_by_hand(helper: Any, ids: dict[str, str]) -> None:
    for path in DEEDS + STEWARDS_DEEDS:
        page = await helper.post(path.format(**ids), status="met", level="public", address="@a@b.example")
        assert page.status == 403, path


async def test_a_dispatcher_cannot_change_links_by_hand(dispatcher: Any, ids: dict[str, str]) -> None:
    for path in STEWARDS_DEEDS:
        page = await dispatcher.post(path.format(**ids), level="public", address="@a@b.example")
        assert page.status == 403, path


async def test_what_is_not_there_is_said_plainly(steward: Any) -> None:
    for place in ("dispatch", "shares", "feed", "responses", "tasks", "peers", "enquiries"):
        page = await steward.get(f"/{place}/nothing")
        assert page.status == 404, place
        assert "Not found" in page.text


async def test_a_form_without_the_session_mark_is_refused(dispatcher: Any, need: Notice) -> None:
    page = await Visitor(dispatcher.client, dispatcher.cookie).post(f"/dispatch/{need.id}/sealed")
    assert page.status == 403
    assert "Ruta" not in page.html
