"""The least a server can do to know who sent a post: header, digest, date, RSA signature, JSON. Nothing else.

It skips what a real inbox cannot: who owns the key, whose id the activity has, what its parts are, replays, blocks.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

AGE: Final = timedelta(hours=1)
_PARAMETER: Final = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True)
class Checked:
    """What is stored of a post whose signature is right."""

    activity: dict[str, Any]
    body: bytes
    now: datetime

    def row(self) -> dict[str, Any]:
        """As it stands in the journal."""
        moment = self.now.replace(tzinfo=None)
        actor = self.activity["actor"]
        return {
            "origin": actor.split("/", 3)[2],
            "activity_id": self.activity["id"],
            "type": self.activity["type"],
            "actor": actor,
            "body": self.body,
            "received_at": moment,
            "due_at": moment,
            "state": "waiting",
            "attempts": 0,
            "trouble": "",
        }


def keys_of(pems: Mapping[str, str]) -> dict[str, RSAPublicKey]:
    """Public keys by their id, read once."""
    found = {key_id: load_pem_public_key(pem.encode()) for key_id, pem in pems.items()}
    return {key_id: key for key_id, key in found.items() if isinstance(key, RSAPublicKey)}


def check(headers: Mapping[str, str], target: str, body: bytes, keys: Mapping[str, RSAPublicKey]) -> Checked:
    """Return the post; raises whatever went wrong. `headers` have lower-case names."""
    signature = dict(_PARAMETER.findall(headers["signature"]))
    now = datetime.now(UTC)
    if headers["digest"] != "SHA-256=" + b64encode(hashlib.sha256(body).digest()).decode():
        raise ValueError("the digest is wrong")
    if abs(parsedate_to_datetime(headers["date"]) - now) > AGE:
        raise ValueError("the date is wrong")
    given = {"(request-target)": f"post {target}", **headers}
    signed = "\n".join(f"{name}: {given[name]}" for name in signature["headers"].split(" "))
    value = b64decode(signature["signature"])
    keys[signature["keyId"]].verify(value, signed.encode(), PKCS1v15(), hashes.SHA256())
    return Checked(orjson.loads(body), body, now)
