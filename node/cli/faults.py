"""Whatever can go wrong, as one plain sentence that says what to do."""

import errno
import socket
import sqlite3
from collections.abc import Iterator

import click

from federation.errors import FederationError
from node.domain.errors import Invalid, ManyhandsError
from node.settings import SettingsWrong
from node.storage.migrate import WrongShape
from node.storage.vault import CannotOpen

FAILED = 1
WRONG_USE = 2

_SQLITE = (
    ("unable to open", "The database file cannot be opened. Check that this account may read and write its folder."),
    ("readonly", "The database file may not be written. Check that it belongs to the account that runs manyhands."),
    ("locked", "The database is busy with something long. Try again in a minute."),
    ("disk", "The disk is full or failing, so nothing could be stored. Make room and try again."),
    ("not a database", "The database file is damaged or is not a database. Restore it from a backup."),
    ("malformed", "The database file is damaged. Restore it from a backup."),
    ("no such table", "The database has not been prepared yet. Run: manyhands migrate"),
)

_POSTGRESQL = {  # by SQLSTATE, or its first two characters
    "28": "PostgreSQL does not know the name or password in DATABASE_URL. Correct them, or make that account.",
    "3D000": "The database that DATABASE_URL names does not exist. Make it with createdb; see docs/postgresql.md.",
    "42501": "The account in DATABASE_URL may not use this database. Make it the database's owner.",
    "42P01": "The database has not been prepared yet. Run: manyhands migrate",
    "53300": "PostgreSQL has no connection left. Raise max_connections, or run fewer processes.",
    "53": "The disk or the memory of the database server is full, so nothing could be stored. Make room and try again.",
    "55P03": "The database is busy with something long. Try again in a minute.",
    "57P": "PostgreSQL is just being started or stopped. Try again in a minute.",
}


def status_for(error: BaseException) -> int:
    """The exit status: 2 where the command itself was wrong, else 1."""
    is_typed = isinstance(error, SettingsWrong) and error.is_typed
    return WRONG_USE if is_typed or isinstance(error, click.UsageError) else FAILED


def sentence_for(error: BaseException) -> str:
    """What to tell the person at the keyboard."""
    if isinstance(error, Invalid):
        return " ".join(dict.fromkeys(error.fields.values())) or error.message
    if isinstance(error, (ManyhandsError, SettingsWrong)):
        return error.message
    if isinstance(error, (WrongShape, CannotOpen, FederationError)):
        return str(error)
    if isinstance(error, click.ClickException):
        return error.format_message()
    known = next((sentence for cause in _causes(error) if (sentence := _of_machine(cause))), "")
    return known or (
        f"Something unexpected went wrong ({type(error).__name__}); nothing more was done. "
        "To see the details, run it again with MANYHANDS_LOG_LEVEL=debug."
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        if isinstance(current, BaseExceptionGroup):
            current = current.exceptions[0]
        else:
            current = current.__cause__ or current.__context__


def _of_machine(error: BaseException) -> str:
    if isinstance(error, sqlite3.Error):
        return next((sentence for word, sentence in _SQLITE if word in str(error).lower()), "")
    if isinstance(error, ModuleNotFoundError) and error.name == "asyncpg":
        return "What DATABASE_URL needs is not installed: run `make postgres` where manyhands was installed."
    if isinstance(error, ModuleNotFoundError):
        return f"The package {error.name} is missing from this installation. Install manyhands again, with it."
    if state := getattr(error, "sqlstate", None):
        return next((sentence for start, sentence in _POSTGRESQL.items() if str(state).startswith(start)), "")
    return _of_system(error) if isinstance(error, OSError) else ""


def _of_system(error: OSError) -> str:
    place = str(error.filename) if error.filename else ""
    if error.errno == errno.EADDRINUSE:
        return "The port is already in use by another program. Stop that one, or choose another port with --bind."
    if error.errno == errno.EADDRNOTAVAIL:
        return "This machine does not have the address to listen on. Choose another one with --bind."
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{place or 'A file or port'} may not be used by this account. Check who owns it."
    if error.errno == errno.ECONNREFUSED or isinstance(error, (socket.gaierror, TimeoutError)):
        return "A server that is needed for this does not answer. Check that the one in DATABASE_URL is running."
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full, so nothing could be stored. Make room and try again."
    if isinstance(error, FileNotFoundError):
        return f"{place or 'A file, or the socket of a server that DATABASE_URL names,'} does not exist."
    if isinstance(error, (NotADirectoryError, FileExistsError)):
        return f"{place or 'The data directory'} is not a folder. Choose another one with --data-dir."
    if isinstance(error, IsADirectoryError):
        return f"{place or 'This'} is a folder, not a file."
    return f"{place}: {error.strerror}." if place and error.strerror else ""
