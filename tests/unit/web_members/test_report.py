"""How it went, on a page and for programs: months and numbers of the community."""

from typing import Any

from node.domain.members import Member
from node.domain.notices import Kind, Status, Wording
from node.services import needs
from node.services.community import Community
from node.services.needs import Entry


async def test_the_report_speaks_of_all_of_us_together(dispatcher: Any, community: Community) -> None:
    by: Member = await _amina(community)
    for status in (Status.MET, Status.MET, Status.NO_LONGER_NEEDED, Status.OPEN):
        asked = await needs.ask(community, Entry(Kind.NEED, Wording("Coats", "goods")))
        await needs.change_status(community, asked.notice.id, status, by, "")
    page = await dispatcher.get("/report")
    assert page.status == 200
    said = " ".join(page.text.split())
    assert "Came in 4 Met 2 Ended without 1 Still open 1 How long we took half of it the same day" in said
    assert by.name not in page.text.partition("<main")[2].partition("</main>")[0]


async def test_nothing_yet(dispatcher: Any) -> None:
    assert "Nothing has come in yet." in (await dispatcher.get("/report")).text


async def _amina(community: Community) -> Member:
    async with community.database.reading() as work:
        (found, *_) = [one for one in await work.members.all() if one.is_dispatcher]
    return found
