"""One call from request to answer: who, what, once, and every error as problem+json."""

from collections.abc import Awaitable, Callable

import orjson
from aiohttp import web
from pydantic import BaseModel

from node.api.v1.operations import Call, Operation, must_have
from node.api.v1.problem_json import problem_response
from node.api.v1.reading import member_of, parse_body, parse_query, read_body
from node.api.v1.replay import HEADER, Attempt, Locks, checked_key, fingerprint, once
from node.context import community_of
from node.domain.members import Member

PREFIX = "/api/v1"
LOCKS = web.AppKey("api_locks", Locks)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def door(operation: Operation) -> Handler:
    """The aiohttp handler of one call."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await _answered(operation, request)
        except Exception as error:
            return problem_response(error, f"{operation.method} {operation.path}")

    return handle


async def _answered(operation: Operation, request: web.Request) -> web.Response:
    member = await member_of(request, community_of(request))
    must_have(member, operation.access)
    raw = b"{}"
    if operation.takes_body:
        raw = await read_body(request)
        member = await member_of(request, community_of(request))  # while the body was on its way they may have lost it
        must_have(member, operation.access)
    attempt = _attempt(operation, request, member, raw)
    call = Call(
        community=community_of(request),
        member=member,
        id=request.match_info.get("id", ""),
        body=parse_body(raw, operation.body),
        query=parse_query(request, operation.query),
        form_id=attempt.form_id if attempt else None,
    )

    async def run() -> bytes:
        return _dump(await operation.handle(call))

    if attempt is None:
        return _response(operation, await run(), was_kept=False)
    body, was_kept = await once(call.community, attempt, request.app[LOCKS], run, operation.status)
    return _response(operation, body, was_kept)


def _attempt(operation: Operation, request: web.Request, member: Member, raw: bytes) -> Attempt | None:
    if operation.method != "POST" or HEADER not in request.headers:
        return None
    key = checked_key(request.headers[HEADER])
    return Attempt(member.id, key, fingerprint(community_of(request), f"POST {request.rel_url.raw_path}", raw))


def _dump(answer: BaseModel | None) -> bytes:
    return b"" if answer is None else answer.model_dump_json().encode()


def _response(operation: Operation, body: bytes, was_kept: bool) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    if was_kept:
        headers["Idempotency-Replayed"] = "true"
    if operation.location:
        headers["Location"] = PREFIX + operation.location.replace("{id}", orjson.loads(body)["id"])
    if not body:
        return web.Response(status=operation.status, headers=headers)
    return web.Response(status=operation.status, body=body, content_type="application/json", headers=headers)
