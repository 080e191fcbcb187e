"""An invitation: whoever opens its link may become a member here. It never makes anybody a steward."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from node.domain.errors import Conflict, Invalid
from node.domain.members import Role
from node.domain.phrases import say
from node.domain.redaction import contact_details

#: What somebody may be invited to be. Stewards alone make somebody a steward, and of a member they know.
INVITED = (Role.HELPER, Role.DISPATCHER, Role.MEMBER)
USUAL_DAYS, MOST_DAYS = 7, 30
#: So many people may come with one link, on a sheet at a meeting for example.
MOST_PLACES = 20
WORD_LIMIT = 60
#: More open invitations than these nobody keeps in view.
MOST_OPEN = 30
#: What was ended or used up is not shown; the row waits so long, so that its form cannot bring it back.
ENDED_KEPT = timedelta(days=1)

OVER = say("This invitation is no longer open. Ask whoever gave it to you for a new one.")


@dataclass(frozen=True)
class InvitationDraft:
    """What a steward chooses: the role, for how many days, for how many people, and a word to recognise it by."""

    role: Role
    days: int = USUAL_DAYS
    places: int = 1
    word: str = ""


@dataclass(frozen=True)
class Invitation:
    """One that was made. `places` are those that are left; who came with it is not kept."""

    id: str
    role: Role
    word: str
    places: int
    made_at: datetime
    ends_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Whether somebody may still come with it; never to a role that nobody is invited to."""
        return self.role in INVITED and self.places > 0 and now < self.ends_at


def invite(draft: InvitationDraft, invitation_id: str, now: datetime) -> Invitation:
    """The invitation of this draft. Raises Invalid beside `role`, `days`, `people` and `word`."""
    word = " ".join(draft.word.split())
    faults = {
        "role": "" if draft.role in INVITED else say("Choose one of the list. An invitation makes nobody a steward."),
        "days": _number_fault(draft.days, MOST_DAYS),
        "people": _places_fault(draft),
        "word": _word_fault(word),
    }
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(found)
    return Invitation(invitation_id, draft.role, word, draft.places, now, now + timedelta(days=draft.days))


def must_have_room(known: int) -> None:
    """Raise Conflict where one more would be too many."""
    if known >= MOST_OPEN:
        raise Conflict(say("There are %(most)s open invitations already. End some of them first.", most=MOST_OPEN))


def _number_fault(number: int, most: int) -> str:
    return "" if 1 <= number <= most else say("Write a whole number from 1 to %(most)s.", most=most)


def _places_fault(draft: InvitationDraft) -> str:
    """A link that many hold opens no sealed notes."""
    if draft.role is Role.DISPATCHER and draft.places > 1:
        return say("Dispatchers can open sealed notes: invite them one by one.")
    return _number_fault(draft.places, MOST_PLACES)


def _word_fault(word: str) -> str:
    if len(word) > WORD_LIMIT:
        return say("Please use at most %(most)s characters.", most=WORD_LIMIT)
    return say("No numbers or e-mail addresses, please.") if contact_details(word) else ""
