"""Messages that other servers really sent, as they stand in the vectors beside this repository."""

import json
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from federation.messages import Request

_NAMES: Final = {"ct": "content-type", "sig": "signature", "siginput": "signature-input", "ua": "user-agent"}
_NAMES_AS_THEY_ARE: Final = ("date", "digest", "accept")
#: How the servers in the record write JSON: indentation, separators, and what ends the document.
_HANDS: Final = (
    (None, (",", ":"), ""),
    (None, (", ", ": "), ""),
    (2, (",", ": "), "\n"),
    (4, (",", ": "), ""),
)
_AS_GO_WRITES_IT: Final = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "<>&"})


@dataclass(frozen=True)
class Recorded:
    """One POST. `is_exact` tells whether its body is byte for byte what was sent, by its own digest."""

    name: str
    request: Request
    is_exact: bool

    @property
    def kind(self) -> str:
        """The type of activity that the file's name speaks of."""
        return self.name.split("-")[1]


def messages(vectors: Path) -> list[Recorded]:
    """Every recorded message. One file is none: a document that a server showed us of what it had stored."""
    files = sorted((vectors / "peers").glob("*.json"))
    return [_read(file) for file in files if file.stem != "fedify-Proposal-example"]


def _read(file: Path) -> Recorded:
    record = json.loads(file.read_bytes())
    short = record.get("headers", record)
    headers = {"host": "node.test"} | {name: short[name] for name in _NAMES_AS_THEY_ARE if short.get(name)}
    headers |= {name: short[key] for key, name in _NAMES.items() if short.get(key)}
    written = [record["body"]] if isinstance(record["body"], str) else _hands(record["body"])
    exact = [body for body in written if _digest(body) == headers.get("digest")]
    url = f"https://node.test{record.get('path', record.get('p'))}"
    return Recorded(file.stem, Request("POST", url, headers, (exact or written)[0].encode()), bool(exact))


def _hands(body: Any) -> list[str]:
    """The document as each of those servers would have written it; one escapes what HTML would read."""
    written = [
        json.dumps(body, indent=indent, separators=separators, ensure_ascii=False) + end
        for indent, separators, end in _HANDS
    ]
    return written + [text.translate(_AS_GO_WRITES_IT) for text in written]


def _digest(body: str) -> str:
    return f"SHA-256={b64encode(sha256(body.encode()).digest()).decode()}"
