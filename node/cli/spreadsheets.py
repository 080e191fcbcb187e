"""Bringing a spreadsheet in."""

from collections.abc import Iterator
from pathlib import Path

import click

from node.cli.running import data_dir_option, say, with_community
from node.domain.categories import AS_SHIPPED, OwnCategories
from node.domain.consent import Consent
from node.domain.errors import Conflict
from node.domain.sealed import SEALED_FIELDS
from node.services.community import Community, profile
from node.services.imports import Brought, Draft, Reading, TakenBack, bring_in, read_spreadsheet, take_back
from node.settings import SettingsWrong

FILE = click.Path(path_type=Path)
SHOWN_TEXT = 80


@click.command("import")
@click.argument("spreadsheet", metavar="FILE.csv", type=FILE)
@click.option("--mapping", required=True, type=FILE, metavar="M", help="What the columns and answers mean (TOML).")
@click.option("--dry-run", is_flag=True, help="Only print what would be done.")
@click.option("--take-back", "backwards", is_flag=True, help="Erase what came in so, where nobody has touched it.")
@data_dir_option
def import_spreadsheet(spreadsheet: Path, mapping: Path, dry_run: bool, backwards: bool, data_dir: Path | None) -> None:
    """Bring needs and offers in from a spreadsheet saved as CSV. The same file twice adds nothing."""
    if dry_run and backwards:
        raise click.UsageError("Choose --dry-run or --take-back.")
    own = _categories(data_dir, dry_run=dry_run)
    reading = read_spreadsheet(_bytes(spreadsheet), _bytes(mapping), own)
    if backwards:
        _take_back(reading, data_dir)
        return
    for line in _remarks(reading):
        say(line)
    if dry_run:
        for draft in reading.drafts:
            say(_line(draft))
        say(f"{len(reading.drafts)} needs and offers would be brought in. Nothing was stored.")
        return

    async def bring(community: Community) -> Brought:
        return await bring_in(community, reading)

    brought = with_community(data_dir, bring)
    for added in brought.added:
        say(f"{_line(added.draft)} · code {added.code}")
    say(f"{len(brought.added)} needs and offers were brought in; {len(brought.earlier)} were here already.")


def _take_back(reading: Reading, data_dir: Path | None) -> None:
    async def take(community: Community) -> TakenBack:
        return await take_back(community, reading)

    back = with_community(data_dir, take)
    for notice in back.staying:
        say(f"Stays, because somebody has read it or worked with it: {notice.wording.title} ({notice.id})")
    say(f"{len(back.gone)} needs and offers were taken back; {len(back.staying)} stay.")


def _categories(data_dir: Path | None, *, dry_run: bool) -> OwnCategories:
    """The community's own way with them; to look a file over, there need not be a community yet."""

    async def known(community: Community) -> OwnCategories:
        return (await profile(community)).categories

    try:
        return with_community(data_dir, known)
    except (Conflict, SettingsWrong, OSError):
        if dry_run:
            return AS_SHIPPED
        raise


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Conflict(f"{path} cannot be read: {error.strerror}.") from error


def _remarks(reading: Reading) -> Iterator[str]:
    if reading.blank:
        yield f"Blank, left out: {_rows(reading.blank)}."
    for row, first in reading.repeated:
        yield f"Row {row} says the same as row {first}, left out."
    for refused in reading.refused:
        reason = " ".join(f"{name}: {fault}" if name else fault for name, fault in refused.faults)
        yield f"Row {refused.row} is not brought in: {reason}"
    for name in reading.missing_columns:
        yield f"The mapping names a column that the file does not have: {name}"
    for column in reading.unmapped_columns:
        yield f"Column not in the mapping, left out: {column.column} ({_rows(column.rows)})"
    for cell in reading.unmapped:
        text = cell.text if len(cell.text) <= SHOWN_TEXT else cell.text[: SHOWN_TEXT - 1] + "…"
        yield f"Not in the mapping: {cell.column}: “{text}” ({_rows(cell.rows)})"


def _rows(numbers: tuple[int, ...]) -> str:
    return ("row " if len(numbers) == 1 else "rows ") + ", ".join(map(str, numbers))


def _line(draft: Draft) -> str:
    """What the draft would say, without anything about the person: only which parts of the note are filled."""
    wording = draft.wording
    filled = ", ".join(name for name in SEALED_FIELDS if getattr(draft.sealed, name)) or "nothing"
    amount = f"{wording.quantity:f}" + ("" if wording.unit == "one" else f" {wording.unit}")
    by = f", by {wording.needed_by}" if wording.needed_by else ""
    place = wording.area or "no area"
    return (
        f"Row {draft.row}: {draft.kind} · {wording.category_here} · {wording.title} · {amount} · "
        f"{wording.urgency}{by} · {place} · seen by: {_audience(draft.consent)} · sealed: {filled}"
    )


def _audience(consent: Consent) -> str:
    parts = {"helpers here": consent.board, "neighbouring communities": consent.peers, "everyone": consent.public}
    return ", ".join(name for name, agreed in parts.items() if agreed) or "dispatchers only"
