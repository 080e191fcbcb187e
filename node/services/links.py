"""Links in messages that open one page for one deed, without a code and without signing in. Nothing of them is kept."""

from hmac import compare_digest

from node.domain.errors import NotFound
from node.domain.phrases import say
from node.services.community import Community

_LENGTH = 32
GONE = say("This link opens nothing any more.")


def still_link(community: Community, notice_id: str) -> str:
    """Where the owner of a notice says whether it is still wanted."""
    return f"{community.base_url}/still/{_token(community, 'still', notice_id)}"


def mail_link(community: Community, member_id: str) -> str:
    """Where a member ends the messages to them."""
    return f"{community.base_url}/no-mail/{_token(community, 'no mail', member_id)}"


def notice_of(community: Community, token: str) -> str:
    """The notice's id that a link is about. Raises NotFound."""
    return _read(community, "still", token)


def member_of(community: Community, token: str) -> str:
    """The member's id that a link is about. Raises NotFound."""
    return _read(community, "no mail", token)


def _token(community: Community, deed: str, subject: str) -> str:
    proof = community.database.vault.fingerprint(f"link {deed} {subject}").hex()[:_LENGTH]
    return f"{subject}.{proof}"


def _read(community: Community, deed: str, token: str) -> str:
    subject, _, _proof = token.partition(".")
    if not compare_digest(_token(community, deed, subject).encode(), token.encode()):
        raise NotFound(GONE)
    return subject
