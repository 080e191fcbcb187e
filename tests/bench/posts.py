"""Signed posts of followed actors, as bytes on the wire: Create{Note}, 2 KiB, all different."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from federation.cavage import sign_headers
from federation.keys import PrivateKey, generate_rsa
from federation.messages import ACTIVITY_JSON, Request
from schemas.context import NOTE_CONTEXT

BODY_BYTES: Final = 2048
PUBLIC: Final = "https://www.w3.org/ns/activitystreams#Public"
_WORDS: Final = "Sizes for ages five to nine. Collection possible. No cost. "


@dataclass(frozen=True)
class Author:
    """An actor of another community, whose posts we send."""

    id: str
    key: PrivateKey

    @property
    def document(self) -> dict[str, Any]:
        """The actor as its server shows it."""
        key = {"id": self.key.id, "owner": self.id, "publicKeyPem": self.key.public_pem}
        return {
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
            "id": self.id,
            "type": "Organization",
            "preferredUsername": "river",
            "name": "River",
            "inbox": f"{self.id}/inbox",
            "outbox": f"{self.id}/outbox",
            "publicKey": key,
        }


def authors(server: str, how_many: int) -> list[Author]:
    """New actors of `server`, an address without a slash at its end."""
    return [Author(f"{server}/actors/{n}", generate_rsa(f"{server}/actors/{n}#main-key")) for n in range(how_many)]


def signed_posts(to: str, by: Sequence[Author], how_many: int, now: datetime) -> list[bytes]:
    """So many requests to the inbox of the server at `to`, by each author in turn."""
    return [_on_the_wire(to, by[n % len(by)], now) for n in range(how_many)]


def note_body(author: str, now: datetime) -> bytes:
    """A Create of a need, 2 KiB long."""
    server, _, _ = author.partition("/actors/")
    note = f"{server}/o/{uuid4().hex}"
    document = _create(author, f"{server}/a/{uuid4().hex}", _note(author, note, now))
    missing = BODY_BYTES - len(json.dumps(document))
    document["object"]["content"] += (_WORDS * (missing // len(_WORDS) + 1))[: max(missing, 0)]
    return json.dumps(document).encode()


def _create(author: str, activity: str, note: dict[str, Any]) -> dict[str, Any]:
    addressed = {key: note[key] for key in ("to", "cc", "published")}
    return {"@context": NOTE_CONTEXT, "id": activity, "type": "Create", "actor": author, **addressed, "object": note}


def _note(author: str, note: str, now: datetime) -> dict[str, Any]:
    one = {"hasUnit": "one", "hasNumericalValue": "1"}
    return {
        "id": note,
        "type": "Note",
        "attributedTo": author,
        "to": [f"{author}/followers"],
        "cc": [PUBLIC],
        "purpose": "request",
        "content": "<p><strong>Needed: winter coats (4)</strong></p>",
        "published": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "endTime": f"{now + timedelta(days=10):%Y-%m-%dT%H:%M:%SZ}",
        "url": note.replace("/o/", "/p/"),
        "sensitive": False,
        "location": {"type": "Place", "name": "River", "latitude": 51.55, "longitude": -0.15},
        "publishes": {
            "type": "Intent",
            "id": f"{note}#primary",
            "name": "Winter coats",
            "action": "transfer",
            "resourceConformsTo": "https://w3id.org/manyhands/ns#goods",
            "resourceQuantity": one,
            "availableQuantity": one | {"hasNumericalValue": "4"},
            "finished": False,
        },
        "unitBased": True,
        "status": "open",
        "urgency": "normal",
    }


def _on_the_wire(to: str, author: Author, now: datetime) -> bytes:
    body = note_body(author.id, now)
    request = Request("POST", f"{to}/inbox", {"content-type": ACTIVITY_JSON}, body)
    headers = {"content-type": ACTIVITY_JSON, **sign_headers(request, author.key, now)}
    headers |= {"content-length": str(len(body)), "user-agent": "bench", "accept": "*/*"}
    lines = "".join(f"{name.title()}: {value}\r\n" for name, value in headers.items())
    return f"POST /inbox HTTP/1.1\r\n{lines}\r\n".encode() + body
