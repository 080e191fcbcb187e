"""Errors as `application/problem+json` (RFC 9457), the only place of the API where they are made.

Refused
├── NotJson              400
├── BadKey               400
├── NotSignedIn          401
├── NoSuchCall           404
├── NoSuchMethod         405
├── TooLarge             413
├── WrongContentType     415
└── WrongShape           422, names each field
"""

import traceback
from http import HTTPStatus

import orjson
import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from node.domain.errors import ConsentMissing, Invalid, ManyhandsError, SignInNeeded
from node.problems import status_of

MEDIA_TYPE = "application/problem+json"
CONSENT_MISSING = "urn:manyhands:problem:consent-missing"

_log = structlog.get_logger(__name__)

_SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no field of this name here.",
    "string_type": "Write text here.",
    "bool_type": "Write true or false.",
    "tuple_type": "Write a list here.",
    "list_type": "Write a list here.",
    "model_type": "Write an object with fields here.",
    "int_parsing": "Write a whole number.",
    "string_pattern_mismatch": "This is not written in a form that can be used here.",
}


class FieldFault(BaseModel):
    """One field that cannot be taken."""

    model_config = ConfigDict(frozen=True)

    field: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. `errors` is there when fields are at fault; `field` is its path with dots.

    `ask_first` is there when consent is missing: the call that notes that the person is to be asked.
    """

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldFault, ...] | None = None
    ask_first: str | None = None


class Refused(Exception):
    """The request itself cannot be taken; `status` is the answer's."""

    status = 400

    def __init__(self, detail: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.fields = fields or {}
        self.headers: dict[str, str] = {}


class NotJson(Refused):
    """The body is not JSON."""


class BadKey(Refused):
    """The Idempotency-Key cannot be used as one."""


class NotSignedIn(Refused):
    """No token came with the call, or none that is good."""

    status = 401

    def __init__(self, detail: str, is_token_given: bool) -> None:
        super().__init__(detail)
        self.headers = {"WWW-Authenticate": 'Bearer error="invalid_token"' if is_token_given else "Bearer"}


class NoSuchCall(Refused):
    """No call has this path."""

    status = 404


class NoSuchMethod(Refused):
    """The path has other methods; `Allow` names them."""

    status = 405

    def __init__(self, allowed: frozenset[str]) -> None:
        super().__init__("This address cannot be used with this method.")
        self.headers = {"Allow": ", ".join(sorted(allowed))}


class TooLarge(Refused):
    """More bytes than any call needs."""

    status = 413


class WrongContentType(Refused):
    """The body says that it is something else than JSON."""

    status = 415


class WrongShape(Refused):
    """JSON, but not what the call takes; `fields` names each fault."""

    status = 422


def wrong_shape(error: ValidationError) -> WrongShape:
    """Each fault with the path of its field. Never repeats what was sent."""
    faults: dict[str, str] = {}
    for fault in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in fault["loc"])
        faults.setdefault(path, _sentence(fault["type"], fault["msg"]))
    return WrongShape("Some fields cannot be taken as they are.", faults)


def _sentence(kind: str, message: str) -> str:
    plain = message.removeprefix("Value error, ")
    return _SENTENCES.get(kind, plain if plain.endswith(".") else f"{plain}.")


def problem_response(error: Exception, path: str) -> web.Response:
    """The answer to an error. An unforeseen one is logged by its kind and place, never with what was sent."""
    if isinstance(error, Refused):
        return _response(error.status, error.detail, error.fields, error.headers)
    if not isinstance(error, ManyhandsError):
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"{frame.filename}:{frame.lineno}" for frame in frames]
        _log.error("call failed", path=path, error=type(error).__name__, at=places)
        return _response(500, "Something went wrong on our side. Please try again later.")
    fields = error.fields if isinstance(error, Invalid) else None
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, SignInNeeded) else None
    ask_first = _ask_first(error) if isinstance(error, ConsentMissing) else None
    return _response(status_of(error), error.message, fields, headers, ask_first)


def _ask_first(error: ConsentMissing) -> str:
    return f"/api/v1/{error.kind}s/{error.notice_id}/callbacks"


def _response(
    status: int,
    detail: str,
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    ask_first: str | None = None,
) -> web.Response:
    kind = CONSENT_MISSING if ask_first else "about:blank"
    errors = tuple(FieldFault(field=name, detail=text) for name, text in (fields or {}).items())
    title = "Consent is missing" if ask_first else HTTPStatus(status).phrase
    problem = Problem(type=kind, title=title, status=status, detail=detail, errors=errors or None, ask_first=ask_first)
    return web.Response(
        status=status,
        body=orjson.dumps(problem.model_dump(exclude_none=True)),
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
