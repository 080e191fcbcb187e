"""Quantities, agreements and receipts."""

from decimal import Decimal
from typing import Any

import pytest

from schemas.errors import InvalidDocument
from schemas.fields import document
from schemas.marketplace import Agreement, Commitment, EconomicEvent, Intent, Measure

QUANTITY = {"hasUnit": "one", "hasNumericalValue": "3"}


def intent(**more: Any) -> Intent:
    return Intent.parse({"type": "Intent", "id": "x:1#primary", "action": "transfer", **more})


# C-119
def test_what_is_left_may_be_nothing_but_what_is_asked_may_not() -> None:
    nothing = {**QUANTITY, "hasNumericalValue": "0"}
    met = intent(resourceQuantity=QUANTITY, availableQuantity=nothing, finished=True)
    assert met.available_quantity == Measure(has_unit="one", has_numerical_value=Decimal(0))
    for name in ("resourceQuantity", "minimumQuantity"):
        with pytest.raises(InvalidDocument, match=rf"^{name}"):
            intent(**{name: nothing})


@pytest.mark.parametrize("quantity", [None, {}, {"type": "om2:Measure"}, [], "one"])
def test_a_quantity_that_says_nothing_is_none(quantity: object) -> None:
    assert intent(resourceQuantity=quantity).resource_quantity is None


# C-118
@pytest.mark.parametrize("quantity", [{"hasUnit": "one"}, {"hasNumericalValue": "1"}, {**QUANTITY, "hasUnit": 7}])
def test_half_a_quantity_is_refused(quantity: dict[str, Any]) -> None:
    with pytest.raises(InvalidDocument, match=r"^resourceQuantity"):
        intent(resourceQuantity=quantity)


def test_units_lose_their_prefix() -> None:
    for unit in ("om2:hour", "http://www.ontology-of-units-of-measure.org/resource/om-2/hour", {"id": "om2:hour"}):
        found = intent(resourceQuantity={**QUANTITY, "hasUnit": unit}).resource_quantity
        assert found is not None
        assert found.has_unit == "hour"


def test_an_agreement_leads_to_its_page() -> None:
    link = {"type": "Link", "href": "https://north.example/agreements/1/coordinate", "rel": "x:coordination"}
    terms = {"type": "Agreement", "id": "x:1", "stipulates": {"type": "Commitment", "satisfies": "x:2#primary"}}
    agreement = Agreement.parse({**terms, "url": [link], "endTime": "2026-11-22T10:00:00Z"})
    assert agreement.url is not None
    assert agreement.url.rel == ("x:coordination",)
    assert document(agreement)["endTime"] == "2026-11-22T10:00:00Z"
    assert Agreement.parse({**terms, "url": "https://north.example/"}).url is None


# C-128
def test_a_receipt_names_what_it_fulfills() -> None:
    event = EconomicEvent.parse(
        {"id": "x:1", "type": "vf:EconomicEvent", "attributedTo": ["x:2"], "fulfills": {"id": "x:3"}, "finished": None}
    )
    assert (event.fulfills, event.attributed_to, event.finished) == ("x:3", "x:2", False)
    assert {"to", "cc", "action"}.isdisjoint(document(event))


def test_values_are_equal_by_content() -> None:
    assert Commitment(satisfies="x:1") == Commitment.parse({"type": "Commitment", "satisfies": "x:1"})
