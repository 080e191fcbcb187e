"""What may be kept on a device is decided form by form: docs/adr/0065."""

import re
from pathlib import Path
from typing import Final

from node import web

TEMPLATES = Path(web.__file__).parent / "templates"

#: The words of whoever writes them, or of the community.
OF_THE_WRITER: Final = {
    "ask_step.html", "introduction_ask.html", "introduction_write.html", "peer_card.html", "posting_form.html",
    "posting_preview.html", "shift.html",
}  # fmt: skip
#: What another person said, or what is written to one person alone.
OF_OTHERS: Final = {
    "call.html", "contact.html", "enquiry.html", "my_request_words.html", "offer_help.html", "questions.html",
    "sealed_form.html", "split.html", "wording.html",
}  # fmt: skip
#: Two fields that only the sealed note has.
SEALED = re.compile(r'\.(?:text|long_text)\(form, "(?:contact|story)"')


def test_no_form_keeps_on_a_device_what_another_person_said() -> None:
    """Such a form is not left without a connection; so nothing is lost either."""
    pages = {path.name: path.read_text() for path in TEMPLATES.rglob("*.html")}
    assert {name for name, page in pages.items() if "drafts.of(" in page} == OF_THE_WRITER
    assert {name for name, page in pages.items() if "drafts.stays()" in page} == OF_OTHERS | {"ask_step.html"}
    steps = {name for name, page in pages.items() if '{% extends "ask_step.html" %}' in page}
    assert {name for name, page in pages.items() if SEALED.search(page)} <= OF_OTHERS | steps
