"""The rest of the network as this community sees it: every request guarded, and signed with a key of ours."""

import copy
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from federation.errors import (
    FederationError,
    ForbiddenAddress,
    Gone,
    KeyUnreachable,
    NotActivityStreams,
    NotReached,
    Refused,
    TooLarge,
    WrongOrigin,
)
from federation.fetch import fetch_actor, fetch_collection, fetch_document, fetch_json, fetch_note
from federation.keys import KeyPair, PublicKey
from federation.resolve import KeyCache, find_key, resolve_actor
from federation.signatures import SeenSignatures
from federation.signing import KnownSchemes, Signer
from federation.transport import Transport
from node.domain.errors import Invalid, PeerTrouble
from node.domain.ids import random_id
from node.domain.peers import OwnActor, RemoteActor
from node.domain.phrases import Phrase, say
from node.services.boundaries import Boundaries
from node.services.claims import Claim, Heard
from node.services.their_clocks import TheirClocks
from node.translate.actors import PEERS_SUFFIX, read_actor
from schemas.actors import Actor
from schemas.collections import parse_collection
from schemas.errors import InvalidDocument
from schemas.fields import Document
from schemas.objects import Note

RECENT_ACTORS = 1000
OFF = say("Federation is switched off here.")
NOT_FOUND = say("No community could be found at that address. %(reason)s")


@dataclass(frozen=True)
class Both:
    """A community's two feeds, as far as they were found."""

    public: RemoteActor | None
    peers: RemoteActor | None

    @property
    def first(self) -> RemoteActor:
        """Either of them. Raises PeerTrouble when there is none."""
        found = self.public or self.peers
        if found is None:
            raise PeerTrouble(say("There is no community at that address."))
        return found


