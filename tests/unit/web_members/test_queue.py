"""The queue in parts, narrowed down, at addresses that can be kept."""

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from node.domain.notices import Notice, Status, Urgency
from node.domain.shares import Share
from node.services import members, needs
from node.services.community import Community


async def stand(community: Community, notice: Notice, status: Status) -> None:
    await needs.change_status(community, notice.id, status, await members.by_name(community, "Bo"))


def headings(html: str) -> list[str]:
    return re.findall(r'<h2 class="part"[^>]*>([^<]*)</h2>', html)


async def test_the_parts_stand_in_their_order_and_each_says_its_rule(
    dispatcher: Any, ask: Any, community: Community, need: Notice, share: Share
) -> None:
    """`need` is pressing and shared: it is due soon, which counts more."""
    await stand(community, need, Status.OPEN)
    await ask(title="Just in")
    called, unmet, rests = await ask(title="To call"), await ask(title="A cupboard"), await ask(title="A lift")
    await dispatcher.post(f"/dispatch/{called.id}/contact", reached="no answer", call_back="hour")
    await stand(community, unmet, Status.OPEN)
    await stand(community, rests, Status.PAUSED)
    page = await dispatcher.get("/dispatch")
    assert headings(page.html) == ["New", "Call-backs due", "Due soon", "Nobody on it yet", "Taken on, or resting"]
    titles = ["Just in", "To call", need.wording.title, "A cupboard", "A lift"]
    assert [page.text.index(title) for title in titles] == sorted(page.text.index(title) for title in titles)
    assert "Nobody here has spoken with them yet." in page.text
    assert "Last try: No answer. Sun 4 May 2031, 12:00 UTC" in page.text
    assert "Pause it – A cupboard" in page.text and "Open it again – A lift" in page.text
    assert "Pause it – A lift" not in page.text
    alone = await dispatcher.get("/dispatch?kind=need&part=call-backs")
    assert headings(alone.html) == ["Call-backs due"]
    assert "Just in" not in alone.text


async def test_it_is_narrowed_down_and_the_address_keeps_it(dispatcher: Any, ask: Any) -> None:
    await ask(title="A lift to the clinic", category="transport", area="Harbour", languages=("es",))
    await ask(title="A lift to school", category="transport", area="Old Town", languages=("es-MX", "en"))
    await ask(title="Diapers & wipes", area="Harbour")
    for query, titles in {
        "q=LIFT": {"A lift to the clinic", "A lift to school"},
        "q=lift&area=Harbour": {"A lift to the clinic"},
        "category=baby": {"Diapers & wipes"},
        "language=es": {"A lift to the clinic"},
        "status=open": set(),
        "status=nonsense&part=nonsense&kind=nonsense": {"A lift to the clinic", "A lift to school", "Diapers & wipes"},
    }.items():
        page = await dispatcher.get(f"/dispatch?{query}")
        assert {
            title for title in ("A lift to the clinic", "A lift to school", "Diapers & wipes") if title in page.text
        } == titles
    page = await dispatcher.get("/dispatch?q=%25%22&area=Harbour&part=new")
    assert "Nothing like this at the moment" in page.text
    assert "/dispatch?kind=need&part=soon&q=%25%22&area=Harbour" in page.read.links


async def test_what_is_too_long_to_look_for_is_cut(dispatcher: Any, ask: Any) -> None:
    await ask(title="x" * 110)
    assert "x" * 110 in (await dispatcher.get(f"/dispatch?q={'x' * 120}")).text


async def test_more_than_fits_is_said(dispatcher: Any, ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await ask(title="One", needed_by=date(2031, 5, 9))
    await ask(title="Another")
    assert "There is more than fits here." not in (await dispatcher.get("/dispatch")).text
    monkeypatch.setattr("node.services.queue.QUEUE_LENGTH", 1)
    page = await dispatcher.get("/dispatch")
    assert "There is more than fits here." in page.text
    assert "Another" not in page.text


async def test_a_longer_queue_asks_the_database_nothing_more(dispatcher: Any, ask: Any, community: Community) -> None:
    asked: list[str] = []
    event.listen(community.database.engine.sync_engine, "before_cursor_execute", lambda *all_: asked.append(all_[2]))
    first = await ask(title="One", urgency=Urgency.TODAY)
    await dispatcher.post(f"/dispatch/{first.id}/contact", reached="no answer")
    await dispatcher.get("/dispatch")
    asked.clear()
    await dispatcher.get("/dispatch")
    few = len(asked)
    for number in range(9):
        further = await ask(title=f"Further {number}")
        await dispatcher.post(f"/dispatch/{further.id}/contact", reached="no answer", call_back="hour")
    asked.clear()
    await dispatcher.get("/dispatch")
    assert len(asked) == few > 3
