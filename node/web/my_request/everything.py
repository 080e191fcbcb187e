"""Everything we hold about one request or offer: a page to read, and the same as JSON to take along."""

import json
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from aiohttp import web

from node.context import community_of
from node.domain.codes import part_code
from node.services import everything as holding
from node.services import splitting
from node.services.consents import ConsentLine
from node.services.everything import Everything
from node.services.responses import ResponseLine
from node.web.keeping import keeping_of
from node.web.my_request.finding import Found, find
from node.web.pages import NO_STORE, render
from node.web.sessions import VISIT

#: Says nothing of what is in it to whoever looks into a folder of downloads.
FILE_NAME = "my-page.json"


async def show(request: web.Request) -> web.Response:
    """GET /r/{code}/everything: of this part, or with `?all=yes` of every part behind the code."""
    found = await find(request)
    codes, has_parts = await _codes(request, found)
    every = [await holding.everything(community_of(request), code) for code in codes]
    return render(
        request,
        "my_request_everything.html",
        every=tuple((held, keeping_of(request, held.notice)) for held in every),
        notice=found.notice,
        has_parts=has_parts,
        is_all=_wants_all(request),
        path=found.path,
        file_name=FILE_NAME,
    )


async def download(request: web.Request) -> web.Response:
    """GET /r/{code}/everything.json, or with `?all=yes` the same of every part."""
    found = await find(request)
    codes, _has_parts = await _codes(request, found)
    every = [_document(request, code, await holding.everything(community_of(request), code)) for code in codes]
    document = {"parts": every} if _wants_all(request) else every[0]
    text = json.dumps(document, ensure_ascii=False, indent=2, default=_plain)
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return web.Response(text=f"{text}\n", content_type="application/json", headers=headers)


def _wants_all(request: web.Request) -> bool:
    return request.query.get("all") == "yes"


async def _codes(request: web.Request, found: Found) -> tuple[tuple[str, ...], bool]:
    """The codes of what is asked for; and whether there are several parts."""
    parts = await splitting.parts(community_of(request), found.notice)
    if not parts or not _wants_all(request):
        return (found.code,), bool(parts)
    return tuple(part_code(found.code, one.number) for one in parts), True


def _document(request: web.Request, code: str, held: Everything) -> dict[str, Any]:
    community, notice = community_of(request), held.notice
    keeping = keeping_of(request, notice)
    return {
        "community": request[VISIT].profile.name,
        "address": community.base_url,
        "written_at": community.now(),
        "code": code,
        "kind": notice.kind,
        "status": notice.status,
        "words": asdict(notice.wording),
        "still_open": notice.remaining,
        "for_someone_else": notice.for_someone_else,
        "they_know": notice.on_behalf.knows,
        "may_be_contacted": notice.on_behalf.may_be_contacted,
        "standing": notice.standing,
        "came_in_at": notice.created_at,
        "changed_at": notice.updated_at,
        "erased_at": notice.erased_at,
        "locked": asdict(held.sealed) if held.sealed else None,
        "agreed_to": asdict(notice.consent),
        "answers_about_sharing": [_consent(line) for line in held.agreed],
        "read_by": [asdict(one) for one in held.openings],
        "shared": [asdict(one) for one in held.shown],
        "answers_of_others": [_answer(line) for line in held.answers],
        "in_hand_here": [asdict(one) for one in held.in_hand],
        "questions_of_others": [{"ours": one.is_ours, "words": one.text, "at": one.said_at} for one in held.asked],
        "tries_to_reach_you": [{"how": one.reached, "words": one.words, "at": one.noted_at} for one in held.tried],
        "log": [asdict(line) for line in held.log],
        "kept_until": {"ends": keeping.ends, "locked": keeping.sealed, "words": keeping.words},
    }


def _consent(line: ConsentLine) -> dict[str, Any]:
    entry = line.entry
    return {
        "use": entry.question.use,
        "community": line.peer_name,
        "yes": entry.is_given,
        "words": entry.wording,
        "told": entry.asking.channel,
        "language": entry.asking.language,
        "written_down_by_a_member": bool(line.by_name),
        "at": entry.at,
    }


def _answer(line: ResponseLine) -> dict[str, Any]:
    response = line.response
    return {
        "community": line.peer_name,
        "state": response.state,
        "quantity": response.quantity,
        "their_words": response.text,
        "our_words": response.answer,
        "may_read": list(response.released),
        "until": response.lease_until,
        "came_in_at": response.created_at,
        "changed_at": response.updated_at,
    }


def _plain(value: object) -> str:
    """What JSON has no word for: amounts to the letter, times and days as ISO 8601 writes them."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    raise TypeError(type(value).__name__)
