"""Forgetful by design: how long something is kept without a word from its owner, and after it has ended."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, tzinfo

from node.domain.days import end_of
from node.domain.errors import Invalid
from node.domain.notices import Kind, Notice, Status
from node.domain.phrases import say
from node.domain.repeating import Repeat

#: A need or offer of which nobody says that it is still wanted expires after this time.
LIFE = timedelta(days=60)
#: What stands until it is ended does not; whoever offered it is asked again after this time.
STANDING_ASKED = timedelta(days=365)
#: So long before something expires, whoever spoke for it is asked whether it is still wanted.
ASKED_BEFORE = timedelta(days=10)
#: What had to be by a certain day waits this much longer: somebody may only be late.
GRACE = timedelta(days=3)

#: How long a code still opens the receipt once everything is erased; then the row goes, too.
RECEIPT_KEPT = timedelta(days=90)
#: Answers kept for a program that asks the same thing twice.
ANSWERS_KEPT = timedelta(days=2)
#: That a member was told what waits.
TELLINGS_KEPT = timedelta(days=7)
#: That another server sent something; its words go as soon as it is handled.
JOURNAL_KEPT = timedelta(days=30)
#: A number of erased needs and offers that is smaller than this is not told: it might lead to somebody.
HIDDEN_BELOW = 5


@dataclass(frozen=True)
class Clocks:
    """For how many days each kind of record is kept, as the community decided.

    `sealed_notes` and `notices` (the words) count from the day something was closed, `log` from the day a line was
    written, `sessions` from the day somebody signed in.
    """

    sealed_notes: int = 14
    notices: int = 90
    log: int = 180
    sessions: int = 30


_CALLED = {
    "sealed_notes": say("Sealed notes"),
    "notices": say("Needs and offers"),
    "log": say("The log"),
    "sessions": say("Staying signed in"),
}
#: The fewest and the most days that a community may choose.
BOUNDS = {"sealed_notes": (1, 90), "notices": (7, 730), "log": (30, 1095), "sessions": (1, 90)}


def check_clocks(clocks: Clocks) -> Clocks:
    """The clocks, or Invalid with one sentence for each that cannot be."""
    faults = {
        name: say(
            "%(what)s: write a whole number from %(fewest)s to %(most)s.",
            what=_CALLED[name],
            fewest=BOUNDS[name][0],
            most=BOUNDS[name][1],
        )
        for name, days in asdict(clocks).items()
        if not BOUNDS[name][0] <= days <= BOUNDS[name][1]
    }
    if not faults and clocks.notices < clocks.sealed_notes:
        faults["notices"] = say("The words cannot go before the sealed note: write at least as many days as there.")
    if faults:
        raise Invalid(faults)
    return clocks


@dataclass(frozen=True)
class Past:
    """What is left of what was erased: in this month (such as `2031-05`) so many came in, and `met` were met."""

    month: str
    kind: Kind
    category: str
    area: str
    how_many: int
    met: int = 0

    @property
    def told(self) -> int | None:
        """The number as others may read it; None where it is too small to be told."""
        return self.how_many if self.how_many >= HIDDEN_BELOW else None


def past_of(notice: Notice, zone: tzinfo, with_area: bool = True) -> Past:
    """The line that this notice is counted in; whoever erases everything themselves leaves no area."""
    area = notice.wording.area if with_area else ""
    met = int(notice.status is Status.MET)
    return Past(month_of(notice.created_at, zone), notice.kind, notice.wording.category, area, 1, met)


def month_of(moment: datetime, zone: tzinfo) -> str:
    """The month of a moment where the community lives, such as `2031-05`."""
    return f"{moment.astimezone(zone):%Y-%m}"


def expires_at(notice: Notice, zone: tzinfo) -> datetime | None:
    """When it expires by itself unless somebody says that it is still wanted.

    None once it is over, and for what stands until it is ended.
    """
    last_day = last_day_of(notice)
    if notice.is_over or (notice.standing and last_day is None):
        return None
    if last_day is not None:
        return end_of(last_day + GRACE, zone)
    return notice.spoken_for_at + LIFE


def asked_at(notice: Notice, zone: tzinfo) -> datetime | None:
    """From when on its owner is asked whether it is still wanted; None while somebody has it in hand, and once over."""
    if notice.is_over or notice.status == Status.TAKEN_ON:
        return None
    last_day = last_day_of(notice)
    if last_day is not None:
        return end_of(last_day, zone)
    return notice.spoken_for_at + (STANDING_ASKED if notice.standing else LIFE - ASKED_BEFORE)


def last_day_of(notice: Notice) -> date | None:
    """The day after which it makes no sense any more, if there is one."""
    wording = notice.wording
    return wording.needed_by if wording.repeat == Repeat.ONCE else notice.rounds.last


def sealed_erased_at(notice: Notice, clocks: Clocks) -> datetime | None:
    """When the sealed note is erased; None while it is not over."""
    return notice.updated_at + timedelta(days=clocks.sealed_notes) if notice.is_over else None


def words_erased_at(notice: Notice, clocks: Clocks) -> datetime | None:
    """When the words are erased as well; None while it is not over."""
    return notice.updated_at + timedelta(days=clocks.notices) if notice.is_over else None
