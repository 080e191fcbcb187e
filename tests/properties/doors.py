"""The doors for other servers, described in OpenAPI for the one test that tries them: a node describes only its /api.

Every description is wide on purpose: any header, any query, any JSON. Narrow are the names in it, so that what is sent
is about things that are really there.
"""

import re
from dataclasses import dataclass
from typing import Any

AS = "https://www.w3.org/ns/activitystreams"
TYPES = """Create Update Delete Follow Accept Reject Undo Offer Like Announce Flag Block Move Arrive""".split()
INNER = """Note Proposal Article Person Organization Tombstone Follow Offer Agreement Commitment EconomicEvent Intent
    Collection Link Place Mention Hashtag""".split()
Schema = dict[str, Any]


@dataclass(frozen=True)
class Things:
    """What there is to speak about: ids of ours and of the neighbour who speaks, as whole addresses."""

    base: str
    actor: str
    ids: tuple[str, ...]


def all_doors(things: Things) -> Schema:
    """An OpenAPI 3.1 document of the inboxes and of everything that is read."""
    return _document(dict([*_inboxes(things), *_readable(things)]))


def inbox_alone(things: Things) -> Schema:
    """An OpenAPI 3.1 document of whole activities to the shared inbox, and of nothing else."""
    body = {"required": True, "content": {"application/activity+json": {"schema": _activity(things)}}}
    return _document({"/inbox": {"post": {"requestBody": body, "responses": {}}}})


def _document(paths: Schema) -> Schema:
    return {"openapi": "3.1.0", "info": {"title": "The doors for other servers", "version": "1"}, "paths": paths}


def _inboxes(things: Things) -> list[tuple[str, Schema]]:
    body = {
        "required": True,
        "content": {
            "application/activity+json": {"schema": {"anyOf": [_activity(things), {"type": "object"}]}},
            "application/ld+json": {"schema": {"anyOf": [_activity(things), {}]}},
            "application/json": {"schema": {}},
        },
    }
    headers = ["Signature", "Signature-Input", "Digest", "Content-Digest", "Date", "Collection-Synchronization"]
    post = {"requestBody": body, "parameters": [_header(name) for name in headers], "responses": {}}
    own = [_in_path("own", {"enum": ["public", "peers", "instance"]})]
    get = {"parameters": [_header("Accept")], "responses": {}}
    return [
        ("/inbox", {"post": post, "get": get}),
        ("/actors/{own}/inbox", {"parameters": own, "post": post, "get": get}),
        ("/actors/{own}/outbox", {"parameters": own, "post": post, "get": _get(_query("page"))}),
    ]


def _readable(things: Things) -> list[tuple[str, Schema]]:
    own = _in_path("own", {"enum": ["public", "peers", "instance"]})
    known = sorted({one.rpartition("/")[2].partition("#")[0] for one in things.ids})
    some = _in_path("id", {"anyOf": [{"enum": known}, {"type": "string", "minLength": 1}]})
    resource = _query("resource", {"anyOf": [{"enum": [*things.ids, things.base, "acct:x@y"]}, {"type": "string"}]})
    pages = _query("page", {"anyOf": [{"type": "integer"}, {"type": "string"}]})
    of_actors = ["/actors/{own}", "/actors/{own}/followers", "/actors/{own}/following", "/actors/{own}/featured"]
    of_things = ["/o/{id}", "/o/{id}/replies", "/o/{id}/thread", "/a/{id}", "/p/{id}", "/events/{id}"]
    of_things += ["/agreements/{id}", "/agreements/{id}/coordinate", "/tags/{id}"]
    alone = ["/.well-known/host-meta", "/.well-known/nodeinfo", "/.well-known/security.txt", "/nodeinfo/2.1"]
    return [
        *((path, {"get": _get(own, pages)}) for path in of_actors),
        *((path, {"get": _get(some, pages)}) for path in of_things),
        *((path, {"get": _get(pages)}) for path in alone),
        ("/actors/peers/followers_synchronization", {"get": _get(pages)}),
        ("/.well-known/webfinger", {"get": _get(resource)}),
    ]


def _activity(things: Things) -> Schema:
    """What the neighbour may say: whole activities about what is there, with anything else in them."""
    some_id = {"enum": [*things.ids, things.actor]}
    time = {"enum": ["2026-11-20T10:00:00Z", "2999-01-01T00:00:00.5+14:00", "1970-01-01T00:00:00Z"]}
    text = {"anyOf": [{"type": "string"}, {"type": "object"}, {"type": "null"}]}
    number = {"type": ["number", "string"]}
    measure = {"type": "object", "properties": {"hasUnit": text, "hasNumericalValue": number}}
    inner: Schema = {
        "type": "object",
        "properties": {
            "id": some_id,
            "type": {"enum": INNER},
            "actor": some_id,
            "attributedTo": some_id,
            "object": some_id,
            "inReplyTo": some_id,
            "satisfies": some_id,
            "fulfills": some_id,
            "content": text,
            "contentMap": {},
            "name": text,
            "published": time,
            "updated": time,
            "endTime": time,
            "purpose": {"enum": ["request", "offer", "", None]},
            "tag": {},
            "location": {},
            "resourceQuantity": measure,
            "availableQuantity": measure,
        },
        "required": ["id", "type"],
        "additionalProperties": False,
    }
    whole = {**inner, "properties": inner["properties"] | {"publishes": inner, "stipulates": inner, "url": {}}}
    about = {"anyOf": [some_id, whole, {"type": "array", "items": {"anyOf": [some_id, whole]}, "maxItems": 2}]}
    return {
        "type": "object",
        "properties": {
            "@context": {"const": AS},
            "id": {
                "type": "string",
                "pattern": f"^{re.escape(things.actor.partition('/users')[0])}/a/[a-z0-9]{{1,8}}$",
            },
            "type": {"enum": TYPES},
            "actor": {"const": things.actor},
            "to": {"type": "array", "items": some_id, "maxItems": 3},
            "object": about,
            "target": about,
            "result": about,
            "content": text,
            "published": time,
            "endTime": time,
        },
        "required": ["@context", "id", "type", "actor", "object"],
        "additionalProperties": False,
    }


def _get(*parameters: Schema) -> Schema:
    headers = ["Accept", "Signature", "Signature-Input", "Date", "If-None-Match"]
    return {"parameters": [*parameters, *(_header(name) for name in headers)], "responses": {}}


def _header(name: str) -> Schema:
    return {"name": name, "in": "header", "schema": {"type": "string"}}


def _query(name: str, schema: Schema | None = None) -> Schema:
    return {"name": name, "in": "query", "schema": schema or {"type": "string"}}


def _in_path(name: str, schema: Schema) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": schema}
