"""Who is looking at the page: the session behind the cookie, and the few words every page needs of the community."""

import hmac
from dataclasses import dataclass
from secrets import token_urlsafe

from aiohttp import web

from node.context import community_of
from node.domain.errors import SignInNeeded
from node.domain.members import Member, must_be_dispatcher, must_be_steward
from node.services import sign_in
from node.services.community import Community, Profile, profile
from node.services.sign_in import Session

#: Bytes that make one page's proof another than the next one's.
_SALT = 12


@dataclass(frozen=True)
class Visit:
    """One request's reader (None: a guest) and the community's profile."""

    profile: Profile
    session: Session | None = None


VISIT = web.RequestKey("visit", Visit)


async def begin_visit(request: web.Request) -> Visit:
    """Look up who is there; a cookie that is not ours or no longer good means a guest."""
    community = community_of(request)
    cookie = request.cookies.get(cookie_name(community))
    session = await sign_in.find_session(community, cookie) if cookie else None
    return Visit(await profile(community), session)


def session_of(request: web.Request) -> Session | None:
    """The reader's session, or None for a guest."""
    visit = request.get(VISIT)
    return visit.session if visit else None


def form_proof(session: Session) -> str:
    """What the forms of a page carry to show that they are ours: made of the session's secret, another one each time.

    If it stood there as it is, the length of compressed answers could give it away letter by letter (BREACH).
    """
    salt = token_urlsafe(_SALT)
    return f"{salt}.{_proof(session, salt)}"


def is_proven(session: Session, typed: str) -> bool:
    """Whether `form_proof` made this for the session."""
    salt, _point, proof = typed.partition(".")
    return hmac.compare_digest(_proof(session, salt).encode(), proof.encode())


def _proof(session: Session, salt: str) -> str:
    return hmac.digest(session.csrf_token.encode(), salt.encode(), "sha256").hex()


def member_of(request: web.Request) -> Member | None:
    """The member who is signed in, or None for a guest."""
    session = session_of(request)
    return session.member if session else None


def signed_in(request: web.Request) -> Member:
    """The member who is signed in. Raises SignInNeeded."""
    member = member_of(request)
    if member is None:
        raise SignInNeeded
    return member


def dispatcher_of(request: web.Request) -> Member:
    """The dispatcher who is signed in. Raises SignInNeeded or NotAllowed."""
    member = signed_in(request)
    must_be_dispatcher(member)
    return member


def steward_of(request: web.Request) -> Member:
    """The steward who is signed in. Raises SignInNeeded or NotAllowed."""
    member = signed_in(request)
    must_be_steward(member)
    return member


def cookie_name(community: Community) -> str:
    """Over https the name carries the browser's own promise that no other host set the cookie."""
    return "__Host-manyhands" if _is_https(community) else "manyhands"


def give_cookie(response: web.StreamResponse, community: Community, session: Session) -> None:
    """Let the browser keep a session that was just created."""
    left = session.expires_at - community.now()
    response.set_cookie(
        cookie_name(community),
        session.token,
        max_age=max(int(left.total_seconds()), 0),
        path="/",
        secure=_is_https(community),
        httponly=True,
        samesite="Lax",
    )


def forget_drafts(response: web.StreamResponse) -> None:
    """Let the browser forget what was begun on a device that somebody else may use next."""
    response.headers["Clear-Site-Data"] = '"storage"'


def take_cookie(response: web.StreamResponse, community: Community) -> None:
    """Let the browser forget the session."""
    response.del_cookie(cookie_name(community), path="/", secure=_is_https(community), httponly=True, samesite="Lax")


def _is_https(community: Community) -> bool:
    return community.base_url.startswith("https://")
