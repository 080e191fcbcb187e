"""The helpers' board: needs whose words helpers may read, and of which some is with nobody."""

from dataclasses import dataclass

from node.domain.consent import Use, is_given
from node.domain.errors import NotFound
from node.domain.members import Member, must_be_helper
from node.domain.notices import Notice
from node.domain.taking_on import NOT_OPEN, Part, may_be_taken_on
from node.services.community import Community
from node.services.meeting import phrase_of_part
from node.services.promises import promised, promised_of
from node.services.taking_on import HeldPart, with_names
from node.storage.unit_of_work import UnitOfWork

MOST_ON_BOARD = 200


@dataclass(frozen=True)
class BoardLine:
    """A need as a helper sees it: never the sealed note. `part` is what of it is with the reader."""

    notice: Notice
    part: Part | None = None


@dataclass(frozen=True)
class Board:
    """What is with the reader, and what is open; `categories` are those of all that is open.

    Where it was enough for today, nothing is open to the reader.
    """

    own: tuple[BoardLine, ...]
    open: tuple[BoardLine, ...]
    categories: tuple[str, ...]
    is_enough: bool = False


@dataclass(frozen=True)
class BoardNotice:
    """One need on the board. `held` are the parts that somebody has, the reader's own among them.

    Beside the reader's own part stands what they say at the door, and whether they `may_read` how to reach the person.
    """

    notice: Notice
    is_open: bool
    part: Part | None
    held: tuple[HeldPart, ...]
    phrase: str = ""
    may_read: bool = False

    @property
    def others(self) -> tuple[HeldPart, ...]:
        """What others have on which one more hand may be."""
        return tuple(one for one in self.held if self.part is None and one.part.has_room)

    @property
    def beside(self) -> tuple[str, ...]:
        """The names on the reader's own part."""
        return next((one.names for one in self.held if self.part is not None and one.part.id == self.part.id), ())


async def board(community: Community, by: Member, category: str | None = None) -> Board:
    """The whole board, in the order of the queue; only one category where it is given. Raises NotAllowed.

    The number of questions to the database is always the same.
    """
    must_be_helper(by)
    async with community.database.reading() as work:
        parts = {part.notice_id: part for part in await work.taken.by_member(by.id)}
        notices = await work.notices.these(parts)
        is_enough = (await work.quiet.of(by.id)).has_enough(community.now())
        found = [one for one in await on_board(work) if one.id not in parts] if not is_enough else []
    own = tuple(BoardLine(notices[part.notice_id], part) for part in parts.values())
    shown = tuple(BoardLine(one) for one in found if category in {None, one.wording.category, one.wording.own_category})
    return Board(own, shown, tuple(sorted({one.wording.category_here for one in found})), is_enough)


async def get(community: Community, notice_id: str, by: Member) -> BoardNotice:
    """One need that is open, or on which somebody's hands are. Raises NotFound, NotAllowed."""
    must_be_helper(by)
    async with community.database.reading() as work:
        notice = await work.notices.get(notice_id)
        if notice is None or not notice.consent.board:
            raise NotFound(NOT_OPEN)
        is_open = may_be_taken_on(notice, await promised(work, notice_id))
        held = await with_names(work, await work.taken.of_notice(notice_id))
        may_read = bool(is_given(await work.consents.of_notice(notice_id), Use.DETAILS))
    if not is_open and not held:
        raise NotFound(NOT_OPEN)
    own = next((one.part for one in held if by.id in one.part.hands), None)
    phrase = phrase_of_part(community, own) if own is not None else ""
    return BoardNotice(notice, is_open, own, held, phrase, may_read)


async def on_board(work: UnitOfWork) -> tuple[Notice, ...]:
    """Every need that helpers may take on now, in the order of the queue; inside a unit of work."""
    found = await work.notices.for_helpers(MOST_ON_BOARD)
    with_somebody = await promised_of(work, (one.id for one in found))
    return tuple(one for one in found if may_be_taken_on(one, with_somebody[one.id]))
