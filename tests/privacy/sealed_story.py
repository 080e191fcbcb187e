"""Six needs and offers with something sealed in each: told in every way, shared at every level, handed off in part."""

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from node.domain.notices import Kind
from node.domain.responses import ResponseState
from node.domain.shares import Level
from node.services import handoffs, imports, needs, peers, responses
from node.services.responses import HelpOffer
from tests.privacy.people import People, Person, gather
from tests.privacy.wire import Wire
from tests.village import Village, settle

FIELDS = ("name", "contact", "address", "story", "arrival")
#: The person's own words on the arrival card; spreadsheets have no column for them.
CARD = ("pets", "who_may_come")
EVERY_FIELD = (*FIELDS, *CARD)
RELEASED = ("name", "contact")
MAPPING = b"""
[columns]
Kind = "kind"
What = "choices"
Name = "name"
Mail = "email"
Place = "address"
Story = "story"
Door = "arrival"
Consent = "consent"
[kinds]
Need = "need"
Offer = "offer"
[choices]
Bread = { category = "groceries", title = "Bread by spreadsheet", offer_title = "Bread to share by spreadsheet" }
[consents]
All = ["board", "peers", "public"]
"""


def mark(source: str, name: str) -> str:
    """One word that is nowhere else in the world; an e-mail address where the way in insists on one."""
    return f"zq{source}{name}x7" + ("@mail.example" if name == "contact" and source.startswith("sheet") else "")


def marks(*sources: str) -> dict[str, bytes]:
    """The part of each mark that stands alone, however it is written around."""
    return {f"{one} {name}": mark(one, name).partition("@")[0].encode() for one in sources for name in fields_of(one)}


def fields_of(source: str) -> tuple[str, ...]:
    """What is sealed in it. Programs answer the community's own questions, too."""
    return (*EVERY_FIELD, "answers") if source.startswith("api") else EVERY_FIELD


SOURCES = tuple(f"{way}{kind}" for way in ("web", "api", "sheet") for kind in Kind)
#: One more need, whose owner was not asked at first.
MINDED = "mind"
MARKS = marks(*SOURCES, MINDED)


