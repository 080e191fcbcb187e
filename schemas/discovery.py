"""How a server is found: WebFinger and NodeInfo (protocol 2.1)."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from schemas.fields import Id, Json, MaybeText, Wire, as_list, is_empty

ACTIVITY_JSON = "application/activity+json"
ACTIVITY_LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
_ACTIVITY_TYPES = frozenset({ACTIVITY_JSON, ACTIVITY_LD_JSON})

PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
SERVICE_ACTOR = "https://www.w3.org/ns/activitystreams#Service"
APPLICATION_ACTOR = "https://www.w3.org/ns/activitystreams#Application"
NODEINFO_2_1 = "http://nodeinfo.diaspora.software/ns/schema/2.1"
MAX_LINKS = 100


def _links(value: Any) -> list[Any]:
    links = [link for link in as_list(value) if isinstance(link, Wire | dict)]
    if len(links) > MAX_LINKS:
        raise ValueError(f"there are more than {MAX_LINKS} links")
    return links


class DiscoveryLink(Wire):
    """A link to something of a known relation."""

    default_context: ClassVar[Json] = None

    rel: Id
    type: MaybeText = None
    href: MaybeText = None


class WebFinger(Wire):
    """What a server says about one handle or address (RFC 7033, C-3 to C-5)."""

    default_context: ClassVar[Json] = None

    subject: Id
    aliases: Annotated[tuple[str, ...], BeforeValidator(as_list), Field(exclude_if=is_empty)] = ()
    links: Annotated[tuple[DiscoveryLink, ...], BeforeValidator(_links)] = ()

    @property
    def actor(self) -> str | None:
        """The actor of a handle: the `self` link with an ActivityStreams type (1.4 #7)."""
        return self._typed("self")

    @property
    def server_actor(self) -> str | None:
        """The actor of a whole server (FEP-d556)."""
        return self._typed(SERVICE_ACTOR)

    def _typed(self, rel: str) -> str | None:
        return next((link.href for link in self.links if link.rel == rel and link.type in _ACTIVITY_TYPES), None)


class NodeInfoLinks(Wire):
    """Where a server describes its software (C-6)."""

    default_context: ClassVar[Json] = None

    links: Annotated[tuple[DiscoveryLink, ...], BeforeValidator(_links)] = ()


class Software(Wire):
    """A program, its version and where its source lies."""

    name: MaybeText = None
    version: MaybeText = None
    repository: MaybeText = None
    homepage: MaybeText = None


class Services(Wire):
    """Other networks a server exchanges posts with; we have none."""

    inbound: tuple[str, ...] = ()
    outbound: tuple[str, ...] = ()


class NodeInfo(Wire):
    """What software a server runs. It tells no numbers of people: true values or none (C-7)."""

    default_context: ClassVar[Json] = None

    version: Literal["2.0", "2.1"] = "2.1"
    software: Software
    protocols: tuple[str, ...] = ("activitypub",)
    services: Services = Services()
    open_registrations: bool = False
    usage: dict[str, Any] = Field(default_factory=lambda: {"users": {}})
    metadata: dict[str, Any] = Field(default_factory=dict)
