"""What other servers report, and whom we hear nothing from: for stewards."""

from typing import Any

from node.domain.notices import Notice
from node.domain.peers import FollowState, Peer
from node.domain.shares import Share
from node.domain.strangers import Report
from node.services.community import Community


async def test_nobody_has_reported_anything(steward: Any) -> None:
    assert "Nobody has reported anything" in (await steward.get("/reports")).text


async def test_a_report_says_from_where_about_what_and_why(
    steward: Any, report: Report, need: Notice, share: Share
) -> None:
    page = await steward.get("/reports")
    assert "From social.example" in page.text
    assert "It is not so." in page.text
    assert "Our community itself" in page.text
    assert f"{need.wording.title} : to stop sharing it, open its record" in page.text
    assert f"/shares/{share.id}" in page.read.links
    assert f"/shares/{share.id}/stop" in (await steward.get(f"/shares/{share.id}")).read.links
    await steward.post(f"/shares/{share.id}/stop")
    assert "(no longer shared)" in (await steward.get("/reports")).text


async def test_a_report_is_done_with(steward: Any, report: Report) -> None:
    for _ in range(2):
        page = await steward.post(f"/reports/{report.id}/done")
        assert "The report is forgotten here." in (await steward.get(page.location)).text
    assert "Nobody has reported anything" in (await steward.get("/reports")).text


async def test_the_reporting_server_is_blocked_after_a_word_of_what_it_means(
    steward: Any, report: Report, community: Community
) -> None:
    asked = await steward.get(f"/reports/{report.id}/block")
    assert "Block social.example?" in asked.text
    assert not community.remote.boundaries.blocks_host("social.example")
    page = await steward.post(f"/reports/{report.id}/block")
    assert "The server is blocked." in (await steward.get(page.location)).text
    assert "Nobody has reported anything" in (await steward.get("/reports")).text
    assert community.remote.boundaries.blocks_host("social.example")
    assert (await steward.get(f"/reports/{report.id}/block")).status == 404


async def test_markup_in_a_report_is_words(steward: Any, report: Report, community: Community) -> None:
    # T-32
    async with community.database.unit_of_work() as work:
        await work.reports.remove(report.id)
        await work.reports.add(Report("r2", "f2", "https://s.example/a", (), "<b>No</b>", report.received_at))
    assert "<b>No" not in (await steward.get("/reports")).html


async def test_nobody_is_blocked(steward: Any) -> None:
    assert "Nobody is blocked." in (await steward.get("/blocks")).text


async def test_a_server_is_blocked_and_unblocked(steward: Any, community: Community) -> None:
    page = await steward.post("/blocks", server=" @robin@Social.example ")
    after = await steward.get(page.location)
    assert "The server is blocked." in after.text
    assert "social.example Server · since" in after.text
    (action,) = [form["action"] for form in after.read.forms if form["action"].endswith("/unblock")]
    gone = await steward.post(action)
    assert "The block has ended." in (await steward.get(gone.location)).text
    assert not community.remote.boundaries.blocks_host("social.example")
    assert (await steward.post(action)).status == 404


async def test_what_is_no_server_is_told_beside_the_field(steward: Any) -> None:
    for typed in ("", "nobody", "localhost:8440"):
        page = await steward.post("/blocks", server=typed)
        assert page.status == 422
        assert 'href="#server"' in page.html
        assert f'value="{typed}"' in page.html


async def test_a_blocked_neighbour_is_listed_and_unblocked_there_too(steward: Any, peer: Peer) -> None:
    await steward.post(f"/peers/{peer.id}/block")
    page = await steward.get("/blocks")
    assert f"/peers/{peer.id}" in page.read.links
    assert "Willow Court Community · willow.example" in page.text
    await steward.post(f"/blocks/{peer.id}/unblock")
    assert "Nobody is blocked." in (await steward.get("/blocks")).text


async def test_what_waits_for_a_steward_is_said_in_the_queue(
    steward: Any, dispatcher: Any, report: Report, make_peer: Any
) -> None:
    """In words, without numbers; a dispatcher is not told what only stewards do."""
    await make_peer("Hill Kitchen", outgoing=None, incoming=FollowState.ASKED)
    said = (await steward.get("/dispatch")).text
    for words in ("Another server has reported something of ours.", "A community asks to be neighbours."):
        assert words in said
        assert words not in (await dispatcher.get("/dispatch")).text


async def test_both_are_found_from_the_neighbours(steward: Any) -> None:
    assert {"/reports", "/blocks"} <= set((await steward.get("/peers")).read.links)
