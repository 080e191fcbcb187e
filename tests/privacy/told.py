"""The furnished villages as the table of roles speaks of them: the id behind each name, and the marks to find."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from node.domain.blocks import Block, BlockKind
from node.domain.capacity import CapacityDraft
from node.domain.consent import Channel, Consent, Question, Use
from node.domain.introductions import LONGEST, Introduced, Introduction, Side, Sort
from node.domain.invitations import InvitationDraft
from node.domain.lists import Advice, Suggestion
from node.domain.members import Role
from node.domain.notices import Kind, Status
from node.domain.openings import Reason, Why
from node.domain.peers import Peer, PeerLevel
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.resources import Facts
from node.domain.sealed import SealedNote
from node.domain.shares import Level
from node.domain.strangers import Answer, Enquiry, Report
from node.services import (
    call_backs,
    capacity,
    consents,
    invitations,
    links,
    matching,
    members,
    needs,
    openings,
    peers,
    postings,
    responses,
    shifts,
    sign_in,
)
from node.services.call_backs import Wish
from node.services.consents import Said
from node.services.shifts import ShiftDraft
from node.storage.tables import activities
from tests.browser.scene import AT_THE_RAMP, COULD, MILL_WISH, VOUCHED, Scene
from tests.privacy.people import People, gather
from tests.village import SEALED, Village

UNKNOWN_CODE = "blue-otter-calm-lantern-0000"
OPENER = "Wren"
REASON = "the parcel came back on Tuesday"
KEPT = "Somebody to sit with me at the court"
ASKED = "Do you still need the coats, or has the choir found some?"

#: What each field of the table looks like in bytes; all of them are in the scene, once asked for in the right way.
_SEALED = {
    "name": SEALED.name,
    "contact": SEALED.contact[0].value,
    "address": SEALED.address,
    "story": SEALED.story,
    "arrival": SEALED.arrival,
}
MARKS: dict[str, tuple[str, ...]] = {
    "words": ("Winter coats for four children",),
    "kept": (KEPT,),
    "public": ("Soup on Wednesdays",),
    "here": ("The cellar key hangs by the clock",),
    "theirs": ("A wheelchair ramp for one week",),
    "sealed": tuple(_SEALED.values()),
    "given": (_SEALED["name"], _SEALED["contact"], _SEALED["arrival"]),
    "got": (AT_THE_RAMP.name, AT_THE_RAMP.contact[0].value, AT_THE_RAMP.address),
    "reasons": (REASON,),
    "openers": (OPENER,),
    "agreed": (ASKED,),
    "letters": ("I have two packs of size 3 left over",),
    "could": (COULD,),
    "vouched": (VOUCHED, MILL_WISH),
    "reports": ("the soup is never there on Wednesdays",),
}
#: Never anywhere: what the neighbours did not release to us.
KEPT_BY_OTHERS = (AT_THE_RAMP.story, AT_THE_RAMP.arrival)


@dataclass(frozen=True)
class Told:
    """The scene, everybody in it, and the ids of the table's addresses."""

    scene: Scene
    people: People
    ids: dict[str, str]
    marks: dict[str, tuple[bytes, ...]]

    @property
    def village(self) -> Village:
        """Where everybody knocks."""
        return self.scene.north

    async def ids_for(self, role: str, path: str) -> dict[str, str]:
        """The ids as this role knows them: only the guest has the codes, only one member a sign-in link."""
        if path.startswith("/r"):
            self.scene.clock.forward(minutes=2)  # wrong codes slow down everybody who comes from the same address
        ids = dict(self.ids)
        if role != "member":
            ids["unwanted"] = "unknown"
        for name, make in FRESH.items():
            if f"{{{name}}}" in path or (path == "/enquiries/{letter}/take-back" and name == "answer"):
                ids[name] = await make(self.village)
        if path == "/api/v1/audit":
            await _open_one(self.village)  # the log shows its newest lines alone
        if role != "guest":
            ids |= {"code": UNKNOWN_CODE, "spare": UNKNOWN_CODE, "forgotten": UNKNOWN_CODE, "still": "unknown"}
        link = await sign_in.make_link(self.village.community, ids["member"])
        return ids | {"token": link.rpartition("/")[2] if role == "member" else "unknown"}


async def _open_one(north: Village) -> None:
    """A sealed note is opened once more."""
    asked, wren = await north.ask("Somebody to fetch a parcel"), await members.by_name(north.community, OPENER)
    await openings.open_note(north.community, asked.notice.id, wren, Why(Reason.OTHER, REASON))


