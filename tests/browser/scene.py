"""An ordinary week in two linked communities: enough of everything for each page to have something to show."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from node.domain.areas import Area
from node.domain.arrival import ArrivalCard
from node.domain.capacity import CapacityDraft
from node.domain.consent import Channel, Consent, Question, Use
from node.domain.feed import FeedKind
from node.domain.lists import Advice
from node.domain.members import Member, Role
from node.domain.notices import Kind, Notice, Status, Urgency
from node.domain.peers import OwnActor, PeerLevel
from node.domain.postings import Audience, Draft, PostingWords
from node.domain.resources import Facts
from node.domain.responses import Response, ResponseState
from node.domain.sealed import Contact, SealedNote
from node.domain.shares import Level, Share
from node.services import (
    answering,
    blocks,
    call_backs,
    capacity,
    consents,
    enquiries,
    feed,
    forgetting,
    handoffs,
    introductions,
    lists,
    members,
    more_time,
    needs,
    peers,
    postings,
    questions,
    reports,
    responses,
    shares,
)
from node.services.call_backs import Wish
from node.services.community import profile, save_profile
from node.services.consents import Said
from node.services.needs import Asked
from node.services.questions import Words
from node.services.responses import HelpOffer
from node.translate.actors import PROFILE_1
from node.web.consent_words import asked_words
from schemas.activities import Introduction
from tests.browser.helping import furnish_board
from tests.federation.outsider import Outsider, outsider
from tests.village import EVERYTHING, SEALED, Clock, Village, befriend, key_of, settle, village

DISPATCHERS_ONLY = Consent()
NEIGHBOURS = Consent(board=True, peers="all")
ONE = Decimal(1)
SHARED = {
    "family": Level.PEERS,
    "coats": Level.PEERS,
    "letter": Level.PEERS,
    "soup": Level.PUBLIC,
    "nappies": Level.PUBLIC,
    "form": Level.PUBLIC,
}
#: People paste whole addresses into titles; no page may grow wider for it.
LONG_LINK = "https://benefits.office.example/forms/2026/application-for-help-with-heating-costs-long.pdf"
LONG_WORDS = (
    "We are moving out of the flat by the end of the month and the removal firm let us down. It is about two rooms: "
    "a bed in parts, a wardrobe, a washing machine, some thirty boxes and a piano stool, from the third floor without "
    "a lift to a ground floor about two kilometres away.\n\n"
    "Two strong people and something with wheels for one afternoon would do. We can cook for everybody afterwards."
)

COULD = "Fifteen boxes of vegetables, Friday noon"
VOUCHED = "They cook for a hundred on Fridays and lent us their van when ours broke down."
MILL_WISH = "We would like to know who repairs things near the harbour."
NORTH_WISH = "We look for people who speak Tigrinya."

AT_THE_RAMP = SealedNote(
    name="Otto",
    contact=(Contact("phone", "020 7946 0188", voicemail_ok=False),),
    address="the red gate by the old mill pond",
    story="My brother comes home from hospital.",
    arrival="Ring twice and wait, I walk slowly.",
)


@dataclass
class Scene:
    """Two furnished villages, a third where nothing has happened yet, and the ids that the pages' addresses need.

    `meanwhile` ends what goes on for the page that is looked at alone.
    """

    north: Village
    mill: Village
    market: Village
    clock: Clock
    helper: Member
    opener: Member
    ids: dict[str, str] = field(default_factory=dict)
    meanwhile: AsyncExitStack = field(default_factory=AsyncExitStack)

    def path(self, pattern: str) -> str:
        """An address with its ids filled in."""
        return pattern.format(**self.ids)


@asynccontextmanager
async def two_villages(directory: Path) -> AsyncIterator[Scene]:
    """Both villages, linked and furnished; their doors close at the end."""
    clock = Clock()
    async with (
        village("Harbour Lane Neighbours", directory / "north", clock) as north,
        village("Old Mill Mutual Aid", directory / "mill", clock) as mill,
        village("Market Hall Kitchen", directory / "market", clock) as market,
        outsider(clock) as elsewhere,
    ):
        helper = await members.add(north.community, "Cai", frozenset({Role.HELPER}))
        opener = await members.add(north.community, "Dara", frozenset({Role.DISPATCHER}))
        scene = Scene(north, mill, market, clock, helper, opener)
        quarters = (Area("North Side"), Area("Harbour Steps", within="North Side"), Area("Old Town"))
        await _introduce(north, "+44 20 7946 0123", ("en", "es"), quarters)
        await _introduce(mill, "020 7946 0177", ("en", "es", "ar"), (Area("Old Mill"), Area("Lantern Hill")))
        await befriend(mill, north)
        await market.add_peer(north, PeerLevel.PEERS)
        await settle(north, mill, market)
        await _link(scene)
        await _ask_at_north(scene)
        await _ask_for_more_at_north(scene)
        await _offer_at_north(scene)
        await _offer_at_mill(scene)
        await _announce(scene)
        await _tell_of_places(scene)
        await _help_each_other(scene)
        await _change_minds(scene)
        await _strangers_write(scene, elsewhere)
        await _strangers_report(scene, elsewhere)
        await _introduce_each_other(scene, elsewhere)
        await _tell_capacity(scene)
        await furnish_board(north, scene.ids, (helper, opener), _with_card())
        yield scene


async def _announce(scene: Scene) -> None:
    north, mill, ids = scene.north, scene.mill, scene.ids
    texts = (
        ("inside", Audience.HERE, "The cellar key hangs by the clock", ""),
        ("closed", Audience.PEERS, "The kitchen is closed on Friday", "The gas is being repaired.\n\n" + LONG_WORDS),
        ("meeting", Audience.PUBLIC, f"Open meeting on the heating costs: {LONG_LINK}"[:120], "Everybody is welcome."),
        ("over", Audience.PEERS, "No bus through the tunnel this week", "Walk over the bridge."),
    )
    for name, audience, title, text in texts:
        scene.clock.forward(minutes=1)
        draft = Draft(PostingWords(title, text, "Harbour Steps", "en"), audience)
        ids[f"{name}_told" if name != "inside" else name] = (
            await postings.write(north.community, draft, north.dispatcher)
        ).id
    words = PostingWords(
        "The repair evening is on Tuesdays now", "From six, in the hall behind the mill.", "Old Mill", "en"
    )
    told = Draft(words, Audience.PEERS)
    await postings.write(mill.community, told, mill.dispatcher)
    await settle(north, mill)
    await postings.take_back(north.community, ids["over_told"], north.dispatcher)
    await settle(north, mill)
    (item,) = (await feed.listing(north.community, FeedKind.ANNOUNCEMENT)).items
    ids["repair_evening"] = item.item.id


async def _tell_of_places(scene: Scene) -> None:
    north, mill, ids, now = scene.north, scene.mill, scene.ids, scene.clock()
    kitchen = Facts("meals", "12 Station Road", now, "every day from 12 to 14", "020 7946 0555", "A bowl.", True)
    cellar = replace(kitchen, category="learning")
    office = Facts(
        "forms", "3 Mill Lane, second floor", now - timedelta(days=120), asks_for="A letter with your address."
    )
    for name, title, audience, facts in (
        ("inside_place", "The cellar key hangs by the clock: tools to borrow", Audience.HERE, cellar),
        ("kitchen", "Station Kitchen", Audience.PUBLIC, kitchen),
        ("office", f"Advice on benefits {LONG_LINK}"[:120], Audience.PEERS, office),
    ):
        draft = Draft(PostingWords(title, "A warm lunch for whoever comes.", "Old Town", "en"), audience, facts=facts)
        ids[name] = (await postings.write(north.community, draft, north.dispatcher)).id
    words = PostingWords("Warm room in the library", "", "Old Mill", "en")
    warm = Draft(words, Audience.PEERS, facts=replace(kitchen, hours=""))
    await postings.write(mill.community, warm, mill.dispatcher)
    await settle(north, mill)
    (entry,) = await feed.places(north.community, None, None)
    ids["warm_room"] = entry.item.id
    async with north.community.database.reading() as work:
        (shown,) = await work.shares.of_posting(ids["kitchen"])
    ids["kitchen_page"] = shown.share.object_id.rpartition("/")[2]


async def _introduce(one: Village, phone: str, languages: tuple[str, ...], areas: tuple[Area, ...]) -> None:
    own = await profile(one.community)
    known = replace(own, contact_line=phone, languages=languages, areas=areas, timezone="Europe/London")
    await save_profile(one.community, known)


async def _link(scene: Scene) -> None:
    for standing in await peers.listing(scene.north.community):
        is_mill = standing.peer.host == scene.mill.community.host
        scene.ids["mill" if is_mill else "market"] = standing.peer.id


async def _ask(scene: Scene, title: str, category: str, **more: Any) -> Asked:
    """Somebody asks or offers at the first village, some hours after the last one did."""
    scene.clock.forward(hours=5)
    return await scene.north.ask(title, category=category, **({"quantity": ONE, "consent": NEIGHBOURS} | more))


async def _ask_at_north(scene: Scene) -> None:
    ids = scene.ids
    moving = await _ask(scene, "Help with moving to a new flat", "repairs", text=LONG_WORDS, consent=DISPATCHERS_ONLY)
    ids |= {"moving": moving.notice.id, "moving_code": moving.code}
    family = await _ask(
        scene,
        "Compra semanal para una familia de cinco",
        "groceries",
        text="Lo que haya. Una persona no puede comer nueces.",
        quantity=Decimal(5),
        languages=("es",),
        sealed=_sealed("Rosario", "whatsapp", "+44 7700 900102"),
    )
    ids |= {"family": family.notice.id, "family_code": family.code}
    coats = await _ask(
        scene, "Winter coats for four children", "goods", quantity=Decimal(4), urgency=Urgency.THIS_WEEK,
        text="Sizes 110 to 140. Used ones are welcome.", sealed=_with_card(),
    )  # fmt: skip
    ids |= {"coats": coats.notice.id, "coats_code": coats.code}
    letter = await _ask(scene, "Somebody to read a letter from the landlord with me", "forms", languages=("en", "ar"))
    ids |= {"letter": letter.notice.id, "letter_code": letter.code}
    words = "Spoke on the telephone. Evenings are best, and it is about one page."
    await needs.change_status(scene.north.community, letter.notice.id, Status.OPEN, scene.north.dispatcher, words)


async def _ask_for_more_at_north(scene: Scene) -> None:
    ids = scene.ids
    nappies = await _ask(
        scene, "Pañales talla 3 y leche de fórmula", "baby", urgency=Urgency.TODAY, area="Harbour Steps",
        quantity=Decimal(2), consent=EVERYTHING, languages=("es",),
        text="Para una bebé de dos meses. Dos paquetes bastan.",
    )  # fmt: skip
    ids |= {"nappies": nappies.notice.id, "nappies_code": nappies.code}
    lift = await _ask(
        scene, "A lift to the eye clinic and back, with somebody who can walk me in from the car park", "transport",
        urgency=Urgency.TWO_DAYS, needed_by=scene.clock().date() + timedelta(days=2), consent=DISPATCHERS_ONLY,
        text="For Greta, who is 83 years old and lives at 12 Mill Road, the green gate next to the church.",
    )  # fmt: skip
    ids |= {"lift": lift.notice.id, "lift_code": lift.code}
    wish = Wish(Level.NAMED, (ids["mill"], ids["market"]), scene.clock() + timedelta(hours=20))
    ids["lift_call_back"] = (
        await call_backs.ask_first(scene.north.community, lift.notice.id, wish, scene.north.dispatcher)
    ).id
    await _ask(scene, "Somebody to talk to in the evenings", "listening", consent=DISPATCHERS_ONLY, area="")


async def _offer_at_north(scene: Scene) -> None:
    ids = scene.ids
    soup = await _ask(
        scene, "Soup on Wednesdays", "meals", kind=Kind.OFFER, quantity=Decimal(12),
        consent=EVERYTHING, text="Vegetable soup, twelve bowls, bring a pot.",
    )  # fmt: skip
    ids |= {"soup": soup.notice.id, "soup_code": soup.code}
    form = await _ask(
        scene, f"Please print {LONG_LINK}", "tech", text=f"It is this one: {LONG_LINK}", consent=EVERYTHING
    )
    ids |= {"form": form.notice.id, "form_code": form.code}
    await _ask(scene, "Traducción español–inglés por teléfono", "translation", kind=Kind.OFFER, unit="hour",
               quantity=Decimal("1.5"), languages=("es", "en"))  # fmt: skip


async def _offer_at_mill(scene: Scene) -> None:
    boxes = await scene.mill.ask(
        "Thirty food boxes every Thursday", category="groceries", kind=Kind.OFFER, quantity=Decimal(30),
        area="Old Mill", text="Dry goods and vegetables. We can bring them with our van.",
    )  # fmt: skip
    ramp = await scene.mill.ask(
        "A wheelchair ramp for one week", category="care", quantity=ONE, area="Lantern Hill", urgency=Urgency.TWO_DAYS,
        text="Two steps at the front door, a visit is coming.", sealed=AT_THE_RAMP,
    )  # fmt: skip
    shifts = await scene.mill.ask("Dos personas para llamar por la tarde", category="organising", quantity=Decimal(2))
    for asked, level in ((boxes, Level.PUBLIC), (ramp, Level.PEERS), (shifts, Level.PEERS)):
        await scene.mill.share(asked, level)
    await settle(scene.north, scene.mill)
    for name, title in (("boxes", boxes), ("ramp", ramp), ("shifts", shifts)):
        scene.ids[name] = (await _item(scene.north, title.notice)).item.id


async def _help_each_other(scene: Scene) -> None:
    north, mill, ids = scene.north, scene.mill, scene.ids
    for name, level in SHARED.items():
        share = await _share(north, ids[name], level)
        ids |= {f"{name}_share": share.id, f"{name}_page": share.object_id.rpartition("/")[2]}
    over = await _share(north, ids["nappies"], Level.PUBLIC)
    await shares.withdraw(north.community, over.id, north.dispatcher)
    ids["over_page"] = over.object_id.rpartition("/")[2]
    await settle(north, mill)
    await _erase_one(scene)
    await _ask_before_offering(scene)
    ids["family_offer"] = (await _offer(scene, "family", 5, "Podemos llevarla los jueves por la tarde.")).id
    ids["coats_offer"] = await _agree(
        scene, "coats", 3, "We have three, clean and warm. We can bring them any evening."
    )
    ids["letter_offer"] = await _agree(scene, "letter", 1, "Leila speaks Arabic and has read many such letters.")
    await _finish(scene)
    ramp = await responses.offer_help(
        north.community,
        ids["ramp"],
        HelpOffer(ONE, "We have an aluminium one, you can fetch it today."),
        north.dispatcher,
    )
    await settle(north, mill)
    at_mill = await mill.response()
    await responses.agree(mill.community, at_mill.id, ("name", "contact", "address"), None, mill.dispatcher)
    ids |= {"ramp_task": ramp.id, "ramp_at_mill": at_mill.id}
    await settle(north, mill)


async def _ask_before_offering(scene: Scene) -> None:
    """The mill asks about the coats, and the north answers."""
    north, mill, ids = scene.north, scene.mill, scene.ids
    item = (await _item(mill, await north.notice(ids["coats"]))).item
    await questions.ask(mill.community, item.id, Words("Which sizes are still needed?"), mill.dispatcher)
    await settle(north, mill)
    (thread,) = await questions.of_notice(north.community, ids["coats"], north.dispatcher)
    ids |= {"coats_thread": thread.id, "coats_there": item.id}
    await questions.answer(north.community, thread.id, Words("Ages five to nine."), north.dispatcher)
    await settle(north, mill)


async def _change_minds(scene: Scene) -> None:
    """The coats' owner says this and that on the telephone."""
    for use, peer, yes in ((Use.NAMED, "mill", True), (Use.MESSAGE, "", False), (Use.STILL_NEEDED, "", True)):
        question = Question(use, scene.ids[peer] if peer else "")
        words = asked_words(question, Kind.NEED, "Old Mill Mutual Aid")
        said = Said((question,), yes, words, Channel.PHONE, "en")
        await consents.record(scene.north.community, scene.ids["coats"], said, scene.north.dispatcher)


