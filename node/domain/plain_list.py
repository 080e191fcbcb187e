"""The open needs as a few plain lines, to be pasted where helpers of this community read."""

from collections.abc import Iterable

from node.domain.categories import DELICATE
from node.domain.notices import Notice
from node.domain.redaction import contact_details

#: Longer than this is not read anywhere.
MOST_LINES = 100


def may_stand(notice: Notice) -> bool:
    """Whether a need of the helpers' board may be told by its title elsewhere, too.

    Its person agreed that helpers may know, its category is not delicate, and its title leads to nobody.
    """
    wording = notice.wording
    return notice.consent.board and wording.category not in DELICATE and not contact_details(wording.title)


def chosen(notices: Iterable[Notice]) -> tuple[Notice, ...]:
    """Those that may stand on the list, in their order, no more than MOST_LINES."""
    return tuple(notice for notice in notices if may_stand(notice))[:MOST_LINES]
