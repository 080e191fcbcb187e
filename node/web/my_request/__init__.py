"""My page: whoever holds the code sees where it stands, and changes, pauses, ends, copies, takes along or erases it."""

from aiohttp import web

from node.web.my_request import again, consent, corrections, everything, leaving, page, slip
from node.web.my_request.finding import WRONG_CODES, Found, ask_for_code, find, take_code

__all__ = ["ROUTES", "WRONG_CODES", "Found", "find"]

ROUTES: tuple[web.RouteDef, ...] = (
    web.get("/r", ask_for_code),
    web.post("/r", take_code),
    web.get("/r/{code}", page.show),
    web.post("/r/{code}/status", page.change_status),
    web.post("/r/{code}/stop-sharing", page.stop_sharing),
    web.get("/r/{code}/consent", consent.show),
    web.post("/r/{code}/consent", consent.answer),
    web.get("/r/{code}/correct", corrections.show_wording),
    web.post("/r/{code}/correct", corrections.correct_wording),
    web.get("/r/{code}/reach", corrections.show_sealed),
    web.post("/r/{code}/reach", corrections.correct_sealed),
    web.get("/r/{code}/again", again.show),
    web.post("/r/{code}/again", again.ask),
    web.get("/r/{code}/everything", everything.show),
    web.get("/r/{code}/everything.json", everything.download),
    web.get("/r/{code}/slip", slip.show_slip),
    web.get("/r/{code}/code.svg", slip.show_picture),
    web.get("/r/{code}/erase", leaving.confirm),
    web.post("/r/{code}/erase", leaving.erase),
)
