"""Bringing a spreadsheet in, for stewards: choose it, say what its columns and answers mean, look, bring in.

Nothing is kept on the way: the file and all choices travel hidden in each page, and every step reads them again.
"""

from aiohttp import web

from node.web.spreadsheet import pages

__all__ = ["ROUTES"]

ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/spreadsheet", pages.choose),
    web.post("/spreadsheet", pages.take_file),
    web.post("/spreadsheet/columns", pages.show_columns),
    web.post("/spreadsheet/answers", pages.show_answers),
    web.post("/spreadsheet/preview", pages.show_preview),
    web.post("/spreadsheet/mapping", pages.download_mapping),
    web.post("/spreadsheet/bring-in", pages.bring),
    web.post("/spreadsheet/take-back", pages.take_back),
    web.get("/spreadsheet/{step}", pages.begin_again),
)
