"""What other communities are and send in these tests; every default spelled once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from node.domain.feed import FeedItem, FeedKind
from node.domain.peers import RemoteActor
from node.domain.responses import Response, ResponseState, Side
from node.domain.strangers import Enquiry, Report

START = datetime(2031, 5, 4, 12, 0, tzinfo=UTC)


def remote_actor(actor: str, name: str) -> RemoteActor:
    """Another community's actor."""
    host = actor.split("/")[2]
    return RemoteActor(
        id=actor,
        type="Group",
        username=host.split(".")[0],
        name=name,
        inbox=f"{actor}/inbox",
        shared_inbox=f"https://{host}/inbox",
        url=f"https://{host}/",
        summary="",
        is_manyhands=True,
        fetched_at=START,
    )


def soup(item_id: str) -> FeedItem:
    """A need of a neighbouring community."""
    return FeedItem(
        id=item_id,
        object_id=f"https://willow.example/o/{item_id}",
        actor="https://willow.example/actors/peers",
        kind=FeedKind.NEED,
        title="Soup for Thursday",
        html="<p>Thirty bowls &amp; spoons</p>",
        published_at=START,
        updated_at=START,
        received_at=START,
        ends_at=START + timedelta(days=5),
        category="meals",
        area="Old Town",
        unit="one",
        available=Decimal(30),
        intent_id=f"https://willow.example/o/{item_id}#primary",
        received_by="peers",
    )


NOOR = "https://social.example/users/noor"


def message(enquiry_id: str = "enquiry1") -> Enquiry:
    """What somebody on another server wrote to us."""
    return Enquiry(
        id=enquiry_id,
        note_id=f"https://social.example/notes/{enquiry_id}",
        actor=NOOR,
        own_actor="public",
        text="I have two packs.\nWhere may I bring them?",
        received_at=START,
        name="Noor",
        handle="@noor@social.example",
        thread=enquiry_id,
    )


def complaint(*objects: str) -> Report:
    """What another server reported."""
    server = "https://social.example/actor"
    return Report("report1", "https://social.example/flags/1", server, objects, "It is not so.", START)


def offer(response_id: str, side: Side) -> Response:
    """An offer of help that waits for an answer."""
    return Response(
        id=response_id,
        side=side,
        offer_id=f"https://willow.example/a/{response_id}",
        object_id=f"https://willow.example/o/{response_id}",
        own_actor="peers",
        remote_actor="https://willow.example/actors/peers",
        quantity=Decimal(2),
        unit="one",
        state=ResponseState.OFFERED,
        created_at=START,
        updated_at=START,
        text="We can bring them on Friday.",
        until=START + timedelta(days=3),
    )
