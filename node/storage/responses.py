"""Offers of help between communities and the agreements they became, at either side."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from node.domain.responses import RUNNING, MoreTime, Response, ResponseState, Side
from node.storage.tables import responses

_COLUMNS = (
    "side offer_id object_id own_actor remote_actor quantity unit state text until share_id notice_id feed_item_id "
    "agreement_id lease_until coordination_url brought receipt_at answer created_at updated_at"
).split()


class Responses:
    """One row per offer of help."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, response: Response, form_hash: str | None) -> None:
        """Store a new response."""
        values = _values(response) | {"id": response.id, "form_hash": form_hash}
        await self._connection.execute(insert(responses).values(values))

    async def put(self, response: Response) -> None:
        """Store a changed response."""
        await self._connection.execute(update(responses).where(responses.c.id == response.id).values(_values(response)))

    async def get(self, response_id: str) -> Response | None:
        """The response with this id."""
        return await self._one(responses.c.id == response_id)

    async def by_offer(self, side: Side, offer_id: str) -> Response | None:
        """The response made with this Offer."""
        return await self._one(responses.c.side == side, responses.c.offer_id == offer_id)

    async def by_agreement(self, agreement_id: str) -> Response | None:
        """The response that became this agreement."""
        return await self._one(responses.c.agreement_id == agreement_id)

    async def by_form(self, form_hash: str) -> Response | None:
        """The response made with this form."""
        return await self._one(responses.c.form_hash == form_hash)

    async def of_side(self, side: Side, notice_id: str | None = None) -> tuple[Response, ...]:
        """Responses of one side, newest first; of one notice where it is given."""
        conditions = [responses.c.side == side]
        if notice_id is not None:
            conditions.append(responses.c.notice_id == notice_id)
        return await self._many(*conditions)

    async def running_about(self, notice_ids: Iterable[str]) -> tuple[Response, ...]:
        """Agreements about these notices of ours that still run."""
        ours = responses.c.notice_id.in_(set(notice_ids))
        return await self._many(responses.c.side == Side.ORIGIN, ours, responses.c.state.in_(RUNNING))

    async def forget_words(self, notice_id: str) -> None:
        """What two communities wrote to each other about a notice of ours goes; that they agreed, and when, stays."""
        await self._connection.execute(
            update(responses).where(responses.c.notice_id == notice_id).values(text="", answer="", more_text=None)
        )

    async def remove_of(self, notice_ids: Iterable[str]) -> None:
        """Remove every answer about these notices of ours."""
        await self._connection.execute(delete(responses).where(responses.c.notice_id.in_(set(notice_ids))))

    async def of_items(self, item_ids: set[str]) -> tuple[Response, ...]:
        """Our own answers to these feed items, newest first."""
        return await self._many(responses.c.feed_item_id.in_(item_ids))

    async def of_share(self, share_id: str) -> tuple[Response, ...]:
        """Responses to one share, newest first."""
        return await self._many(responses.c.share_id == share_id)

    async def handed_off(self) -> tuple[Response, ...]:
        """Every response that was agreed, newest first."""
        return await self._many(responses.c.agreement_id.is_not(None))

    async def asking_for_time(self) -> tuple[Response, ...]:
        """Running tasks of ours whose helpers ask for more time, the nearest end first."""
        asked = (responses.c.side == Side.ORIGIN) & responses.c.more_until.is_not(None)
        query = select(responses).where(asked, responses.c.state.in_(RUNNING))
        found = await self._connection.execute(query.order_by(responses.c.lease_until, responses.c.id))
        return tuple(_response(row) for row in found)

    async def agreed_since(self, moment: datetime) -> tuple[Response, ...]:
        """Every offer of help made since then that was agreed, newest first."""
        return await self._many(responses.c.agreement_id.is_not(None), responses.c.created_at >= moment)

    async def open(self) -> tuple[Response, ...]:
        """Every one of either side that waits for an answer or runs."""
        return await self._many(responses.c.state.in_({*RUNNING, ResponseState.OFFERED}))

    async def overdue(self, now: datetime) -> tuple[Response, ...]:
        """Agreed ones of either side whose lease is over."""
        return await self._many(responses.c.state.in_(RUNNING), responses.c.lease_until <= now)

    async def returned(self, since: datetime, limit: int) -> tuple[Response, ...]:
        """Of either side, those that went home unmet since then, the newest end first."""
        is_home = (responses.c.state == ResponseState.RETURNED) & (responses.c.updated_at >= since)
        query = select(responses).where(is_home).order_by(responses.c.updated_at.desc(), responses.c.id).limit(limit)
        return tuple(_response(row) for row in await self._connection.execute(query))

    async def unanswered(self, now: datetime) -> tuple[Response, ...]:
        """Offers that nobody answered in time."""
        return await self._many(responses.c.state == ResponseState.OFFERED, responses.c.until <= now)

    async def _one(self, *conditions: ColumnElement[bool]) -> Response | None:
        row = (await self._connection.execute(select(responses).where(*conditions))).one_or_none()
        return None if row is None else _response(row)

    async def _many(self, *conditions: ColumnElement[bool]) -> tuple[Response, ...]:
        query = select(responses).where(*conditions).order_by(responses.c.created_at.desc(), responses.c.id)
        return tuple(_response(row) for row in await self._connection.execute(query))


def _values(response: Response) -> dict[str, object]:
    wish = response.more_time
    asked = {
        "more_until": wish.until if wish else None,
        "more_text": wish.text if wish else None,
        "more_asked_at": wish.asked_at if wish else None,
    }
    return {name: getattr(response, name) for name in _COLUMNS} | {"released": list(response.released)} | asked


def _response(row: Row[Any]) -> Response:
    values = {name: row._mapping[name] for name in ("id", *_COLUMNS)}
    if row.more_until is not None:
        values["more_time"] = MoreTime(row.more_until, row.more_text or "", row.more_asked_at)
    values |= {"side": Side(row.side), "state": ResponseState(row.state), "released": tuple(row.released)}
    return Response(**values)