async def _erase_one(scene: Scene) -> None:
    """Somebody shared their need with the neighbours, and erased everything afterwards."""
    north = scene.north
    asked = await _ask(scene, "A key kept safe for me", "safety")
    await _share(north, asked.notice.id, Level.PEERS)
    await settle(north, scene.mill)
    await forgetting.erase_by_code(north.community, asked.code)
    await settle(north, scene.mill)
    scene.ids["erased_code"] = asked.code


async def _finish(scene: Scene) -> None:
    """The letter was read, and the coats are on their way."""
    north, mill = scene.north, scene.mill
    for name, state in (("letter", ResponseState.MET), ("coats", ResponseState.UNDER_WAY)):
        task = scene.ids[f"{name}_task"]
        await handoffs.set_status(mill.community, task, state, None, mill.dispatcher)
        await settle(north, mill)
    ids = scene.ids
    coming = await responses.get(mill.community, ids["coats_task"])
    until = (coming.response.lease_until or scene.clock()) + timedelta(days=1)
    await more_time.ask(mill.community, ids["coats_task"], until, "The van is back on Wednesday.", mill.dispatcher)
    await settle(north, mill)
    ids["nappies_offer"] = await _agree(scene, "nappies", 2, "We have both, and pass by the steps at five.")
    await handoffs.set_status(mill.community, ids["nappies_task"], ResponseState.RETURNED, None, mill.dispatcher)
    await settle(north, mill)
    ids["coats_item"] = (await _item(mill, await north.notice(ids["coats"]))).item.id
    ids["nappies_item"] = (await _item(mill, await north.notice(ids["nappies"]))).item.id


