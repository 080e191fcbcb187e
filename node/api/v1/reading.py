"""Reading a request: who calls, with what body, asking for what. Everything wrong is a Refused."""

import re
from typing import TypeVar

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import ValidationError

from node.api.v1.fields import Body, Query
from node.api.v1.problem_json import NotJson, NotSignedIn, TooLarge, WrongContentType, WrongShape, wrong_shape
from node.domain.members import Member
from node.services import tokens
from node.services.community import Community

#: Bytes; a need with every field filled to its limit stays below.
LARGEST_BODY = 256 * 1024

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/=-]{1,500})", re.IGNORECASE)

B = TypeVar("B", bound=Body)
Q = TypeVar("Q", bound=Query)


async def member_of(request: web.Request, community: Community) -> Member:
    """Whose bearer token came with the request. Raises NotSignedIn."""
    header = request.headers.get("Authorization", "")
    if not header:
        raise NotSignedIn("Send an API token: Authorization: Bearer …", is_token_given=False)
    found = _BEARER.fullmatch(header.strip())
    member = await tokens.member_of(community, found.group(1)) if found else None
    if member is None:
        raise NotSignedIn("This API token is not known here.", is_token_given=True)
    return member


async def read_body(request: web.Request) -> bytes:
    """The body, or `{}` for none. Raises TooLarge before reading more than is allowed, and WrongContentType."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise TooLarge(f"Please send at most {LARGEST_BODY // 1024} KiB.")
    body = await _read(request)
    if not body:
        return b"{}"
    if request.content_type != "application/json":
        raise WrongContentType("Send the body as application/json.")
    return body


async def _read(request: web.Request) -> bytes:
    parts = bytearray()
    try:
        async for part in request.content.iter_any():
            parts += part
            if len(parts) > LARGEST_BODY:
                raise TooLarge(f"Please send at most {LARGEST_BODY // 1024} KiB.")
    except (HttpProcessingError, ClientPayloadError, web.RequestPayloadError) as error:
        raise NotJson("The body could not be read.") from error
    return bytes(parts)


def parse_body(body: bytes, model: type[B]) -> B:
    """The body as `model`. Raises NotJson, and WrongShape naming every field at fault."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        if any(fault["type"] == "json_invalid" for fault in error.errors(include_url=False, include_input=False)):
            raise NotJson("The body is not JSON.") from None
        raise wrong_shape(error) from None


def parse_query(request: web.Request, model: type[Q]) -> Q:
    """What stands behind the question mark as `model`. A list is written with commas. Raises WrongShape."""
    given: dict[str, object] = {}
    for name, value in request.query.items():
        if name in given:
            raise WrongShape("Some fields cannot be taken as they are.", {name: "Please give this only once."})
        if value:
            given[name] = value.split(",") if name in model.lists else value
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise wrong_shape(error) from None
