"""A need and an offer: suggested with the reason, proposed, agreed, done, or undone without a word about anybody."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from node.domain.errors import Conflict, NotAllowed
from node.domain.matches import Fit
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status
from node.services import matching, members, needs, taking_on
from node.services.community import Community
from node.services.taking_on import Ending


@pytest.fixture
async def bo(community: Community) -> Member:
    """A dispatcher."""
    return await members.add(community, "Bo the dispatcher", frozenset({Role.DISPATCHER}))


@pytest.fixture
async def chairs(ask: Any, community: Community, bo: Member) -> Notice:
    """Four chairs are needed."""
    words = {"title": "Four chairs", "category": "goods", "quantity": Decimal(4), "area": "Harbour"}
    found: Notice = await ask(**words, needed_by=date(2031, 6, 1), languages=("es",))
    return await needs.change_status(community, found.id, Status.OPEN, bo)


@pytest.fixture
async def stools(ask: Any) -> Notice:
    """Three could be given."""
    found: Notice = await ask(kind=Kind.OFFER, title="Three stools", category="goods", quantity=Decimal(3))
    return found


async def test_offers_stand_beside_a_need_with_their_reasons(
    ask: Any, dispatcher: Any, chairs: Notice, stools: Notice, community: Community, bo: Member
) -> None:
    far = {"kind": Kind.OFFER, "category": "goods", "area": "Hill"}
    spanish = await ask(**far, title="Many chairs", quantity=Decimal(9), languages=("es", "en"))
    over = await ask(**far, title="Only until May", quantity=Decimal(9), needed_by=date(2031, 5, 20))
    await ask(kind=Kind.OFFER, title="A lift", category="transport")
    resting = await ask(**far, title="It rests")
    await needs.change_status(community, resting.id, Status.PAUSED, bo)
    found = await matching.suggestions(community, chairs.id, bo)
    assert [(one.offer.id, one.reasons) for one in found] == [
        (stools.id, (Fit.CATEGORY, Fit.AREA, Fit.TIME)),
        (spanish.id, (Fit.CATEGORY, Fit.LANGUAGE, Fit.TIME, Fit.AMOUNT)),
        (over.id, (Fit.CATEGORY, Fit.AMOUNT)),
    ]
    page = await dispatcher.get(f"/dispatch/{chairs.id}/matches")
    assert "Why: the same kind, the same part of town, in time." in page.text
    assert await matching.suggestions(community, stools.id, bo) == ()
    with pytest.raises(NotAllowed):
        await matching.suggestions(community, chairs.id, replace(bo, roles=frozenset({Role.HELPER})))


async def test_proposed_agreed_done(
    dispatcher: Any, chairs: Notice, stools: Notice, community: Community, bo: Member
) -> None:
    path = f"/dispatch/{chairs.id}/matches"
    assert (await dispatcher.post(path, offer=stools.id)).location == f"{path}?said=proposed"
    await dispatcher.post(path, offer=stools.id)  # twice is once
    (line,) = await matching.of_notice(community, chairs.id, bo)
    assert (await needs.get(community, chairs.id)).remaining == 4  # nothing is held yet
    early = await dispatcher.post(f"{path}/done", match=line.match.id)
    assert (early.status, "Agree on it first." in early.text) == (409, True)
    await dispatcher.post(f"{path}/agree", match=line.match.id)
    assert (await dispatcher.post(f"{path}/agree", match=line.match.id)).status == 409
    need, offer = await needs.get(community, chairs.id), await needs.get(community, stools.id)
    assert [(one.status, one.remaining) for one in (need, offer)] == [(Status.TAKEN_ON, 1), (Status.TAKEN_ON, 0)]
    assert "Three stools – agreed" in (await dispatcher.get(f"/dispatch/{chairs.id}")).text
    assert "Four chairs – agreed" in (await dispatcher.get(f"/dispatch/{stools.id}")).text
    helper = await members.add(community, "Dia", frozenset({Role.HELPER}))
    part = await taking_on.take_on(community, chairs.id, None, helper)
    assert part.quantity == 1  # the board gives no more than is left
    assert (await dispatcher.post(f"{path}/done", match=line.match.id)).status == 303
    need, offer = await needs.get(community, chairs.id), await needs.get(community, stools.id)
    assert [(one.status, one.remaining) for one in (need, offer)] == [(Status.TAKEN_ON, 0), (Status.MET, 0)]
    assert (await taking_on.finish(community, chairs.id, Ending(), helper)).status == Status.MET
    assert await matching.of_notice(community, chairs.id, bo) == ()
    assert (await dispatcher.post(f"{path}/done", match=line.match.id)).status == 409


async def test_undone_without_blame(
    dispatcher: Any, chairs: Notice, stools: Notice, community: Community, bo: Member
) -> None:
    match = await matching.propose(community, chairs.id, stools.id, bo)
    await matching.agree_on(community, match.id, bo)
    path = f"/dispatch/{chairs.id}/matches"
    assert (await dispatcher.post(f"{path}/undo", match=match.id)).location == f"{path}?said=undone"
    need, offer = await needs.get(community, chairs.id), await needs.get(community, stools.id)
    assert [(one.status, one.remaining) for one in (need, offer)] == [(Status.OPEN, 4), (Status.OPEN, 3)]
    assert (await dispatcher.post(f"{path}/undo", match=match.id)).status == 409


async def test_a_standing_offer_is_not_used_up(
    chairs: Notice, stools: Notice, community: Community, bo: Member
) -> None:
    async with community.database.unit_of_work() as work:
        await work.notices.put(replace(stools, standing=True))
    match = await matching.propose(community, chairs.id, stools.id, bo)
    await matching.agree_on(community, match.id, bo)
    assert (await needs.get(community, stools.id)).remaining == 3
    await matching.done(community, match.id, bo)
    assert (await needs.get(community, chairs.id)).status == Status.MET
    assert (await needs.get(community, stools.id)).remaining == 3


@pytest.mark.parametrize(
    ("closed", "status", "other_status"),
    [
        ("need", Status.NO_LONGER_NEEDED, Status.OPEN),
        ("need", Status.MET, Status.MET),
        ("offer", Status.NO_LONGER_NEEDED, Status.OPEN),
        ("offer", Status.MET, Status.OPEN),
    ],
)
async def test_with_one_side_the_match_ends(
    chairs: Notice, stools: Notice, community: Community, bo: Member, closed: str, status: Status, other_status: Status
) -> None:
    match = await matching.propose(community, chairs.id, stools.id, bo)
    await matching.agree_on(community, match.id, bo)
    ids = {"need": chairs.id, "offer": stools.id}
    await needs.change_status(community, ids.pop(closed), status, bo)
    (other,) = ids.values()
    assert (await needs.get(community, other)).status == other_status
    assert await matching.of_notice(community, other, bo) == ()


async def test_what_is_not_open_is_not_matched(
    chairs: Notice, stools: Notice, community: Community, bo: Member
) -> None:
    match = await matching.propose(community, chairs.id, stools.id, bo)
    await needs.change_status(community, stools.id, Status.PAUSED, bo)
    with pytest.raises(Conflict, match="no longer open"):
        await matching.agree_on(community, match.id, bo)
    assert (await needs.get(community, chairs.id)).remaining == 4


async def test_a_forgotten_match_ends(
    chairs: Notice, stools: Notice, community: Community, bo: Member, clock: Any
) -> None:
    match = await matching.propose(community, chairs.id, stools.id, bo)
    await matching.agree_on(community, match.id, bo)
    clock.go_on(days=59)
    await matching.run_out(community)
    assert (await needs.get(community, chairs.id)).remaining == 1
    clock.go_on(days=1)
    await matching.run_out(community)
    assert (await needs.get(community, chairs.id)).remaining == 4
    assert await matching.of_notice(community, chairs.id, bo) == ()
