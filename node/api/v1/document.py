"""The OpenAPI 3.1 document, made from the same list as the routes."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from node.api.v1.operations import Access, NoBody, Operation
from node.api.v1.problem_json import MEDIA_TYPE, Problem
from node.api.v1.replay import HEADER

Json = dict[str, Any]

_INTRODUCTION = """\
What a community's server can be asked by scripts. Every call needs a token: `Authorization: Bearer …`, made with
`manyhands token create --member NAME`; it may do what that member's roles allow.

Errors are `application/problem+json` (RFC 9457); `errors` names each field at fault. A field that a body or a query
does not know is refused. Lists answer `{"items": […], "next": …}`: hand `next` back as `after` for what follows.

Any POST may carry an `Idempotency-Key`. The same key with the same body gives the same answer and does nothing twice;
with another body it is refused with 409. Errors are not kept: put the request right and use the key again.
"""

_PROBLEMS = {
    400: "The request cannot be read: not JSON, or an Idempotency-Key that cannot be one.",
    401: "No token came with the call, or an unknown one.",
    403: "The token's member does not have the role that is needed.",
    404: "There is no such thing here.",
    409: "It cannot be done in the present state, consent is missing "
    "(`type` is `urn:manyhands:problem:consent-missing`, `ask_first` the call that notes to ask the person), "
    "or the Idempotency-Key was used for another request.",
    413: "The body is too large.",
    415: "The body is not sent as application/json.",
    422: "Fields are missing, unknown or cannot be taken; `errors` names them.",
    502: "The other community's server could not be reached or did not agree.",
}

_ROLES = {
    Access.MEMBER: "For every member.",
    Access.HELPER: "For helpers, dispatchers and stewards.",
    Access.DISPATCHER: "For dispatchers and stewards.",
    Access.STEWARD: "For stewards.",
    Access.GATEWAY: "For a device that sends text messages, and for no other role.",
}


def describe(operations: Iterable[Operation]) -> Json:
    """The document of these calls. The same calls always give the same document."""
    known = tuple(operations)
    names, schemas = _schemas(known)
    paths: dict[str, Json] = {
        "/openapi.json": {"get": _own_operation()},
    }
    for operation in known:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, names, schemas)
    queries = {names[operation.query, "validation"] for operation in known}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Manyhands", "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in queries},
            "responses": {str(status): _problem(text) for status, text in _PROBLEMS.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _schemas(operations: tuple[Operation, ...]) -> tuple[Mapping[Any, str], dict[str, Json]]:
    wanted: dict[tuple[type[BaseModel], Literal["validation", "serialization"]], None] = {}
    for operation in operations:
        wanted[operation.body, "validation"] = None
        wanted[operation.query, "validation"] = None
        if operation.answer is not None:
            wanted[operation.answer, "serialization"] = None
    wanted[Problem, "serialization"] = None
    references, together = models_json_schema(tuple(wanted), ref_template="#/components/schemas/{model}")
    names = {key: reference["$ref"].rpartition("/")[2] for key, reference in references.items()}
    return names, together["$defs"]


def _operation(operation: Operation, names: Mapping[Any, str], schemas: dict[str, Json]) -> Json:
    described: Json = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": _ROLES[operation.access],
        "parameters": _parameters(operation, schemas[names[operation.query, "validation"]]),
        "responses": _responses(operation, names),
    }
    if operation.takes_body:
        schema = {"$ref": f"#/components/schemas/{names[operation.body, 'validation']}"}
        described["requestBody"] = {
            "required": operation.body is not NoBody,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _parameters(operation: Operation, query: Json) -> list[Json]:
    found: list[Json] = []
    if operation.has_id:
        found.append({"name": "id", "in": "path", "required": True, "schema": {"type": "string"}})
    required = query.get("required", [])
    for name, schema in query.get("properties", {}).items():
        found.append({"name": name, "in": "query", "required": name in required, "schema": schema})
        if name in operation.query.lists:
            found[-1] |= {"style": "form", "explode": False}
    if operation.method == "POST":
        found.append({"name": HEADER, "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 200}})
    return found


def _responses(operation: Operation, names: Mapping[Any, str]) -> Json:
    answer: Json = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer is not None:
        schema = {"$ref": f"#/components/schemas/{names[operation.answer, 'serialization']}"}
        answer["content"] = {"application/json": {"schema": schema}}
    if operation.location:
        answer["headers"] = {"Location": {"schema": {"type": "string"}}}
    problems = {str(status): {"$ref": f"#/components/responses/{status}"} for status in _problem_statuses(operation)}
    return {str(operation.status): answer, **problems}


def _problem_statuses(operation: Operation) -> list[int]:
    statuses = {401, 422, *operation.problems}
    if operation.access != Access.MEMBER:
        statuses.add(403)
    if operation.has_id:
        statuses.add(404)
    if operation.takes_body:
        statuses |= {400, 413, 415}
    if operation.method == "POST":
        statuses.add(409)
    return sorted(statuses)


def _problem(description: str) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}


def _own_operation() -> Json:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "get_document",
        "tags": ["document"],
        "summary": "This document",
        "security": [],
        "responses": {"200": {"description": "OK", "content": content}},
    }
