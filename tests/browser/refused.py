"""Forms sent so that they are refused, beyond those in `sights`: what is wrong is said above them and beside it."""

from playwright.async_api import Page

from tests.browser.scene import Scene
from tests.browser.sights import AT_MILL, GUEST, SIGHTS, STEWARD, Open, Sight, correct_sealed, press, several, tell_what

LONG = "a very long story, " * 300
_OPEN_ALL = "for (const one of document.querySelectorAll('details')) one.open = true"


def _send(pattern: str, button: str, **typed: str) -> Open:
    """Open a page, type this into its fields by their names, and press a button."""

    async def look(scene: Scene, page: Page) -> None:
        await page.goto(scene.path(pattern))
        await page.evaluate(_OPEN_ALL)
        for name, value in typed.items():
            await page.locator(f'main [name="{name}"]').first.fill(value)
        await press(page, button)

    return look


async def _each(scene: Scene, page: Page) -> None:
    """Two things are needed, and one of them gets more than a few words."""
    await several(scene, page)
    await page.get_by_label("Transport").fill(LONG)
    await press(page, "Continue")


async def _reach(_scene: Scene, page: Page) -> None:
    """Nothing said of how to reach them."""
    await page.goto("/ask")
    await tell_what(page)
    await press(page, "Continue")
    await press(page, "Continue")


async def _sealed(scene: Scene, page: Page) -> None:
    """What was opened is corrected, and becomes longer than it may be."""
    await correct_sealed(scene, page)
    await page.locator('main [name="story"]').fill(LONG)
    await press(page, "Save")


REFUSED: tuple[Sight, ...] = (
    Sight("ask-1-each-errors", GUEST, _each, 422),
    Sight("ask-2-reach-errors", GUEST, _reach, 422),
    Sight("my-request-correct-errors", GUEST, _send("/r/{coats_code}/correct", "Save", title=""), 422),
    Sight(
        "my-request-again-errors",
        GUEST,
        _send("/r/{coats_code}/again", "Send it to the dispatchers", needed_by="2026-01-01"),
        422,
    ),
    Sight("doors-errors", STEWARD, _send("/settings/doors", "Save", framed_by="not a site"), 422),
    Sight("shift-write-errors", STEWARD, _send("/shift", "Write it down"), 422),
    Sight(
        "need-note-errors", STEWARD, _send("/dispatch/{moving}", "No answer", contact_words="Call 020 7946 0188"), 422
    ),
    Sight("need-status-errors", STEWARD, _send("/dispatch/{moving}", "Note where it stands", note=LONG), 422),
    Sight("need-wording-errors", STEWARD, _send("/dispatch/{family}/wording", "Save the new words", title=""), 422),
    Sight("sealed-correct-errors", STEWARD, _sealed, 422),
    Sight(
        "call-back-errors", STEWARD, _send("/dispatch/{lift}/call-backs/{lift_call_back}", "Write down the answer"), 422
    ),
    Sight("questions-ours-errors", STEWARD, _send("/questions/{coats_thread}", "Send it", text=""), 422),
    Sight("questions-theirs-errors", AT_MILL, _send("/feed/{coats_there}/questions", "Send it", text=""), 422),
    Sight("offer-help-errors", STEWARD, _send("/feed/{shifts}/offer", "Send the offer", quantity="many"), 422),
    Sight("response-agree-errors", STEWARD, _send("/responses/{family_offer}", "Agree", lease_hours="long"), 422),
    Sight(
        "response-decline-errors",
        STEWARD,
        _send("/responses/{family_offer}", "Tell them: not this time", text=LONG),
        422,
    ),
    Sight("task-partly-errors", AT_MILL, _send("/tasks/{coats_task}", "It is partly met", quantity="some"), 422),
    Sight("task-more-time-errors", STEWARD, _send("/tasks/{coats_offer}", "Give them more time", hours="more"), 422),
    Sight("task-ask-more-time-errors", STEWARD, _send("/tasks/{ramp_task}", "Ask for more time", hours="more"), 422),
    Sight("peer-card-errors", STEWARD, _send("/peers/card", "Save", text=LONG), 422),
)

EVERY: tuple[Sight, ...] = (*SIGHTS, *REFUSED)