async def _letter(north: Village) -> str:
    """Somebody wrote who has not written before."""
    name = north.community.new_id()
    actor = f"https://{name.lower()}.example/users/kim"
    async with north.community.database.unit_of_work() as work:
        await work.enquiries.add(Enquiry(name, f"{actor}/1", actor, "public", "Hello", north.clock(), thread=name))
    return name


async def _answer(north: Village) -> str:
    """A dispatcher wrote back."""
    name, actor = north.community.new_id(), "https://kim.example/users/kim"
    written = Answer(name, name, f"{north.url}/o/{name}", f"{actor}/1", "public", actor, "", f"{actor}/inbox", "Hello",
                     north.clock())  # fmt: skip
    async with north.community.database.unit_of_work() as work:
        await work.answers.add(written, None)
    return name


async def _report(north: Village) -> str:
    """Another server has reported something."""
    name = north.community.new_id()
    server = f"https://{name.lower()}.example/actor"
    async with north.community.database.unit_of_work() as work:
        await work.reports.add(Report(name, f"{server}/1", server, (), "Hm", north.clock()))
    return name


async def _capacity(north: Village) -> str:
    """A dispatcher told what we could give."""
    draft = CapacityDraft("Some bread", "pets", until=north.clock() + timedelta(days=1))
    return (await capacity.tell(north.community, draft, north.dispatcher)).id


async def _introduction(north: Village) -> str:
    """A neighbour introduced somebody."""
    name = north.community.new_id()
    about = Introduced(f"https://{name.lower()}.example/actors/public", name, name)
    words = Introduction(name, Side.RECEIVED, Sort.ANOTHER, name, f"https://{name.lower()}.test/actors/peers", about,
                         "Hello", north.clock(), north.clock() + LONGEST)  # fmt: skip
    async with north.community.database.unit_of_work() as work:
        await work.introductions.put(words)
    return name


async def _block(north: Village) -> str:
    """A steward blocked a server."""
    name = north.community.new_id()
    host = f"{name.lower()}.example"
    async with north.community.database.unit_of_work() as work:
        await work.blocks.add(Block(name, BlockKind.SERVER, host, host, north.clock()))
    return name


async def _place(north: Village) -> str:
    """A dispatcher wrote a place down."""
    facts = Facts("other", "Somewhere short", north.clock())
    draft = Draft(PostingWords("A short place"), Audience.HERE, facts=facts)
    return (await postings.write(north.community, draft, north.dispatcher)).id


async def _posting(north: Village) -> str:
    """A dispatcher announced something."""
    draft = Draft(PostingWords("Something short"), Audience.HERE)
    north.clock.forward(days=-1)  # what the front page shows, the newest, stays what it was
    try:
        return (await postings.write(north.community, draft, north.dispatcher)).id
    finally:
        north.clock.forward(days=1)


async def _suggestion(north: Village) -> str:
    """A list of others suggests something."""
    name = north.community.new_id()
    one = Suggestion(name, Advice.BLOCK, f"{name.lower()}.example", "", "A list", north.clock())
    async with north.community.database.unit_of_work() as work:
        await work.suggestions.add_all([one])
    return name


async def _paired(north: Village) -> str:
    """A need and an offer, proposed for each other."""
    need, offer = (
        await north.ask("A chair", category="pets"),
        await north.ask("A stool", category="pets", kind=Kind.OFFER),
    )
    return (await matching.propose(north.community, need.notice.id, offer.notice.id, north.dispatcher)).id


async def _coupled(north: Village) -> str:
    """The same, agreed."""
    return (await matching.agree_on(north.community, await _paired(north), north.dispatcher)).id


async def _forgotten(north: Village) -> str:
    """A request whose owner has its code."""
    return (await north.ask("A need to be erased", category="other")).code


async def _asked_about(north: Village) -> str:
    """The end of the link by which an owner says whether a need is still one."""
    asked = await north.ask("A need to be asked about", category="other")
    return links.still_link(north.community, asked.notice.id).rpartition("/")[2]


async def _leaving(north: Village) -> str:
    """A member who is to leave."""
    return (await members.add(north.community, north.community.new_id(), frozenset({Role.HELPER}))).id


async def _left(north: Village) -> str:
    """A community that is to be dropped."""
    return await _another_peer(north, north.community.new_id().lower())


#: What a deed uses up is made anew for each who tries.
FRESH = {
    "spent": _capacity,
    "paired": _paired,
    "coupled": _coupled,
    "introduced": _introduction,
    "done": _letter,
    "suggestion": _suggestion,
    "answer": _answer,
    "flag": _report,
    "blocked": _block,
    "short": _posting,
    "brief": _place,
    "forgotten": _forgotten,
    "still": _asked_about,
    "leaving": _leaving,
    "left": _left,
}


