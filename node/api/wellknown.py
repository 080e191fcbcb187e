"""How others find us: WebFinger, host-meta, NodeInfo, security.txt (protocol 2.1)."""

from datetime import timedelta
from importlib.metadata import version

from aiohttp import web

from node.context import community_of
from node.domain.peers import OwnActor
from node.services.community import Community, profile
from node.services.presenting import presentation
from node.storage.community import Profile
from node.translate.actors import username
from schemas.discovery import APPLICATION_ACTOR, NODEINFO_2_1, PROFILE_PAGE, SERVICE_ACTOR, DiscoveryLink, WebFinger
from schemas.fields import dump

JRD = "application/jrd+json"
ACTIVITY_JSON = "application/activity+json"
OPEN = {"Access-Control-Allow-Origin": "*"}
SECURITY_TXT_LIFE = timedelta(days=180)


async def webfinger(request: web.Request) -> web.Response:
    """Who `resource` is (RFC 7033): 400 without one, 404 for anything that is not ours (protocol 3 to 5)."""
    community = community_of(request)
    resource = request.query.get("resource", "")
    if not resource:
        return web.Response(status=400, text="Say which resource you ask about.\n", headers=OPEN)
    found = _find(community, await profile(community), resource)
    if found is None:
        return web.Response(status=404, text="There is no such account here.\n", headers=OPEN)
    return web.Response(body=dump(found), content_type=JRD, headers=OPEN)


async def host_meta(request: web.Request) -> web.Response:
    """Where WebFinger is, for servers that still ask (RFC 6415)."""
    template = f"{community_of(request).base_url}/.well-known/webfinger?resource={{uri}}"
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="application/jrd+json" template="{template}"/></XRD>\n'
    )
    return web.Response(text=body, content_type="application/xrd+xml", headers=OPEN)


async def nodeinfo_links(request: web.Request) -> web.Response:
    """Where NodeInfo and the instance actor are (FEP-0151, FEP-2677)."""
    community = community_of(request)
    links = [
        {"rel": NODEINFO_2_1, "href": f"{community.base_url}/nodeinfo/2.1"},
        {"rel": APPLICATION_ACTOR, "href": community.addresses.actor(OwnActor.INSTANCE)},
    ]
    return web.json_response({"links": links}, headers=OPEN)


async def nodeinfo(request: web.Request) -> web.Response:
    """What this server is. Numbers of people are left out: nobody is counted (protocol 7)."""
    community = community_of(request)
    document = {
        "version": "2.1",
        "software": {"name": "manyhands", "version": version("manyhands")},
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": False,
        "usage": {"users": {}},
        "metadata": {"nodeName": (await profile(community)).name},
    }
    schema = "http://nodeinfo.diaspora.software/ns/schema/2.1#"
    response = web.json_response(document, headers=OPEN)
    response.headers["Content-Type"] = f'application/json; profile="{schema}"'
    return response


async def security_txt(request: web.Request) -> web.Response:
    """Whom to tell about a weakness (RFC 9116)."""
    community = community_of(request)
    expires = (community.now() + SECURITY_TXT_LIFE).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {community.base_url}/", f"Expires: {expires}"]
    lines.append(f"Canonical: {community.base_url}/.well-known/security.txt")
    return web.Response(text="\n".join(lines) + "\n")


def _find(community: Community, shown: Profile, resource: str) -> WebFinger | None:
    addresses = community.addresses
    if resource.rstrip("/") == addresses.base_url:
        return _site(community)
    for own in OwnActor:
        name = addresses.host if own is OwnActor.INSTANCE else username(presentation(community, shown), own)
        account = f"acct:{name}@{addresses.host}"
        if resource.lower() in {account.lower(), account.lower().replace("acct:", "acct:@")}:
            return _account(community, own, account)
        if resource == addresses.actor(own):
            return _account(community, own, account)
    return None


def _account(community: Community, own: OwnActor, account: str) -> WebFinger:
    addresses = community.addresses
    home = f"{addresses.base_url}/"
    return WebFinger(
        subject=account,
        aliases=(addresses.actor(own), home) if own is OwnActor.PUBLIC else (addresses.actor(own),),
        links=(
            DiscoveryLink(rel="self", type=ACTIVITY_JSON, href=addresses.actor(own)),
            DiscoveryLink(rel=PROFILE_PAGE, type="text/html", href=home),
        ),
    )


def _site(community: Community) -> WebFinger:
    """The server itself (FEP-d556), and the community whose front page it is."""
    addresses = community.addresses
    return WebFinger(
        subject=f"{addresses.base_url}/",
        links=(
            DiscoveryLink(rel=SERVICE_ACTOR, type=ACTIVITY_JSON, href=addresses.actor(OwnActor.INSTANCE)),
            DiscoveryLink(rel="self", type=ACTIVITY_JSON, href=addresses.actor(OwnActor.PUBLIC)),
        ),
    )


def setup(app: web.Application) -> None:
    """Register them all."""
    app.router.add_get("/.well-known/webfinger", webfinger)
    app.router.add_get("/.well-known/host-meta", host_meta)
    app.router.add_get("/.well-known/nodeinfo", nodeinfo_links)
    app.router.add_get("/nodeinfo/2.1", nodeinfo)
    app.router.add_get("/.well-known/security.txt", security_txt)
