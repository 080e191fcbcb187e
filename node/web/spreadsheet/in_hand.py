"""A spreadsheet between two pages: packed into a hidden field, and read again with everything chosen so far."""

import asyncio
import base64
import zlib
from collections.abc import Collection
from dataclasses import dataclass

from aiohttp import web

from node.domain.areas import Area
from node.domain.errors import Invalid
from node.domain.spreadsheets import Mapping, MappingWrong, Sheet, SpreadsheetWrong
from node.services.imports import LARGEST_FILE, LARGEST_MAPPING, open_mapping, open_sheet
from node.web.category_words import own_categories
from node.web.forms import CSRF_FIELD, Form, read_form
from node.web.sessions import VISIT
from node.web.words import _

FILE, MAPPING = "file", "mapping"
_CARRIED = ((FILE, LARGEST_FILE), (MAPPING, LARGEST_MAPPING))
#: What page one sends; a carried file is text, a chosen one is not.
CHOSEN_FILE, CHOSEN_MAPPING = "spreadsheet", "meanings"


@dataclass(frozen=True)
class InHand:
    """The file, its rows, the mapping file that was given with it if one was, what was chosen since, and our areas."""

    data: bytes
    sheet: Sheet
    mapping_file: bytes
    base: Mapping | None
    form: Form
    areas: tuple[Area, ...]

    def hidden(self, shown: Collection[str]) -> tuple[tuple[str, str], ...]:
        """Everything that has to travel along on a page that asks for the fields `shown` itself."""
        own = {FILE, MAPPING, CSRF_FIELD, *shown}
        chosen = ((name, value) for name, values in self.form.typed.items() if name not in own for value in values)
        return ((FILE, _packed(self.data)), (MAPPING, _packed(self.mapping_file)), *chosen)


async def from_page_one(request: web.Request) -> InHand:
    """What was chosen on the first page. Raises Invalid with a sentence beside the field that it is about."""
    files = (await read_form(request, (CHOSEN_FILE, CHOSEN_MAPPING))).files
    spreadsheet, mapping_file = (
        files[name].beginning if name in files else b"" for name in (CHOSEN_FILE, CHOSEN_MAPPING)
    )
    if not spreadsheet:
        raise Invalid({CHOSEN_FILE: _("Choose a file first. If you chose one, it is empty.")})
    return await _opened(request, spreadsheet, mapping_file, Form())


async def carried(request: web.Request) -> InHand:
    """What travelled along in the page before. Raises Invalid."""
    form = await read_form(request)
    spreadsheet, mapping_file = (_unpacked(form.text(name), most) for name, most in _CARRIED)
    return await _opened(request, spreadsheet, mapping_file, form)


async def _opened(request: web.Request, spreadsheet: bytes, mapping_file: bytes, form: Form) -> InHand:
    try:
        base = open_mapping(mapping_file, own_categories()) if mapping_file else None
        sheet = await asyncio.to_thread(open_sheet, spreadsheet, base)
    except MappingWrong as wrong:
        raise Invalid({CHOSEN_MAPPING: wrong.message}) from None
    except SpreadsheetWrong as wrong:
        raise Invalid({CHOSEN_FILE: wrong.message}) from None
    return InHand(spreadsheet, sheet, mapping_file, base, form, request[VISIT].profile.areas)


def _packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(data)).decode() if data else ""


def _unpacked(text: str, most: int) -> bytes:
    """What `_packed` made, never more than `most` bytes and one. Raises Invalid where it is something else."""
    if not text:
        return b""
    try:
        return zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), most + 1)
    except (ValueError, zlib.error):
        raise Invalid({CHOSEN_FILE: _("The file did not arrive in one piece. Please choose it again.")}) from None
