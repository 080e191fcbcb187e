"""The first envelope in the database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hmac import compare_digest
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    nulls_last,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.categories import is_own
from node.domain.consent import Use
from node.domain.notices import CLOSED, Kind, Notice, Status
from node.domain.outcomes import Outcome
from node.domain.repeating import AHEAD, SHORTEST, Repeat
from node.domain.retention import ASKED_BEFORE, GRACE, LIFE, STANDING_ASKED
from node.domain.tellings import Subject
from node.storage.notice_rows import notice_from, values_of
from node.storage.tables import consents, notices, sealed_notes, tellings


@dataclass(frozen=True)
class NoticeFilter:
    """Which notices; None means any. `q` is looked for in the words written for sharing.

    In one of the twenty categories are also those in what is most like it of the community's own. `areas` is what
    counts as `area` where that is more than its name; `language` one of those that its person speaks.
    """

    kind: Kind
    status: Status | None = None
    category: str | None = None
    area: str | None = None
    q: str | None = None
    language: str | None = None
    areas: tuple[str, ...] = ()


#: What is needed first, then whom we have kept waiting longest.
_IN_QUEUE = (nulls_last(notices.c.needed_by.asc()), notices.c.created_at, notices.c.id)


class Notices:
    """Needs and offers, without anything sealed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, notice: Notice, code_hash: str, form_hash: str | None) -> None:
        """Store a new notice under the hash of its code."""
        values = values_of(notice) | {"id": notice.id, "code_hash": code_hash, "form_hash": form_hash}
        await self._connection.execute(insert(notices).values(values))

    async def put(self, notice: Notice) -> None:
        """Store a changed notice."""
        await self._connection.execute(update(notices).where(notices.c.id == notice.id).values(values_of(notice)))

    async def get(self, notice_id: str) -> Notice | None:
        """The notice with this id."""
        return await self._one(notices.c.id == notice_id)

    async def by_code(self, code_hash: str) -> Notice | None:
        """The notice whose code has this hash, compared once more in constant time."""
        row = (await self._connection.execute(select(notices).where(notices.c.code_hash == code_hash))).one_or_none()
        is_it = compare_digest((row.code_hash if row else "").encode(), code_hash.encode())
        return notice_from(row) if row is not None and is_it else None

    async def code_hash(self, notice_id: str) -> str:
        """What stands for the code of this notice."""
        found: str = await self._connection.scalar(select(notices.c.code_hash).where(notices.c.id == notice_id)) or ""
        return found

    async def together(self, notice: Notice) -> tuple[Notice, ...]:
        """Everything behind the same code: the notice alone, or all parts of what was split, in their order."""
        query = select(notices).where(or_(notices.c.id == notice.whole, notices.c.whole_id == notice.whole))
        return await self._all(query.order_by(notices.c.number))

    async def by_form(self, form_hash: str) -> Notice | None:
        """The notice that came in with this form."""
        return await self._one(notices.c.form_hash == form_hash)

    async def these(self, ids: Iterable[str]) -> dict[str, Notice]:
        """Notices by id; unknown ids are left out."""
        rows = await self._connection.execute(select(notices).where(notices.c.id.in_(set(ids))))
        return {row.id: notice_from(row) for row in rows}

    async def page(self, wanted: NoticeFilter, before: tuple[datetime, str] | None, limit: int) -> tuple[Notice, ...]:
        """Newest first, from behind the (time, id) `before`."""
        query = select(notices).where(and_(*_conditions(wanted)))
        if before is not None:
            query = query.where(
                or_(
                    notices.c.created_at < before[0],
                    and_(notices.c.created_at == before[0], notices.c.id < before[1]),
                )
            )
        query = query.order_by(notices.c.created_at.desc(), notices.c.id.desc()).limit(limit)
        return await self._all(query)

    async def waiting(self, wanted: NoticeFilter, limit: int) -> tuple[Notice, ...]:
        """What of these is not closed, by needed-by date and then by how long we have kept someone waiting."""
        query = (
            select(notices)
            .where(*_conditions(wanted), notices.c.status.not_in(CLOSED))
            .order_by(*_IN_QUEUE)
            .limit(limit)
        )
        return await self._all(query)

    async def oldest(self) -> Notice | None:
        """What came in first of everything that is here, erased or not."""
        return next(iter(await self._all(select(notices).order_by(notices.c.created_at, notices.c.id).limit(1))), None)

    async def areas(self) -> tuple[str, ...]:
        """Every area that something names which is not over, as it is written there."""
        found = await self._connection.execute(select(notices.c.area).where(_not_over()).distinct())
        return tuple(row.area for row in found if row.area)

    async def in_area(self, area: str) -> tuple[Notice, ...]:
        """Everything that names this area, in whatever capitals, and is not over."""
        is_there = or_(notices.c.area == area, func.lower(notices.c.area) == area.lower())
        return await self._all(select(notices).where(is_there, _not_over()))

    async def with_day(self, kind: Kind, limit: int) -> tuple[Notice, ...]:
        """What is not over and has a day on which it is wanted, soonest first."""
        day = func.coalesce(notices.c.returns_on, notices.c.needed_by)
        query = select(notices).where(notices.c.kind == kind, _not_over(), day.is_not(None))
        query = query.order_by(day, notices.c.id).limit(limit)
        return await self._all(query)

    async def for_helpers(self, limit: int) -> tuple[Notice, ...]:
        """Needs that helpers may read and of which some is open, in the order of the queue; a dispatcher has read them.

        Looked at more closely by `domain.taking_on`.
        """
        stands = (Status.OPEN, Status.PARTLY_MET, Status.TAKEN_ON)
        query = (
            select(notices)
            .where(notices.c.kind == Kind.NEED, notices.c.status.in_(stands))
            .where(notices.c.consent_board.is_(True), notices.c.remaining > 0)
            .order_by(*_IN_QUEUE)
            .limit(limit)
        )
        return await self._all(query)

    async def in_own_category(self, key: str) -> tuple[Notice, ...]:
        """Everything in this category of our own that is not over."""
        return await self._all(select(notices).where(notices.c.own_category == key, _not_over()))

    async def recategorise(self, key: str, like: str, own_category: str) -> None:
        """Whatever is in this category of our own is in that one from now on, what is over too."""
        values = {"category": like, "own_category": own_category}
        await self._connection.execute(update(notices).where(notices.c.own_category == key).values(values))

    async def open_offers(self, category: str, limit: int) -> tuple[Notice, ...]:
        """Offers of a category of which something is there, the oldest first."""
        not_now = (*CLOSED, Status.PAUSED)
        query = (
            select(notices)
            .where(notices.c.kind == Kind.OFFER, notices.c.category == category)
            .where(notices.c.status.not_in(not_now), notices.c.remaining > 0)
            .order_by(notices.c.created_at, notices.c.id)
            .limit(limit)
        )
        return await self._all(query)

    async def nearly_expired(self, now: datetime, limit: int) -> tuple[Notice, ...]:
        """Not over, and by its dates it may have expired: looked at more closely by `domain.retention`."""
        said = _said()
        day = (now - GRACE).date()
        query = (
            select(notices)
            .where(_not_over())
            .where(
                or_(
                    _last_day() < day,
                    and_(notices.c.standing.is_(False), said <= now - LIFE, _last_day().is_(None)),
                )
            )
            .order_by(notices.c.created_at)
            .limit(limit)
        )
        return await self._all(query)

    async def to_be_asked(self, now: datetime, day: date, limit: int) -> tuple[Notice, ...]:
        """Whose owner may have to be asked whether it is still wanted, and was not since they last said so.

        `day` is today where people live. Looked at more closely by `domain.retention`.
        """
        said = _said()
        told = _told_of(Subject.STILL_NEEDED).where(tellings.c.made_at >= said)
        no_day = _last_day().is_(None)
        query = (
            select(notices)
            .where(_not_over())
            .where(notices.c.status != Status.TAKEN_ON, ~told.exists())
            .where(
                or_(
                    _last_day() < day,
                    and_(no_day, notices.c.standing.is_(False), said <= now - (LIFE - ASKED_BEFORE)),
                    and_(no_day, notices.c.standing.is_(True), said <= now - STANDING_ASKED),
                )
            )
            .order_by(notices.c.created_at)
            .limit(limit)
        )
        return await self._all(query)

    async def taken_on_untold(self, before: datetime, limit: int) -> tuple[Notice, ...]:
        """Needs that somebody has had since before this moment, of which that was not told yet.

        Only those whose person once said that they would like to be told; the newest answer counts.
        """
        wished = select(consents.c.id).where(
            consents.c.notice_id == notices.c.id, consents.c.use == Use.TAKEN_ON, consents.c.given.is_(True)
        )
        query = (
            select(notices)
            .where(notices.c.kind == Kind.NEED, notices.c.status == Status.TAKEN_ON, notices.c.updated_at <= before)
            .where(wished.exists(), ~_told_of(Subject.TAKEN_ON).exists())
            .order_by(notices.c.updated_at, notices.c.id)
            .limit(limit)
        )
        return await self._all(query)

    async def in_rounds(self, today: date, limit: int) -> tuple[Notice, ...]:
        """Where the next round may have begun by `today`: looked at more closely by `domain.rounds`."""
        query = (
            select(notices)
            .where(notices.c.repeat != Repeat.ONCE, notices.c.erased_at.is_(None), _may_come_round(today))
            .order_by(func.coalesce(notices.c.returns_on, notices.c.needed_by), notices.c.id)
            .limit(limit)
        )
        return await self._all(query)

    async def outcomes(self) -> tuple[tuple[Outcome, ...], ...]:
        """The parts of everything of which some words are still there, as far as the report looks at it."""
        part, whole = notices.alias(), func.coalesce(notices.c.whole_id, notices.c.id)
        with_words = select(func.coalesce(part.c.whole_id, part.c.id)).where(part.c.erased_at.is_(None))
        # Of an erased part it is no longer known when it ended.
        changed_at = case((notices.c.erased_at.is_(None), notices.c.updated_at), else_=notices.c.created_at)
        query = select(whole, notices.c.kind, notices.c.status, notices.c.created_at, changed_at)
        found: dict[str, tuple[Outcome, ...]] = {}
        for name, kind, status, came_in, changed in await self._connection.execute(query.where(whole.in_(with_words))):
            found[name] = (*found.get(name, ()), Outcome(Kind(kind), Status(status), came_in, changed))
        return tuple(found.values())

    async def closed_with_words(self, before: datetime, limit: int) -> tuple[Notice, ...]:
        """What was closed before this moment and still has its words."""
        query = select(notices).where(*_over_since(before), notices.c.erased_at.is_(None)).limit(limit)
        return await self._all(query)

    async def not_erased(self) -> tuple[str, ...]:
        """Ids of everything whose words are still there, the oldest first."""
        query = select(notices.c.id).where(notices.c.erased_at.is_(None)).order_by(notices.c.created_at)
        return tuple(await self._connection.scalars(query))

    async def erased_before(self, moment: datetime, limit: int) -> tuple[str, ...]:
        """Ids of what was erased before this moment, and holds no code for parts that are still here."""
        part = notices.alias()
        parts = select(part.c.id).where(part.c.whole_id == notices.c.id)
        query = select(notices.c.id).where(notices.c.erased_at < moment, ~parts.exists())
        return tuple(await self._connection.scalars(query.limit(limit)))

    async def remove(self, ids: Iterable[str]) -> None:
        """Remove these notices with what was left of their shares. Their codes open nothing any more."""
        await self._connection.execute(delete(notices).where(notices.c.id.in_(set(ids))))

    async def closed_with_note(self, before: datetime, limit: int) -> tuple[str, ...]:
        """Ids of what was closed before this moment and still has a sealed note."""
        query = (
            select(notices.c.id)
            .join(sealed_notes, sealed_notes.c.notice_id == notices.c.id)
            .where(*_over_since(before))
            .limit(limit)
        )
        return tuple(await self._connection.scalars(query))

    async def _all(self, query: Select[Any]) -> tuple[Notice, ...]:
        return tuple(notice_from(row) for row in await self._connection.execute(query))

    async def _one(self, condition: ColumnElement[bool]) -> Notice | None:
        row = (await self._connection.execute(select(notices).where(condition))).one_or_none()
        return None if row is None else notice_from(row)