class Remote:
    """How we ask other servers. `keys` are our own three actors'.

    While `is_off` nobody is asked for anything but the key under something just received (protocol 138).
    `may_discover` says of the id of an unknown key whether it may be fetched now.
    """

    def __init__(
        self,
        transport: Transport,
        keys: Mapping[OwnActor, KeyPair],
        now: Callable[[], datetime],
        *,
        is_off: bool = False,
        may_discover: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self.transport = transport
        self.keys = keys
        self.is_off = is_off
        self._may_discover = may_discover
        self.boundaries = Boundaries()
        self.seen_signatures = SeenSignatures()
        self.heard = Heard()
        self.their_clocks = TheirClocks()
        self.schemes = KnownSchemes()
        self.key_cache = KeyCache(self._fetch_key, now)
        self._now = now
        self._recent: OrderedDict[str, Actor] = OrderedDict()

    def with_keys(self, keys: Mapping[OwnActor, KeyPair]) -> "Remote":
        """The same with other keys of ours; everything that is remembered is shared."""
        other = copy.copy(self)
        other.keys = keys
        return other

    @property
    def allow_http(self) -> bool:
        """Whether http addresses count: only where loopback peers are allowed, for trying things out."""
        return self.transport.policy.dev_loopback

    def forget(self, actor_id: str) -> None:
        """Forget an actor and its keys, because its own document may say something else now; all, where it is empty."""
        self.key_cache.forget(actor_id)
        if actor_id:
            self._recent.pop(actor_id, None)
        else:
            self._recent.clear()

    async def look_up(self, address: str) -> Both:
        """The community behind `@name@host`, a web address or a host name.

        Raises Invalid for an address that is none, PeerTrouble when nothing usable answers there.
        """
        self._must_be_on()
        try:
            actor = await resolve_actor(self.transport, address, self._signer, self._now())
        except ForbiddenAddress as error:
            raise Invalid({"address": _said(error)}) from error
        except FederationError as error:
            raise PeerTrouble(NOT_FOUND % {"reason": _said(error)}) from error
        found = read_actor(actor, self._now())
        if found.username.endswith(PEERS_SUFFIX):
            return await self._complete(None, found)
        return await self._complete(found, None)

    async def complete(self, public_id: str | None, peers_id: str | None) -> Both:
        """Both feeds of a community of which one is known; what cannot be reached now is left out."""
        public, peers = await self._try_actor(public_id), await self._try_actor(peers_id)
        try:
            return await self._complete(public, peers)
        except PeerTrouble:
            return Both(public, peers)

    async def actor(self, actor_id: str, *, anew: bool = False) -> RemoteActor:
        """An actor from its own id; `anew` asks even if it was fetched a moment ago. Raises PeerTrouble."""
        recent = None if anew else self._recent.get(actor_id)
        if recent is None:
            self._must_be_on()
        try:
            actor = recent or await fetch_actor(self.transport, actor_id, self._signer, self._now())
        except FederationError as error:
            raise PeerTrouble(_said(error)) from error
        return read_actor(actor, self._now())

    async def note(self, note_id: str, own: OwnActor = OwnActor.INSTANCE) -> Note | None:
        """A Note from its own id, as it is shown to our actor `own`.

        None where its server says that there is none (404 or 410). Raises PeerTrouble.
        """
        self._must_be_on()
        try:
            return await fetch_note(self.transport, note_id, self._asking_as(own), self._now())
        except FederationError as error:
            if isinstance(error, Refused) and error.status in {404, 410}:
                return None
            raise PeerTrouble(_said(error)) from error

    async def moved_to(self, target_id: str, old_id: str) -> RemoteActor | None:
        """The actor that `old_id` goes on as, if that actor's own document says so; else None (FEP-7628).

        Raises PeerTrouble where it cannot be had now.
        """
        self._must_be_on()
        try:
            actor = await fetch_actor(self.transport, target_id, self._signer, self._now())
        except FederationError as error:
            raise PeerTrouble(_said(error)) from error
        return read_actor(actor, self._now()) if old_id in actor.also_known_as else None

    async def outbox(self, actor_id: str, own: OwnActor) -> tuple[Document, ...]:
        """What an actor shows to our actor `own`: at most five pages of its outbox.

        Nothing where what is there will never be believed, such as a page on another server. Raises PeerTrouble where
        it cannot be had now.
        """
        self._must_be_on()
        try:
            actor = await fetch_actor(self.transport, actor_id, self._signer, self._now())
            if actor.outbox is None:
                return ()
            return await fetch_collection(self.transport, actor.outbox, self._asking_as(own), self._now())
        except (WrongOrigin, TooLarge, NotActivityStreams, Gone):
            return ()
        except FederationError as error:
            raise PeerTrouble(_said(error)) from error

    async def followers_here(self, actor_id: str, claim: Claim) -> frozenset[str]:
        """Who of ours follows an actor, as its own server lists it to us (FEP-8fcf). Raises PeerTrouble.

        The collection claimed must be the actor's own, and the list must be of the actor's server.
        """
        self._must_be_on()
        signer, now = self._signer, self._now()
        try:
            actor = await fetch_actor(self.transport, actor_id, signer, now)
            if actor.followers != claim.collection:
                raise PeerTrouble(say("That is not the collection of its followers."))
            found = parse_collection(await fetch_document(self.transport, claim.url, signer, now))
        except (FederationError, InvalidDocument) as error:
            raise PeerTrouble(_said(error)) from error
        return frozenset(item for item in found.ordered_items or () if isinstance(item, str))

    async def read_released(self, url: str, own: OwnActor) -> Document:
        """What the origin lets us read now: a GET signed by our actor in the agreement. Raises PeerTrouble."""
        self._must_be_on()
        # Read twice within a second, the request would carry the same signature, and that opens nothing again.
        if "?" not in url:
            url = f"{url}?once={random_id()}"
        try:
            return await fetch_json(self.transport, url, self._asking_as(own), self._now())
        except FederationError as error:
            raise PeerTrouble(say("The details could not be read just now. %(reason)s", reason=_said(error))) from error

    async def ask_as_heir(self, url: str, told: str = "") -> Document | None:
        """What a community answers its heir, a locked copy for one; None where we are not its heir (404 or 410).

        `told` stands behind the query. Raises PeerTrouble.
        """
        self._must_be_on()
        try:
            asked = f"{url}?once={random_id()}{told}"
            return await fetch_json(self.transport, asked, self._asking_as(OwnActor.PEERS), self._now())
        except FederationError as error:
            if isinstance(error, Refused) and error.status in {404, 410}:
                return None
            raise PeerTrouble(say("They could not be reached just now. %(reason)s", reason=_said(error))) from error

    def _must_be_on(self) -> None:
        if self.is_off:
            raise PeerTrouble(OFF)

    @property
    def _signer(self) -> Signer:
        return self._asking_as(OwnActor.INSTANCE)

    def _asking_as(self, own: OwnActor) -> Signer:
        return Signer(self.keys[own], self.schemes)

    async def _complete(self, public: RemoteActor | None, peers: RemoteActor | None) -> Both:
        """Find the other feed by its name: the peers actor is called like the public one with `_peers` behind it.

        Raises PeerTrouble where nobody can say now whether there is one.
        """
        if public is not None and peers is None and public.is_manyhands:
            peers = await self._try_handle(f"{public.username}{PEERS_SUFFIX}", public)
        if peers is not None and public is None and peers.is_manyhands:
            public = await self._try_handle(peers.username.removesuffix(PEERS_SUFFIX), peers)
        return Both(public, peers)

    async def _try_handle(self, username: str, sibling: RemoteActor) -> RemoteActor | None:
        handle = f"@{username}@{urlsplit(sibling.id).netloc}"
        try:
            actor = await resolve_actor(self.transport, handle, self._signer, self._now())
        except FederationError as error:
            if _passes(error):
                raise PeerTrouble(NOT_FOUND % {"reason": _said(error)}) from error
            return None
        found = read_actor(actor, self._now())
        return found if found.host == sibling.host else None

    async def _try_actor(self, actor_id: str | None) -> RemoteActor | None:
        if actor_id is None:
            return None
        try:
            return await self.actor(actor_id)
        except PeerTrouble:
            return None

    async def _fetch_key(self, key_id: str) -> tuple[PublicKey, Actor]:
        if not self._may_discover(key_id):
            raise KeyUnreachable
        key, actor = await find_key(self.transport, key_id, self._signer, self._now())
        self._recent[actor.id] = actor
        while len(self._recent) > RECENT_ACTORS:
            self._recent.popitem(last=False)
        return key, actor


def _said(error: Exception) -> Phrase:
    """What went wrong as a sentence of ours, which pages say in their reader's language."""
    return Phrase(str(error))


def _passes(error: FederationError) -> bool:
    """Whether the same question may have an answer later."""
    if isinstance(error, Refused):
        return error.status >= 500 or error.status == 429
    return isinstance(error, NotReached) and error.retryable
