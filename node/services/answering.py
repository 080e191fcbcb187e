"""Writing back to a stranger: a private note to that one person, and taking it back."""

from dataclasses import replace

from node.domain.errors import Conflict, NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.peers import OwnActor, RemoteActor
from node.domain.phrases import say
from node.domain.redaction import check_ticked
from node.domain.strangers import Answer, Enquiry, check_answer
from node.services.community import Community, profile_in
from node.services.enquiries import found_enquiry
from node.services.outgoing import Letter, new_activity_id, post
from node.storage.audit import AuditEntry
from node.storage.unit_of_work import UnitOfWork
from node.translate import answers
from schemas.fields import dump

BLOCKED = say("This sender is blocked here. Unblock them first.")


async def answer(
    community: Community,
    enquiry_id: str,
    text: str,
    by: Member,
    *,
    with_details: bool = False,
    form_id: str | None = None,
) -> Answer:
    """Write back to whoever sent a message, to them alone. The same `form_id` twice writes once.

    A telephone number or e-mail address goes along only `with_details`, but for the community's own line. Raises
    Invalid, NotFound, NotAllowed, Conflict where the sender is blocked, and PeerTrouble where their server cannot be
    asked for their inbox.
    """
    must_be_dispatcher(by)
    words = check_answer(text)
    form = community.form_mark("answer", form_id)
    async with community.database.reading() as work:
        earlier = await work.answers.by_form(form) if form else None
        if earlier is not None:
            return earlier
        enquiry = await found_enquiry(work, enquiry_id)
        check_ticked(words, (await profile_in(work)).contact_line, with_details=with_details)
    if community.remote.boundaries.blocks(enquiry.actor):
        raise Conflict(BLOCKED)
    addressee = await community.remote.actor(enquiry.actor)
    async with community.database.unit_of_work() as work:
        earlier = await work.answers.by_form(form) if form else None
        if earlier is not None:
            return earlier
        made = _new_answer(community, await found_enquiry(work, enquiry_id), addressee, words)
        await work.answers.add(made, form)
        note = answers.answer_to_note(made, community.addresses)
        create = answers.create(new_activity_id(community), note)
        await post(community, work, Letter(create, OwnActor(made.own_actor), made.object_id, (addressee,)))
        await work.audit.add(AuditEntry(community.now(), by.id, "answered a message", made.thread))
    return made


async def take_back(community: Community, answer_id: str, by: Member) -> Answer:
    """Ask its addressee to erase an answer; here its words are gone at once. Twice is as good as once.

    Raises NotFound, NotAllowed.
    """
    must_be_dispatcher(by)
    async with community.database.unit_of_work() as work:
        found = await work.answers.get(answer_id)
        if found is None:
            raise NotFound(say("This answer is not here any more."))
        if found.taken_back:
            return found
        gone = await erase_there(community, work, found)
        await work.audit.add(AuditEntry(community.now(), by.id, "took an answer back", found.thread))
    return gone


async def erase_there(community: Community, work: UnitOfWork, found: Answer) -> Answer:
    """Ask its addressee to erase an answer, and forget its words, inside a unit of work."""
    gone = replace(found, text="", taken_back=True)
    await work.answers.put(gone)
    await work.outbox.forget_about(found.object_id)
    community = community.at(found.object_id)
    delete = answers.delete(new_activity_id(community), found, community.addresses)
    letter = Letter(delete, OwnActor(found.own_actor), found.object_id, (_addressee(community, found),))
    await post(community, work, letter)
    return gone


async def read_answer(work: UnitOfWork, community: Community, object_id: str, reader: str | None) -> bytes | None:
    """The note as it was sent, for its addressee alone and as long as it was not taken back."""
    found = await work.answers.by_object(object_id)
    if found is None or found.taken_back or reader != found.actor:
        return None
    return dump(answers.answer_to_note(found, community.at(object_id).addresses))


def _new_answer(community: Community, enquiry: Enquiry, addressee: RemoteActor, words: str) -> Answer:
    return Answer(
        id=community.new_id(),
        thread=enquiry.thread,
        object_id=community.addresses.object(community.new_id()),
        in_reply_to=enquiry.note_id,
        own_actor=enquiry.own_actor,
        actor=enquiry.actor,
        handle=addressee.handle,
        inbox=addressee.inbox,
        text=words,
        written_at=community.now(),
    )


def _addressee(community: Community, answer: Answer) -> RemoteActor:
    """As much of them as a delivery needs: they are not remembered otherwise."""
    return RemoteActor(
        id=answer.actor,
        type="Person",
        username="",
        name="",
        inbox=answer.inbox,
        shared_inbox=None,
        url=None,
        summary="",
        is_manyhands=False,
        fetched_at=community.now(),
    )
