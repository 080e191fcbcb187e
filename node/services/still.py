"""Is it still wanted? Answered by its owner over the link in a message, without the code."""

from node.domain.consent import Channel, Question, Use
from node.domain.errors import NotFound
from node.domain.notices import CLOSED, Notice, Status
from node.services import consents, links, needs
from node.services.community import Community, found_notice
from node.services.consents import Said, entries_of
from node.services.needs import Find
from node.storage.unit_of_work import UnitOfWork


async def asked(community: Community, token: str) -> Notice:
    """The notice the link is about. Raises NotFound, also where everything was erased."""
    async with community.database.reading() as work:
        return await _found(community, work, token)


async def still_so(community: Community, token: str) -> None:
    """It is still wanted: its time begins anew. Raises NotFound."""
    for find in await _asked_together(community, token):
        await needs.renew_found(community, find)


async def is_sorted(community: Community, token: str) -> None:
    """It is sorted; what repeats comes back for its next round. Raises NotFound."""
    for find in await _asked_together(community, token):
        await needs.sorted_found(community, find)


async def do_not_ask(community: Community, token: str, wording: str) -> None:
    """They do not want to be asked again; `wording` is the button's. Raises NotFound."""
    async with community.database.unit_of_work() as work:
        notice = await _found(community, work, token)
        questions = (Question(Use.STILL_NEEDED),)
        said = Said(questions, is_given=False, wording=wording, channel=Channel.WEB)
        await consents.write_down(community, work, notice, entries_of(said, questions, None, community.now()))


async def _asked_together(community: Community, token: str) -> tuple[Find, ...]:
    """What one message asks about: a notice, and of what was split the other parts that are neither over nor rest."""
    async with community.database.reading() as work:
        notice = await _found(community, work, token)
        found = await work.notices.together(notice)
    others = [one.id for one in found if one.id != notice.id and one.status not in {Status.PAUSED, *CLOSED}]
    return lambda work: _found(community, work, token), *map(_by_id, others)


def _by_id(notice_id: str) -> Find:
    return lambda work: found_notice(work, notice_id)


async def _found(community: Community, work: UnitOfWork, token: str) -> Notice:
    notice = await work.notices.get(links.notice_of(community, token))
    if notice is None or notice.erased_at is not None:
        raise NotFound(links.GONE)
    return notice
