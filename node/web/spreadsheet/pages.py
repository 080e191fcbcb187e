"""The pages of bringing a spreadsheet in, one after the other."""

import asyncio
from collections.abc import Collection
from dataclasses import replace

from aiohttp import web

from node.context import community_of
from node.domain.errors import Invalid
from node.domain.practice import NOT_REAL
from node.domain.spreadsheets import Reading, read_drafts, write_mapping
from node.services import imports
from node.web.category_words import own_categories
from node.web.forms import Form
from node.web.pages import NO_STORE, render, see_other
from node.web.sessions import VISIT, steward_of
from node.web.spreadsheet import meanings, options
from node.web.spreadsheet.in_hand import CHOSEN_FILE, CHOSEN_MAPPING, InHand, carried, from_page_one

PATH = "/spreadsheet"


async def choose(request: web.Request) -> web.Response:
    """GET /spreadsheet."""
    steward_of(request)
    return _first_page(request, Form())


async def begin_again(request: web.Request) -> web.Response:
    """GET /spreadsheet/{step}: these pages come from a form only; without it, from the beginning."""
    steward_of(request)
    return see_other(PATH)


async def take_file(request: web.Request) -> web.Response:
    """POST /spreadsheet: the file, and the mapping file of an earlier time, which leads straight to the preview."""
    steward_of(request)
    try:
        hand = await from_page_one(request)
    except Invalid as error:
        return _first_page(request, Form().wrong(error.fields), 422)
    return await (_preview(request, hand) if hand.base else _columns(request, hand))


async def show_columns(request: web.Request) -> web.Response:
    """POST /spreadsheet/columns: back to the columns."""
    steward_of(request)
    try:
        return await _columns(request, await carried(request))
    except Invalid as error:
        return _first_page(request, Form().wrong(error.fields), 422)


async def show_answers(request: web.Request) -> web.Response:
    """POST /spreadsheet/answers: the columns are chosen, or back from the preview."""
    return await _step(request, _answers)


async def show_preview(request: web.Request) -> web.Response:
    """POST /spreadsheet/preview: what would come in. Nothing is stored."""
    return await _step(request, _preview)


async def download_mapping(request: web.Request) -> web.Response:
    """POST /spreadsheet/mapping: what was chosen, as the file that the command line takes, too."""
    return await _step(request, _mapping)


async def bring(request: web.Request) -> web.Response:
    """POST /spreadsheet/bring-in: the same twice stores once; what a broken connection left out comes in."""
    return await _step(request, _bring)


async def take_back(request: web.Request) -> web.Response:
    """POST /spreadsheet/take-back: what came in with this file goes again, where nobody has touched it."""
    return await _step(request, _take_back)


async def _step(request: web.Request, show: options.Show) -> web.Response:
    """A step that needs the columns; where something is wrong, the page on which it can be put right.

    While we practise nothing comes in, which the first page says.
    """
    steward_of(request)
    if request[VISIT].profile.practice.is_under_way:
        return _first_page(request, Form(), 409)
    try:
        hand = await carried(request)
    except Invalid as error:
        return _first_page(request, Form().wrong(error.fields), 422)
    try:
        return await show(request, hand)
    except Invalid as error:
        wrong = replace(hand, form=hand.form.wrong(error.fields))
        return await (_columns if "columns" in error.fields else _answers)(request, wrong, 422)


def _first_page(request: web.Request, form: Form, status: int = 200) -> web.Response:
    if form.errors and not form.errors.keys() & {CHOSEN_FILE, CHOSEN_MAPPING}:
        form = form.wrong({CHOSEN_FILE: next(iter(form.errors.values()))})
    return render(
        request,
        "spreadsheet.html",
        status=status,
        form=form,
        why_not=NOT_REAL if request[VISIT].profile.practice.is_under_way else "",
        largest=imports.LARGEST_FILE // 1000,
        most_rows=imports.MOST_ROWS,
    )


async def _columns(request: web.Request, hand: InHand, status: int = 200) -> web.Response:
    columns = await asyncio.to_thread(meanings.columns_asked, hand)
    shown = [one.name for one in columns]
    return _page(request, hand, "spreadsheet_columns.html", shown, status, columns=columns, groups=options.FIELDS)


async def _answers(request: web.Request, hand: InHand, status: int = 200) -> web.Response:
    asked = await asyncio.to_thread(meanings.asked_of, hand)
    fields = set(asked.columns.values())
    shown = [name for one in asked.answers for name in (one.name, f"title-{one.name}", f"offer-{one.name}")]
    return _page(
        request,
        hand,
        "spreadsheet_answers.html",
        [*shown, "kind", "date_order", "region"],
        status,
        asked=asked.answers,
        options=options.of_answers(request[VISIT].profile, asked.answers),
        needs_kind=meanings.needs_kind(asked.columns),
        kind=(hand.base.fixed.kind if hand.base else None) or "",
        both_kinds=meanings.has_both_kinds(asked.columns),
        says_who_may_know="consent" in fields or bool(hand.base and hand.base.fixed.consent),
        has_days=bool(fields & {"written_at", "needed_by"}),
        date_order=meanings.date_order(hand, asked.columns),
        day_orders=options.DATE_ORDERS,
        has_numbers="phone" in fields,
        region=hand.base.file.region if hand.base else "",
        regions=options.regions(),
        unasked=asked.left,
    )


async def _preview(request: web.Request, hand: InHand, status: int = 200) -> web.Response:
    reading = await _read(hand)
    known = await imports.here_already(community_of(request), reading)
    shown = {"reading": reading, "known": known, "field_names": options.FAULTY, "who_may_know": options.who_may_know}
    return _page(request, hand, "spreadsheet_preview.html", (), status, **shown)


async def _mapping(_request: web.Request, hand: InHand) -> web.Response:
    headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="mapping.toml"'}
    text = write_mapping(await asyncio.to_thread(meanings.mapping_of, hand))
    return web.Response(text=text, content_type="application/toml", headers=headers)


async def _bring(request: web.Request, hand: InHand) -> web.Response:
    community = community_of(request)
    brought = await imports.bring_in(community, await _read(hand), steward_of(request))
    told = brought.to_be_told(community.now())
    return _page(
        request,
        hand,
        "spreadsheet_done.html",
        (),
        told=told,
        here_before=len(brought.added) + len(brought.earlier) - len(told),
        link=f"{community.base_url}/r",
    )


async def _take_back(request: web.Request, hand: InHand) -> web.Response:
    back = await imports.take_back(community_of(request), await _read(hand), steward_of(request))
    return _page(request, hand, "spreadsheet_back.html", (), gone=len(back.gone), staying=back.staying)


async def _read(hand: InHand) -> Reading:
    """The rows through the mapping that was chosen, beside the event loop. Raises Invalid."""
    mapping = await asyncio.to_thread(meanings.mapping_of, hand)
    return await asyncio.to_thread(read_drafts, hand.sheet, mapping, own_categories())


def _page(
    request: web.Request, hand: InHand, template: str, shown: Collection[str], status: int = 200, **values: object
) -> web.Response:
    return render(request, template, status=status, form=hand.form, hidden=hand.hidden(shown), **values)