async def _share(one: Village, notice_id: str, level: Level) -> Share:
    asked = Asked(await one.notice(notice_id), "")
    return await one.share(asked, level)


async def _item(one: Village, notice: Notice) -> feed.FeedEntry:
    """Another community's notice as it stands in this one's feed."""
    return next(entry for entry in await one.feed() if entry.item.title == notice.wording.title)


async def _offer(scene: Scene, name: str, quantity: int, words: str) -> Response:
    """The second village offers to help; answers the offer as it arrived at the first."""
    item = (await _item(scene.mill, await scene.north.notice(scene.ids[name]))).item
    offered = await responses.offer_help(
        scene.mill.community, item.id, HelpOffer(Decimal(quantity), words), scene.mill.dispatcher
    )
    scene.ids[f"{name}_task"] = offered.id
    await settle(scene.north, scene.mill)
    lines = await responses.listing(scene.north.community, scene.ids[name])
    return lines[0].response


async def _agree(scene: Scene, name: str, quantity: int, words: str) -> str:
    arrived = await _offer(scene, name, quantity, words)
    north = scene.north
    await responses.agree(north.community, arrived.id, ("name", "contact", "arrival_card"), None, north.dispatcher)
    await settle(north, scene.mill)
    return arrived.id


async def _strangers_write(scene: Scene, elsewhere: Outsider) -> None:
    """One about the diapers, who was answered and wrote again; one with a long story; and one who is blocked."""
    north, ids = scene.north, scene.ids
    noor, kim, spam = (elsewhere.actor(name) for name in ("noor", "kim", "prizes"))
    about = f"{north.url}/o/{ids['nappies_page']}"
    await _write(
        scene, elsewhere, (noor, "n1"), "<p>I have two packs of size 3 left over. Where may I bring them?</p>", about
    )
    (line,) = await enquiries.listing(north.community, north.dispatcher)
    ids["noor"] = line.enquiry.id
    words = "Thank you! Any evening at our counter in the old library."
    answer = await answering.answer(north.community, line.enquiry.id, words, north.dispatcher)
    scene.clock.forward(hours=1)
    await _write(scene, elsewhere, (noor, "n2"), "<p>Then I come on Thursday.</p>", answer.object_id)
    await _write(scene, elsewhere, (kim, "n3"), f"<p>{LONG_WORDS}</p><p>{LONG_LINK}</p>")
    await _write(scene, elsewhere, (spam, "n4"), "<p>You have won.</p>")
    for line in await enquiries.listing(north.community, north.dispatcher):
        ids[line.enquiry.actor.rpartition("/")[2]] = line.enquiry.id
    await blocks.block_sender(north.community, ids["prizes"], north.dispatcher)
    suggested = "shouting.example,Shouts at everybody\nnoisy.example"
    await lists.bring(north.community, suggested, Advice.BLOCK, "Hill Kitchen", north.dispatcher)
    await blocks.block_server(north.community, "prizes.example", north.dispatcher)


