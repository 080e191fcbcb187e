"""Passphrases: typed where nobody sees them, piped in, or in a file that the environment names. Never an option."""

import os
import sys
from pathlib import Path

import click

from node.domain.errors import Conflict
from node.settings import SettingsWrong


def passphrase(name: str, question: str, *, is_new: bool = False) -> str:
    """The passphrase from the file that NAME_FILE names, from NAME, from whoever sits here, or from standard input.

    A new one is typed twice. Raises Conflict where there is none, SettingsWrong where the file cannot be read.
    """
    if given := from_environment(name):
        return given
    if sys.stdin is not None and sys.stdin.isatty():
        return str(click.prompt(question, hide_input=True, confirmation_prompt=is_new, err=True))
    if piped := _piped():
        return piped
    raise Conflict(f"{question} is missing. Type it, pipe it in, or name a file that holds it with {name}_FILE.")


def from_environment(name: str) -> str:
    """What the environment says, or nothing. Raises SettingsWrong."""
    named = os.environ.get(f"{name}_FILE")
    return text_of(Path(named), f"{name}_FILE").strip() if named else os.environ.get(name, "")


def text_of(file: Path, source: str) -> str:
    """What a small file holds; `source` says who named it. Raises SettingsWrong."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsWrong(f"The file {file} that {source} names cannot be read.") from None


def _piped() -> str:
    try:
        return sys.stdin.readline().strip()
    except (AttributeError, OSError, UnicodeDecodeError):  # there may be no standard input at all
        return ""