async def told(scene: Scene) -> Told:
    """Complete the scene: people in every role, one opening in the log, and all ids."""
    north, mill, ids = scene.north, scene.mill, scene.ids
    people = await gather(north, mill)
    wren = await members.add(north.community, OPENER, frozenset({Role.DISPATCHER}))
    await openings.open_note(north.community, ids["coats"], wren, Why(Reason.OTHER, REASON))
    spare = await north.ask("A spare need", category="other")
    kept = await north.ask(KEPT, category="safety", consent=Consent(), sealed=SealedNote(name="Ines"))
    call_back = await call_backs.ask_first(north.community, kept.notice.id, Wish(Level.PEERS), north.dispatcher)
    wanted, turn = await _on_the_board(north), await _turn(north)
    question = Question(Use.STILL_NEEDED)
    said = Said((question,), True, ASKED, Channel.PHONE, "en")
    await consents.record(north.community, ids["coats"], said, north.dispatcher)
    agreed = (await responses.get(north.community, ids["coats_offer"])).response
    known = {
        "need": ids["coats"],
        "code": ids["coats_code"],
        "spare": spare.code,
        "kept": kept.notice.id,
        "wanted": wanted,
        "turn": turn,
        "call": call_back.id,
        "soup": ids["soup"],
        "share": ids["coats_share"],
        "other": ids["form_share"],
        "page": ids["coats_page"],
        "public": ids["soup_page"],
        "item": ids["ramp"],
        "free": ids["shifts"],
        "response": ids["coats_offer"],
        "waiting": ids["family_offer"],
        "task": ids["ramp_task"],
        "thread": ids["coats_thread"],
        "peer": ids["mill"],
        "inside": ids["inside"],
        "cellar": ids["inside_place"],
        "warm": ids["warm_room"],
        "letter": ids["noor"],
        "report": ids["report"],
        "member": (await members.by_name(north.community, "The member")).id,
        "agreement": str(agreed.agreement_id).rpartition("/")[2],
        "handle": f"{north.url}/actors/public",
        "third": await _another_peer(north, "third"),
        "fourth": await _another_peer(north, "fourth"),
        "ended": await _ended(north, "fifth"),
    }
    known["invited"] = await _invited(north)
    known |= await _sent(north, ids["coats_share"])
    known["unwanted"] = links.mail_link(north.community, known["member"]).rpartition("/")[2]
    marks = {name: tuple(mark.encode() for mark in found) for name, found in MARKS.items()}
    return Told(scene, people, known, marks | {"code": (known["code"].encode(),)})


async def _on_the_board(north: Village) -> str:
    """So much of something that there is always some of it left; whoever takes it on may read the sealed note."""
    asked = await north.ask(
        "Hands for the harvest", category="learning", quantity=Decimal(1000), consent=Consent(board=True),
        sealed=SealedNote(name="Ula"),
    )  # fmt: skip
    said = Said((Question(Use.DETAILS),), True, "", Channel.PHONE, "en")
    await consents.record(north.community, asked.notice.id, said, north.dispatcher)
    return (await needs.change_status(north.community, asked.notice.id, Status.OPEN, north.dispatcher)).id


async def _turn(north: Village) -> str:
    """A shift that somebody can take."""
    start = north.clock() + timedelta(days=2)
    await shifts.write(north.community, ShiftDraft(start, start + timedelta(hours=2), "Telephone"), north.dispatcher)
    return (await shifts.listing(north.community, north.dispatcher))[0].shift.id


async def _invited(north: Village) -> str:
    """The end of the link of an invitation."""
    draft = InvitationDraft(Role.HELPER)
    steward = await members.by_name(north.community, "The steward")
    made = await invitations.make(north.community, draft, steward, north.community.new_id())
    return made.link.rpartition("/")[2]


async def _another_peer(north: Village, name: str) -> str:
    host = f"{name}.example"
    async with north.community.database.unit_of_work() as work:
        await work.peers.add(Peer(name, f"@{name}@{host}", host, name.title(), PeerLevel.PEERS, north.clock()))
    return name


async def _ended(north: Village, name: str) -> str:
    await peers.drop(north.community, await _another_peer(north, name), north.dispatcher)
    return name


async def _sent(north: Village, share_id: str) -> dict[str, str]:
    """The local ids of the activity that showed the need, and of word of how another one went."""
    async with north.community.database.reading() as work:
        rows = (await work.connection.execute(select(activities).order_by(activities.c.published_at))).all()
    created = next(row.id for row in rows if row.share_id == share_id and row.type == "Create")
    words = (row for row in rows if row.share_id is None and not row.object_key.startswith("questions "))
    receipt = next(row.id for row in words if row.type == "Create")
    return {"activity": created.rpartition("/")[2], "event": receipt.rpartition("/")[2]}