def _not_over() -> ColumnElement[bool]:
    """Not closed, or to come back for another round."""
    return or_(notices.c.status.not_in(CLOSED), notices.c.returns_on.is_not(None))


def _told_of(subject: Subject) -> Select[tuple[str]]:
    """What was told of this to whoever a notice came from."""
    return select(tellings.c.id).where(tellings.c.notice_id == notices.c.id, tellings.c.subject == subject)


def _said() -> ColumnElement[datetime]:
    """When its owner last said that it is wanted."""
    return func.coalesce(notices.c.renewed_at, notices.c.created_at)


def _last_day() -> ColumnElement[date | None]:
    until = func.coalesce(notices.c.repeat_until, notices.c.needed_by)
    return case(
        (notices.c.repeat == Repeat.ONCE, notices.c.needed_by),
        (notices.c.kind == Kind.OFFER, until),
        else_=notices.c.repeat_until,
    )


def _over_since(before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Closed, and not to come back for another round."""
    return notices.c.status.in_(CLOSED), notices.c.updated_at < before, notices.c.returns_on.is_(None)


def _may_come_round(today: date) -> ColumnElement[bool]:
    has_day = and_(notices.c.kind == Kind.NEED, notices.c.needed_by.is_not(None))
    is_waiting = and_(has_day, notices.c.status.not_in({*CLOSED, Status.TAKEN_ON}))
    rounds = [
        and_(
            notices.c.repeat == repeat,
            or_(
                and_(has_day, notices.c.returns_on <= today + timedelta(days=ahead)),
                and_(is_waiting, notices.c.needed_by <= today + timedelta(days=ahead - SHORTEST[repeat])),
            ),
        )
        for repeat, ahead in AHEAD.items()
    ]
    return or_(notices.c.returns_on <= today, *rounds)


def _conditions(wanted: NoticeFilter) -> list[ColumnElement[bool]]:
    conditions = [notices.c.kind == wanted.kind]
    if wanted.status is not None:
        conditions.append(notices.c.status == wanted.status)
    if wanted.category is not None:
        column = notices.c.own_category if is_own(wanted.category) else notices.c.category
        conditions.append(column == wanted.category)
    if wanted.area is not None:
        conditions.append(notices.c.area.in_(wanted.areas or (wanted.area,)))
    if wanted.language:
        conditions.append(cast(notices.c.languages, String).contains(f'"{wanted.language}"', autoescape=True))
    if wanted.q:
        conditions.append(
            or_(
                notices.c.title.icontains(wanted.q, autoescape=True),
                notices.c.text.icontains(wanted.q, autoescape=True),
            )
        )
    return conditions
