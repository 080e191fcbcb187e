"""Lists of communities to meet and servers to avoid, as others hand them on: read, bounded, never acted on alone.

Read are our own JSON and CSV, the domain blocks and domain allows that Mastodon exports, and plain lines of host names.
"""

import csv
import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from node.domain.blocks import read_server
from node.domain.errors import Invalid
from node.domain.phrases import say

LARGEST_FILE = 200_000
MOST_ROWS = 1000
MOST_WAITING = 2000
LONGEST_REASON = 500
FAULTS_TOLD = 20
KEPT_FOR = timedelta(days=90)
FORMAT = "manyhands lists 1"
#: The heading of Mastodon's export of domain blocks, which is ours, too.
BLOCKS_HEADING = ("#domain", "#severity", "#reject_media", "#reject_reports", "#public_comment", "#obfuscate")
ALLOWS_HEADING = ("#domain", "#comment")


class Advice(StrEnum):
    """What a list says of a server."""

    ALLOW = "allow"
    BLOCK = "block"


@dataclass(frozen=True)
class Entry:
    """One line of a list: a host, and why."""

    advice: Advice
    host: str
    reason: str = ""


@dataclass(frozen=True)
class Suggestion:
    """An entry that waits for a steward. `source` is what the list was called when it was brought in."""

    id: str
    advice: Advice
    host: str
    reason: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Reading:
    """What was read, and one sentence for each line that could not be."""

    entries: tuple[Entry, ...]
    faults: tuple[str, ...]


def read_list(text: str, otherwise: Advice) -> Reading:
    """Read a list; `otherwise` is what lines say that do not say it themselves.

    Raises Invalid where the whole cannot be a list, or is too large.
    """
    if len(text.encode()) > LARGEST_FILE:
        raise Invalid({"list": say("This is larger than %(most)s kB. Bring it in parts.", most=LARGEST_FILE // 1000)})
    lines = _of_json(text) if text.lstrip().startswith("{") else _of_csv(text, otherwise)
    if len(lines) > MOST_ROWS:
        raise Invalid({"list": say("These are more than %(most)s lines. Bring it in parts.", most=MOST_ROWS)})
    entries: dict[tuple[Advice, str], Entry] = {}
    faults: list[str] = []
    for place, (advice, host, reason) in lines:
        try:
            entry = Entry(advice, read_server(host), _one_line(reason))
        except Invalid:
            faults.append(
                say("%(place)s: “%(host)s” is not the name of a server.", place=place, host=_one_line(host)[:60])
            )
        else:
            entries.setdefault((entry.advice, entry.host), entry)
    if not entries:
        raise Invalid({"list": faults[0] if faults else say("Nothing in it could be read as a list of servers.")})
    return Reading(tuple(entries.values()), tuple(faults))


def as_json(entries: tuple[Entry, ...], name: str, now: datetime) -> str:
    """Our own form."""
    lists = {
        advice.value: [{"host": one.host, "reason": one.reason} for one in entries if one.advice is advice]
        for advice in Advice
    }
    return (
        json.dumps({"format": FORMAT, "of": name, "at": now.isoformat(), **lists}, ensure_ascii=False, indent=2) + "\n"
    )


def as_csv(entries: tuple[Entry, ...], advice: Advice) -> str:
    """The form in which Mastodon exports and imports domain blocks, or domains that are allowed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(BLOCKS_HEADING if advice is Advice.BLOCK else ALLOWS_HEADING)
    for one in entries:
        if one.advice is not advice:
            continue
        reason = _not_a_formula(one.reason)
        writer.writerow(
            (one.host, "suspend", "true", "true", reason, "false") if advice is Advice.BLOCK else (one.host, reason)
        )
    return out.getvalue()


_Line = tuple[str, tuple[Advice, str, str]]


def _of_json(text: str) -> list[_Line]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid({"list": say("This begins like JSON and is none.")}) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Invalid(
            {"list": say("This is JSON, but not a list of ours: “format” has to be “%(format)s”.", format=FORMAT)}
        )
    return [
        (f"{advice} {number}", (advice, _word(item, "host"), _word(item, "reason")))
        for advice in Advice
        for number, item in enumerate(_items(found.get(advice.value)), start=1)
    ]


def _of_csv(text: str, otherwise: Advice) -> list[_Line]:
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    except csv.Error:
        raise Invalid({"list": say("This could not be read as a table with commas.")}) from None
    heading: tuple[str, ...] = ()
    lines: list[_Line] = []
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not lines and not heading and cells[0].lower().lstrip("#") in {"domain", "host"}:
            heading = tuple(cell.lower().lstrip("#") for cell in cells)
        elif not cells[0].startswith("#"):
            lines.append((f"line {number}", _of_row(cells, heading, otherwise)))
    return lines


def _of_row(cells: list[str], heading: tuple[str, ...], otherwise: Advice) -> tuple[Advice, str, str]:
    named = dict(zip(heading, cells, strict=False)) if heading else {}
    reason = named.get("public_comment") or named.get("comment") or named.get("reason") or ""
    severity = named.get("severity", "")
    if severity and severity != "suspend":
        reason = f"{severity}: {reason}" if reason else severity
    if not heading and len(cells) > 1:
        reason = cells[1]
    advice = Advice(named["advice"]) if named.get("advice") in set(Advice) else otherwise
    return (Advice.BLOCK if severity else advice), cells[0], reason


def _items(found: object) -> list[object]:
    return found if isinstance(found, list) else []


def _word(item: object, name: str) -> str:
    if isinstance(item, str):
        return item if name == "host" else ""
    found = item.get(name) if isinstance(item, dict) else None
    return found if isinstance(found, str) else ""


def _one_line(text: str) -> str:
    plain = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(plain.split())[:LONGEST_REASON]


def _not_a_formula(text: str) -> str:
    """A cell that a spreadsheet would reckon with is written as text."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text
