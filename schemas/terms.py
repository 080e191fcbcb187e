"""Names of one term, brought to its plain spelling.

JSON-LD lets a sender write `stipulates`, `vf:stipulates` or the whole address. We expand nothing and fetch no context
(T-12, T-13): a fixed list of prefixes is taken off, and everything else stays an unknown key.
"""

import re

import orjson

from schemas.errors import InvalidDocument
from schemas.strict import MAX_DEPTH, Document, Json

_PREFIXES = (
    r"https?://www\.w3\.org/ns/activitystreams#|as:"
    r"|https://w3id\.org/security#|sec:|http://www\.w3\.org/ns/ldp#|ldp:"
    r"|https://w3id\.org/valueflows/ont/vf#|vf:"
    r"|http://www\.ontology-of-units-of-measure\.org/resource/om-2/|om2:"
    r"|https://w3id\.org/manyhands/ns#|aid:"
)
_PREFIX = re.compile(rf"^(?:{_PREFIXES}|@(?=id$|type$))(?=.)")
_REFUSED = frozenset({"@graph", "@included", "@reverse"})
_ODD_KEY = re.compile(rf'"(?:{_PREFIXES}|@(?:id|type|graph|included|reverse)")[^"]*"?:'.encode())


def plain_term(term: str) -> str:
    """A term without the prefix or address of a vocabulary we speak; any other text as it is."""
    return _PREFIX.sub("", term, count=1) if ":" in term or term[:1] == "@" else term


def plain(document: Document) -> Document:
    """The document with plain keys: itself when it has no others, else a copy.

    Raises InvalidDocument for `@graph`, `@included` or `@reverse` (T-13), for one key in two spellings, and for a
    copy more than 32 levels deep.
    """
    return _renamed(document, 1) if _may_have_odd_keys(document) else document


def plain_top(document: Document) -> Document:
    """As `plain`, as far as an inbox looks: at the top and in what the document is about.

    What is deeper is looked at when it is handled.
    """
    about = document.get("object")
    for each in (document, *(about if type(about) is list else (about,))):
        if type(each) is dict:
            for key in each:
                if ":" in key or (key[:1] == "@" and key != "@context"):
                    return _renamed(document, 1)
    return document


def _may_have_odd_keys(document: Document) -> bool:
    """False only when no key but those of the top `@context` needs another spelling, and none is refused.

    Searching the written document costs half of what visiting each key does.
    """
    try:
        written = orjson.dumps({key: value for key, value in document.items() if key != "@context"})
    except orjson.JSONEncodeError:
        return True
    return _ODD_KEY.search(written) is not None


def _renamed(document: Document, depth: int) -> Document:
    if not _REFUSED.isdisjoint(document):
        raise InvalidDocument("", "@graph, @included and @reverse are not read here")
    renamed: Document = {}
    for key, value in document.items():
        name = plain_term(key)
        if name in renamed or (name != key and name in document):
            raise InvalidDocument(name, "the same field is given in two spellings")
        renamed[name] = value if key == "@context" else _renamed_value(value, depth + 1)
    return renamed


def _renamed_value(value: Json, depth: int) -> Json:
    if depth > MAX_DEPTH:
        raise InvalidDocument("", f"the document is more than {MAX_DEPTH} levels deep")
    if type(value) is dict:
        return _renamed(value, depth)
    if type(value) is list:
        return [_renamed_value(item, depth + 1) for item in value]
    return value
