"""The meeting phrase: both sides of an agreed task are told it separately, so that a door opens to nobody else."""

from node.domain.codes import phrase_from
from node.domain.responses import Response
from node.domain.taking_on import Part
from node.services.community import Community


def meeting_phrase(community: Community, response: Response) -> str:
    """Two easy words, another pair for each agreement; known at the origin alone, which tells them.

    They are made from the agreement's id under the master key, so that they rest nowhere.
    """
    return phrase_from(community.database.vault.fingerprint(f"meeting {response.agreement_id}"))


def phrase_of_part(community: Community, part: Part) -> str:
    """The same for what helpers here have taken on: another pair for each time that somebody takes it on."""
    return phrase_from(community.database.vault.fingerprint(f"meeting here {part.id}"))
