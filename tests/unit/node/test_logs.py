"""The log says where something went wrong, never who was here and never what anybody typed."""

import asyncio
import io
import json
import logging
from typing import Any

import pytest
import structlog
from sqlalchemy.exc import StatementError

from node import logs
from node.domain.sealed import SEALED_FIELDS, Contact, SealedNote
from node.storage.database import Database
from node.storage.vault import Vault

SEALED = SealedNote(name="Amina", contact=(Contact("phone", "555-0101"),), address="the blue door")


@pytest.fixture
def written() -> io.StringIO:
    """What is written into the log."""
    lines = io.StringIO()
    logs.configure("info", lines)
    return lines


def line(written: io.StringIO) -> dict[str, Any]:
    """The only line, as it was written."""
    (text,) = written.getvalue().splitlines()
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize(
    "name", [*SEALED_FIELDS, "token", "Authorization", "Cookie", "Signature", "remote", "code", "why"]
)
def test_fields_that_hold_it_are_left_out_whatever_they_say(name: str, written: io.StringIO) -> None:
    structlog.get_logger().info("something", **{name: "Amina"}, inner={name: ["Amina"]})
    assert "Amina" not in written.getvalue()
    assert line(written)[name] == "…"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mail to amina@mail.example went wrong", "amina@mail"),
        ("call 020 7946 0123 again", "7946"),
        ("call +44 7700 900123", "900123"),
        ("at 12 Mill Lane", "Mill"),
        ("from 192.0.2.44", "192.0"),
        ("from 2001:db8::17", "db8"),
        ("from ::1 port", "::1"),
        ("GET /r/blue-otter-4127/correct", "otter"),
        ("code Blue-Otter-4127", "Otter"),
        ("code spirited-feather-natural-locket-5782", "spirited"),
        ("GET /r/whatever", "whatever"),
        ("GET /sign-in/3vQ9", "3vQ9"),
        ("GET /dispatch/abc?why=calling&q=Amina", "calling"),
        ("https://a.example/x?token=1", "token=1"),
        ("Authorization: Bearer abc", "abc"),
        ("sent Bearer mh_1234", "mh_1234"),
        ("mh_8Jq1234", "8Jq"),
        ("Cookie: manyhands=abc; x=y", "x=y"),
        ('signature: keyId="https://a.example/k",signature="QUJD"', "QUJD"),
        ("Signature-Input: sig1=(a b)", "sig1"),
        ("session 3vQ9kZ3vQ9kZ3vQ9kZ3vQ9kZ3vQ9kZ3vQ9kZ3vQ9", "3vQ9kZ"),
    ],
)
def test_what_looks_like_it_is_taken_out_of_every_text(text: str, secret: str, written: io.StringIO) -> None:
    log = structlog.get_logger()
    log.info(text)
    log.info("something", where=text, more=[text], deeper={"a": (text,)})
    assert secret not in written.getvalue()


@pytest.mark.parametrize(
    "text",
    ["GET /dispatch/{id}", "pages.py:41 render", "an activity could not be handled", "2026-11-20T10:00:00", "Create",
     "https://help.river.example/actors/public", "a_long_name_of_a_function_that_goes_on_and_on", "4 of 12"],
)  # fmt: skip
def test_what_helps_to_find_a_fault_stays(text: str, written: io.StringIO) -> None:
    structlog.get_logger().info("something", place=text)
    assert line(written)["place"] == text


def test_a_value_of_ours_is_named_by_its_kind_alone(written: io.StringIO) -> None:
    structlog.get_logger().info("something", one=SEALED, two=b"Amina", three=[SEALED], four=7, five=None)
    found = line(written)
    assert (found["one"], found["two"], found["three"]) == ("(SealedNote)", "(bytes)", ["(SealedNote)"])
    assert (found["four"], found["five"]) == (7, None)


def test_an_exception_is_its_kind_and_its_place(written: io.StringIO) -> None:
    try:
        raise ValueError("Amina lives at the blue door")
    except ValueError:
        structlog.get_logger().exception("a turn failed")
    found = line(written)
    assert (found["error"], found["event"]) == ("ValueError", "a turn failed")
    assert found["where"][-1].startswith("test_logs.py:")
    assert "Amina" not in written.getvalue() and "raise" not in written.getvalue()


def test_of_other_libraries_only_the_first_line_without_its_values(written: io.StringIO) -> None:
    error = ValueError("Amina")
    logging.getLogger("other").error("it broke for %s\nwith Amina", "Amina", exc_info=(ValueError, error, None))
    found = line(written)
    assert (found["event"], found["error"], found["logger"]) == ("it broke for %s", "ValueError", "other")
    assert "Amina" not in written.getvalue()


def test_below_its_level_nothing_is_written_and_no_request_ever(written: io.StringIO) -> None:
    structlog.get_logger().debug("quiet")
    logging.getLogger("other").info("quiet")
    logging.getLogger("aiohttp.access").info("192.0.2.44 GET /r/blue-otter-4127")
    logging.getLogger("aiohttp.server").error("Error handling request from 192.0.2.44")
    assert written.getvalue() == ""


async def test_a_task_that_nobody_waits_for_says_nothing_of_its_error(written: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": "Task failed\nwith Amina", "exception": KeyError("Amina"), "task": SEALED})
    found = line(written)
    assert (found["event"], found["error"], found["logger"]) == ("Task failed", "KeyError", "asyncio")
    assert "Amina" not in written.getvalue()


async def test_an_error_of_the_database_does_not_repeat_what_was_stored(tmp_path: Any) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", Vault(bytes(32)))
    async with database.engine.connect() as connection:
        with pytest.raises(StatementError) as failed:
            await connection.exec_driver_sql("INSERT INTO nowhere VALUES (?)", ("Amina",))
    await database.close()
    assert "Amina" not in str(failed.value)
    assert "hide_parameters" in str(failed.value)
