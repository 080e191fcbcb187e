"""Is it still wanted? Answered by its owner over the link in a message, without the code."""

from node.domain.consent import Channel, Question, Use
from node.domain.errors import NotFound
from node.domain.notices import Notice
from node.services import consents, links, needs
from node.services.community import Community
from node.services.consents import Said, entries_of
from node.storage.unit_of_work import UnitOfWork


async def asked(community: Community, token: str) -> Notice:
    """The notice the link is about. Raises NotFound, also where everything was erased."""
    async with community.database.reading() as work:
        return await _found(community, work, token)


async def still_so(community: Community, token: str) -> None:
    """It is still wanted: its time begins anew. Raises NotFound."""
    await needs.renew_found(community, lambda work: _found(community, work, token))


async def is_sorted(community: Community, token: str) -> None:
    """It is sorted; what repeats comes back for its next round. Raises NotFound."""
    await needs.sorted_found(community, lambda work: _found(community, work, token))


async def do_not_ask(community: Community, token: str, wording: str) -> None:
    """They do not want to be asked again; `wording` is the button's. Raises NotFound."""
    async with community.database.unit_of_work() as work:
        notice = await _found(community, work, token)
        questions = (Question(Use.STILL_NEEDED),)
        said = Said(questions, is_given=False, wording=wording, channel=Channel.WEB)
        await consents.write_down(community, work, notice, entries_of(said, questions, None, community.now()))


async def _found(community: Community, work: UnitOfWork, token: str) -> Notice:
    notice = await work.notices.get(links.notice_of(community, token))
    if notice is None or notice.erased_at is not None:
        raise NotFound(links.GONE)
    return notice
