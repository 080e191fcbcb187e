"""Somebody at a browser who reads one language: pages are walked by what they say in it, never by English words."""

import re
from dataclasses import dataclass, field

from playwright.async_api import Browser, FilePayload, Page, expect

from node.domain.members import Member
from node.domain.phrases import say
from node.services import sign_in
from node.web.languages import tell_in
from tests.browser.chromium import visitor
from tests.village import Village

#: How a browser begins to say that a page wanted more than our policy allows.
POLICY = "Content Security Policy"


@dataclass(frozen=True)
class Reader:
    """A telephone of their own, set to the language with this code, with scripts on or off.

    `complaints` is what the browser found wrong with our scripts, a breach of the policy among it.
    """

    page: Page
    code: str
    scripts: bool = False
    complaints: list[str] = field(default_factory=list)

    def said(self, sentence: str, **gaps: object) -> str:
        """A sentence of ours as this reader sees it. What people typed stays as it is."""
        return tell_in(self.code, say(sentence, **gaps))

    async def goes(self, path: str) -> None:
        """Open a page by its address."""
        await self.page.goto(path)

    async def press(self, button: str, about: str = "", **gaps: object) -> None:
        """Press the button that says exactly this (and aloud, what it is `about`), and wait for the page behind it."""
        name = self.said(button, **gaps) + (f" – {about}" if about else "")
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=name, exact=True).click()

    async def tap(self, button: str) -> None:
        """Press a button that the script answers, on the page as it stands."""
        await self.page.get_by_role("button", name=self.said(button), exact=True).click()

    async def loses_the_line_at(self, button: str) -> None:
        """Press a button while there is no connection, and come back to the page once there is one again."""
        path = self.page.url
        await self.page.context.set_offline(True)
        await self.tap(button)
        await self.page.wait_for_timeout(300)
        await self.page.context.set_offline(False)
        await self.goes(path)

    async def sees_beside_the_form(self, words: str) -> None:
        """What others would see stands there while somebody types, before anything is pressed."""
        await expect(self.page.locator("[data-live]")).to_contain_text(words)

    async def follow(self, link: str, *, is_whole: bool = True) -> None:
        """Follow the first link that says exactly this; unless it `is_whole`, more may be said aloud behind it."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("link", name=self.said(link), exact=is_whole).first.click()

    async def pick(self, *choices: str) -> None:
        """Tick the choices that say exactly this, by their words: the whole line is made to be tapped."""
        for choice in choices:
            words = re.compile(f"^{re.escape(self.said(choice))}$")
            await self.page.locator("label").filter(has_text=words).click()

    async def write(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        await self.page.get_by_label(self.said(label), exact=True).fill(text)

    async def hand_in(self, label: str, data: bytes) -> None:
        """Choose a file with this in it, in the field with this label."""
        file = FilePayload(name="answers.csv", mimeType="text/csv", buffer=data)
        await self.page.get_by_label(self.said(label), exact=True).set_input_files(file)

    async def answer(self, name: str, choice: str) -> None:
        """Choose this answer to the question whose field has this name: several have the same answers."""
        question = self.page.get_by_role("radiogroup").filter(has=self.page.locator(f'input[name="{name}"]'))
        await question.locator("label").filter(has_text=re.compile(f"^{re.escape(self.said(choice))}$")).click()

    async def select(self, label: str, choice: str) -> None:
        """Choose from the list with this label."""
        await self.page.get_by_label(self.said(label), exact=True).select_option(label=self.said(choice))

    async def reads(self, *sentences: str) -> None:
        """The main part of the page holds all of these."""
        shown = " ".join((await self.page.get_by_role("main").inner_text()).split())
        missing = [one for one in map(self.said, sentences) if " ".join(one.split()) not in shown]
        assert missing == [], f"{await self.page.title()}: {shown}"

    async def is_told(self, sentence: str) -> None:
        """The main part of the page says this as soon as what was begun by a script is done."""
        await expect(self.page.get_by_role("main")).to_contain_text(self.said(sentence))

    async def holds_none_of(self, *words: str) -> None:
        """Nothing of this is anywhere in the page."""
        content = await self.page.content()
        assert [one for one in words if one in content] == []

    async def text(self, selector: str) -> str:
        """What the only element of this kind says."""
        return (await self.page.locator(selector).inner_text()).strip()


async def guest(browser: Browser, one: Village, code: str, *, scripts: bool = False) -> Reader:
    """Somebody who has never been here, and whose telephone asks for this language."""
    context = await visitor(browser, one, scripts=scripts, locale=code)
    if scripts:
        await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=one.url)
    reader = Reader(await context.new_page(), code, scripts)
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    reader.page.on("console", lambda said: reader.complaints.append(said.text) if POLICY in said.text else None)
    return reader


async def member(browser: Browser, one: Village, who: Member, code: str, *, scripts: bool = False) -> Reader:
    """The same for a member, signed in by the one-time link that a steward sends."""
    reader = await guest(browser, one, code, scripts=scripts)
    await reader.goes(await sign_in.make_link(one.community, who.id))
    await reader.press("Sign in as %(name)s", name=who.name)
    return reader
