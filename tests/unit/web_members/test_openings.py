"""Opening sealed notes on the pages: on purpose, for a reason, with a brake that stewards lift."""

from typing import Any

import pytest

from node.domain.errors import PeerTrouble
from node.domain.members import Role
from node.domain.notices import Notice
from node.domain.openings import Opening, Reason, Why
from node.domain.peers import OwnActor
from node.domain.responses import Response
from node.domain.sealed import Contact, SealedNote
from node.domain.ways import Ways
from node.services import audit, forgetting, members, needs, openings, ways
from node.services.community import Community
from node.services.needs import Entry
from schemas.fields import Document
from tests.unit.web_members.conftest import sign_in_as
from tests.unit.web_members.neighbours import remote_actor

SAFETY = "/settings/safety"


@pytest.fixture
async def tight(community: Community, steward: Any) -> None:
    """Four openings a day, so that three are near and four are enough."""
    await ways.change(community, Ways(openings_a_day=4), await members.by_name(community, "Amina"))


async def open_it(visitor: Any, need: Notice, times: int = 1) -> Any:
    for _ in range(times):
        page = await visitor.post(f"/dispatch/{need.id}/sealed", reason="call")
    return page


async def actions(community: Community) -> list[str]:
    lines = await audit.listing(community, await members.by_name(community, "Amina"))
    return [line.action for line in reversed(lines)]


async def test_without_a_reason_it_stays_shut(dispatcher: Any, need: Notice) -> None:
    for typed in ({}, {"reason": ""}, {"reason": "curious"}, {"reason": "other"}, {"reason": "unsaid"}):
        page = await dispatcher.post(f"/dispatch/{need.id}/sealed", **typed)
        assert page.status == 422
        assert "Ruta" not in page.html
        assert 'href="#reason"' in page.html or 'href="#words"' in page.html
    assert "Nobody has opened it yet." in (await dispatcher.get(f"/dispatch/{need.id}")).text


async def test_names_and_numbers_typed_as_a_reason_are_not_kept(
    dispatcher: Any, need: Notice, community: Community
) -> None:
    page = await dispatcher.post(f"/dispatch/{need.id}/sealed", words="Ruta rang from 555 0134")
    assert page.status == 200
    (line,) = await openings.openings(community, need.id)
    assert line.why == Why(Reason.OTHER, "… rang from …")
    assert line.fields == ("name", "contact", "address", "arrival")


async def test_a_helper_and_a_member_open_nothing(helper: Any, community: Community, client: Any, need: Notice) -> None:
    member = await sign_in_as(client, community, "Dee", Role.MEMBER)
    for visitor in (helper, member):
        page = await open_it(visitor, need)
        assert page.status == 403
        assert "Ruta" not in page.html
    assert await openings.openings(community, need.id) == ()


@pytest.mark.usefixtures("tight")
async def test_at_three_quarters_stewards_hear_of_it_and_at_the_whole_nothing_opens(
    dispatcher: Any, steward: Any, need: Notice, community: Community, clock: Any
) -> None:
    assert "Bo has" not in (await steward.get("/dispatch")).text
    await open_it(dispatcher, need, 3)
    page = await steward.get("/dispatch")
    assert "Bo has opened many sealed notes within a day." in page.text
    assert SAFETY in page.read.links
    assert "has opened" not in (await dispatcher.get("/dispatch")).text
    assert (await open_it(dispatcher, need)).status == 200
    refused = await open_it(dispatcher, need)
    assert refused.status == 403
    assert "You have opened very many sealed notes within a day" in refused.text
    assert "Ask a steward to lift it." in refused.text
    assert not [word for word in ("Ruta", "555 0134", "blue door", "Knock twice") if word in refused.html]
    assert "no more open for them" in (await steward.get("/dispatch")).text
    clock.go_on(days=3)
    assert (await open_it(dispatcher, need)).status == 403
    assert len(await openings.openings(community, need.id)) == 4
    assert [action for action in await actions(community) if "sealed notes" in action] == [
        "changed how sealed notes are kept",
        "many sealed notes opened",
        "the brake on sealed notes is on",
    ]


@pytest.mark.usefixtures("tight")
async def test_a_steward_lifts_the_brake(dispatcher: Any, steward: Any, need: Notice, community: Community) -> None:
    await open_it(dispatcher, need, 5)
    bo = await members.by_name(community, "Bo")
    page = await steward.get(SAFETY)
    assert "Bo has opened so many sealed notes within a day that no more open for them." in page.text
    lifted = await steward.post(f"{SAFETY}/lift/{bo.id}")
    assert lifted.location == f"{SAFETY}?said=lifted"
    assert "Bo has" not in (await steward.get(SAFETY)).text
    assert (await open_it(dispatcher, need)).status == 200
    assert (await actions(community))[-2:] == ["lifted the brake on sealed notes", "opened a sealed note"]


