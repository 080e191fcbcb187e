"""Our three actors as documents, and other servers' actors as we keep them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape

import nh3

from federation.keys import KeyPair
from node.domain.addresses import Addresses
from node.domain.errors import PeerTrouble
from node.domain.fingerprints import mark_of
from node.domain.link_texts import LONGEST
from node.domain.peers import OwnActor, RemoteActor
from node.domain.rest import believed
from node.translate.text import plain_line, plain_lines
from schemas.actors import Actor, Endpoints, Generator, Multikey, PropertyValue, PublicKey
from schemas.links import Link

PEERS_SUFFIX = "_peers"
PROFILE_1 = "https://w3id.org/manyhands/ns#profile-1"
RFC_9421 = "https://datatracker.ietf.org/doc/html/rfc9421"


@dataclass(frozen=True)
class PublishedKey:
    """The public half of a key: its id, and the text that stands in a document."""

    id: str
    text: str


@dataclass(frozen=True)
class PublishedKeys:
    """One actor's keys as they stand in its document: a PEM as `publicKey`, the others as Multikeys (FEP-521a)."""

    pem: PublishedKey
    multikeys: tuple[PublishedKey, ...]


@dataclass(frozen=True)
class Presentation:
    """What an actor's document says about the community.

    `lived_at` is the address it left, `lives_at` the one it moved to, seen from the other (FEP-7628).
    """

    name: str
    username: str
    areas: tuple[str, ...]
    created_at: datetime
    resting_until: datetime | None = None
    link_text: str = ""
    lived_at: Addresses | None = None
    lives_at: Addresses | None = None


def actor_document(
    addresses: Addresses, own: OwnActor, shown: Presentation, keys: Mapping[OwnActor, PublishedKeys]
) -> Actor:
    """One of our actors (protocol 2.2)."""
    if own is OwnActor.INSTANCE:
        return _instance(addresses, shown, keys[own])
    is_public = own is OwnActor.PUBLIC
    return Actor(
        id=addresses.actor(own),
        type="Organization",
        preferred_username=username(shown, own),
        webfinger=f"{username(shown, own)}@{addresses.host}",
        name=shown.name,
        summary=_summary(is_public),
        url=f"{addresses.base_url}/",
        published=shown.created_at,
        featured=f"{addresses.actor(own)}/featured" if is_public else None,
        manually_approves_followers=not is_public,
        discoverable=is_public,
        indexable=False,
        also_known_as=(shown.lived_at.actor(own),) if shown.lived_at is not None else (),
        moved_to=shown.lives_at.actor(own) if shown.lives_at is not None else None,
        resting_until=shown.resting_until,
        agreement=None if is_public or not shown.link_text else shown.link_text,
        generator=_generator(addresses),
        attachment=_attachment(addresses, shown) if is_public else (),
        **_plumbing(addresses, own, keys[own]),
    )


def published_keys(pair: KeyPair) -> PublishedKeys:
    """The public halves of a pair.

    Many servers read one `publicKey` and no list of them, so a retired RSA key is listed as a Multikey as well.
    """
    others = (pair.ed25519, *pair.retired)
    return PublishedKeys(
        PublishedKey(pair.rsa.id, pair.rsa.public_pem),
        tuple(PublishedKey(key.id, key.public_multibase) for key in others),
    )


def marks_of_pair(pair: KeyPair) -> frozenset[str]:
    """What stands for the keys of a pair, as whoever reads our actor's document sees them."""
    published = published_keys(pair)
    return frozenset(mark_of(key.text) for key in (published.pem, *published.multikeys))


def _marks(actor: Actor) -> frozenset[str]:
    signing = (key.public_key_pem for key in actor.public_keys)
    proving = (key.public_key_multibase for key in actor.assertion_method)
    return frozenset(mark_of(key) for key in (*signing, *proving))


def username(shown: Presentation, own: OwnActor) -> str:
    """The name in `@name@host`; the peers actor is the public one's with `_peers` behind it (protocol 1.5)."""
    return shown.username if own is OwnActor.PUBLIC else f"{shown.username}{PEERS_SUFFIX}"


def read_actor(actor: Actor, now: datetime) -> RemoteActor:
    """A fetched actor as we keep it. Raises PeerTrouble for one that cannot receive."""
    if actor.inbox is None:
        raise PeerTrouble("That address cannot receive messages.")
    return RemoteActor(
        id=actor.id,
        type=actor.type,
        username=plain_line(actor.preferred_username or "")[:200],
        name=plain_line(actor.name or actor.preferred_username or actor.id)[:200],
        inbox=actor.inbox,
        shared_inbox=actor.shared_inbox,
        url=actor.url,
        summary=plain_line(nh3.clean(actor.summary or "", tags=set()))[:2000],
        is_manyhands=_implements(actor, PROFILE_1),
        fetched_at=now,
        takes_rfc9421=_implements(actor, RFC_9421),
        resting_until=believed(actor.resting_until, now),
        keys=tuple(sorted(_marks(actor))),
        link_text=plain_lines(actor.agreement or "")[:LONGEST].strip(),
    )


def _implements(actor: Actor, what: str) -> bool:
    return actor.generator is not None and any(link.href == what for link in actor.generator.implements)


def _instance(addresses: Addresses, shown: Presentation, keys: PublishedKeys) -> Actor:
    return Actor(
        id=addresses.actor(OwnActor.INSTANCE),
        type="Application",
        preferred_username=addresses.host,
        webfinger=f"{addresses.host}@{addresses.host}",
        name=shown.name,
        summary="<p>The server itself. It signs requests and cannot be followed.</p>",
        url=f"{addresses.base_url}/",
        published=shown.created_at,
        manually_approves_followers=True,
        discoverable=False,
        indexable=False,
        generator=_generator(addresses),
        **_plumbing(addresses, OwnActor.INSTANCE, keys),
    )


def _plumbing(addresses: Addresses, own: OwnActor, keys: PublishedKeys) -> dict[str, object]:
    actor = addresses.actor(own)
    return {
        "inbox": addresses.inbox(own),
        "outbox": f"{actor}/outbox",
        "followers": addresses.followers(own),
        "following": f"{actor}/following",
        "endpoints": Endpoints(shared_inbox=addresses.shared_inbox),
        "public_key": PublicKey(id=keys.pem.id, owner=actor, public_key_pem=keys.pem.text),
        "assertion_method": tuple(
            Multikey(id=key.id, controller=actor, public_key_multibase=key.text) for key in keys.multikeys
        ),
    }


def _generator(addresses: Addresses) -> Generator:
    implemented = (
        Link(href=RFC_9421, name="RFC-9421: HTTP Message Signatures"),
        Link(href=PROFILE_1, name="Manyhands profile 1"),
    )
    return Generator(id=addresses.actor(OwnActor.INSTANCE), implements=implemented)


def _summary(is_public: bool) -> str:
    if is_public:
        return (
            "<p>Neighbours helping neighbours. Posts are coarse and anonymised; reply privately or use the link "
            "in a post.</p>"
        )
    return "<p>For neighbouring communities that a steward has agreed with.</p>"


def _attachment(addresses: Addresses, shown: Presentation) -> tuple[PropertyValue, ...]:
    ask = f"{addresses.base_url}/ask"
    link = f'<a href="{ask}" rel="nofollow noopener">{ask}</a>'
    listed = [PropertyValue(name="Ask for help", value=link)]
    if shown.areas:
        listed.insert(0, PropertyValue(name="Area", value=escape(", ".join(shown.areas), quote=False)))
    return tuple(listed)
