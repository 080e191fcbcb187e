"""Every page people can meet, and how they come to it: those with an address, and those behind a button."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace

from playwright.async_api import Browser, FilePayload, Page, Response

from node.domain.categories import CategoryChange
from node.domain.errors import NotAllowed
from node.domain.invitations import InvitationDraft
from node.domain.members import Member, Role
from node.domain.openings import Reason, Why
from node.domain.ways import Ways
from node.services import categories, correcting, handoffs, invitations, links, needs, openings, sign_in, ways
from node.web.languages import COOKIE
from tests.browser.between import (
    a_copy_of_a_dark_mill,
    a_link_ended,
    a_mill_that_does_not_answer,
    a_second_neighbour,
    a_shift_is_taken,
    an_agreement_text,
    an_heir_that_cannot,
    it_has_a_logo,
    it_practises,
    it_rests_and_moved,
    it_sends_mail,
    one_yes_to_a_link,
    one_yes_to_a_share,
    only_larger_areas_are_told,
)
from tests.browser.chromium import PHONE, visitor
from tests.browser.scene import Scene
from tests.village import Village

Open = Callable[[Scene, Page], Awaitable[None]]

GUEST, STEWARD, HELPER, AT_MILL, AT_MARKET = "guest", "steward", "helper", "at the mill", "at the market"


#: As a form program writes it, about nobody.
_SHEET = """Timestamp,I am writing because,What is it about?,How soon?,Where about?,Name,Phone,May we leave a message?,\
Notes,Who may see this?,How did you hear of us?
2026/11/02 8:14,I need something,Groceries,This week,Harbour Lane,Maribel,020 555 0101,Yes,No nuts,Helpers here,a flyer
2026/11/02 9:02,I can share something,"Groceries, Repairs around the house",This week,Harbour Lane,Dana,,no,,Everyone,
2026/11/03 9:02,I need something,Other: glasses for my aunt,soon!,14 Tannery Row,,020 555 0102,,,"Helpers here, not Jo",
2026/11/03 9:02,Hm,Repairs around the house,This week,Harbour Lane,Olu,,,,,
"""


@dataclass(frozen=True)
class Sight:
    """One page: its name, who looks, and the way to it. `status` is what the last answer says.

    What `is_once` cannot be opened again as it stands: what was done to come to it is done.
    """

    name: str
    who: str
    open: Open
    status: int = 200
    is_once: bool = False


@dataclass
class Visitors:
    """One browser profile for each role, signed in the first time it is wanted, with one page: a new one is dear.

    `titles` keeps of every sight that was looked at its title and its address, `elsewhere` what a page asked of others.
    With the address of a `checker` its program can be put into what is looked at.
    """

    browser: Browser
    scene: Scene
    checker: str | None = None
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    elsewhere: list[str] = field(default_factory=list)
    _pages: dict[str, Page] = field(default_factory=dict)

    @asynccontextmanager
    async def looking_at(self, sight: Sight) -> AsyncIterator[Page]:
        """The sight, in front of whoever looks at it. Fails when the answer has another status.

        Whatever was done to the page is gone with the next sight, which is another document on a screen as at first.
        """
        if sight.who not in self._pages:
            self._pages[sight.who] = await self._arrive(sight.who)
        page = self._pages[sight.who]
        await page.set_viewport_size(PHONE)
        await page.emulate_media(media="null", color_scheme="null")
        async with AsyncExitStack() as self.scene.meanwhile:
            with _statuses_of(page) as statuses:
                await sight.open(self.scene, page)
            assert statuses[-1] == sight.status, f"{sight.name}: {statuses} at {page.url}"
            self.titles[sight.name] = (await page.title(), page.url)
            yield page
        assert self.elsewhere == [], f"{sight.name} asks others for something"

    async def read_in(self, code: str, sight: Sight, page: Page) -> None:
        """Open what is looked at once more, in the language with this code. Fails when it is answered otherwise now."""
        self.scene.meanwhile.push_async_callback(page.context.clear_cookies, name=COOKIE)
        await page.context.add_cookies([{"name": COOKIE, "value": code, "url": page.url}])
        answer = await page.reload()
        assert answer is not None
        assert answer.status == sight.status, f"{sight.name}: {answer.status} at {page.url} in “{code}”"

    async def let_check(self, page: Page) -> None:
        """Put the checker's program into what is looked at."""
        assert self.checker is not None
        await page.add_script_tag(url=self.checker)

    def _note_elsewhere(self, at: Village, url: str) -> None:
        if not url.startswith(f"{at.url}/") and url != self.checker:
            self.elsewhere.append(url)

    async def _arrive(self, who: str) -> Page:
        at, member = self._person(who)
        page = await (await visitor(self.browser, at, checker=self.checker is not None)).new_page()
        page.on("request", lambda asked: self._note_elsewhere(at, asked.url))
        if member is not None:
            await walk_in(page, at, member)
        return page

    def _person(self, who: str) -> tuple[Village, Member | None]:
        scene = self.scene
        people: dict[str, tuple[Village, Member | None]] = {
            GUEST: (scene.north, None),
            STEWARD: (scene.north, scene.north.dispatcher),
            HELPER: (scene.north, scene.helper),
            AT_MILL: (scene.mill, scene.mill.dispatcher),
            AT_MARKET: (scene.market, scene.market.dispatcher),
        }
        return people[who]


@contextmanager
def _statuses_of(page: Page) -> Iterator[list[int]]:
    """What the pages that are opened meanwhile are answered with."""
    statuses: list[int] = []

    def note(answer: Response) -> None:
        if answer.request.is_navigation_request():
            statuses.append(answer.status)

    page.on("response", note)
    try:
        yield statuses
    finally:
        page.remove_listener("response", note)


async def walk_in(page: Page, at: Village, member: Member) -> None:
    """Sign in by a one-time link, as a steward sends it."""
    await page.goto(await sign_in.make_link(at.community, member.id))
    await press(page, f"Sign in as {member.name}")


