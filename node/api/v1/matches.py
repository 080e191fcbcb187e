"""Calls about matches: offers suggested for a need, proposed, agreed, done, undone."""

from typing import Annotated

from pydantic import Field

from node.api.v1.fields import Answer, Body, Number, Text
from node.api.v1.operations import Call, NoBody, NoQuery, Operation
from node.domain.matches import Fit, Match, MatchState
from node.services import matching
from node.services.matching import Suggestion


class ProposalBody(Body):
    """The offer that may be what is needed."""

    offer: Annotated[Text, Field(max_length=64)]


class SuggestionAnswer(Answer):
    """An offer beside a need, and every reason why it stands there."""

    offer: str
    title: str
    area: str
    reasons: tuple[Fit, ...]


class SuggestionList(Answer):
    """Those of the same area first, then those with a shared language, then what ends first; `next` is always null."""

    items: tuple[SuggestionAnswer, ...]
    next: str | None


class MatchAnswer(Answer):
    """A need and an offer that are being brought together. `of_need` and `of_offer` are held once it is agreed."""

    id: str
    need: str
    offer: str
    state: MatchState
    of_need: Number
    of_offer: Number


class MatchList(Answer):
    """The oldest first; `next` is always null."""

    items: tuple[MatchAnswer, ...]
    next: str | None


async def suggested(call: Call[NoBody, NoQuery]) -> SuggestionList:
    """Offers that may fit a need."""
    found = await matching.suggestions(call.community, call.id, call.member)
    return SuggestionList(items=tuple(map(_suggestion, found)), next=None)


async def listing(call: Call[NoBody, NoQuery]) -> MatchList:
    """The matches of a need."""
    found = await matching.of_notice(call.community, call.id, call.member)
    return MatchList(items=tuple(_answer(line.match) for line in found), next=None)


async def propose(call: Call[ProposalBody, NoQuery]) -> MatchAnswer:
    """Propose an offer for a need."""
    return _answer(await matching.propose(call.community, call.id, call.body.offer, call.member))


async def agree(call: Call[NoBody, NoQuery]) -> MatchAnswer:
    """Both said yes."""
    return _answer(await matching.agree_on(call.community, call.id, call.member))


async def done(call: Call[NoBody, NoQuery]) -> None:
    """It was brought."""
    await matching.done(call.community, call.id, call.member)


async def undo(call: Call[NoBody, NoQuery]) -> None:
    """Not these two after all."""
    await matching.undo(call.community, call.id, call.member)


OPERATIONS = (
    Operation(
        "GET", "/needs/{id}/suggestions", "suggest_offers", "Offers that may fit a need, and why", suggested,
        SuggestionList,
    ),
    Operation("GET", "/needs/{id}/matches", "list_matches", "What a need is being matched with", listing, MatchList),
    Operation(
        "POST", "/needs/{id}/matches", "propose_match", "Propose an offer for a need", propose, MatchAnswer, 201,
        body=ProposalBody, problems=(409,),
    ),
    Operation(
        "POST", "/matches/{id}/agree", "agree_on_match", "Both said yes: it is promised to nobody else", agree,
        MatchAnswer, problems=(409,),
    ),
    Operation("POST", "/matches/{id}/done", "finish_match", "It was brought, or done", done, None, 204,
              problems=(409,)),
    Operation("DELETE", "/matches/{id}", "undo_match", "Not these two after all; no reason is asked for", undo, None,
              204),
)  # fmt: skip


def _suggestion(one: Suggestion) -> SuggestionAnswer:
    words = one.offer.wording
    return SuggestionAnswer(offer=one.offer.id, title=words.title, area=words.area, reasons=one.reasons)


def _answer(match: Match) -> MatchAnswer:
    return MatchAnswer(
        id=match.id,
        need=match.need_id,
        offer=match.offer_id,
        state=match.state,
        of_need=match.of_need,
        of_offer=match.of_offer,
    )
