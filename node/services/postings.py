"""What the community tells of itself: written, shown first, shared, changed, taken back."""

from dataclasses import replace

from node.domain.areas import around, meant
from node.domain.errors import Invalid, NotFound
from node.domain.members import Member, must_be_dispatcher
from node.domain.postings import (
    MOST_CURRENT,
    Audience,
    Draft,
    Posting,
    PostingKind,
    changed_to,
    check_draft,
    must_have_room,
)
from node.domain.redaction import Finding, Overlap, findings
from node.domain.shares import Level, Share, ShareState, moment_apart
from node.services.community import Community, not_told_in, profile_in
from node.services.for_real import why_not
from node.services.publishing import end_share, must_reach_everybody_named, refusal_in, setting_of, show, show_anew
from node.services.shares import Preview, object_id_for
from node.services.told import found_in
from node.storage.audit import AuditEntry
from node.storage.shares import Published
from node.storage.unit_of_work import UnitOfWork
from node.translate.postings import posting_to_note
from schemas.fields import document


async def preview(
    community: Community, draft: Draft, by: Member, form_id: str | None = None, posting_id: str | None = None
) -> Preview:
    """Exactly what others would see, and what to read once more in it. Nothing is stored.

    With the same `form_id`, `write` sends it under the very id shown here. For who is only told here, `document` is
    the same without anybody it is for. `posting_id` is the posting that would be changed. Raises Invalid, NotFound,
    NotAllowed, Conflict.
    """
    must_be_dispatcher(by)
    checked = check_draft(draft, community.now())
    async with community.database.reading() as work:
        before = await found_in(work, posting_id) if posting_id else None
        checked = await _by_our_name(work, checked)
        posting = _new(community, checked) if before is None else changed_to(before, checked, community.now())
        earlier = await work.shares.of_posting(posting.id)
        standing = next((one.share for one in earlier if one.share.is_shown and posting.fits(one.share)), None)
        made = _changed(community, standing, posting) if standing else _new_share(community, posting, earlier, form_id)
        setting = await setting_of(community, work, made, posting.words.area)
        note = posting_to_note(posting, made, setting)
        found = await _reminders(work, posting)
        is_new = standing is None and posting.audience.level is not None
        refusal = (await why_not(work) if is_new else "") or await _refusal(work, posting)
    return Preview(document(note), note.content, found, refusal)


async def write(community: Community, draft: Draft, by: Member, form_id: str | None = None) -> Posting:
    """Write an announcement, and send it to everybody it is for. The same `form_id` twice writes once.

    Raises Invalid, NotAllowed, and Conflict where there are too many already.
    """
    must_be_dispatcher(by)
    now = community.now()
    checked = check_draft(draft, now)
    form = community.form_mark("posting", form_id)
    async with community.database.unit_of_work() as work:
        earlier = await work.postings.by_form(form) if form else None
        if earlier is not None:
            return earlier
        posting = _new(community, await _by_our_name(work, checked))
        must_have_room(len(await work.postings.current(posting.kind, now, MOST_CURRENT)))
        await work.postings.add(posting, form)
        await _bring_in_line(community, work, posting, form_id)
        await _note(community, work, by, "wrote", posting)
    return posting