async def _heir_words(_scene: Scene, page: Page) -> None:
    await page.goto("/heir")
    await page.locator("label", has_text="Old Mill Mutual Aid").first.click()
    await press(page, "Make the words")


def _at(pattern: str) -> Open:
    async def look(scene: Scene, page: Page) -> None:
        await page.goto(scene.path(pattern))

    return look


def _press(pattern: str, *buttons: str) -> Open:
    """Open a page and press one button after the other."""

    async def look(scene: Scene, page: Page) -> None:
        await page.goto(scene.path(pattern))
        for button in buttons:
            await press(page, button)

    return look


#: Before anything else of it comes in, so that there is something to bring in.
_THERE_AND_BACK = ("Bring them in", "Take them back")


def _sheet(*buttons: str) -> Open:
    """Choose a spreadsheet of four rows, and press one button after the other."""

    async def look(_scene: Scene, page: Page) -> None:
        await page.goto("/spreadsheet")
        await page.get_by_label("Your spreadsheet, as CSV").set_input_files(
            {"name": "answers.csv", "mimeType": "text/csv", "buffer": _SHEET.encode()}
        )
        for button in ("Continue", *buttons):
            await press(page, button)

    return look


async def press(page: Page, button: str) -> None:
    """Press the button that says exactly this, and wait for the page behind it."""
    async with page.expect_navigation():
        await page.get_by_role("button", name=button, exact=True).click()


async def pick(page: Page, choice: str) -> None:
    """Tick the choice that says exactly this, by its words: the whole line is made to be tapped."""
    await page.locator("label").filter(has_text=re.compile(f"^{re.escape(choice)}$")).click()


async def tell_what(page: Page, title: str = "A walking frame for a few weeks", category: str = "Care") -> None:
    """The first step of asking or offering."""
    await pick(page, category)
    await page.get_by_label("In a few words").fill(title)
    await page.get_by_label("Tell us more, if you like").fill("My grandmother is learning to walk again.")


async def tell_reach(page: Page) -> None:
    """The second step."""
    await page.get_by_label("What may we call you?").fill("Ana")
    await pick(page, "Text message")
    await page.get_by_label("The number or address for that").fill("+44 7700 900111")
    await page.get_by_label("Which part of town?").fill("Old Town")


async def tell_arrival(page: Page) -> None:
    """The third step, which may be skipped."""
    await pick(page, "Send a text message first")
    await page.get_by_label("Who may come?").fill("women only")
    await page.get_by_text("Access, language, animals").click()
    await pick(page, "I need time to get to the door")
    await page.get_by_label("Are there animals?").fill("a big friendly dog")


def _on_the_way(door: str, steps: int) -> Open:
    """Asking or offering, as far as the page behind so many steps."""

    async def look(_scene: Scene, page: Page) -> None:
        await page.goto(door)
        for step in (tell_what, tell_reach, tell_arrival)[:steps]:
            await step(page)
            await press(page, "Continue")
        for button in ("Continue", "Send it to the dispatchers")[: max(steps - 3, 0)]:
            await press(page, button)

    return look


async def several(_scene: Scene, page: Page) -> None:
    """Whoever asks ticked two things, and is asked for a few words for each."""
    await page.goto("/ask")
    await pick(page, "Transport")
    await tell_what(page)
    await press(page, "Continue")


async def _together(scene: Scene, page: Page) -> None:
    """The page of a code that stands for two."""
    await several(scene, page)
    await page.get_by_label("Transport").fill("A lift to the clinic on Monday")
    await press(page, "Continue")
    await tell_reach(page)
    for button in ("Continue", "Skip this page", "Continue", "Send it to the dispatchers"):
        await press(page, button)
    await page.get_by_role("link", name="Look at my request").click()


def _of_together(page_of: str) -> Open:
    """A further page of the code that stands for two."""

    async def look(scene: Scene, page: Page) -> None:
        await _together(scene, page)
        await page.goto(f"{page.url}/{page_of}")

    return look


async def _arrival_too_long(scene: Scene, page: Page) -> None:
    await _on_the_way("/ask", 2)(scene, page)
    await page.get_by_text("Access, language, animals").click()
    await page.get_by_label("Are there animals?").fill("a dog, " * 60)
    await press(page, "Continue")


async def _reach_wrong(scene: Scene, page: Page) -> None:
    await page.goto(scene.path("/r/{coats_code}/reach"))
    await page.get_by_label("The number or address for that").fill("ask me")
    await press(page, "Save")


async def _wrong_code(_scene: Scene, page: Page) -> None:
    await page.goto("/r")
    await page.get_by_label("code").first.fill("blue-otter-1")
    async with page.expect_navigation():
        await page.get_by_role("main").get_by_role("button").click()


async def _wrong_password(_scene: Scene, page: Page) -> None:
    await page.goto("/sign-in")
    await page.get_by_label("name").first.fill("Nobody")
    await page.get_by_label("password").fill("not this one")
    async with page.expect_navigation():
        await page.get_by_role("main").get_by_role("button").click()


async def _kept_wrong(_scene: Scene, page: Page) -> None:
    await page.goto("/enquiries")
    await page.get_by_label("Days").fill("a year")
    await press(page, "Save")


async def _answer_with_a_number(scene: Scene, page: Page) -> None:
    await page.goto(scene.path("/enquiries/{noor}"))
    await page.get_by_label("Your answer").fill("Please call Amina, 555 010 1234.")
    await press(page, "Send the answer")


async def _preview(scene: Scene, page: Page) -> None:
    await page.goto(scene.path("/dispatch/{nappies}/share"))
    await pick(page, "Everyone")
    await press(page, "Show me what they would see")


async def _preview_blocked(scene: Scene, page: Page) -> None:
    await page.goto(scene.path("/dispatch/{moving}/share"))
    await pick(page, "All neighbouring communities")
    await press(page, "Show me what they would see")


