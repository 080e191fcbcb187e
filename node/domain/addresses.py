"""The addresses this community gives to its own things, on the wire and on the web."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from node.domain.peers import OwnActor

PUBLIC_COLLECTION = "https://www.w3.org/ns/activitystreams#Public"


@dataclass(frozen=True)
class Addresses:
    """Everything is below `base_url`, which has no slash at its end."""

    base_url: str

    @property
    def host(self) -> str:
        """Host and port as others see them."""
        return urlsplit(self.base_url).netloc.lower()

    def actor(self, own: OwnActor) -> str:
        """The id of one of our three actors."""
        return f"{self.base_url}/actors/{own}"

    def inbox(self, own: OwnActor) -> str:
        """Where that actor receives."""
        return f"{self.actor(own)}/inbox"

    def followers(self, own: OwnActor) -> str:
        """The collection of its followers."""
        return f"{self.actor(own)}/followers"

    def followers_synchronization(self, own: OwnActor) -> str:
        """Where another server reads those of its own actors that follow this one (FEP-8fcf)."""
        return f"{self.actor(own)}/followers_synchronization"

    @property
    def shared_inbox(self) -> str:
        """Where all of them receive."""
        return f"{self.base_url}/inbox"

    def rsa_key(self, own: OwnActor) -> str:
        """The id of the key for HTTP signatures."""
        return f"{self.actor(own)}#main-key"

    def ed25519_key(self, own: OwnActor) -> str:
        """The id of the key for integrity proofs."""
        return f"{self.actor(own)}#ed25519-key"

    def object(self, object_id: str) -> str:
        """The id of something shared."""
        return f"{self.base_url}/o/{object_id}"

    def page(self, object_id: str) -> str:
        """The page about something shared publicly."""
        return f"{self.base_url}/p/{object_id}"

    def activity(self, activity_id: str) -> str:
        """The id of an activity."""
        return f"{self.base_url}/a/{activity_id}"

    def agreement(self, agreement_id: str) -> str:
        """The id of an agreement."""
        return f"{self.base_url}/agreements/{agreement_id}"

    def event(self, event_id: str) -> str:
        """The id of a receipt."""
        return f"{self.base_url}/events/{event_id}"

    def own_actor(self, uri: str) -> OwnActor | None:
        """Which of our actors this id means; None for any other."""
        return next((own for own in OwnActor if self.actor(own) == uri), None)
