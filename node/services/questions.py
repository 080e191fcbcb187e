"""Asking about another community's notice before offering help, and answering what is asked about ours.

Each conversation is between two communities, about one notice, and read by dispatchers alone. It is never published,
and it is erased with the notice, with the share, and with our copy of theirs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from node.domain.errors import Conflict, NotFound
from node.domain.feed import FeedItem, FeedKind
from node.domain.members import Member, must_be_dispatcher
from node.domain.notices import Notice
from node.domain.peers import OwnActor, host_of, name_among
from node.domain.phrases import say
from node.domain.questions import Question, check_text, must_have_room, next_moment
from node.domain.redaction import check_ticked
from node.domain.responses import Side
from node.services import homes
from node.services.community import Community, found_notice, profile_in
from node.services.for_real import must_be_for_real
from node.services.outgoing import Letter, known_actors, new_activity_id, post
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import questions

GONE = say("This conversation is not here any more. It was erased with the notice it was about.")
NOTICES = frozenset({FeedKind.NEED, FeedKind.OFFER})
#: For how long the queue says that an answer came.
TOLD_FOR = timedelta(days=3)


@dataclass(frozen=True)
class Words:
    """What somebody typed. A telephone number or an e-mail address goes along only `with_details`.

    The same `form_id` twice says it once.
    """

    text: str
    with_details: bool = False
    form_id: str | None = None


@dataclass(frozen=True)
class Thread:
    """A conversation, oldest first, with whom, and about what: a notice of ours, or a copy of theirs.

    `why_closed` is one sentence why nothing can be added now; empty where something can.
    """

    id: str
    said: tuple[Question, ...]
    peer_name: str
    notice: Notice | None
    item: FeedItem | None
    why_closed: str = ""

    @property
    def waits(self) -> bool:
        """They said something last."""
        return bool(self.said) and not self.said[-1].is_ours


async def ask(community: Community, item_id: str, words: Words, by: Member) -> Question:
    """Ask a linked community about its notice. Raises Invalid, NotFound, NotAllowed, Conflict."""
    must_be_dispatcher(by)
    text, form = check_text(words.text), community.form_mark("question", words.form_id)
    async with community.database.unit_of_work() as work:
        earlier = await work.questions.by_form(form) if form else None
        if earlier is not None:
            return earlier
        await must_be_for_real(work)
        item = await _item(work, item_id)
        said = await work.questions.between(item.object_id, item.actor)
        closed = await _why_closed(work, item.actor, is_notice=item.kind in NOTICES)
        if closed:
            raise Conflict(closed)
        await _check(work, said, words)
        community = await homes.towards(community, work, item.actor)
        made = _asked(community, item, said, text)
        await work.questions.add(made, form)
        await _send(community, work, made, item.object_id)
        await work.audit.add(AuditEntry(community.now(), by.id, "asked about a notice", made.id, item.object_id))
    return made


async def answer(community: Community, thread_id: str, words: Words, by: Member) -> Question:
    """Go on with a conversation about a notice of ours. Raises Invalid, NotFound, NotAllowed, Conflict."""
    must_be_dispatcher(by)
    text, form = check_text(words.text), community.form_mark("question", words.form_id)
    async with community.database.unit_of_work() as work:
        earlier = await work.questions.by_form(form) if form else None
        if earlier is not None:
            return earlier
        said = await work.questions.of_thread(thread_id)
        community = community.at(said[0].object_id) if said else community
        if not said or said[0].side is not Side.ORIGIN:
            raise NotFound(GONE)
        closed = await _why_closed(work, said[0].remote_actor)
        if closed:
            raise Conflict(closed)
        await _check(work, said, words)
        made = _said_next(community, said, text)
        await work.questions.add(made, form)
        theirs = [one.note_id for one in said if not one.is_ours]
        await _send(community, work, made, theirs[-1])
        await work.audit.add(AuditEntry(community.now(), by.id, "answered a question", made.notice_id or "", thread_id))
    return made


async def of_item(community: Community, item_id: str, by: Member) -> Thread:
    """What we asked about a notice of theirs, and their answers. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        item = await _item(work, item_id)
        said = await work.questions.between(item.object_id, item.actor)
        closed = await _why_closed(work, item.actor, is_notice=item.kind in NOTICES)
        actors = await work.peers.actors([item.actor])
    name = name_among(actors, item.actor)
    return Thread(said[0].thread if said else "", said, name, None, item, closed)