async def _preview_warned(scene: Scene, page: Page) -> None:
    """Shared although nobody ticked that they have read the warnings."""
    await page.goto(scene.path("/dispatch/{nappies}/share"))
    await pick(page, "Everyone")
    await page.get_by_label("The words they will read").fill(
        "For Amina, 83 years old, who lives at 12 Mill Road, the blue door behind the bakery, near St Mary's School."
    )
    await press(page, "Show me what they would see")
    await press(page, "Share it")


async def _ask_first(scene: Scene, page: Page) -> None:
    """The person is asked by a day that is over."""
    await page.goto(scene.path("/dispatch/{moving}/share"))
    await pick(page, "All neighbouring communities")
    await press(page, "Show me what they would see")
    await page.get_by_label("Ask them by").fill("2026-11-01")
    await press(page, "Ask the person first")


async def _clocks_wrong(_scene: Scene, page: Page) -> None:
    await page.goto("/keeping")
    await page.get_by_label("Needs and offers, days").fill("3")
    await press(page, "Save")


async def _told(scene: Scene, page: Page) -> None:
    """A dispatcher writes down what somebody tells on the telephone."""
    await _on_the_way("/ask", 3)(scene, page)


def _for_a_reason(pattern: str, button: str) -> Open:
    """Open what is sealed, saying why."""

    async def look(scene: Scene, page: Page) -> None:
        await page.goto(scene.path(pattern))
        await page.get_by_label("Why are you opening it?").select_option(label="to call them")
        await press(page, button)

    return look


async def _tried_wrong(scene: Scene, page: Page) -> None:
    """A call-back at a time that is over."""
    await page.goto(scene.path("/dispatch/{moving}"))
    await page.get_by_text("On a certain day, or with a few words").click()
    await page.get_by_label("Day", exact=True).fill("2026-11-01")
    await page.get_by_label("A few words (optional)").first.fill("Rang from the shop.")
    await press(page, "No answer")


async def _call_told(_scene: Scene, page: Page) -> None:
    """A whole call, as far as the page to read back."""
    await page.goto("/call")
    await page.get_by_label("In a few words").fill("A hot meal on Fridays")
    await page.get_by_label("What is it mostly about?").select_option(label="Meals")
    await page.get_by_text("Do they need anything else at the same time?").click()
    await page.get_by_label("And what else? (2)").select_option(label="Transport")
    await page.get_by_label("A few words on it (2)").fill("A lift to the eye clinic on Tuesday")
    await page.get_by_label("What may we call you?").fill("Ana")
    await page.get_by_label("How shall we reach you?").select_option(label="Text message")
    await page.get_by_label("The number or address for that").fill("+44 7700 900111")
    await page.get_by_label("Which part of town?").fill("Old Town")
    await page.locator('label[for="agreed_board"]').click()
    await page.get_by_label("Call back").select_option(label="Tomorrow at this time")
    await press(page, "Save, and read it back")


async def _call_wrong(_scene: Scene, page: Page) -> None:
    """Nothing said about what it is, and no number; for somebody else."""
    await page.goto("/call")
    await page.get_by_text("Do they need anything else at the same time?").click()
    await page.get_by_label("And what else? (2)").select_option(label="Transport")
    await page.get_by_label("How shall we reach you?").select_option(label="Text message")
    await pick(page, "For somebody else")
    await press(page, "Save, and read it back")


async def _shift(scene: Scene, page: Page) -> None:
    """With a note that somebody left, and a shift that somebody takes."""
    await a_shift_is_taken(scene)
    await page.goto("/shift")
    await page.get_by_label("Your words").fill("The van is at the garage until Thursday.\nBoxes are packed for six.")
    await press(page, "Leave the note")


async def _wording_meanwhile(scene: Scene, page: Page) -> None:
    """Somebody else corrected the same words while this dispatcher was writing."""
    await page.goto(scene.path("/dispatch/{moving}/wording"))
    community, moving = scene.north.community, scene.ids["moving"]
    before = (await needs.get(community, moving)).wording
    theirs = replace(before, title=f"{before.title}, mornings")
    await needs.correct(community, moving, theirs, scene.north.dispatcher)
    await page.get_by_label("What it is about").fill(f"{before.title}, any day")
    await press(page, "Save the new words")
    scene.meanwhile.push_async_callback(needs.correct, community, moving, before, scene.north.dispatcher)


async def correct_sealed(scene: Scene, page: Page) -> None:
    """A sealed note on the way to being corrected."""
    await _for_a_reason("/dispatch/{family}", "Open the sealed note")(scene, page)
    await press(page, "Correct it")


async def _sealed_meanwhile(scene: Scene, page: Page) -> None:
    """Somebody else corrected the same field of a sealed note while this dispatcher was writing."""
    await correct_sealed(scene, page)
    community, family, by = scene.north.community, scene.ids["family"], scene.north.dispatcher
    before = await openings.open_note(community, family, by, Why(Reason.CORRECT))
    await correcting.correct(community, family, replace(before, address="Calle del Molino, above the bakery"), by)
    await page.get_by_label("Address", exact=True).fill("Calle del Molino, at the back")
    await press(page, "Save")
    scene.meanwhile.push_async_callback(correcting.correct, community, family, before, by)


async def _category_without_words(_scene: Scene, page: Page) -> None:
    """Neither a name nor what it is like."""
    await page.goto("/settings/categories/new")
    await press(page, "Add it")


async def _with_own_categories(scene: Scene) -> None:
    community, by = scene.north.community, scene.north.dispatcher
    for name, like in (("Bicycles and wheels to mend", "repairs"), ("إصلاح الدراجات", "safety")):
        await categories.add(community, CategoryChange("", name, "goods", like=like), by)
    for key in ("own-bicycles-and-wheels-to-mend", "own-1"):
        scene.meanwhile.push_async_callback(categories.remove, community, key, by)


async def _own_category(scene: Scene, page: Page) -> None:
    """One that the community added."""
    await _with_own_categories(scene)
    await page.goto("/settings/categories/own-bicycles-and-wheels-to-mend")


async def _own_category_listed(scene: Scene, page: Page) -> None:
    """Two of them among the others."""
    await _with_own_categories(scene)
    await page.goto("/settings/categories")