async def _write(
    scene: Scene, elsewhere: Outsider, by: tuple[str, str], content: str, about: str | None = None
) -> None:
    actor, name = by
    to = [f"{scene.north.url}/actors/public"]
    note = elsewhere.note(actor, f"/notes/{name}", to=to, content=content, inReplyTo=about)
    create = {"id": f"{note['id']}/create", "type": "Create", "actor": actor, "to": to, "object": note}
    assert await elsewhere.say(scene.north, create) == 202
    await settle(scene.north)


async def _strangers_report(scene: Scene, elsewhere: Outsider) -> None:
    north, server = scene.north, elsewhere.actor("server")
    about = [f"{north.url}/o/{scene.ids['soup_page']}", f"{north.url}/actors/public"]
    words = "One of our members says that the soup is never there on Wednesdays."
    flag = {"id": f"{elsewhere.url}/flags/1", "type": "Flag", "actor": server, "object": about, "content": words}
    assert await elsewhere.say(north, flag) == 202
    await settle(north)
    (line,) = await reports.listing(north.community, north.dispatcher)
    scene.ids["report"] = line.report.id


async def _tell_capacity(scene: Scene) -> None:
    """Both say what they could give now; the neighbours' fits the family's groceries."""
    north, mill = scene.north, scene.mill
    soon = scene.clock() + timedelta(days=2)
    boxes = CapacityDraft(COULD, "groceries", Decimal(15), "one", soon)
    evenings = CapacityDraft("Somebody to interpret, Tigrinya", "translation", Decimal(4), "hour", soon)
    ours = CapacityDraft("Two people who repair bicycles", "repairs", Decimal(6), "hour", soon + timedelta(days=9))
    for one, told in ((mill, boxes), (mill, evenings), (north, ours)):
        await capacity.tell(one.community, told, one.dispatcher)
    await settle(north, mill)