async def thread(community: Community, thread_id: str, by: Member) -> Thread:
    """One conversation about a notice of ours. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        found = await _threads(work, await work.questions.of_thread(thread_id))
    if not found or found[0].notice is None:
        raise NotFound(GONE)
    return found[0]


async def of_notice(community: Community, notice_id: str, by: Member) -> tuple[Thread, ...]:
    """Every conversation about a notice of ours. Raises NotFound, NotAllowed."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        await found_notice(work, notice_id)
        return await _threads(work, await work.questions.of_notice(notice_id))


async def waiting(community: Community, by: Member) -> tuple[Thread, ...]:
    """Conversations in which the other community spoke last: what they ask us, and answers that came lately."""
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        asked = await _threads(work, await work.questions.of_side(Side.ORIGIN))
        answered = await _threads(work, await work.questions.of_side(Side.HELPER))
    since = community.now() - TOLD_FOR
    lately = tuple(one for one in answered if one.waits and one.said[-1].said_at >= since)
    return tuple(one for one in asked if one.waits) + lately


async def _threads(work: UnitOfWork, said: Iterable[Question]) -> tuple[Thread, ...]:
    by_thread: dict[str, list[Question]] = {}
    for one in said:
        by_thread.setdefault(one.thread, []).append(one)
    firsts = [found[0] for found in by_thread.values()]
    actors = await work.peers.actors(one.remote_actor for one in firsts)
    notices = await work.notices.these(one.notice_id for one in firsts if one.notice_id)
    items = await work.feed.these({one.feed_item_id for one in firsts if one.feed_item_id})
    closed = {actor: await _why_closed(work, actor) for actor in {one.remote_actor for one in firsts}}
    return tuple(
        Thread(
            first.thread,
            tuple(by_thread[first.thread]),
            name_among(actors, first.remote_actor),
            notices.get(first.notice_id or ""),
            items.get(first.feed_item_id or ""),
            closed[first.remote_actor],
        )
        for first in firsts
    )


async def _why_closed(work: UnitOfWork, actor: str, *, is_notice: bool = True) -> str:
    peer = await work.peers.by_host(host_of(actor))
    if not is_notice:
        return say("Questions are asked about what is needed or offered.")
    if peer is None:
        return say("Questions go between communities that are linked. Ask a steward to link with this one.")
    return "" if peer.may_exchange else say("This community is paused or blocked. Resume it first.")


async def _item(work: UnitOfWork, item_id: str) -> FeedItem:
    item = await work.feed.get(item_id)
    if item is None:
        raise NotFound(say("This notice is not here any more. Its community may have taken it back."))
    return item


async def _check(work: UnitOfWork, said: tuple[Question, ...], words: Words) -> None:
    """Raise Conflict where enough was said, Invalid where something would go along that nobody ticked."""
    must_have_room(said)
    check_ticked(words.text, (await profile_in(work)).contact_line, with_details=words.with_details)


def _asked(community: Community, item: FeedItem, said: tuple[Question, ...], text: str) -> Question:
    if said:
        return _said_next(community, said, text)
    new_id = community.new_id()
    return Question(
        id=new_id,
        thread=new_id,
        side=Side.HELPER,
        object_id=item.object_id,
        own_actor=item.received_by,
        remote_actor=item.actor,
        note_id=community.addresses.object(community.new_id()),
        is_ours=True,
        text=text,
        said_at=community.now(),
        feed_item_id=item.id,
    )


def _said_next(community: Community, said: tuple[Question, ...], text: str) -> Question:
    first = said[0]
    return Question(
        id=community.new_id(),
        thread=first.thread,
        side=first.side,
        object_id=first.object_id,
        own_actor=first.own_actor,
        remote_actor=first.remote_actor,
        note_id=community.addresses.object(community.new_id()),
        is_ours=True,
        text=text,
        said_at=next_moment(said, community.now()),
        notice_id=first.notice_id,
        share_id=first.share_id,
        feed_item_id=first.feed_item_id,
    )


async def _send(community: Community, work: UnitOfWork, made: Question, in_reply_to: str) -> None:
    community = community.at(made.note_id)
    activity = questions.create(new_activity_id(community), made, in_reply_to, community.addresses)
    actors = await known_actors(work, [made.remote_actor])
    await post(community, work, Letter(activity, OwnActor(made.own_actor), made.key, actors))
