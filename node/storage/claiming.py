"""The outbox as a queue: the statements that claim and settle, built once for each engine.

A list of values goes along as one parameter, so that the text of a statement never changes: PostgreSQL has arrays for
that, SQLite reads JSON.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Delete,
    Insert,
    Select,
    Update,
    and_,
    any_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
)
from sqlalchemy import update as update_
from sqlalchemy.dialects.postgresql import ARRAY, array

from node.storage.columns import Moment, Texts
from node.storage.tables import activities, outbox

WAITING: Final = "waiting"
FAILED: Final = "failed"


@dataclass(frozen=True)
class Queue:
    """The statements of one engine.

    `claim` takes `now`, `until` and `most`; `claim_but` also `busy`: a row with one of these inboxes alone is passed
    over. `their_activities` takes `ids`, `tried` an object's `key` and `now`.

    `drop` takes `ids`. `take_out` takes the inboxes `gone` out of a `row`; `drop_empty` takes the `ids` to look at
    after that. `set_apart` gives one `inbox` of a `row` a row of its own, as long as it stands in that one: `tries`
    more tries, `next_at` if it is not due as before, in `new_state` because of `why`. `behind` finds what waits behind
    the rows `ids`, in rows shared with others.
    """

    claim: Update
    claim_but: Update
    their_activities: Select[Any]
    drop: Delete
    take_out: Update
    drop_empty: Delete
    set_apart: Insert
    tried: Select[Any]
    behind: Select[Any]


@cache
def queue(dialect: str) -> Queue:
    """The statements for one engine."""
    lists = _lists(dialect)
    mine = outbox.c
    alone_and_busy = and_(lists.size(mine.inboxes) == 1, lists.share(mine.inboxes, lists.texts("busy")))
    return Queue(
        claim=_claim(lists),
        claim_but=_claim(lists, not_(alone_and_busy)),
        their_activities=select(activities).where(lists.among(activities.c.id, "ids")),
        drop=delete(outbox).where(lists.among(mine.id, "ids")),
        take_out=update_(outbox)
        .where(mine.id == bindparam("row"))
        .values(inboxes=lists.without(mine.inboxes, lists.texts("gone"))),
        drop_empty=delete(outbox).where(lists.among(mine.id, "ids"), lists.size(mine.inboxes) == 0),
        set_apart=_set_apart(lists),
        tried=select(mine.inboxes).where(
            mine.object_key == bindparam("key"),
            mine.state == WAITING,
            or_(mine.attempts > 0, mine.due_at > bindparam("now", type_=Moment)),
        ),
        behind=_behind(lists),
    )


def many(values: Collection[Any], dialect: str) -> Any:
    """Many values as one parameter."""
    return orjson.dumps(list(values)).decode() if dialect == "sqlite" else list(values)


def overlap(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Whether a column of texts and the parameter `name` (`many`) have one in common."""
    lists = _lists(dialect)
    return lists.share(column, lists.texts(name))


