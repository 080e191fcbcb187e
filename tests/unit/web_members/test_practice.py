"""The community practises, as its pages tell it: a line on every page, begun by a tick, ended on a page of its own."""

from node.domain.consent import Consent
from node.domain.practice import HAS_REAL, NOT_REAL, STAYS_HERE
from node.services import members, plain_list
from node.services.community import Community, profile
from tests.unit.web_members.conftest import Ask
from tests.unit.web_members.visitor import Visitor

LINE = "We are practising. Nothing here is real; it will all be erased."
CALL = "please call us: 020 555 0100"


async def test_begun_told_to_everybody_and_ended(
    community: Community, steward: Visitor, dispatcher: Visitor, guest: Visitor, ask: Ask
) -> None:
    (amina,) = [one for one in await members.listing(community) if one.is_steward]
    key = await plain_list.make_link(community, amina)
    assert "/practice" in (await steward.get("/first-steps/standing")).read.links
    page = await steward.get("/practice")
    assert "samples" in page.names("/practice") and LINE not in page.text
    assert (await dispatcher.post("/practice", samples="yes")).status == 403
    assert (await steward.post("/practice", samples="yes")).location == "/practice?said=begun"
    for path in ("/", "/ask", "/r", "/embed", "/nowhere"):
        page = await guest.get(path)
        assert LINE in page.text and CALL in page.text
        assert "/practice" not in page.read.links
    page = await dispatcher.get("/dispatch")
    assert LINE in page.text and CALL not in page.text and "A lift to an appointment" in page.text
    assert "We are practising." in (await steward.get("/settings")).text
    assert "We are practising: nothing here is real" in (await steward.get("/health")).text
    page = await steward.get("/spreadsheet")
    assert NOT_REAL in page.text and not page.names("/spreadsheet"), "what it holds is real"
    page = await steward.post("/spreadsheet/bring-in")
    assert page.status == 409 and NOT_REAL in page.text
    notice = await ask()
    page = await dispatcher.post(f"/dispatch/{notice.id}/share", step="preview", level="peers", lease_hours="48")
    assert STAYS_HERE in page.text
    notice = await ask(consent=Consent())
    page = await dispatcher.post(f"/dispatch/{notice.id}/share", step="preview", level="peers", lease_hours="48")
    assert STAYS_HERE in page.text and "Ask the person first" not in page.text, (
        "before anything else: nobody need be asked"
    )
    page = await guest.get(f"/needs.txt?link={key}")
    assert page.status == 409 and STAYS_HERE in page.text
    page = await steward.get("/practice/end")
    assert "Everything that was asked and offered here is erased for good" in page.text
    assert (await dispatcher.post("/practice/end")).status == 403
    assert (await steward.post("/practice/end")).location == "/practice?said=over"
    assert (await steward.post("/practice/end")).location == "/practice", "twice is as good as once"
    assert (await steward.get("/practice/end")).location == "/practice"
    assert LINE not in (await guest.get("/")).text
    assert "A lift to an appointment" not in (await dispatcher.get("/dispatch")).text
    await ask()
    assert HAS_REAL in (await steward.get("/practice")).text
    page = await steward.post("/practice")
    assert page.status == 409 and HAS_REAL in page.text
    assert not (await profile(community)).practice.is_under_way
