"""The call about the network at a glance."""

from datetime import datetime

from node.api.v1.fields import Answer
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.network import Band, Flow, Flows, Link, Neighbour
from node.domain.retention import month_of
from node.services import network
from node.services.community import profile, zone_of


class FlowAnswer(Answer):
    """How much of one thing went one way: `none`, `few`, or `some`, and only then a number."""

    band: Band
    told: int | None


class FlowsAnswer(Answer):
    """What went one way: notices shown, and tasks taken on for the other."""

    notices: FlowAnswer
    tasks: FlowAnswer


class NeighbourAnswer(Answer):
    """A neighbouring community: how we stand with it now, and what went each way this month.

    `until` is the end of its rest.
    """

    peer: str
    name: str
    address: str
    link: Link
    to_them: FlowsAnswer
    to_us: FlowsAnswer
    until: datetime | None


class NetworkAnswer(Answer):
    """Every neighbour by name and in no other order; between communities, never of people."""

    month: str
    items: tuple[NeighbourAnswer, ...]


async def read(call: Call[NoBody, NoQuery]) -> NetworkAnswer:
    """The network at a glance."""
    community = call.community
    found = await network.at_a_glance(community, call.member)
    zone = zone_of(community, await profile(community))
    return NetworkAnswer(month=month_of(community.now(), zone), items=tuple(map(_answer, found)))


OPERATIONS = (
    Operation(
        "GET", "/network", "get_network", "Our neighbours, and what went each way this month", read, NetworkAnswer
    ),
)


def _answer(one: Neighbour) -> NeighbourAnswer:
    return NeighbourAnswer(
        peer=one.peer_id,
        name=one.name,
        address=one.address,
        link=one.link,
        to_them=_flows(one.to_them),
        to_us=_flows(one.to_us),
        until=one.until,
    )


def _flows(flows: Flows) -> FlowsAnswer:
    return FlowsAnswer(notices=_flow(flows.notices), tasks=_flow(flows.tasks))


def _flow(flow: Flow) -> FlowAnswer:
    return FlowAnswer(band=flow.band, told=flow.told)
