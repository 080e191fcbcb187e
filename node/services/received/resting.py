"""While the link with a community rests nothing new of theirs is taken in, but tasks that are under way go on."""

from federation.receive import is_farewell
from node.domain.responses import ResponseState
from node.services.more_time import task_behind
from node.storage.unit_of_work import UnitOfWork
from schemas.activities import Activity, Announce, Create, Update
from schemas.marketplace import Agreement, EconomicEvent
from schemas.objects import Note


async def goes_on(work: UnitOfWork, activity: Activity) -> bool:
    """Whether this counts even now: whatever answers, ends or moves something, and word about a task of ours."""
    match activity:
        case Create():
            said = activity.object
            return isinstance(said, EconomicEvent) or (
                isinstance(said, Note) and await task_behind(work, said) is not None
            )
        case Update():
            about = activity.object
            if isinstance(about, Note):
                return await _concerns_a_task(work, about)
            return isinstance(about, Agreement) or is_farewell(activity)
        case Announce():
            return False
        case _:
            return True


async def _concerns_a_task(work: UnitOfWork, note: Note) -> bool:
    item = await work.feed.by_object(note.id)
    if item is None:
        return False
    answers = await work.responses.of_items({item.id})
    return any(response.is_running or response.state is ResponseState.OFFERED for response in answers)
