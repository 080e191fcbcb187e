"""A mapping as the file that `parse_mapping` reads: TOML, every part it has, none that says nothing."""

import json
from collections.abc import Iterator
from collections.abc import Mapping as Readable

from node.domain.spreadsheets.mapping import Mapping

_HEADING = "# What the columns and answers of a spreadsheet mean. docs/import.md explains every part.\n"


def write_mapping(mapping: Mapping) -> str:
    """The file's words: read again, they are this mapping."""
    parts = mapping.model_dump(mode="json", exclude_defaults=True)
    return "\n".join([_HEADING, *(_section(name, part) for name, part in parts.items())])


def _section(name: str, entries: Readable[str, object]) -> str:
    return "".join([f"[{name}]\n", *(f"{_text(key)} = {_value(value)}\n" for key, value in entries.items())])


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{ " + ", ".join(_pairs(value)) + " }"
        case list() | tuple():
            return "[" + ", ".join(_value(one) for one in value) + "]"
        case _:
            return _text(str(value))


def _pairs(entries: Readable[str, object]) -> Iterator[str]:
    for key, value in entries.items():
        yield f"{key} = {_value(value)}"


def _text(text: str) -> str:
    """A basic string: what JSON escapes TOML escapes alike, and one character more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
