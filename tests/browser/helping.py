"""What helpers and dispatchers of one community have in hand: on the board, taken on, and matched."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from node.domain.consent import Channel, Consent, Question, Use
from node.domain.members import Member
from node.domain.notices import Kind, Notice, Status, Urgency
from node.domain.sealed import SealedNote
from node.services import consents, matching, needs, taking_on
from node.services.consents import Said
from tests.village import Village

LONG_TITLE = "Chairs https://benefits.office.example/forms/2026/application-for-help-with-heating-costs-long.pdf"


@dataclass(frozen=True)
class _Desk:
    """Where it is asked, and with what on the sealed notes."""

    north: Village
    sealed: SealedNote

    async def ask(self, title: str, *, board: bool = True, **wanted: Any) -> Notice:
        """Somebody asks or offers, and a dispatcher has read it."""
        self.north.clock.forward(minutes=1)
        asked = await self.north.ask(title, consent=Consent(board=board), sealed=self.sealed, **wanted)
        return await needs.change_status(self.north.community, asked.notice.id, Status.OPEN, self.north.dispatcher)


async def furnish_board(
    north: Village, ids: dict[str, str], helpers: tuple[Member, Member], sealed: SealedNote
) -> None:
    """Two needs on the board, one of them with the first helper; a need with offers at each stage of a match."""
    desk, (helper, opener) = _Desk(north, sealed), helpers
    shelf = await desk.ask(
        "Carry a wardrobe up to the third floor", category="repairs", area="Old Town", quantity=Decimal(1),
        text="It comes apart. Two people would do, and there is tea.",
    )  # fmt: skip
    apples = await desk.ask(
        "Pick apples with me before the frost", category="other", quantity=Decimal(12), unit="hour",
        urgency=Urgency.THIS_WEEK, area="Harbour Steps", languages=("en", "ar"),
    )  # fmt: skip
    yes = Said((Question(Use.DETAILS),), True, "", Channel.PHONE, "en")
    await consents.record(north.community, shelf.id, yes, north.dispatcher)
    await taking_on.take_on(north.community, shelf.id, None, helper)
    await taking_on.take_on(north.community, apples.id, Decimal(2), opener)
    ids |= {"shelf": shelf.id, "apples": apples.id}
    await _match(desk, ids)


async def _match(desk: _Desk, ids: dict[str, str]) -> None:
    north = desk.north
    known: dict[str, Any] = {"category": "learning", "area": "Old Town", "languages": ("en",), "board": False}
    table = await desk.ask("A table and something to sit on", quantity=Decimal(5), **known)
    desks = await desk.ask("Two school desks", quantity=Decimal(2), kind=Kind.OFFER, **known)
    bench = await desk.ask("A long bench, to be fetched", quantity=Decimal(1), kind=Kind.OFFER, **known)
    await desk.ask(LONG_TITLE, quantity=Decimal(6), kind=Kind.OFFER, **known)
    agreed = await matching.propose(north.community, table.id, desks.id, north.dispatcher)
    await matching.agree_on(north.community, agreed.id, north.dispatcher)
    await matching.propose(north.community, table.id, bench.id, north.dispatcher)
    ids["wanted_table"] = table.id
