"""Column types that give back exactly what was put in, on SQLite and on PostgreSQL.

How long a text may be is decided by the rules and at the doors. SQLite takes no notice of the length in a column's
type, so PostgreSQL is not told it: it would refuse on one engine what is stored on the other.
"""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import TypeCompiler
from sqlalchemy.types import TypeDecorator

#: An integer key that SQLite counts up by itself.
Sequence = BigInteger().with_variant(Integer, "sqlite")
#: Some texts in a row of their own table: JSON for SQLite, an array for PostgreSQL.
Texts = JSON().with_variant(ARRAY(Text), "postgresql")


@compiles(String, "postgresql")
def _of_any_length(_kind: String, _compiler: TypeCompiler, **_more: object) -> str:
    return "TEXT"


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite has no time zones, so it is stored in UTC and read back as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; a naive time is a programming error and raises ValueError."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as aware UTC."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Amount(TypeDecorator[Decimal]):
    """A Decimal kept to the letter."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Store as plain text, never with an exponent."""
        del dialect
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        """Read as Decimal."""
        del dialect
        return None if value is None else Decimal(value)
