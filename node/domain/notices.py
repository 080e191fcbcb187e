"""The first envelope: the part of a need or an offer that may travel, and where it stands."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from node.domain.access import OFFERED
from node.domain.categories import BY_KEY, OwnCategories
from node.domain.consent import Consent
from node.domain.errors import Conflict, Invalid
from node.domain.on_behalf import OnBehalf
from node.domain.phrases import say
from node.domain.repeating import Repeat, Rounds

TITLE_LIMIT = 120
TEXT_LIMIT = 2000
#: What a dispatcher writes for the others beside a status.
NOTE_LIMIT = 1000
#: How the log begins the line that says where a notice stands from then on.
SET_STATUS = "set the status: "
AREA_LIMIT = 80
QUANTITY_LIMIT = Decimal(1_000_000)
DECIMALS = 6
UNITS = ("one", "hour", "kilogram")


class Kind(StrEnum):
    """Asking and offering are two equal doors."""

    NEED = "need"
    OFFER = "offer"


class Status(StrEnum):
    """Where a need or offer stands. There is no `rejected`."""

    NEW = "new"
    OPEN = "open"
    TAKEN_ON = "taken on"
    PARTLY_MET = "partly met"
    MET = "met"
    PAUSED = "paused"
    NO_LONGER_NEEDED = "no longer needed"
    EXPIRED = "expired"


CLOSED = frozenset({Status.MET, Status.NO_LONGER_NEEDED, Status.EXPIRED})


class Urgency(StrEnum):
    """Urgency in words a person would say."""

    TODAY = "today, or unsafe"
    TWO_DAYS = "in the next 2 days"
    THIS_WEEK = "this week"
    WHENEVER = "when someone can"


@dataclass(frozen=True)
class Wording:
    """What a need or offer says, in words written for sharing. No names, no addresses, no contacts.

    `category` is one of the twenty; where it stands in one of the community's own here, `own_category` is its key, and
    `category` what that is most like. `access` is for offers: what is possible there and what is not, from
    `domain.access.OFFERED`.
    """

    title: str
    category: str
    text: str = ""
    area: str = ""
    urgency: Urgency = Urgency.WHENEVER
    needed_by: date | None = None
    repeat: Repeat = Repeat.ONCE
    repeat_until: date | None = None
    quantity: Decimal = Decimal(1)
    unit: str = "one"
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    own_category: str = ""

    @property
    def category_here(self) -> str:
        """The key of the category as people of this community choose it. It means nothing anywhere else."""
        return self.own_category or self.category

    @property
    def is_divisible(self) -> bool:
        """Several may each bring a part: whole pieces of more than one. Anything else is met as a whole."""
        return self.quantity > 1 and self.quantity == self.quantity.to_integral_value()


@dataclass(frozen=True)
class Notice:
    """A need or an offer as this community keeps it, without the sealed note.

    `remaining` is what is still wanted or available, in `wording.unit`. `renewed_at` is when its owner last said that
    it is still wanted (None: only at the beginning); `erased_at` when everything that was written was erased.
    `returns_on` is the day of the round for which something met comes back by itself, `rounds_from` the day of the
    first round once a later one has begun. `whole_id` is the need that this one was split off from (None: it holds the
    code itself), and `number` which part of it this is; both stay.
    """

    id: str
    kind: Kind
    wording: Wording
    created_at: datetime
    updated_at: datetime
    status: Status = Status.NEW
    remaining: Decimal = Decimal(1)
    consent: Consent = field(default_factory=Consent)
    for_someone_else: bool = False
    on_behalf: OnBehalf = field(default_factory=OnBehalf)
    standing: bool = False
    renewed_at: datetime | None = None
    erased_at: datetime | None = None
    returns_on: date | None = None
    rounds_from: date | None = None
    whole_id: str | None = None
    number: int = 1

    @property
    def is_closed(self) -> bool:
        """Nothing more is expected to happen to it, or not before it comes back for its next round."""
        return self.status in CLOSED

    @property
    def is_over(self) -> bool:
        """Closed, and no round follows."""
        return self.is_closed and self.returns_on is None

    @property
    def whole(self) -> str:
        """The id behind the code: of what it is a part of, else its own."""
        return self.whole_id or self.id

    @property
    def spoken_for_at(self) -> datetime:
        """When its owner last said that it is wanted: at the beginning, or since."""
        return self.renewed_at or self.created_at

    @property
    def rounds(self) -> Rounds:
        """The days for which it is wanted or available again and again. An offer's day is its last, not a round's."""
        wording = self.wording
        if self.kind == Kind.OFFER:
            return Rounds(wording.repeat, last=wording.repeat_until or wording.needed_by)
        return Rounds(wording.repeat, self.rounds_from or wording.needed_by, wording.needed_by, wording.repeat_until)


def about(wording: Wording, key: str, own: OwnCategories) -> Wording:
    """The same words in the category with this key; of one of our `own`, which of the twenty it is like is known."""
    return replace(wording, category=own.like(key), own_category=own.own(key))


def as_chosen(wording: Wording) -> Wording:
    """The words with one key for their category, that which people here choose: to be compared, then `settled`."""
    return replace(wording, category=wording.category_here, own_category="")


def settled(wording: Wording, own: OwnCategories) -> Wording:
    """The words in their category as it is by now: since they were read it may have been mapped anew, or taken away."""
    key = wording.category_here if own.knows(wording.category_here) else wording.category
    return about(wording, key, own)


def check_wording(wording: Wording, kind: Kind | None = None) -> Wording:
    """Return the wording with spaces trimmed, or raise Invalid naming every field that cannot stand.

    With `kind`, also what may not stand there: what somebody who asks needs belongs on the sealed arrival card.
    """
    trimmed = replace(
        wording, title=" ".join(wording.title.split()), text=wording.text.strip(), area=" ".join(wording.area.split())
    )
    faults = {
        "title": _title_fault(trimmed.title),
        "category": "" if trimmed.category in BY_KEY else say("Choose one of the categories."),
        "text": ""
        if len(trimmed.text) <= TEXT_LIMIT
        else say("Please use at most %(most)s characters.", most=TEXT_LIMIT),
        "area": ""
        if len(trimmed.area) <= AREA_LIMIT
        else say("Please use at most %(most)s characters.", most=AREA_LIMIT),
        "quantity": quantity_fault(trimmed.quantity),
        "unit": "" if trimmed.unit in UNITS else say("Choose one of: %(words)s.", words=", ".join(UNITS)),
        "access": ""
        if set(trimmed.access) <= set(OFFERED)
        else say("Choose from: %(words)s.", words=", ".join(OFFERED)),
    }
    if kind == Kind.NEED and trimmed.access:
        faults["access"] = say("This is for offers. What somebody who asks needs goes on the arrival card.")
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(found)
    return trimmed


def _title_fault(title: str) -> str:
    if not title:
        return say("Say in a few words what it is about.")
    return "" if len(title) <= TITLE_LIMIT else say("Please use at most %(most)s characters.", most=TITLE_LIMIT)


def quantity_fault(quantity: Decimal) -> str:
    """What is wrong with how much there is, in one sentence; empty where nothing is."""
    if not quantity.is_finite() or not 0 < quantity <= QUANTITY_LIMIT:
        return say("Write a number above 0, at most a million.")
    is_short = round(quantity, DECIMALS) == quantity
    return "" if is_short else say("Please use at most %(most)s digits behind the point.", most=DECIMALS)


def change_wording(notice: Notice, wording: Wording, now: datetime) -> Notice:
    """The same notice with other words; what is still open follows a changed quantity.

    Raises Invalid, and Conflict where everything was erased.
    """
    _must_have_words(notice)
    checked = check_wording(wording, notice.kind)
    met = notice.wording.quantity - notice.remaining
    remaining = max(checked.quantity - met, Decimal(0))
    is_same_day = checked.needed_by == notice.wording.needed_by and checked.repeat == notice.wording.repeat
    rounds_from = notice.rounds_from if is_same_day else None
    changed = replace(notice, wording=checked, remaining=remaining, updated_at=now, rounds_from=rounds_from)
    return replace(changed, returns_on=changed.rounds.after(now.date())) if notice.returns_on else changed


def set_status(notice: Notice, status: Status, now: datetime, promised: Decimal = Decimal(0)) -> Notice:
    """The same notice with another status. Any change is allowed but going back to `new`.

    Closing as met leaves nothing open; opening a closed one again asks for the whole quantity if nothing was left,
    less what is `promised` in agreements that still run. What is agreed with somebody stays agreed, so pausing and
    opening does not offer it a second time. Raises Conflict.
    """
    if status not in CLOSED:
        _must_have_words(notice)
    if status == notice.status:
        return notice
    if status == Status.NEW:
        raise Conflict(say("A notice cannot become new again. Open it instead."))
    remaining = notice.remaining
    if status == Status.MET:
        remaining = Decimal(0)
    elif notice.is_closed and status not in CLOSED and remaining == 0:
        remaining = max(notice.wording.quantity - promised, Decimal(0))
    returns_on = notice.rounds.after(now.date()) if status == Status.MET else None
    return replace(notice, status=status, remaining=remaining, updated_at=now, returns_on=returns_on)


def renew(notice: Notice, now: datetime, today: date, promised: Decimal = Decimal(0)) -> Notice:
    """Still wanted: its time begins anew, and what had ended or rests is open.

    A day that is over no longer counts; of what repeats, the next round's does.

    `promised` as in `set_status`. Raises Conflict where everything was erased.
    """
    _must_have_words(notice)
    rests = notice.is_closed or notice.status == Status.PAUSED
    opened = set_status(notice, Status.OPEN, now, promised) if rests else notice
    until = _unless_over(opened.wording.repeat_until, today)
    opened = replace(opened, wording=replace(opened.wording, repeat_until=until), renewed_at=now)
    day = _unless_over(opened.wording.needed_by, today)
    if day is None and (day := opened.rounds.upcoming(today)) is not None:
        opened = replace(opened, rounds_from=opened.rounds.first)
    return replace(opened, wording=replace(opened.wording, needed_by=day))


def _must_have_words(notice: Notice) -> None:
    if notice.erased_at is not None:
        raise Conflict(
            say("Everything about this was erased, so nothing can be done with it any more. Please ask anew.")
        )


def _unless_over(day: date | None, today: date) -> date | None:
    return None if day is None or day < today else day


def without_words(notice: Notice, plain_title: str, now: datetime) -> Notice:
    """What is left once everything was erased: that there was something of this category, and how it ended."""
    return replace(
        notice,
        wording=Wording(plain_title, notice.wording.category),
        status=notice.status if notice.is_closed else Status.NO_LONGER_NEEDED,
        consent=Consent(),
        on_behalf=OnBehalf(),
        updated_at=now,
        erased_at=now,
        returns_on=None,
        rounds_from=None,
    )


def commit_quantity(notice: Notice, quantity: Decimal, now: datetime) -> Notice:
    """Somebody agreed to bring `quantity`: it is no longer open. Raises Conflict when that is nothing or too much."""
    if notice.is_closed or notice.status == Status.PAUSED:
        raise Conflict(say("This is no longer open."))
    if quantity <= 0:
        raise Conflict(say("Nothing was offered."))
    if quantity > notice.remaining:
        raise Conflict(say("That is more than is still open."))
    return replace(notice, remaining=notice.remaining - quantity, status=Status.TAKEN_ON, updated_at=now)


def return_quantity(notice: Notice, quantity: Decimal, promised: Decimal, now: datetime) -> Notice:
    """An agreement ended without being met: what it had taken is open again, or waits where the notice is paused.

    Where nothing was met before, and others have still `promised` something, it stays taken on.
    """
    if notice.is_closed:
        return notice
    remaining = min(notice.remaining + quantity, notice.wording.quantity)
    untouched = Status.TAKEN_ON if promised > 0 else Status.OPEN
    status = untouched if remaining + promised >= notice.wording.quantity else Status.PARTLY_MET
    return replace(notice, remaining=remaining, status=_unless_paused(notice, status), updated_at=now)


def fulfil(notice: Notice, agreed: Decimal, brought: Decimal, promised: Decimal, now: datetime) -> Notice:
    """An agreement about `agreed` ended with `brought` handed over; the difference is open again.

    It is met once nothing is open and nothing is still `promised` by others.
    """
    if notice.is_closed:
        return notice
    remaining = min(notice.remaining + max(agreed - brought, Decimal(0)), notice.wording.quantity)
    return _with_left(notice, remaining, promised, now)


def fulfil_late(notice: Notice, brought: Decimal, promised: Decimal, now: datetime) -> Notice:
    """`brought` was handed over for an agreement that had come home, so that it was open again until now."""
    if notice.is_closed:
        return notice
    return _with_left(notice, max(notice.remaining - brought, Decimal(0)), promised, now)


def _with_left(notice: Notice, remaining: Decimal, promised: Decimal, now: datetime) -> Notice:
    if remaining == 0 and promised == 0:
        returns_on = notice.rounds.after(now.date())
        return replace(notice, remaining=remaining, status=Status.MET, updated_at=now, returns_on=returns_on)
    status = _unless_paused(notice, Status.TAKEN_ON if remaining == 0 else Status.PARTLY_MET)
    return replace(notice, remaining=remaining, status=status, updated_at=now)


def _unless_paused(notice: Notice, status: Status) -> Status:
    return Status.PAUSED if notice.status == Status.PAUSED else status