async def _own_category_offered(scene: Scene, page: Page) -> None:
    """Two of them on the way in."""
    await _with_own_categories(scene)
    await page.goto("/ask")


async def _openings(scene: Scene, page: Page) -> None:
    """The page behind a code, after the note was opened by a member and read by another community."""
    coats = scene.ids["coats"]
    await openings.open_note(scene.north.community, coats, scene.north.dispatcher, Why(Reason.CALL))
    await handoffs.released(scene.mill.community, scene.ids["coats_task"], scene.mill.dispatcher)
    await page.goto(scene.path("/r/{coats_code}"))


def _write_about_a_friend(*buttons: str) -> Open:
    """With a second neighbour to write to."""

    async def look(scene: Scene, page: Page) -> None:
        await scene.meanwhile.enter_async_context(a_second_neighbour(scene))
        await _press("/introductions/write?about={mill}", *buttons)(scene, page)

    return look


def _capacity(*buttons: str) -> Open:
    """What we could give, with a street in it, looked at before it goes."""

    async def look(_scene: Scene, page: Page) -> None:
        await page.goto("/capacity")
        await page.get_by_label("In a few words").fill("Ten warm meals at 12 Mill Road")
        await page.get_by_label("How much?").fill("10")
        await page.get_by_label("Until which day?").fill("2026-12-05")
        for button in ("Show me what they would see", *buttons):
            await press(page, button)

    return look


def _during(what: Callable[[Scene], AbstractAsyncContextManager[object]], pattern: str) -> Open:
    """A page as it is while something goes on between communities."""

    async def look(scene: Scene, page: Page) -> None:
        await scene.meanwhile.enter_async_context(what(scene))
        await page.goto(scene.path(pattern))

    return look


async def _who_may_know_where(scene: Scene, page: Page) -> None:
    """Other communities would be told less of where it is than is seen here."""
    await scene.meanwhile.enter_async_context(only_larger_areas_are_told(scene))
    await _on_the_way("/ask", 1)(scene, page)
    await tell_reach(page)
    await page.get_by_label("Which part of town?").fill("Harbour Steps")
    for button in ("Continue", "Skip this page"):
        await press(page, button)


async def _large_logo(_scene: Scene, page: Page) -> None:
    """A photograph as it comes from a telephone."""
    await page.goto("/settings/look")
    await pick(page, "Plum")
    await page.get_by_label("Our logo").set_input_files(
        FilePayload(name="IMG_2041.jpg", mimeType="image/jpeg", buffer=bytes(3_500_000))
    )
    await press(page, "Save")


async def _no_address(scene: Scene, page: Page) -> None:
    """Wants to be written to, and writes no address."""
    await _during(it_sends_mail, "/account/mail")(scene, page)
    await page.get_by_label("Your e-mail address").fill("alma at mail")
    await press(page, "Write to me")


async def _give_up(scene: Scene, page: Page) -> None:
    """What waits for the mill, about to be given up."""
    await _during(a_mill_that_does_not_answer, "/health")(scene, page)
    await page.get_by_role("link", name="Give up").click()


async def _before_asking(scene: Scene, page: Page) -> None:
    """Somebody is about to ask a community that writes something to whoever links with it."""
    await scene.meanwhile.enter_async_context(an_agreement_text(scene))
    await page.goto("/peers")
    await page.get_by_label("Their address").fill(scene.north.url)
    await press(page, "Add this community")


async def _opened_copy(scene: Scene, page: Page) -> None:
    """Two stewards of a community that is silent type their words."""
    words = await scene.meanwhile.enter_async_context(a_copy_of_a_dark_mill(scene))
    await page.goto(scene.path("/peers/{mill}/copy"))
    for label, typed in zip(("One steward’s six words", "The other steward’s six words"), words, strict=True):
        await page.get_by_label(label).fill(typed)
    await press(page, "Open it")


async def _rule_wrong(_scene: Scene, page: Page) -> None:
    await page.goto("/introductions/rule")
    await page.get_by_label("Waiting for us in all").fill("many")
    await press(page, "Save")


async def _wrong_ways(_scene: Scene, page: Page) -> None:
    await page.goto("/settings/safety")
    await page.get_by_label("How many sealed notes").fill("none")
    await page.get_by_label("Where does").fill("weather")
    await press(page, "Save")


def _with_the_brake_on(path: str) -> Open:
    """A page for stewards, while somebody has opened too many notes."""

    async def look(scene: Scene, page: Page) -> None:
        north = scene.north
        await ways.change(north.community, Ways(openings_a_day=3), north.dispatcher)
        for _ in range(4):
            with suppress(NotAllowed):
                await openings.open_note(north.community, scene.ids["family"], scene.opener, Why(Reason.CALL))
        await ways.change(north.community, Ways(), north.dispatcher)
        await page.goto(path)

    return look


async def _quiet_wrong(_scene: Scene, page: Page) -> None:
    await page.goto("/account/quiet")
    await page.get_by_label("Every day from").fill("late")
    await press(page, "Save")


async def _take_too_much(scene: Scene, page: Page) -> None:
    await page.goto(scene.path("/board/{apples}"))
    await page.get_by_label("How much of it?").fill("50")
    await press(page, "I can do this")


async def _still(scene: Scene, page: Page) -> None:
    await page.goto(links.still_link(scene.north.community, scene.ids["coats"]))


async def _link(scene: Scene, page: Page) -> None:
    await page.goto(await sign_in.make_link(scene.north.community, scene.helper.id))


async def _end_invitations(scene: Scene) -> None:
    """Room for the next look."""
    north = scene.north
    for one in await invitations.listing(north.community, north.dispatcher):
        await invitations.end(north.community, one.id, north.dispatcher)


async def _invited(scene: Scene, page: Page) -> None:
    """A steward has made an invitation."""
    scene.meanwhile.push_async_callback(_end_invitations, scene)
    await page.goto("/people/invite")
    await pick(page, "Helper")
    await page.get_by_label("A word to recognise it by").fill("Meeting in the library")
    await press(page, "Make the invitation")


