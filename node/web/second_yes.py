"""Two stewards for a link or a share: the rule, and a first yes taken back."""

from aiohttp import web

from node.context import community_of
from node.domain.second_yes import of_link, of_share
from node.domain.shares import Level
from node.services import second_yes
from node.services.second_yes import Deed
from node.web.forms import Reader, read_form
from node.web.pages import see_other
from node.web.sessions import dispatcher_of, steward_of


async def require_two(request: web.Request) -> web.Response:
    """POST /peers/two: from now on links, or shares, take two stewards."""
    steward = steward_of(request)
    reader = Reader(await read_form(request))
    deed = reader.word("deed", Deed, Deed.LINKS)
    reader.check()
    await second_yes.require_two(community_of(request), deed, True, steward)
    return see_other("/peers?two")


async def take_link_back(request: web.Request) -> web.Response:
    """POST /peers/{id}/take-back: a first yes to a link is void."""
    steward, peer_id = steward_of(request), request.match_info["id"]
    await second_yes.take_back(community_of(request), of_link(peer_id), steward)
    return see_other(f"/peers/{peer_id}?done=back")


async def take_share_back(request: web.Request) -> web.Response:
    """POST /dispatch/{id}/take-back: a first yes to a share is void."""
    member, notice_id = dispatcher_of(request), request.match_info["id"]
    await second_yes.take_back(community_of(request), of_share(notice_id), member)
    return see_other(f"/dispatch/{notice_id}?changed=back")


def as_typed(details: dict[str, object] | None) -> tuple[tuple[str, str], ...]:
    """What the first yes was said to, as the form for sharing sends it; nothing where nobody said one."""
    if details is None:
        return ()
    peers, reply_by = details["peers"], details["reply_by"]
    fields = [("level", str(details["level"])), ("text", str(details["text"]))]
    fields.append(("lease_hours", f"{float(str(details['lease_hours'])):g}"))
    if isinstance(peers, list) and details["level"] == Level.NAMED:
        fields.extend(("peers", str(peer)) for peer in peers)
    if reply_by is not None:
        fields.append(("reply_by", str(reply_by)[:10]))
    if details["override_category"]:
        fields.append(("override", "yes"))
    return tuple(fields)


ROUTES: tuple[web.RouteDef, ...] = (
    web.post("/peers/two", require_two),
    web.post("/peers/{id}/take-back", take_link_back),
    web.post("/dispatch/{id}/take-back", take_share_back),
)
