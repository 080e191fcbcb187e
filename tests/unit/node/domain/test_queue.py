"""In which part of the queue a notice stands."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from node.domain.notices import Notice, Status, Urgency
from node.domain.queue import SOON_DAYS, Part, Standing, part_of
from tests.unit.node.make import make_notice

TODAY = date(2031, 5, 4)
PLAIN = make_notice()


def needed(notice: Notice, **words: object) -> Notice:
    return replace(notice, wording=replace(notice.wording, **{"urgency": Urgency.WHENEVER, "needed_by": None, **words}))


@pytest.mark.parametrize(
    ("status", "words", "standing", "part"),
    [
        (Status.NEW, {}, Standing(), Part.NEW),
        (Status.NEW, {}, Standing((TODAY,)), Part.CALL_BACKS),
        (Status.NEW, {}, Standing((TODAY + timedelta(days=1),)), Part.NEW),
        (Status.TAKEN_ON, {}, Standing((TODAY - timedelta(days=1),)), Part.CALL_BACKS),
        (Status.NEW, {}, Standing((TODAY,), ask_days=(TODAY,)), Part.CALL_BACKS),
        (Status.NEW, {}, Standing(ask_days=(TODAY,)), Part.TO_ASK),
        (Status.OPEN, {}, Standing(asks_still=True), Part.TO_ASK),
        (Status.OPEN, {}, Standing((TODAY + timedelta(days=1),), asks_still=True), Part.UNMET),
        (Status.OPEN, {"urgency": Urgency.TWO_DAYS}, Standing(), Part.SOON),
        (Status.OPEN, {"needed_by": TODAY + timedelta(days=SOON_DAYS)}, Standing(is_shared=True), Part.SOON),
        (Status.OPEN, {"needed_by": TODAY + timedelta(days=SOON_DAYS + 1)}, Standing(), Part.UNMET),
        (Status.PARTLY_MET, {}, Standing(), Part.UNMET),
        (Status.PARTLY_MET, {}, Standing(is_shared=True), Part.SHARED),
        (Status.TAKEN_ON, {"urgency": Urgency.TODAY}, Standing(), Part.UNDER_WAY),
        (Status.PAUSED, {}, Standing(is_shared=True), Part.UNDER_WAY),
    ],
)
def test_everything_has_its_part(status: Status, words: dict[str, object], standing: Standing, part: Part) -> None:
    assert part_of(replace(needed(PLAIN, **words), status=status), standing, TODAY) == part