async def _people(scene: Scene, page: Page) -> None:
    await _invited(scene, page)
    await page.goto("/people")


def _person(*buttons: str, leading: str = "") -> Open:
    """The page of a member, or one that its buttons or a link there lead to."""

    async def look(scene: Scene, page: Page) -> None:
        await page.goto(f"/people/{scene.helper.id}{leading}")
        for button in buttons:
            await press(page, button)

    return look


async def _join(scene: Scene, page: Page) -> None:
    """Two passwords that are not the same."""
    draft, north = InvitationDraft(Role.HELPER), scene.north
    scene.meanwhile.push_async_callback(_end_invitations, scene)
    made = await invitations.make(north.community, draft, north.dispatcher, north.community.new_id())
    await page.goto(made.link)
    await page.get_by_label("A password").fill("seven quiet willow boats")
    await press(page, "Join")


SIGHTS: tuple[Sight, ...] = (
    Sight("welcome", GUEST, _at("/")),
    Sight("welcome-logo", GUEST, _during(it_has_a_logo, "/")),
    Sight("ask-1-what", GUEST, _at("/ask")),
    Sight("ask-1-what-errors", GUEST, _press("/ask", "Continue"), 422),
    Sight("ask-1-each", GUEST, several),
    Sight("paper", GUEST, _at("/paper")),
    Sight("embed", GUEST, _at("/embed")),
    Sight("ask-2-reach", GUEST, _on_the_way("/ask", 1)),
    Sight("ask-3-arrival", GUEST, _on_the_way("/ask", 2)),
    Sight("ask-3-arrival-errors", GUEST, _arrival_too_long, 422),
    Sight("ask-4-who", GUEST, _on_the_way("/ask", 3)),
    Sight("ask-4-who-larger-areas", GUEST, _who_may_know_where),
    Sight("ask-5-check", GUEST, _on_the_way("/ask", 4)),
    Sight("ask-6-code", GUEST, _on_the_way("/ask", 5)),
    Sight("offer-1-what", GUEST, _at("/offer")),
    Sight("offer-3-arrival", GUEST, _on_the_way("/offer", 2)),
    Sight("offer-5-check", GUEST, _on_the_way("/offer", 4)),
    Sight("offer-6-code", GUEST, _on_the_way("/offer", 5)),
    Sight("my-request-code", GUEST, _at("/r")),
    Sight("my-request-code-wrong", GUEST, _wrong_code, 404),
    Sight("my-request", GUEST, _at("/r/{coats_code}")),
    Sight("my-request-long-link", GUEST, _at("/r/{form_code}")),
    Sight("my-requests", GUEST, _together),
    Sight("my-requests-again", GUEST, _of_together("again")),
    Sight("my-requests-consent", GUEST, _of_together("consent")),
    Sight("my-requests-everything", GUEST, _of_together("everything")),
    Sight("my-request-es", GUEST, _at("/r/{nappies_code}")),
    Sight("my-request-correct", GUEST, _at("/r/{coats_code}/correct")),
    Sight("my-request-reach", GUEST, _at("/r/{coats_code}/reach")),
    Sight("my-request-reach-errors", GUEST, _reach_wrong, 422),
    Sight("my-request-again", GUEST, _at("/r/{coats_code}/again")),
    Sight("my-request-slip", GUEST, _at("/r/{coats_code}/slip")),
    Sight("my-request-everything", GUEST, _at("/r/{coats_code}/everything")),
    Sight("my-request-erase", GUEST, _at("/r/{coats_code}/erase")),
    Sight("my-request-asked", GUEST, _at("/r/{lift_code}")),
    Sight("my-request-consent", GUEST, _at("/r/{coats_code}/consent")),
    Sight("my-request-consent-asked", GUEST, _at("/r/{lift_code}/consent")),
    Sight("my-request-openings", GUEST, _openings),
    Sight("my-request-closed", GUEST, _at("/r/{letter_code}")),
    Sight("my-request-erased", GUEST, _at("/r/{erased_code}")),
    Sight("my-offer", GUEST, _at("/r/{soup_code}")),
    Sight("public-notice", GUEST, _at("/p/{nappies_page}")),
    Sight("public-offer", GUEST, _at("/p/{soup_page}")),
    Sight("public-gone", GUEST, _at("/p/{over_page}"), 410),
    Sight("public-long-link", GUEST, _at("/p/{form_page}")),
    Sight("public-unknown", GUEST, _at("/p/nothing"), 404),
    Sight("public-all", GUEST, _at("/tags/mutualaid")),
    Sight("public-category", GUEST, _at("/tags/meals")),
    Sight("public-empty", GUEST, _at("/tags/pets")),
    Sight("sign-in", GUEST, _at("/sign-in")),
    Sight("sign-in-wrong", GUEST, _wrong_password, 422),
    Sight("sign-in-link", GUEST, _link),
    Sight("sign-in-link-used", GUEST, _at("/sign-in/used-long-ago"), 404),
    Sight("account", STEWARD, _at("/account")),
    Sight("account-mail", STEWARD, _at("/account/mail")),
    Sight("account-mail-form", STEWARD, _during(it_sends_mail, "/account/mail")),
    Sight("account-mail-errors", STEWARD, _no_address, 422),
    Sight("settings-devices", STEWARD, _press("/settings/devices", "Let members be told on their devices")),
    Sight("account-devices", STEWARD, _at("/account/devices")),
    Sight("account-calendar", STEWARD, _press("/account/calendar", "Make a link")),
    Sight("still", GUEST, _still),
    Sight("no-mail", GUEST, _at("/no-mail/unknown")),
    Sight("dispatch-needs", STEWARD, _at("/dispatch")),
    Sight("plain-list", STEWARD, _press("/plain-list", "Make a link")),
    Sight("shift", STEWARD, _shift),
    Sight("call-errors", STEWARD, _call_wrong, 422),
    Sight("call-read-back", STEWARD, _call_told),
    Sight("shift-errors", STEWARD, _press("/shift", "Leave the note"), 422),
    Sight("dispatch-narrowed", STEWARD, _at("/dispatch?kind=need&part=unmet&q=a&category=transport")),
    Sight("need-tried-wrong", STEWARD, _tried_wrong, 422),
    Sight("wording-meanwhile", STEWARD, _wording_meanwhile, 409),
    Sight("dispatch-offers", STEWARD, _at("/dispatch?kind=offer")),
    Sight("dispatch-empty", AT_MARKET, _at("/dispatch")),
    Sight("dispatch-offers-empty", AT_MARKET, _at("/dispatch?kind=offer")),
    Sight("feed-empty", AT_MARKET, _at("/feed")),
    Sight("responses-empty", AT_MARKET, _at("/responses")),
    Sight("tasks-empty", AT_MARKET, _at("/tasks")),
    Sight("capacity-empty", AT_MARKET, _at("/capacity")),
    Sight("introductions-empty", AT_MARKET, _at("/introductions")),
    Sight("introduction-ask-nobody", AT_MARKET, _at("/introductions/ask")),
    Sight("introduction-write-nobody", AT_MARKET, _at("/introductions/write")),
    Sight("peers-asking-others", AT_MARKET, _at("/peers")),
    Sight("offer-wording", STEWARD, _at("/dispatch/{soup}/wording")),
    Sight("need-new", STEWARD, _at("/dispatch/{moving}")),
    Sight("need-offered", STEWARD, _at("/dispatch/{family}")),
    Sight("need-taken-on", STEWARD, _at("/dispatch/{coats}")),
    Sight("need-met", STEWARD, _at("/dispatch/{letter}")),
    Sight("need-long-link", STEWARD, _at("/dispatch/{form}")),
    Sight("need-split-errors", STEWARD, _press("/dispatch/{nappies}/split", "Split it in two"), 422),
    Sight("offer", STEWARD, _at("/dispatch/{soup}")),
    Sight("need-wording", STEWARD, _at("/dispatch/{family}/wording")),
    Sight("need-ask-first", STEWARD, _at("/dispatch/{lift}")),
    Sight("consent", STEWARD, _at("/dispatch/{coats}/consent")),
    Sight("consent-errors", STEWARD, _press("/dispatch/{moving}/consent", "Write down the answer"), 422),
    Sight("call-back", STEWARD, _at("/dispatch/{lift}/call-backs/{lift_call_back}")),
    Sight("ask-4-who-told", STEWARD, _told),
    Sight("ask-5-check-told", STEWARD, _on_the_way("/ask", 4)),
    Sight("sealed", STEWARD, _for_a_reason("/dispatch/{family}", "Open the sealed note")),
    Sight("sealed-correct", STEWARD, correct_sealed),
    Sight("sealed-meanwhile", STEWARD, _sealed_meanwhile, 409),
    Sight("sealed-no-reason", STEWARD, _press("/dispatch/{family}", "Open the sealed note"), 422),
    Sight("share", STEWARD, _at("/dispatch/{nappies}/share")),
    Sight("share-errors", STEWARD, _press("/dispatch/{nappies}/share", "Show me what they would see"), 422),
    Sight("share-preview", STEWARD, _preview),
    Sight("share-preview-blocked", STEWARD, _preview_blocked),
    Sight("share-preview-warned", STEWARD, _preview_warned, 422),
    Sight("share-ask-first", STEWARD, _ask_first, 422),
    Sight("need-record", STEWARD, _at("/dispatch/{coats}/record")),
    Sight("questions-ours", STEWARD, _at("/questions/{coats_thread}")),
    Sight("questions-theirs", AT_MILL, _at("/feed/{coats_there}/questions")),
    Sight("share-record", STEWARD, _at("/shares/{coats_share}")),
    Sight("share-stop", STEWARD, _at("/shares/{coats_share}/stop")),
    Sight("enquiries", STEWARD, _at("/enquiries")),
    Sight("enquiries-wrong", STEWARD, _kept_wrong, 422),
    Sight("enquiries-empty", AT_MARKET, _at("/enquiries")),
    Sight("enquiry-conversation", STEWARD, _at("/enquiries/{noor}")),
    Sight("enquiry-long", STEWARD, _at("/enquiries/{kim}")),
    Sight("enquiry-wrong", STEWARD, _press("/enquiries/{kim}", "Send the answer"), 422),
    Sight("enquiry-details", STEWARD, _answer_with_a_number, 422),
    Sight("enquiry-written-down", STEWARD, _press("/enquiries/{noor}", "As an offer")),
    Sight("enquiry-block", STEWARD, _at("/enquiries/{noor}/block")),
    Sight("reports", STEWARD, _at("/reports")),
    Sight("reports-empty", AT_MARKET, _at("/reports")),
    Sight("report-block", STEWARD, _at("/reports/{report}/block")),
    Sight("blocks", STEWARD, _at("/blocks")),
    Sight("blocks-wrong", STEWARD, _press("/blocks", "Block this server"), 422),
    Sight("seal", STEWARD, _at("/seal")),
    Sight("seal-wrong", STEWARD, _press("/seal", "Choose this passphrase"), 422),
    Sight("blocks-empty", AT_MARKET, _at("/blocks")),
    Sight("network", STEWARD, _at("/network")),
    Sight("network-at-mill", AT_MILL, _at("/network")),
    Sight("heir", STEWARD, _at("/heir")),
    Sight("heir-wrong", STEWARD, _press("/heir", "Make the words"), 422),
    Sight("heir-words", STEWARD, _heir_words),
    Sight("heir-refused", STEWARD, _during(an_heir_that_cannot, "/heir")),
    Sight("held-copy", STEWARD, _at("/peers/{mill}/copy")),
    Sight("held-copy-dark", STEWARD, _during(a_copy_of_a_dark_mill, "/peers/{mill}/copy")),
    Sight("held-copy-opened", STEWARD, _opened_copy),
    Sight("moving", STEWARD, _at("/moving")),
    Sight("health", STEWARD, _during(a_mill_that_does_not_answer, "/health")),
    Sight("health-give-up", STEWARD, _give_up),
    Sight("rest", STEWARD, _at("/rest")),
    Sight("practice", AT_MARKET, _at("/practice")),
    Sight("practice-end", STEWARD, _during(it_practises, "/practice/end")),
    Sight("rest-wrong", STEWARD, _press("/rest", "Rest until then"), 422),
    Sight("keeping", STEWARD, _at("/keeping")),
    Sight("report", STEWARD, _at("/report")),
    Sight("keeping-wrong", STEWARD, _clocks_wrong, 422),
    Sight("board", HELPER, _at("/board")),
    Sight("quiet", HELPER, _at("/account/quiet")),
    Sight("quiet-errors", HELPER, _quiet_wrong, 422),
    Sight("board-empty", AT_MARKET, _at("/board")),
    Sight("board-notice", HELPER, _at("/board/{apples}")),
    Sight("board-notice-errors", HELPER, _take_too_much, 422),
    Sight("board-mine", HELPER, _at("/board/{shelf}")),
    Sight("board-details", HELPER, _press("/board/{shelf}", "Show how to reach them")),
    Sight("board-come-along", STEWARD, _at("/board/{shelf}")),
    Sight("need-with-helpers", STEWARD, _at("/dispatch/{shelf}")),
    Sight("matches", STEWARD, _at("/dispatch/{wanted_table}/matches")),
    Sight("matches-none", STEWARD, _at("/dispatch/{moving}/matches")),
    Sight("keeping-for-helpers", HELPER, _at("/keeping")),
    Sight("feed", STEWARD, _at("/feed")),
    Sight("feed-filtered-empty", STEWARD, _at("/feed?kind=announcement&origin=nowhere.example")),
    Sight("feed-item-announcement", STEWARD, _at("/feed/{repair_evening}")),
    Sight("resources", STEWARD, _at("/resources")),
    Sight("resources-found-none", STEWARD, _at("/resources?category=pets")),
    Sight("resources-for-guests", GUEST, _at("/resources")),
    Sight("resources-empty", AT_MARKET, _at("/resources")),
    Sight("resource", STEWARD, _at("/resources/{kitchen}")),
    Sight("resource-old", STEWARD, _at("/resources/{office}")),
    Sight("resource-for-helpers", HELPER, _at("/resources/{inside_place}")),
    Sight("resource-public", GUEST, _at("/p/{kitchen_page}")),
    Sight("resource-new", STEWARD, _at("/resources/new")),
    Sight("resource-wrong", STEWARD, _press("/resources/new", "Show me what they would see"), 422),
    Sight("resource-copied", STEWARD, _at("/feed/{warm_room}/copy")),
    Sight("resource-preview", STEWARD, _press("/resources/{kitchen}/edit", "Show me what they would see")),
    Sight("resource-take-back", STEWARD, _at("/resources/{kitchen}/take-back")),
    Sight("feed-item-resource", STEWARD, _at("/feed/{warm_room}")),
    Sight("announcements", STEWARD, _at("/announcements")),
    Sight("announcements-for-guests", GUEST, _at("/announcements")),
    Sight("announcements-empty", AT_MARKET, _at("/announcements")),
    Sight("announcement", STEWARD, _at("/announcements/{closed_told}")),
    Sight("announcement-over", STEWARD, _at("/announcements/{over_told}")),
    Sight("announcement-for-helpers", HELPER, _at("/announcements/{inside}")),
    Sight("announcement-for-guests", GUEST, _at("/announcements/{meeting_told}")),
    Sight("announcement-new", STEWARD, _at("/announcements/new")),
    Sight("announcement-wrong", STEWARD, _press("/announcements/new", "Show me what they would see"), 422),
    Sight("announcement-edit", STEWARD, _at("/announcements/{closed_told}/edit")),
    Sight("announcement-preview", STEWARD, _press("/announcements/{meeting_told}/edit", "Show me what they would see")),
    Sight("announcement-take-back", STEWARD, _at("/announcements/{closed_told}/take-back")),
    Sight("feed-item", STEWARD, _at("/feed/{boxes}")),
    Sight("feed-item-offered", STEWARD, _at("/feed/{ramp}")),
    Sight("feed-for-helpers", HELPER, _at("/feed")),
    Sight("feed-item-for-helpers", HELPER, _at("/feed/{shifts}")),
    Sight("not-allowed", HELPER, _at("/dispatch"), 403),
    Sight("offer-help", STEWARD, _at("/feed/{shifts}/offer")),
    Sight("responses", STEWARD, _at("/responses")),
    Sight("responses-at-mill", AT_MILL, _at("/responses")),
    Sight("response-waiting", STEWARD, _at("/responses/{family_offer}")),
    Sight("response-agreed", STEWARD, _at("/responses/{coats_offer}")),
    Sight("tasks", STEWARD, _at("/tasks")),
    Sight("tasks-at-mill", AT_MILL, _at("/tasks")),
    Sight("task-ours", STEWARD, _at("/tasks/{coats_offer}")),
    Sight("task-with-us", STEWARD, _at("/tasks/{ramp_task}")),
    Sight("task-details-no-reason", STEWARD, _press("/tasks/{ramp_task}", "Show how to reach them"), 422),
    Sight("task-details", STEWARD, _for_a_reason("/tasks/{ramp_task}", "Show how to reach them")),
    Sight("task-hand-back", STEWARD, _at("/tasks/{ramp_task}/hand-back")),
    Sight("task-met", STEWARD, _at("/tasks/{letter_offer}")),
    Sight("task-met-at-mill", AT_MILL, _at("/tasks/{letter_task}")),
    Sight("task-at-mill", AT_MILL, _at("/tasks/{coats_task}")),
    Sight("task-details-arrival", AT_MILL, _for_a_reason("/tasks/{coats_task}", "Show how to reach them")),
    Sight("peers", STEWARD, _at("/peers")),
    Sight("peers-wrong", STEWARD, _press("/peers", "Add this community"), 422),
    Sight("peer", STEWARD, _at("/peers/{mill}")),
    Sight("peers-resting", STEWARD, _during(it_rests_and_moved, "/peers")),
    Sight("peer-rests-and-moved", STEWARD, _during(it_rests_and_moved, "/peers/hill")),
    Sight("peer-ask", AT_MARKET, _before_asking),
    Sight("peer-ended", STEWARD, _during(a_link_ended, "/peers/ended/{ended}")),
    Sight("peers-two-stewards", STEWARD, _during(one_yes_to_a_link, "/peers")),
    Sight("peer-two-stewards", STEWARD, _during(one_yes_to_a_link, "/peers/{market}")),
    Sight("need-two-stewards", STEWARD, _during(one_yes_to_a_share, "/dispatch/{family}")),
    Sight("share-resting", STEWARD, _during(it_rests_and_moved, "/dispatch/{nappies}/share")),
    Sight("peer-asking", STEWARD, _at("/peers/{market}")),
    Sight("capacity", STEWARD, _at("/capacity")),
    Sight("capacity-errors", STEWARD, _press("/capacity", "Show me what they would see"), 422),
    Sight("capacity-preview", STEWARD, _capacity()),
    Sight("capacity-preview-warned", STEWARD, _capacity("Tell them"), 422),
    Sight("share-with-one", STEWARD, _at("/dispatch/{family}/share?peer={mill}")),
    Sight("introductions", STEWARD, _at("/introductions")),
    Sight("introduction-ask", STEWARD, _at("/introductions/ask?friend={mill}")),
    Sight("introduction-ask-errors", STEWARD, _press("/introductions/ask", "Ask them"), 422),
    Sight("introduction-write", STEWARD, _write_about_a_friend()),
    Sight("introduction-write-errors", STEWARD, _write_about_a_friend("Introduce them"), 422),
    Sight("introduction-rule", STEWARD, _at("/introductions/rule")),
    Sight("introduction-rule-errors", STEWARD, _rule_wrong, 422),
    Sight("lists", STEWARD, _at("/lists")),
    Sight("lists-wrong", STEWARD, _press("/lists", "Show me what it suggests"), 422),
    Sight("followed", STEWARD, _at("/following")),
    Sight("followed-wrong", STEWARD, _press("/following", "Follow"), 422),
    Sight("peer-card", STEWARD, _at("/peers/card")),
    Sight("peer-exchange", STEWARD, _at("/peers/{mill}/exchange")),
    Sight("peer-block", STEWARD, _at("/peers/{mill}/block")),
    Sight("peer-drop", STEWARD, _at("/peers/{mill}/drop")),
    Sight("our-ways", STEWARD, _at("/settings")),
    Sight("settings-community", STEWARD, _at("/settings/community")),
    Sight("settings-look", STEWARD, _at("/settings/look")),
    Sight("settings-look-logo", STEWARD, _during(it_has_a_logo, "/settings/look")),
    Sight("settings-look-errors", STEWARD, _large_logo, 422),
    Sight("people", STEWARD, _people),
    Sight("people-invite-errors", STEWARD, _press("/people/invite", "Make the invitation"), 422),
    Sight("people-invitation", STEWARD, _invited),
    Sight("person", STEWARD, _person()),
    Sight("person-link", STEWARD, _person("Make a sign-in link")),
    Sight("person-end", STEWARD, _person(leading="/end")),
    Sight("join-errors", GUEST, _join, 422),
    Sight("join-over", GUEST, _at("/join/used-up-long-ago"), 404),
    Sight("first-steps-names", STEWARD, _at("/first-steps/names")),
    Sight("first-steps-places", STEWARD, _at("/first-steps/places")),
    Sight("first-steps-standing", STEWARD, _at("/first-steps/standing")),
    Sight("settings-categories", STEWARD, _at("/settings/categories")),
    Sight("settings-category", STEWARD, _at("/settings/categories/money")),
    Sight("settings-category-new", STEWARD, _at("/settings/categories/new")),
    Sight("settings-category-new-wrong", STEWARD, _category_without_words, 422),
    Sight("settings-category-own", STEWARD, _own_category),
    Sight("settings-categories-own", STEWARD, _own_category_listed),
    Sight("settings-categories-own-offered", STEWARD, _own_category_offered),
    Sight("settings-areas", STEWARD, _at("/settings/areas")),
    Sight("settings-areas-larger-told", STEWARD, _during(only_larger_areas_are_told, "/settings/areas")),
    Sight("settings-area", STEWARD, _at("/settings/areas/change?name=Old%20Town")),
    Sight("settings-area-larger", STEWARD, _at("/settings/areas/change?name=North%20Side")),
    Sight("languages", STEWARD, _at("/settings/languages")),
    Sight("spreadsheet-wrong", STEWARD, _press("/spreadsheet", "Continue"), 422),
    Sight("spreadsheet-columns", STEWARD, _sheet("Continue", "Back to the columns")),
    Sight("spreadsheet-answers", STEWARD, _sheet("Continue")),
    Sight("spreadsheet-preview", STEWARD, _sheet("Continue", "Show me what would come in")),
    Sight("spreadsheet-back", STEWARD, _sheet("Continue", "Show me what would come in", *_THERE_AND_BACK)),
    Sight("spreadsheet-done", STEWARD, _sheet("Continue", "Show me what would come in", "Bring them in")),
    Sight(
        "spreadsheet-back", STEWARD, _sheet("Continue", "Show me what would come in", "Take back what is here already")
    ),
    Sight("doors", STEWARD, _press("/settings/doors", "Save")),
    Sight("safety", STEWARD, _with_the_brake_on("/settings/safety")),
    Sight("safety-wrong", STEWARD, _wrong_ways, 422),
    Sight("dispatch-alert", STEWARD, _with_the_brake_on("/dispatch")),
    Sight("not-found", STEWARD, _at("/nothing/here"), 404),
)
