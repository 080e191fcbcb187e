"""What must not travel in words written for sharing, and what to read once more before it does."""

from node.domain.redaction.contacts import (
    check_note,
    check_ticked,
    contact_details,
    links,
    refusal,
    refusal_of_change,
    region_of,
)
from node.domain.redaction.findings import Finding, Telling, findings
from node.domain.redaction.left_out import LEFT_OUT, without_details
from node.domain.redaction.overlaps import Overlap, overlap
from node.domain.redaction.places import doors, streets

__all__ = [
    "LEFT_OUT",
    "Finding",
    "Overlap",
    "Telling",
    "check_note",
    "check_ticked",
    "contact_details",
    "doors",
    "findings",
    "links",
    "overlap",
    "refusal",
    "refusal_of_change",
    "region_of",
    "streets",
    "without_details",
]