class _SqliteLists:
    """Lists as JSON."""

    def among(self, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        return column.in_(select(_each(bindparam(name))))

    def texts(self, name: str) -> ColumnElement[Any]:
        return bindparam(name)

    def size(self, texts: ColumnElement[Any]) -> ColumnElement[int]:
        return func.json_array_length(texts)

    def share(self, some: ColumnElement[Any], others: ColumnElement[Any]) -> ColumnElement[bool]:
        one = _each(some)
        return select(one).where(one.in_(select(_each(others)))).exists()

    def without(self, texts: ColumnElement[Any], gone: ColumnElement[Any]) -> ColumnElement[Any]:
        one = _each(texts)
        return select(func.json_group_array(one)).where(one.not_in(select(_each(gone)))).scalar_subquery()

    def only(self, text: ColumnElement[str]) -> ColumnElement[Any]:
        return func.json_array(text)

    def chosen(self, column: ColumnElement[Any], query: Select[Any]) -> ColumnElement[bool]:
        return column.in_(query)


class _ArrayLists:
    """Lists as arrays."""

    def among(self, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
        return column == any_(bindparam(name, type_=ARRAY(column.type)))

    def texts(self, name: str) -> ColumnElement[Any]:
        return bindparam(name, type_=Texts)

    def size(self, texts: ColumnElement[Any]) -> ColumnElement[int]:
        return func.cardinality(texts)

    def share(self, some: ColumnElement[Any], others: ColumnElement[Any]) -> ColumnElement[bool]:
        return some.bool_op("&&")(others)

    def without(self, texts: ColumnElement[Any], gone: ColumnElement[Any]) -> ColumnElement[Any]:
        one = func.unnest(texts).column_valued("one")
        return func.array(select(one).where(not_(one == any_(gone))).scalar_subquery())

    def only(self, text: ColumnElement[str]) -> ColumnElement[Any]:
        return array([text])

    def chosen(self, column: ColumnElement[Any], query: Select[Any]) -> ColumnElement[bool]:
        # An array is asked for once. PostgreSQL may ask a plain subquery again for each row and claim too many, or
        # compare it with every row there is.
        return column == any_(func.array(query.scalar_subquery()))


_Lists = _SqliteLists | _ArrayLists


def _lists(dialect: str) -> _Lists:
    return _SqliteLists() if dialect == "sqlite" else _ArrayLists()


def _each(texts: ColumnElement[Any]) -> ColumnElement[str]:
    return func.json_each(texts).table_valued("value").c.value


def _claim(lists: _Lists, *conditions: ColumnElement[bool]) -> Update:
    """Whole rows, as long as together they have at most so many inboxes; the first one in any case."""
    now, mine, earlier = bindparam("now", type_=Moment), outbox.c, outbox.alias().c
    is_behind = exists().where(
        earlier.object_key == mine.object_key,
        earlier.place < mine.place,
        earlier.state == WAITING,
        lists.share(earlier.inboxes, mine.inboxes),
    )
    is_free = or_(mine.claimed_until.is_(None), mine.claimed_until <= now)
    most: BindParameter[int] = bindparam("most")
    due = (
        select(mine.id, mine.due_at, lists.size(mine.inboxes).label("size"))
        .where(mine.state == WAITING, mine.due_at <= now, is_free, *conditions, ~is_behind)
        .order_by(mine.due_at, mine.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    so_far = func.sum(due.c.size).over(order_by=(due.c.due_at, due.c.id))
    counted = select(due.c.id, due.c.size, so_far.label("so_far")).subquery()
    chosen = select(counted.c.id).where(or_(counted.c.so_far <= most, counted.c.so_far == counted.c.size))
    until = bindparam("until", type_=Moment)
    claimed = update_(outbox).where(lists.chosen(mine.id, chosen)).values(claimed_until=until)
    return claimed.returning(mine.id, mine.activity_id, mine.inboxes, mine.attempts)


def _set_apart(lists: _Lists) -> Insert:
    mine, inbox = outbox.c, bindparam("inbox", type_=outbox.c.trouble.type)
    values = {
        "activity_id": mine.activity_id,
        "object_key": mine.object_key,
        "place": mine.place,
        "inboxes": lists.only(inbox),
        "attempts": mine.attempts + bindparam("tries", type_=mine.attempts.type),
        "due_at": func.coalesce(bindparam("next_at", type_=Moment), mine.due_at),
        "state": bindparam("new_state", type_=mine.state.type),
        "trouble": bindparam("why", type_=mine.trouble.type),
    }
    here = select(*values.values()).where(mine.id == bindparam("row"), lists.share(mine.inboxes, lists.only(inbox)))
    return insert(outbox).from_select(list(values), here)


def _behind(lists: _Lists) -> Select[Any]:
    mine, later = outbox.c, outbox.alias().c
    return select(mine.id, later.id, later.inboxes).where(
        lists.among(mine.id, "ids"),
        later.object_key == mine.object_key,
        later.place > mine.place,
        later.state == WAITING,
        lists.size(later.inboxes) > 1,
    )
