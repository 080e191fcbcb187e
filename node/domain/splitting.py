"""A need in two: a part gets its own words and goes its own way, or is met. What is promised stays where it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from node.domain.errors import Conflict, Invalid
from node.domain.notices import Kind, Notice, Status, Wording, change_wording, check_wording, fulfil_late
from node.domain.phrases import say

#: More than this nobody follows on one page.
MOST_PARTS = 12
_STAY_AS_THEY_ARE = frozenset({Status.NEW, Status.PAUSED})

NOT_A_NEED = say("Only a need can be split.")
ENDED = say("This has ended. Open it first, then split it.")
ALL_PROMISED = say("All of it is with somebody, and stays together until it is done or comes home.")
OFFER_WAITS = say("A community has offered to help with it as it is. Answer that first, then split the need.")
TOO_MANY = say("This was split into %(most)s parts already. Ask for something further anew.", most=MOST_PARTS)
SAME_WORDS = say("Say what this part is about. It is not counted, so it needs words of its own.")


@dataclass(frozen=True)
class Split:
    """The `title` and `text` of what stays; of what goes its own way title, text, category, and how many of it.

    `quantity` is None where what is split off was not counted. `other_own_category` is as in `Wording`.
    """

    title: str
    text: str
    other_title: str
    other_text: str
    other_category: str
    quantity: Decimal | None = None
    other_own_category: str = ""


@dataclass(frozen=True)
class Standing:
    """What is known beside a need: how much of it is `promised`, whether an offer waits, in how many `parts` it is."""

    promised: Decimal = Decimal(0)
    is_offered: bool = False
    parts: int = 1


def split(notice: Notice, asked: Split, standing: Standing, part_id: str, now: datetime) -> tuple[Notice, Notice]:
    """What stays, and what goes its own way under the same code, with what was agreed to.

    Raises Invalid beside `stays_title`, `stays_text`, `title`, `text`, `category` and `quantity`, and Conflict.
    """
    _must_be_divisible_now(notice, standing)
    moved = _moved(notice, asked.quantity, standing)
    if moved is None and (asked.other_title, asked.other_text) == (notice.wording.title, notice.wording.text):
        raise Invalid({"title": SAME_WORDS})
    faults: dict[str, str] = {}
    stays = _first(notice, asked, moved, now, faults)
    words = _words_of_part(notice, asked, moved, faults)
    if faults:
        raise Invalid(faults)
    status = notice.status if notice.status in _STAY_AS_THEY_ARE else Status.OPEN
    part = replace(
        notice,
        id=part_id,
        wording=words,
        updated_at=now,
        status=status,
        remaining=words.quantity,
        whole_id=notice.whole,
        number=standing.parts + 1,
    )
    return stays, part


def meet_some(notice: Notice, amount: Decimal, promised: Decimal, now: datetime) -> Notice:
    """So much of what was open is met; the rest stays open, and it is met once nothing is open or `promised`.

    Raises Invalid beside `quantity`, and Conflict where it has ended.
    """
    if notice.is_closed:
        raise Conflict(say("This has ended. Open it first."))
    if not notice.wording.is_divisible:
        raise Invalid({"quantity": say("This is not counted, so it can only be met as a whole.")})
    if amount != amount.to_integral_value() or not 0 < amount <= notice.remaining:
        most = f"{notice.remaining.normalize():f}"
        raise Invalid({"quantity": say("Write a whole number from 1 to %(most)s.", most=most)})
    return fulfil_late(notice, amount, promised, now)


def _must_be_divisible_now(notice: Notice, standing: Standing) -> None:
    if notice.kind is not Kind.NEED:
        raise Conflict(NOT_A_NEED)
    if notice.is_closed:
        raise Conflict(ENDED)
    if notice.remaining <= 0:
        raise Conflict(ALL_PROMISED)
    if standing.is_offered:
        raise Conflict(OFFER_WAITS)
    if standing.parts >= MOST_PARTS:
        raise Conflict(TOO_MANY)


def _moved(notice: Notice, wanted: Decimal | None, standing: Standing) -> Decimal | None:
    """How many of what is open go with the part; None where nothing of it is counted there."""
    if wanted is None or not notice.wording.is_divisible:
        return None
    most = notice.remaining if standing.promised > 0 else notice.remaining - 1
    if most < 1:
        raise Invalid({"quantity": say("One alone cannot be split by number. Leave this empty, and split the words.")})
    if wanted != wanted.to_integral_value() or not 0 < wanted <= most:
        raise Invalid({"quantity": say("Write a whole number from 1 to %(most)s.", most=f"{most.normalize():f}")})
    return wanted


def _first(notice: Notice, asked: Split, moved: Decimal | None, now: datetime, faults: dict[str, str]) -> Notice:
    wording = replace(
        notice.wording, title=asked.title, text=asked.text, quantity=notice.wording.quantity - (moved or Decimal(0))
    )
    try:
        stays = change_wording(notice, wording, now)
    except Invalid as wrong:
        faults |= {f"stays_{name}": sentence for name, sentence in wrong.fields.items()}
        return notice
    is_all_promised = stays.remaining == 0 and stays.status is not Status.PAUSED
    return replace(stays, status=Status.TAKEN_ON) if is_all_promised else stays


def _words_of_part(notice: Notice, asked: Split, moved: Decimal | None, faults: dict[str, str]) -> Wording:
    counted = {"quantity": moved} if moved is not None else {"quantity": Decimal(1), "unit": "one"}
    wording = replace(
        notice.wording,
        title=asked.other_title,
        text=asked.other_text,
        category=asked.other_category,
        own_category=asked.other_own_category,
        **counted,
    )
    try:
        return check_wording(wording, notice.kind)
    except Invalid as wrong:
        faults |= wrong.fields
        return wording