async def _introduce_each_other(scene: Scene, elsewhere: Outsider) -> None:
    """The neighbours write about a third community, and each asks the other to be introduced."""
    north, mill = scene.north, scene.mill
    for asking, asked, words in ((mill, north, MILL_WISH), (north, mill, NORTH_WISH)):
        friend = (await asking.peer(asked)).peer
        await introductions.ask_for(asking.community, friend.id, words, asking.dispatcher)
    software = {"type": "Application", "implements": [{"type": "Link", "href": PROFILE_1}]}
    summary = "<p>We cook where we can, and repair what we find.</p>"
    kitchen = elsewhere.actor(
        "lantern_kitchen", type="Organization", name="Lantern Hill Kitchen", summary=summary, generator=software
    )
    outside = Outsider(mill.url, scene.clock)
    writer, reader = (f"{one.url}/actors/peers" for one in (mill, north))
    outside.keys[writer] = key_of(mill, OwnActor.PEERS)
    said = Introduction(
        id=f"{mill.url}/a/introduction", actor=writer, to=(reader,), content=VOUCHED, object=kitchen, target=reader
    )
    assert await outside.say(north, said) == 202
    await settle(north, mill)
    (met,) = (await introductions.overview(north.community, north.dispatcher)).met
    scene.ids["met"] = met.id


def _sealed(name: str, method: str, value: str) -> SealedNote:
    return SealedNote(name=name, contact=(Contact(method, value, voicemail_ok=True),), address="Calle del Molino")


def _with_card() -> SealedNote:
    card = ArrivalCard(
        at_the_door=("text first", "do not knock"),
        access=("time at the door", "hard of hearing"),
        language="ar",
        interpreter=True,
        pets="a big friendly dog",
        who_may_come="women only",
    )
    return replace(SEALED, arrival_card=card)
