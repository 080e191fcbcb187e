"""Opening a sealed note: by whom, why, and the brake that stops a hand that opens too many.

The brake looks at one member's openings of the last 24 hours and says only free, near or on. It is never a number on a
page, and nobody is compared with anybody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.errors import Invalid
from node.domain.members import Member, Role
from node.domain.phrases import say

#: How the audit log calls what was read: a note of ours, what others released to us, what we released to others.
OPENED = "opened a sealed note"
READ = "read released details"
READ_BY_HELPER = "released details were read"

WORDS_LIMIT = 200
WINDOW = timedelta(hours=24)


class Reason(StrEnum):
    """Why somebody opens a sealed note. `UNSAID` is for what programs and older versions left open, `TASK` for
    whoever has taken it on.
    """

    CALL = "call"
    WRITE = "write"
    BRING = "bring"
    GO = "go"
    MATCH = "match"
    CORRECT = "correct"
    TASK = "task"
    OTHER = "other"
    UNSAID = "unsaid"


#: What a person may choose from.
CHOSEN = tuple(reason for reason in Reason if reason not in {Reason.UNSAID, Reason.TASK})


@dataclass(frozen=True)
class Why:
    """A reason from the list, and what the member typed beside it: OTHER has nothing but these words."""

    reason: Reason
    words: str = ""


UNSAID = Why(Reason.UNSAID)


@dataclass(frozen=True)
class Opening:
    """One time somebody read sealed fields.

    Either a member (`member_id`, with the role they did it in) or another community's actor (`reader`). What was read
    is a note of ours (`notice_id`) or what another community released to us (`response_id`).
    """

    id: str
    at: datetime
    fields: tuple[str, ...]
    why: Why = UNSAID
    member_id: str | None = None
    role: str = ""
    reader: str = ""
    notice_id: str | None = None
    response_id: str | None = None


class Brake(StrEnum):
    """FREE: nothing to say. NEAR: stewards hear of it. ON: nothing opens until a steward lifts it."""

    FREE = "free"
    NEAR = "near"
    ON = "on"


def why_from(reason: str, words: str = "") -> Why:
    """The reason that was chosen, or typed. Raises Invalid beside the field `reason` or `words`."""
    typed = " ".join(words.split())
    if len(typed) > WORDS_LIMIT:
        raise Invalid({"words": say("Please use at most %(most)s characters.", most=WORDS_LIMIT)})
    if not reason and typed:
        return Why(Reason.OTHER, typed)
    if reason not in CHOSEN:
        raise Invalid({"reason": say("Choose why you are opening it, or write it below.")})
    if reason == Reason.OTHER and not typed:
        raise Invalid({"words": say("Write in a few words why you are opening it.")})
    return Why(Reason(reason), typed)


def why_of_program(text: str) -> Why:
    """What a program gave as its reason: a word of the list, free words cut to size, or nothing."""
    typed = " ".join(text.split())
    if typed in CHOSEN and typed != Reason.OTHER:
        return Why(Reason(typed))
    return Why(Reason.OTHER, typed[:WORDS_LIMIT]) if typed else UNSAID


def role_of(member: Member) -> Role:
    """The role in which somebody opens a note: as dispatcher where they are one."""
    return Role.DISPATCHER if Role.DISPATCHER in member.roles else Role.STEWARD


def brake_at(opened: int, budget: int) -> Brake:
    """Where the brake stands after so many openings within WINDOW: near from three quarters of the budget, on at it."""
    if opened >= budget:
        return Brake.ON
    return Brake.NEAR if 4 * opened >= 3 * budget else Brake.FREE


@dataclass(frozen=True)
class BrakeLine:
    """What the audit log says of one member's brake: what happened, and when."""

    member_id: str
    at: datetime
    said: Brake


def standing(lines: Iterable[BrakeLine], now: datetime) -> Brake:
    """Where one member's brake stands, from its lines, oldest first. ON lasts until lifted, NEAR for WINDOW."""
    stands, since = Brake.FREE, now
    for line in lines:
        if line.said is Brake.NEAR and stands is Brake.ON:
            continue
        stands, since = line.said, line.at
    return Brake.FREE if stands is Brake.NEAR and now - since >= WINDOW else stands


def counted_from(lines: Iterable[BrakeLine], now: datetime) -> datetime:
    """Since when openings weigh on the brake: the last 24 hours, but nothing from before it was lifted."""
    lifted = [line.at for line in lines if line.said is Brake.FREE]
    return max([now - WINDOW, *lifted])
