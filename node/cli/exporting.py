"""Taking everything along: readable files in a folder of their own."""

import csv
import json
from collections.abc import AsyncIterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.domain.errors import Conflict
from node.services.community import Community
from node.services.exports import SEALED, Row, Taken, take_along

README = "README.txt"
#: A spreadsheet program takes what begins with one of these for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ASK = (
    "This writes every name, telephone number and address that is locked here into {folder}, for anybody to read who "
    "gets hold of it. Go on?"
)


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--sealed", is_flag=True, help="Also what is locked: names, numbers, addresses, stories.")
@click.option("--yes", is_flag=True, help="Do not ask once more before --sealed.")
@data_dir_option
def export(folder: Path, sealed: bool, yes: bool, data_dir: Path | None) -> None:
    """Write everything the community holds into a new folder, as JSON and CSV with a README."""
    _must_be_new(folder)
    if sealed and not yes and not click.confirm(_ASK.format(folder=folder)):
        raise Conflict("Nothing was written.")

    async def taken(community: Community) -> Taken:
        writer = _Writer(folder)
        found = await take_along(community, writer, sealed)
        writer.explain(found, community.now())
        return found

    found = with_community(data_dir, taken)
    say(f"Everything {found.community_name} holds is in {folder}. Read {folder / README} first.")
    if sealed:
        say("What was locked is in it, too. Keep the folder where nobody else can read it, and erase it soon.")


class _Writer:
    """Writes each sheet twice: as JSON to the letter, and as CSV to look at."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder

    def explain(self, taken: Taken, now: datetime) -> None:
        """Write the README."""
        (self._folder / README).write_text(_readme(taken, now), encoding="utf-8")

    async def __call__(self, name: str, columns: tuple[str, ...], rows: AsyncIterator[Row]) -> None:
        with (
            (self._folder / f"{name}.json").open("x", encoding="utf-8") as whole,
            (self._folder / f"{name}.csv").open("x", encoding="utf-8-sig", newline="") as sheet,
        ):
            table = csv.writer(sheet)
            table.writerow(columns)
            whole.write("[")
            between = "\n"
            async for row in rows:
                whole.write(between + json.dumps(row, ensure_ascii=False, default=_plain))
                table.writerow([_cell(row[column]) for column in columns])
                between = ",\n"
            whole.write("\n]\n")


def _must_be_new(folder: Path) -> None:
    try:
        is_taken = folder.exists() and any(folder.iterdir())
    except NotADirectoryError:
        is_taken = True
    if is_taken:
        raise Conflict(f"{folder} is not an empty folder. Name a new one, so that nothing is mixed or lost.")


def _plain(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    raise TypeError(type(value).__name__)


def _cell(value: object) -> str:
    """One cell: empty for nothing, JSON for lists and documents, and never a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = json.dumps(value, ensure_ascii=False, default=_plain) if isinstance(value, list | dict) else _text(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else _plain(value)


def _readme(taken: Taken, now: datetime) -> str:
    sheets = "\n".join(f"  {name}.json, {name}.csv\n      {about}" for name, about in taken.sheets)
    left_out = "\n".join(f"  {name}: {why}" for name, why in taken.left_out)
    is_open = any(name == SEALED for name, _ in taken.sheets)
    warning = (
        f"\n{SEALED} holds what people told in confidence. Show it to nobody, and erase it soon.\n" if is_open else ""
    )
    return (
        f"Everything that {taken.community_name} held on {now:%Y-%m-%d %H:%M} UTC, as its server wrote it down.\n"
        f"{warning}\n"
        "Each file is there twice. The .json is exact: text in UTF-8, times as ISO 8601 in UTC, amounts as text. The\n"
        ".csv opens in any spreadsheet program; a cell that would be taken for a formula begins with an apostrophe.\n"
        f"People there lived by the time of {taken.timezone}.\n\n"
        f"What is here\n\n{sheets}\n\n"
        f"What is not, and why\n\n{left_out}\n\n"
        "Rows belong together by their ids: notice_id names a row of notices, share_id one of shares, member_id one\n"
        "of members. A need or offer with erased_at was erased by its owner, or because its time was over.\n"
    )
