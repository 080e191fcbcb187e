"""Calls about the two-steward rule for links and shares, and about a first yes that waits for the second."""

from datetime import datetime

from node.api.v1.fields import Answer, Body
from node.api.v1.lookup import notice_of
from node.api.v1.operations import Access, Call, NoBody, NoQuery, Operation
from node.domain.notices import Kind
from node.domain.second_yes import of_link, of_share
from node.services import peers, second_yes
from node.services.community import Community
from node.services.second_yes import Deed


class RuleAnswer(Answer):
    """What takes two stewards here."""

    links: bool
    shares: bool


class RuleBody(Body):
    """What takes two stewards from now on. To end it takes the command line: `manyhands peer stewards`."""

    deed: Deed


class YesAnswer(Answer):
    """A first yes that waits for the second: whose, since when, whether it is yours.

    The second is said by another steward with the very same call as the first.
    """

    name: str
    at: datetime
    is_mine: bool


class FirstYesAnswer(Answer):
    """`waiting` is null where no yes waits."""

    waiting: YesAnswer | None


async def read_rule(call: Call[NoBody, NoQuery]) -> RuleAnswer:
    """What takes two stewards here."""
    return await _rule(call.community)


async def require_two(call: Call[RuleBody, NoQuery]) -> RuleAnswer:
    """From now on this takes two stewards."""
    await second_yes.require_two(call.community, call.body.deed, True, call.member)
    return await _rule(call.community)


async def read_of_link(call: Call[NoBody, NoQuery]) -> FirstYesAnswer:
    """The yes to a link that waits."""
    await peers.get(call.community, call.id)
    return await _waiting(call, of_link(call.id))


async def take_link_back(call: Call[NoBody, NoQuery]) -> None:
    """It is void. Twice is as good as once."""
    await peers.get(call.community, call.id)
    await second_yes.take_back(call.community, of_link(call.id), call.member)


async def read_of_share(kind: Kind, call: Call[NoBody, NoQuery]) -> FirstYesAnswer:
    """The yes to a share that waits."""
    return await _waiting(call, of_share((await notice_of(kind, call)).id))


async def take_share_back(kind: Kind, call: Call[NoBody, NoQuery]) -> None:
    """It is void. Twice is as good as once. Raises NotAllowed for another's, but for stewards."""
    await second_yes.take_back(call.community, of_share((await notice_of(kind, call)).id), call.member)


_STEWARD, _OF_LINK, _OF_SHARE = Access.STEWARD, "/peers/{id}/second-yes", "/{kind}s/{id}/second-yes"

OPERATIONS = (
    Operation(
        "GET", "/second-yes", "get_rule_of_two", "What takes two stewards", read_rule, RuleAnswer, access=_STEWARD
    ),
    Operation(
        "POST",
        "/second-yes",
        "require_two",
        "Links, or shares, take two stewards from now on",
        require_two,
        RuleAnswer,
        body=RuleBody,
        access=_STEWARD,
        problems=(409,),
    ),
    Operation(
        "GET", _OF_LINK, "get_first_yes_to_link", "The yes that waits", read_of_link, FirstYesAnswer, access=_STEWARD
    ),
    Operation(
        "DELETE", _OF_LINK, "take_first_yes_to_link_back", "Take it back", take_link_back, None, 204, access=_STEWARD
    ),
)
OF_NOTICES = (
    Operation("GET", _OF_SHARE, "get_first_yes_to_{kind}", "The yes that waits", read_of_share, FirstYesAnswer),
    Operation("DELETE", _OF_SHARE, "take_first_yes_to_{kind}_back", "Take it back", take_share_back, None, 204),
)


async def _waiting(call: Call[NoBody, NoQuery], subject: str) -> FirstYesAnswer:
    found = await second_yes.waiting(call.community, subject, call.member)
    yes = None if found is None else YesAnswer(name=found.name, at=found.at, is_mine=found.is_mine)
    return FirstYesAnswer(waiting=yes)


async def _rule(community: Community) -> RuleAnswer:
    found = await second_yes.rules(community)
    return RuleAnswer(links=Deed.LINKS in found, shares=Deed.SHARES in found)