@pytest.mark.usefixtures("tight")
async def test_what_is_a_day_old_weighs_no_more(dispatcher: Any, need: Notice, clock: Any) -> None:
    for _ in range(3):
        assert (await open_it(dispatcher, need, 3)).status == 200
        clock.go_on(hours=25)


@pytest.mark.usefixtures("tight")
async def test_one_hand_is_stopped_and_the_others_go_on(
    dispatcher: Any, client: Any, community: Community, need: Notice
) -> None:
    other = await sign_in_as(client, community, "Dee", Role.DISPATCHER)
    assert (await open_it(dispatcher, need, 5)).status == 403
    assert (await open_it(other, need)).status == 200


@pytest.mark.usefixtures("tight")
async def test_nobody_lifts_their_own_brake_unless_they_are_alone(
    steward: Any, client: Any, community: Community, need: Notice
) -> None:
    amina = await members.by_name(community, "Amina")
    await open_it(steward, need, 5)
    other = await sign_in_as(client, community, "Dee", Role.STEWARD)
    page = await steward.post(f"{SAFETY}/lift/{amina.id}")
    assert page.status == 403
    assert "Ask another steward to lift this for you." in page.text
    assert (await open_it(steward, need)).status == 403
    await other.post(f"{SAFETY}/lift/{amina.id}")
    assert (await open_it(steward, need)).status == 200


@pytest.mark.usefixtures("tight")
async def test_the_only_steward_is_not_locked_out(steward: Any, need: Notice, community: Community) -> None:
    amina = await members.by_name(community, "Amina")
    await open_it(steward, need, 5)
    assert (await steward.post(f"{SAFETY}/lift/{amina.id}")).status == 303
    assert (await open_it(steward, need)).status == 200


async def test_no_page_says_how_many_somebody_opened(dispatcher: Any, steward: Any, need: Notice) -> None:
    """The brake is no score: it says free, near or on, and only to stewards."""
    await open_it(dispatcher, need, 31)
    for path in ("/dispatch", SAFETY):
        page = await steward.get(path)
        assert "Bo has opened many sealed notes" in page.text
        assert "31" not in page.text.replace("May 2031", "")


async def test_safety_is_for_stewards(dispatcher: Any, helper: Any, guest: Any, community: Community) -> None:
    for visitor in (dispatcher, helper):
        assert (await visitor.get(SAFETY)).status == 403
        assert (await visitor.post(SAFETY, openings_a_day="1000")).status == 403
        assert (await visitor.post(f"{SAFETY}/lift/somebody")).status == 403
    assert (await guest.post(SAFETY, openings_a_day="1000")).status == 401
    assert await ways.ways(community) == Ways()


async def test_the_ways_are_changed_and_wrong_ones_come_back_as_typed(steward: Any, community: Community) -> None:
    page = await steward.post(
        SAFETY, openings_a_day="25", names_to_owners="yes", exit_address="https://weather.example/"
    )
    assert page.location == f"{SAFETY}?said=saved"
    assert await ways.ways(community) == Ways(25, True, "https://weather.example/")
    page = await steward.post(SAFETY, openings_a_day="0", exit_address="weather")
    assert page.status == 422
    assert 'value="weather"' in page.html and 'id="openings_a_day-wrong"' in page.html
    assert 'id="exit_address-wrong"' in page.html
    for typed in ("2.5", "none", "1001"):
        page = await steward.post(SAFETY, openings_a_day=typed, exit_address="weather")
        assert page.status == 422
        assert page.html.count("Write a whole number from 1 to 1000.") == 2  # above the form, and beside the field
        assert 'id="exit_address-wrong"' in page.html
    assert (await ways.ways(community)).openings_a_day == 25
    await steward.post(SAFETY, openings_a_day="40", exit_address="")
    assert await ways.ways(community) == Ways()


async def test_somebody_unknown_cannot_be_lifted(steward: Any) -> None:
    assert (await steward.post(f"{SAFETY}/lift/nobody")).status == 404


@pytest.fixture
async def asked(community: Community, ask: Any) -> tuple[str, str]:
    """A need's id and its owner's code."""
    need = await ask()
    sealed = SealedNote(name="Ruta", contact=(Contact("phone", "555 0134"),))
    stored = await needs.ask(community, Entry(need.kind, need.wording, sealed))
    return stored.notice.id, stored.code


NOON = "Sun 4 May 2031, 12:00 UTC"


