"""SQL that was put together once in a process is not put together again for every other database of the run.

SQLAlchemy keeps it for each engine by itself, because engines may speak differently. All of ours for SQLite are opened
in one manner, and a test opens several.
"""

from functools import partial
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import create_async_engine


class _Statements(dict[Any, Any]):
    """What SQLAlchemy keeps, whichever engine it was made for: an engine's dialect comes first in its keys."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, made: Any) -> None:
        super().__setitem__(key[1:], made)


def share_statements(patch: pytest.MonkeyPatch) -> None:
    """From now on every database in SQLite that is opened here uses what others put together."""
    open_engine = partial(create_async_engine, execution_options={"compiled_cache": _Statements()})
    patch.setattr("node.storage.sqlite.create_async_engine", open_engine)
