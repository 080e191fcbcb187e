"""The meeting phrase: both sides of an agreed task are told it separately, so that a door opens to nobody else."""

from node.domain.codes import phrase_from
from node.domain.responses import Response
from node.services.community import Community


def meeting_phrase(community: Community, response: Response) -> str:
    """Two easy words, another pair for each agreement; known at the origin alone, which tells them.

    They are made from the agreement's id under the master key, so that they rest nowhere.
    """
    return phrase_from(community.database.vault.fingerprint(f"meeting {response.agreement_id}"))