async def told(guest: Any, code: str) -> str:
    """The words of the owner's page, as a reader sees them around a time."""
    return str((await guest.get(f"/r/{code}")).text).replace("UTC ", "UTC")


async def test_the_owner_reads_who_opened_it_by_role_alone(
    dispatcher: Any, steward: Any, guest: Any, asked: tuple[str, str]
) -> None:
    need_id, code = asked
    assert "Nobody has opened it yet." in (await guest.get(f"/r/{code}")).text
    await dispatcher.post(f"/dispatch/{need_id}/sealed", reason="call")
    await steward.post(f"/dispatch/{need_id}/sealed", reason="bring", words="on Thursday")
    await dispatcher.post(f"/dispatch/{need_id}/sealed", words="the parcel came back")
    text = await told(guest, code)
    assert f"Opened by a dispatcher on {NOON}, to call you." in text
    assert f"Opened by a steward on {NOON}, to bring you something or fetch it: “on Thursday”." in text
    assert f"Opened by a dispatcher on {NOON}, “the parcel came back”." in text
    assert "Bo" not in text and "Amina" not in text


async def test_a_community_may_tell_names(dispatcher: Any, steward: Any, guest: Any, asked: tuple[str, str]) -> None:
    need_id, code = asked
    await dispatcher.post(f"/dispatch/{need_id}/sealed", reason="call")
    await steward.post(SAFETY, openings_a_day="40", names_to_owners="yes")
    assert f"Opened by Bo on {NOON}, to call you." in await told(guest, code)


async def test_the_owner_reads_which_community_read_what(
    guest: Any, community: Community, asked: tuple[str, str]
) -> None:
    need_id, code = asked
    actor = "https://willow.example/actors/peers"
    async with community.database.unit_of_work() as work:
        await work.peers.put_actor(remote_actor(actor, "Willow Court"))
        await work.openings.add(
            Opening(id="o1", at=community.now(), fields=("name", "contact"), reader=actor, notice_id=need_id)
        )
    assert f"Read by Willow Court on {NOON}: what to call you, how to reach you." in await told(guest, code)


async def test_erased_typed_words_go_and_the_rest_of_the_log_stays(
    dispatcher: Any, guest: Any, community: Community, asked: tuple[str, str]
) -> None:
    need_id, code = asked
    await dispatcher.post(f"/dispatch/{need_id}/sealed", reason="bring", words="insulin")
    await forgetting.erase_by_code(community, code)
    text = await told(guest, code)
    assert f"Opened by a dispatcher on {NOON}, to bring you something or fetch it." in text
    assert "insulin" not in text
    assert (await dispatcher.post(f"/dispatch/{need_id}/sealed", reason="call")).status == 404


@pytest.fixture
def released(community: Community, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the other community answers to a signed question."""
    answer: dict[str, Any] = {"name": "Kim", "contact": [], "surprise": "x"}

    async def read_released(_url: str, _own: OwnActor) -> Document:
        if "error" in answer:
            raise answer["error"]
        return answer

    monkeypatch.setattr(community.remote, "read_released", read_released)
    return answer


async def test_reading_what_was_released_is_written_down_here_too(
    dispatcher: Any, task: Response, released: dict[str, Any], community: Community
) -> None:
    path = f"/tasks/{task.id}"
    assert (await dispatcher.post(f"{path}/details")).status == 422
    assert (await dispatcher.post(f"{path}/details", reason="bring", words="call 555 0134 first")).status == 200
    (line,) = await openings.readings(community, task.id)
    assert (line.reader_name, line.role, line.fields) == ("Bo", "dispatcher", ("name", "contact"))
    assert line.why == Why(Reason.BRING, "call … first")
    assert "Bo: to bring or fetch something" in (await dispatcher.get(path)).text


async def test_reading_is_written_down_before_anything_is_asked(
    dispatcher: Any, task: Response, released: dict[str, Any], community: Community
) -> None:
    released["error"] = PeerTrouble("The details could not be read just now.")
    assert (await dispatcher.post(f"/tasks/{task.id}/details", reason="call")).status == 502
    (line,) = await openings.readings(community, task.id)
    assert line.fields == ()


@pytest.mark.usefixtures("tight")
async def test_the_brake_holds_for_released_details_as_well(
    dispatcher: Any, need: Notice, task: Response, released: dict[str, Any]
) -> None:
    await open_it(dispatcher, need, 2)
    for _ in range(2):
        assert (await dispatcher.post(f"/tasks/{task.id}/details", reason="call")).status == 200
    page = await dispatcher.post(f"/tasks/{task.id}/details", reason="call")
    assert page.status == 403
    assert "Kim" not in page.html
