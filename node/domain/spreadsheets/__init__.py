"""Spreadsheets of needs and offers as communities keep them: how their cells are understood.

`reading` finds the rows, `mapping` says what the columns mean, `cells` reads one cell, `drafts` puts it together.
`guesses` and `vocabularies` help whoever makes a mapping, `writing` writes it down.
"""

from node.domain.spreadsheets.drafts import Draft, Reading, Refused, Unmapped, read_drafts
from node.domain.spreadsheets.mapping import Mapping, MappingWrong, make_mapping, parse_mapping
from node.domain.spreadsheets.reading import Most, Row, Sheet, SpreadsheetWrong, is_workbook, read_sheet
from node.domain.spreadsheets.writing import write_mapping

__all__ = [
    "Draft",
    "Mapping",
    "MappingWrong",
    "Most",
    "Reading",
    "Refused",
    "Row",
    "Sheet",
    "SpreadsheetWrong",
    "Unmapped",
    "is_workbook",
    "make_mapping",
    "parse_mapping",
    "read_drafts",
    "read_sheet",
    "write_mapping",
]
