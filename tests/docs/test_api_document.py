"""The OpenAPI document is valid, and says exactly what the routes do."""

import re
from typing import Any

import openapi_spec_validator
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from node.api import v1
from node.api.v1.calls import CALLS
from node.api.v1.document import describe

DOCUMENT = describe(CALLS)

#: What interface.md promises; nothing of it may go.
PROMISED = """
POST /needs · GET /needs · GET /needs/{id} · PATCH /needs/{id} · GET /needs/{id}/sealed · POST /needs/{id}/status
POST /needs/{id}/shares · GET /needs/{id}/shares/preview · POST /offers · GET /offers · GET /offers/{id}
PATCH /offers/{id} · GET /offers/{id}/sealed · POST /offers/{id}/status · POST /offers/{id}/shares
GET /offers/{id}/shares/preview · DELETE /shares/{id} · GET /shares/{id} · GET /peers · POST /peers
POST /peers/{id}/accept · POST /peers/{id}/pause · POST /peers/{id}/block · DELETE /peers/{id} · GET /feed
POST /feed/{id}/responses · GET /responses · POST /responses/{id}/agree · POST /responses/{id}/decline · GET /handoffs
GET /handoffs/{id}/released · POST /handoffs/{id}/status · GET /audit
"""


def described() -> set[str]:
    """Every call in the document, as `METHOD /path`."""
    return {f"{method.upper()} {path}" for path, methods in DOCUMENT["paths"].items() for method in methods}


def test_the_document_is_valid_openapi() -> None:
    openapi_spec_validator.validate(DOCUMENT)
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_every_route_is_in_the_document_and_the_other_way_round() -> None:
    app = web.Application()
    v1.setup(app)
    routed = {
        f"{route.method} {route.resource.canonical.removeprefix('/api/v1')}"
        for route in app.router.routes()
        if route.resource is not None and route.method not in {"HEAD", "*"}
    }
    assert routed == described()


def test_everything_promised_is_there() -> None:
    promised = {" ".join(call.split()) for call in re.split("[·\n]", PROMISED) if call.strip()}
    assert promised <= described()


async def test_the_document_is_served_without_a_token() -> None:
    app = web.Application()
    v1.setup(app)
    async with TestClient[Any, Any](TestServer(app)) as client:
        answer = await client.get("/api/v1/openapi.json")
        assert answer.status == 200
        assert await answer.json() == DOCUMENT


def test_every_post_takes_an_idempotency_key() -> None:
    for path, methods in DOCUMENT["paths"].items():
        if "post" in methods:
            assert "Idempotency-Key" in [one["name"] for one in methods["post"]["parameters"]], path


def test_every_error_is_a_problem_and_every_field_is_strict() -> None:
    for described_error in DOCUMENT["components"]["responses"].values():
        assert list(described_error["content"]) == ["application/problem+json"]
    for methods in DOCUMENT["paths"].values():
        for described_call in methods.values():
            schema = described_call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema:
                assert (
                    DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["additionalProperties"]
                    is False
                )


def test_the_word_for_only_two_needed_fields() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["NewNotice"]["required"] == ["notice"]
    assert schemas["NoticeBody"]["required"] == ["title", "category"]