@dataclass
class Story:
    """Three villages, everybody at the first, and what was told there."""

    north: Village
    river: Village
    market: Village
    people: People
    wire: Wire
    lines: io.StringIO
    folder: Path
    ids: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    #: What left by another way than an answer over HTTP, by the name of the way.
    left: dict[str, bytes] = field(default_factory=dict)

    async def api(self, role: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """A call of the API."""
        return await self.people[role].ask(method, f"/api/v1{path}", body, **headers)


async def ask_in_every_way(story: Story) -> None:
    for kind in Kind:
        await _ask_on_the_page(story, kind)
        await _ask_by_program(story, kind)
    reading = imports.read_spreadsheet(sheet(), MAPPING)
    brought = await imports.bring_in(story.north.community, reading)
    assert len(brought.added) == 2, reading
    for added in brought.added:
        story.ids[f"sheet{added.draft.kind}"], story.codes[f"sheet{added.draft.kind}"] = added.notice_id, added.code
    assert set(story.ids) == set(SOURCES)


def sheet() -> bytes:
    """A table with something sealed in every column that may hold it."""
    header = "Kind,What,Name,Mail,Place,Story,Door,Consent"
    lines = [
        ",".join([str(kind).title(), "Bread", *(mark(f"sheet{kind}", name) for name in FIELDS), "All"]) for kind in Kind
    ]
    return "\n".join([header, *lines]).encode()


async def _ask_on_the_page(story: Story, kind: Kind) -> None:
    source = f"web{kind}"
    typed = {"title": f"Bread {kind} by page", "category": "groceries", "who": "everyone", "method": "through someone",
             "form_id": f"aaaaaaaaaaaaaaaa{kind}", **{name: mark(source, name) for name in EVERY_FIELD}}  # fmt: skip
    door = "/ask" if kind is Kind.NEED else "/offer"
    answer = await story.people["guest"].ask("POST", f"{door}/done", typed)
    code = re.search(r"([a-z]+-){4}\d{4}", answer.body.decode())
    assert answer.status == 200 and code is not None
    story.codes[source] = code[0]
    story.ids[source] = (await needs.by_code(story.north.community, code[0])).id


async def _ask_by_program(story: Story, kind: Kind) -> None:
    source = f"api{kind}"
    sealed: dict[str, Any] = {name: mark(source, name) for name in FIELDS}
    sealed["contact"] = [{"method": "phone", "value": sealed["contact"]}]
    sealed["answers"] = [{"question": "Who else is at home?", "answer": mark(source, "answers")}]
    sealed["arrival_card"] = {name: mark(source, name) for name in CARD}
    notice = {"title": f"Bread {kind} by program", "category": "groceries", "quantity": 4}
    consent = {"board": True, "peers": "all", "public": True}
    body: Any = {"notice": notice, "sealed": sealed, "consent": consent}
    answer = await story.api("member", "POST", f"/{kind}s", body, **{"Idempotency-Key": source})
    assert answer.status == 201
    again = await story.api("member", "POST", f"/{kind}s", body, **{"Idempotency-Key": source})
    assert again.body == answer.body
    found = re.search(rb'"id":"(\w+)".*"code":"([\w-]+)"|"code":"([\w-]+)".*"id":"(\w+)"', answer.body)
    assert found is not None
    story.ids[source] = (found[1] or found[4]).decode()
    story.codes[source] = (found[2] or found[3]).decode()


async def share_at_every_level(story: Story) -> None:
    north, river = story.north, story.river
    (peer,) = await peers.listing(north.community)
    for source, notice_id in story.ids.items():
        for level in Level:
            body = {"level": level, "peers": [peer.peer.id] if level is Level.NAMED else []}
            kind = "need" if source.endswith("need") else "offer"
            preview = await story.api("dispatcher", "GET", f"/{kind}s/{notice_id}/shares/preview?level={level}")
            assert preview.status in {200, 422}
            shared = await story.api("dispatcher", "POST", f"/{kind}s/{notice_id}/shares", body)
            assert shared.status == 201, shared.body
    await settle(north, river, story.market)
    titles = {entry.item.title for entry in await river.feed()}
    assert "Bread need by page" in titles and "Bread by spreadsheet" in titles


async def _offer(story: Story, title: str) -> tuple[str, str]:
    """River offers to help with this; its id there and at north."""
    north, river = story.north, story.river
    item = next(entry.item for entry in await river.feed() if entry.item.title == title)
    amount = item.available or 1
    offered = await responses.offer_help(
        river.community, item.id, HelpOffer(amount, "With pleasure."), river.dispatcher
    )
    await settle(north, river)
    arrived = next(
        line.response for line in await responses.listing(north.community) if line.response.offer_id == offered.offer_id
    )
    return offered.id, arrived.id


async def hand_off(story: Story) -> None:
    """One need is released in part, read, and met; another one is taken on, read by nobody and comes home."""
    north, river = story.north, story.river
    there, here = await _offer(story, "Bread need by page")
    answer = await story.api("dispatcher", "POST", f"/responses/{here}/agree", {"release": list(RELEASED)})
    assert answer.status == 200
    await settle(north, river)
    at_river = await gather(river, story.market)
    page = await at_river["dispatcher"].ask("POST", f"/tasks/{there}/details", {"reason": "bring"})
    call = await at_river["dispatcher"].ask("GET", f"/api/v1/handoffs/{there}/released")
    for name in FIELDS:
        assert (mark("webneed", name).encode() in page.body) == (name in RELEASED)
        assert (mark("webneed", name).encode() in call.body) == (name in RELEASED)
    for role in ("stranger", "helper", "member"):
        assert (await at_river[role].ask("POST", f"/tasks/{there}/details", {"reason": "bring"})).status >= 400
    agreed = (await responses.get(north.community, here)).response
    story.ids["agreement"] = str(agreed.agreement_id).rpartition("/")[2]
    story.ids |= {"response": here, "waiting": here, "task": there}
    path = f"/agreements/{story.ids['agreement']}/coordinate"
    assert (await Person("peer", north, peer=story.market).ask("GET", path)).status == 404
    await handoffs.set_status(river.community, there, ResponseState.UNDER_WAY, None, river.dispatcher)
    await settle(north, river)
    await handoffs.set_status(river.community, there, ResponseState.MET, None, river.dispatcher)
    await settle(north, river)
    assert (await responses.get(river.community, there)).response.receipt_at is not None
    opened = await story.people["dispatcher"].ask(
        "POST", f"/dispatch/{story.ids['webneed']}/sealed", {"reason": "call"}
    )
    assert all(mark("webneed", name).encode() in opened.body for name in EVERY_FIELD)
    there, here = await _offer(story, "Bread need by program")
    await responses.agree(north.community, here, (*FIELDS, "arrival_card"), None, north.dispatcher)
    await settle(north, river)
    await handoffs.set_status(river.community, there, ResponseState.RETURNED, None, river.dispatcher)
    await settle(north, river)
