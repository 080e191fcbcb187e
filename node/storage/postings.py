"""What the community tells of itself: one row for each announcement and each resource."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.categories import is_own
from node.domain.postings import Audience, Posting, PostingKind, PostingWords
from node.storage.facts import facts_of, facts_to_values
from node.storage.tables import postings


class Postings:
    """How each is shared stands in `shares`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, posting: Posting, form_hash: str | None) -> None:
        """Store a new one."""
        values = _values(posting) | {"id": posting.id, "form_hash": form_hash}
        await self._connection.execute(insert(postings).values(values))

    async def put(self, posting: Posting) -> None:
        """Store a changed one."""
        await self._connection.execute(update(postings).where(postings.c.id == posting.id).values(_values(posting)))

    async def get(self, posting_id: str) -> Posting | None:
        """The one with this id."""
        return await self._one(postings.c.id == posting_id)

    async def by_form(self, form_hash: str) -> Posting | None:
        """The one that was written with this form."""
        return await self._one(postings.c.form_hash == form_hash)

    async def these(self, ids: Iterable[str]) -> dict[str, Posting]:
        """Those with these ids, by id; unknown ones are left out."""
        rows = await self._connection.execute(select(postings).where(postings.c.id.in_(set(ids))))
        return {row.id: _posting(row) for row in rows}

    async def current(
        self,
        kind: PostingKind,
        now: datetime,
        limit: int,
        before: tuple[datetime, str] | None = None,
        wanted: "Wanted | None" = None,
    ) -> tuple[Posting, ...]:
        """What holds now, newest first, from behind the (time, id) `before`; only what is `wanted`."""
        conditions = [postings.c.kind == kind, _holds(now), *_conditions(wanted or Wanted())]
        if before is not None:
            older = postings.c.created_at < before[0]
            conditions.append(or_(older, and_(postings.c.created_at == before[0], postings.c.id < before[1])))
        return await self._many(conditions, limit)

    async def areas(self, now: datetime) -> tuple[str, ...]:
        """Every area that something names which holds now, as it is written there."""
        found = await self._connection.execute(select(postings.c.area).where(_holds(now)).distinct())
        return tuple(row.area for row in found if row.area)

    async def in_area(self, area: str, now: datetime) -> tuple[Posting, ...]:
        """What holds now and names this area, in whatever capitals."""
        is_there = or_(postings.c.area == area, func.lower(postings.c.area) == area.lower())
        found = await self._connection.execute(select(postings).where(is_there, _holds(now)))
        return tuple(map(_posting, found))

    async def in_own_category(self, key: str, now: datetime) -> tuple[Posting, ...]:
        """What holds now and is in this category of our own."""
        found = await self._connection.execute(select(postings).where(postings.c.own_category == key, _holds(now)))
        return tuple(map(_posting, found))

    async def recategorise(self, key: str, like: str, own_category: str) -> None:
        """Whatever is in this category of our own is in that one from now on, what is over too."""
        values = {"category": like, "own_category": own_category}
        await self._connection.execute(update(postings).where(postings.c.own_category == key).values(values))

    async def over(self, kind: PostingKind, now: datetime, limit: int) -> tuple[Posting, ...]:
        """What is over and still kept, newest first."""
        return await self._many([postings.c.kind == kind, ~_holds(now)], limit)

    async def forget_before(self, moment: datetime) -> int:
        """Erase what was over by then, with how it was shared; answers how many."""
        is_over = or_(postings.c.ended_at <= moment, postings.c.until <= moment)
        return (await self._connection.execute(delete(postings).where(is_over))).rowcount

    async def _many(self, conditions: list[ColumnElement[bool]], limit: int) -> tuple[Posting, ...]:
        query = select(postings).where(*conditions).order_by(postings.c.created_at.desc(), postings.c.id.desc())
        return tuple(_posting(row) for row in await self._connection.execute(query.limit(limit)))

    async def _one(self, condition: ColumnElement[bool]) -> Posting | None:
        row = (await self._connection.execute(select(postings).where(condition))).one_or_none()
        return None if row is None else _posting(row)


@dataclass(frozen=True)
class Wanted:
    """For one of these audiences; of this category; with these words in its title, text, area or address.

    In one of the `areas` will do as well: they are what the words may mean.
    """

    audiences: tuple[Audience, ...] = tuple(Audience)
    category: str | None = None
    q: str | None = None
    areas: tuple[str, ...] = ()


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [postings.c.audience.in_(wanted.audiences)]
    if wanted.category is not None:
        column = postings.c.own_category if is_own(wanted.category) else postings.c.category
        conditions.append(column == wanted.category)
    if wanted.q is not None:
        said = postings.c.title + " " + postings.c.text + " " + postings.c.area
        place = func.coalesce(postings.c.facts["where"].as_string(), "")
        has_words = func.lower(said + " " + place).contains(wanted.q.lower(), autoescape=True)
        conditions.append(or_(has_words, postings.c.area.in_(wanted.areas)))
    return conditions


def _holds(now: datetime) -> ColumnElement[bool]:
    """Neither taken back nor over."""
    return and_(postings.c.ended_at.is_(None), or_(postings.c.until.is_(None), postings.c.until > now))


def _values(posting: Posting) -> dict[str, object]:
    return {
        "kind": posting.kind,
        "title": posting.words.title,
        "text": posting.words.text,
        "area": posting.words.area,
        "language": posting.words.language,
        "audience": posting.audience,
        "named": list(posting.named),
        "until": posting.until,
        "ended_at": posting.ended_at,
        "created_at": posting.created_at,
        "updated_at": posting.updated_at,
        "category": posting.facts.category if posting.facts else "",
        "own_category": posting.facts.own_category if posting.facts else "",
        "checked_at": posting.facts.checked_at if posting.facts else None,
        "facts": facts_to_values(posting.facts),
    }


def _posting(row: Row[Any]) -> Posting:
    return Posting(
        id=row.id,
        kind=PostingKind(row.kind),
        words=PostingWords(row.title, row.text, row.area, row.language),
        audience=Audience(row.audience),
        named=tuple(row.named),
        until=row.until,
        ended_at=row.ended_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        facts=facts_of(row.facts, row.category, row.checked_at, row.own_category),
    )
