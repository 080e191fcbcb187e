"""Spreadsheets of needs and offers as communities keep them: how their cells are understood.

`reading` finds the rows, `mapping` says what the columns mean, `cells` reads one cell, `drafts` puts it together.
"""

from node.domain.spreadsheets.drafts import Draft, Reading, Unmapped, read_drafts
from node.domain.spreadsheets.mapping import Mapping, MappingWrong, parse_mapping
from node.domain.spreadsheets.reading import Row, Sheet, SpreadsheetWrong, read_sheet

__all__ = [
    "Draft",
    "Mapping",
    "MappingWrong",
    "Reading",
    "Row",
    "Sheet",
    "SpreadsheetWrong",
    "Unmapped",
    "parse_mapping",
    "read_drafts",
    "read_sheet",
]