async def change(community: Community, posting_id: str, draft: Draft, by: Member) -> Posting:
    """Other words, another end, or other readers: whoever has a copy is told, whoever may not see it any more is asked
    to erase it. Raises Invalid, NotFound, NotAllowed, and Conflict where it is over.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        before = await found_in(work, posting_id)
        posting = changed_to(before, await _by_our_name(work, check_draft(draft, now)), now)
        if posting == replace(before, updated_at=now):
            return before
        await work.postings.put(posting)
        await _bring_in_line(community, work, posting)
        await _note(community, work, by, "changed", posting)
    return posting


async def checked_now(community: Community, posting_id: str, by: Member) -> Posting:
    """Somebody made sure today that a resource is still as it says; whoever has a copy is told.

    Raises NotFound, NotAllowed, and Conflict where it was taken back.
    """
    must_be_dispatcher(by)
    async with community.database.reading() as work:
        before = await found_in(work, posting_id, PostingKind.RESOURCE)
    if before.facts is None:
        raise NotFound
    draft = replace(before.as_draft, facts=replace(before.facts, checked_at=community.now()))
    return await change(community, posting_id, draft, by)


async def take_back(community: Community, posting_id: str, by: Member) -> Posting:
    """End it here, and ask everybody who has a copy to erase it. Twice is as good as once.

    Raises NotFound, NotAllowed.
    """
    must_be_dispatcher(by)
    now = community.now()
    async with community.database.unit_of_work() as work:
        posting = await found_in(work, posting_id)
        if posting.ended_at is not None:
            return posting
        ended = replace(posting, ended_at=now, updated_at=now)
        await work.postings.put(ended)
        await _bring_in_line(community, work, ended)
        await _note(community, work, by, "took back", ended)
    return ended


async def follow_area(community: Community, work: UnitOfWork, names: tuple[str, str], *, is_told: bool) -> None:
    """What holds now and names the first area names the second from now on. In a unit of work.

    With `is_told`, others are told something else of it than before: whoever has a copy gets it.
    """
    old, new = names
    for posting in await work.postings.in_area(old, community.now()):
        words = replace(posting.words, area=new) if new != old else posting.words
        changed = replace(posting, words=words, updated_at=community.now())
        await work.postings.put(changed)
        if is_told:
            await _bring_in_line(community, work, changed)


async def follow_categories(community: Community, work: UnitOfWork, key: str, goes: tuple[str, str]) -> None:
    """What is in this category of our own goes to that of the twenty and that of our own; copies follow. In a unit of
    work.
    """
    category, own_category = goes
    now = community.now()
    for posting in await work.postings.in_own_category(key, now):
        if posting.facts is not None:
            facts = replace(posting.facts, category=category, own_category=own_category)
            moved = replace(posting, facts=facts, updated_at=now)
            await work.postings.put(moved)
            await _bring_in_line(community, work, moved)
    await work.postings.recategorise(key, category, own_category)


async def _bring_in_line(community: Community, work: UnitOfWork, posting: Posting, form_id: str | None = None) -> None:
    """What is shared of it is for exactly those whom it is for now, in its present words."""
    earlier = await work.shares.of_posting(posting.id)
    shown = [published for published in earlier if published.share.is_shown]
    is_current = posting.is_current(community.now())
    standing = None
    for published in shown:
        if is_current and posting.fits(published.share):
            standing = published.share
        else:
            await end_share(community, work, published, ShareState.WITHDRAWN)
    if not is_current or posting.audience.level is None:
        return
    refusal = await _refusal(work, posting)
    if refusal:
        raise Invalid({"text": refusal})
    made = _changed(community, standing, posting) if standing else _new_share(community, posting, earlier, form_id)
    setting = await setting_of(community, work, made, posting.words.area)
    must_reach_everybody_named(made, setting)
    deed = show_anew if standing else show
    await deed(community, work, made, posting_to_note(posting, made, setting))


async def _by_our_name(work: UnitOfWork, draft: Draft) -> Draft:
    """The draft with an area that is one of ours called as it is on the list, and its category as it is by now."""
    ours, facts = await profile_in(work), draft.facts
    called = replace(draft, words=replace(draft.words, area=meant(ours.areas, draft.words.area)))
    return called if facts is None else replace(called, facts=facts.settled(ours.categories))


def _new(community: Community, draft: Draft) -> Posting:
    now = community.now()
    return Posting(
        id=community.new_id(),
        kind=draft.kind,
        words=draft.words,
        audience=draft.audience,
        named=draft.peers,
        until=draft.until,
        facts=draft.facts,
        created_at=now,
        updated_at=now,
    )


def _new_share(
    community: Community, posting: Posting, earlier: tuple[Published, ...], form_id: str | None = None
) -> Share:
    others = [published.share.published_at for published in earlier]
    now = moment_apart(community.now().replace(microsecond=0), others, community.chance())
    return Share(
        id=community.new_id(),
        notice_id="",
        posting_id=posting.id,
        level=posting.audience.level or Level.NAMED,
        object_id=object_id_for(community, form_id),
        published_at=now,
        updated_at=now,
        ends_at=posting.told_until or now,
        named=posting.named,
    )


def _changed(community: Community, standing: Share, posting: Posting) -> Share:
    now = moment_apart(community.now(), (), community.chance(), standing.updated_at)
    return replace(standing, updated_at=now, ends_at=posting.told_until or standing.ends_at)


async def _refusal(work: UnitOfWork, posting: Posting) -> str:
    """One sentence where the words hold a way to reach somebody and would leave this community (protocol 130)."""
    if posting.audience is Audience.HERE:
        return ""
    return await refusal_in(work, _travelling(posting))


async def _reminders(work: UnitOfWork, posting: Posting) -> tuple[Finding, ...]:
    if posting.audience is Audience.HERE:
        return ()
    shown, area = await profile_in(work), posting.words.area
    is_fine = not shown.areas or shown.larger_areas_only or bool(around(shown.areas, area))
    strange = "" if is_fine else area
    words = _travelling(posting) if strange else f"{posting.words.title}\n{posting.words.text}"
    return findings(words, Overlap(), strange, not_told_in(shown, words))


def _travelling(posting: Posting) -> str:
    """Every free word; a place's own address and number are meant to be told."""
    free = (posting.facts.hours, posting.facts.asks_for) if posting.facts is not None else ()
    return "\n".join((posting.words.title, posting.words.area, posting.words.text, *free))


async def _note(community: Community, work: UnitOfWork, by: Member, deed: str, posting: Posting) -> None:
    a_kind = "a resource" if posting.kind is PostingKind.RESOURCE else "an announcement"
    entry = AuditEntry(community.now(), by.id, f"{deed} {a_kind}", posting.id, str(posting.audience))
    await work.audit.add(entry)
