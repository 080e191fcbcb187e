"""What is written into the log: where something went wrong, never who was here and never what anybody typed.

Every line is one JSON object on stderr. Before it is written, fields that hold what must not be kept lose their values,
and what looks like it is taken out of all others: the code cannot be trusted to think of it each time.
"""

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping, Sequence
from datetime import date
from types import TracebackType
from typing import Any, TextIO

import structlog

from node.domain.redaction import LEFT_OUT, without_details
from node.domain.responses import RELEASABLE

FRAMES = 6

#: Fields whose values are left out whatever they are: the sealed ones, people's words, what opens doors, who asks.
SECRET_FIELDS = frozenset(
    (
        *RELEASABLE, "answers", "answer", "at_the_door", "access", "pets", "who_may_come", "value", "email", "phone",
        "title", "text", "words", "why", "note", "form", "body", "query", "args", "token", "code", "password", "csrf",
        "key", "secret", "link", "session", "authorization", "cookie", "set-cookie", "signature", "signature-input",
        "headers", "remote", "ip", "client", "peername", "forwarded", "x-forwarded-for",
    )
)  # fmt: skip

#: Pieces of any text that are left out, each with what stays of it.
_PIECES = (
    (re.compile(r"\b(authorization|(?:set-)?cookie|signature(?:-input)?)\b(\s*[:=]).*", re.IGNORECASE), r"\1\2 …"),
    (re.compile(r"\bBearer\s+\S+", re.IGNORECASE), "Bearer …"),
    (re.compile(r"(?<=[\w/)])\?[^\s\"'<>]+"), "?…"),
    (re.compile(r"(/(?:r|sign-in)/)[^\s/?\"'<>]+"), r"\1…"),
    (re.compile(r"\b(?:[a-z]+-){2,}\d{4,}\b", re.IGNORECASE), LEFT_OUT),
    (re.compile(r"\bmh_[\w-]+|(?<![\w-])(?=[\w-]*\d)[\w-]{32,}(?![\w-])"), LEFT_OUT),
    (re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b"), LEFT_OUT),
    (re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE), LEFT_OUT),
)

Event = MutableMapping[str, Any]


def configure(level: str, stream: TextIO | None = None) -> None:
    """Send lines of this level (`debug`, `info`, `warning`, `error`) and above to `stream`, by default stderr.

    Other libraries' lines take the same way from `warning` up; the server's own request log is off.
    """
    target = stream or sys.stderr
    least = getattr(logging, level.upper())
    structlog.configure(
        processors=[structlog.processors.add_log_level, *_ENDING],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(target),
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name],
            processors=[first_line, structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_ENDING],
        )
    )
    logging.getLogger().handlers = [handler]
    logging.getLogger().setLevel(max(least, logging.WARNING))
    logging.getLogger("aiohttp").setLevel(logging.CRITICAL)


def redact(_logger: object, _method: str, event: Event) -> Event:
    """Leave out what must not be kept: by the field's name, and by what a text looks like."""
    return {name: LEFT_OUT if name.lower() in SECRET_FIELDS else _clean(value) for name, value in event.items()}


def place_failure(_logger: object, _method: str, event: Event) -> Event:
    """An exception as its kind and the lines of code it came through; its own words may hold anything."""
    given = event.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event.setdefault("error", type(error).__name__)
        event["where"] = places(error.__traceback__)
    return event


def places(failed: TracebackType | None) -> list[str]:
    """The last lines of code a failure came through, innermost last."""
    frames = traceback.extract_tb(failed)[-FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def first_line(_logger: object, _method: str, event: Event) -> Event:
    """Of another library's line only its first one, without what was filled in: the rest may show values."""
    record: logging.LogRecord = event["_record"]
    event["event"] = (str(record.msg).splitlines() or [""])[0][:200]
    event.pop("positional_args", None)
    if record.exc_info:
        event["exc_info"] = record.exc_info
    return event


_ENDING: tuple[structlog.typing.Processor, ...] = (
    place_failure,
    redact,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.JSONRenderer(),
)


def _clean(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return redact(None, "", {str(name): one for name, one in value.items()})
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
        return [_clean(one) for one in value]
    return f"({type(value).__name__})"


def _clean_text(text: str) -> str:
    for piece, stays in _PIECES:
        text = piece.sub(stays, text)
    return without_details(text)
