"""Coverage-guided fuzzing of everything that reads what strangers write. Run on purpose, not by the test suite:

    python tests/fuzz/parsers.py -max_total_time=3600 CORPUS_DIRECTORY

Whatever the bytes, reading ends in a value or in the typed error; anything else stops the run with the input kept.
It needs `atheris`, which is not among the project's requirements.
"""

import contextlib
import sys

import atheris

with atheris.instrument_imports(include=["schemas", "federation"]):
    from federation import cavage
    from federation.errors import FederationError
    from federation.messages import Request, media_type
    from federation.origin import origin
    from federation.retry import parse_retry_after
    from node.translate.text import clean_html, plain_line, plain_text
    from schemas.activities import parse_activity
    from schemas.actors import parse_actor
    from schemas.collections import parse_collection
    from schemas.discovery import WebFinger
    from schemas.errors import InvalidDocument
    from schemas.fields import load
    from schemas.objects import parse_note

from datetime import UTC, datetime

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def read_document(data: bytes) -> None:
    """A document as an inbox or a fetch would get it."""
    try:
        document = load(data)
    except InvalidDocument:
        return
    for parse in (parse_activity, parse_note, parse_actor, parse_collection, WebFinger.parse):
        try:
            parse(document)
        except InvalidDocument:
            continue


def read_headers(data: bytes) -> None:
    """What stands in headers and addresses."""
    text = data.decode("latin-1")
    media_type(text)
    parse_retry_after(text, NOW)
    _read_date(text)
    for parse in (cavage.parse_signature, origin):
        try:
            parse(text)
        except FederationError:
            continue


def _read_date(text: str) -> None:
    signature = cavage.parse_signature(
        'keyId="https://a.example/k",headers="(request-target) host date",signature="YQ=="'
    )
    request = Request("GET", "https://b.example/", {"date": text, "host": "b.example"})
    with contextlib.suppress(FederationError):
        cavage.check_time(request, signature, NOW)


def read_text(data: bytes) -> None:
    """What stands in content and names."""
    text = data.decode("utf-8", "ignore")
    plain_line(text)
    plain_text(clean_html(text))


READERS = (read_document, read_document, read_headers, read_text)


def one_input(data: bytes) -> None:
    """The first byte chooses the reader, so that one corpus serves them all."""
    if data:
        READERS[data[0] % len(READERS)](data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
