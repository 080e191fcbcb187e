"""A member switches it on for this device, and the device says that something waits. The browser's company is ours."""

import json
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from node.services import clocks, devices
from tests.browser.chromium import becomes, chromium, visitor
from tests.browser.sights import press, walk_in
from tests.push_service import push_service
from tests.village import Clock, Village, village

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

#: A browser without a company behind it makes no address for messages; this one is the test's own push service's.
SUBSCRIBED = """
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async options => {
  window.asked = options;
  return {toJSON: () => (TOLD)};
};
"""
#: Without a window the browser soon forgets what it has shown, so the worker notes it.
NOTED = """
self.shown = [];
const show = self.registration.showNotification.bind(self.registration);
self.registration.showNotification = (title, more) =>
  show(title, more).then(() => self.shown.push([title, more.body, more.tag]));
0
"""
SHOWN = "self.shown.splice(0)"


async def deliver(context: BrowserContext, page: Page, north: Village) -> None:
    """The browser hands a message to the service worker, as when its push service has one."""
    tools = await context.new_cdp_session(page)
    found: list[str] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(
        one["registrationId"] for one in told["registrations"] if not one["isDeleted"]))  # fmt: skip
    await tools.send("ServiceWorker.enable")
    await page.wait_for_timeout(200)
    message = {"origin": north.url, "registrationId": found[-1], "data": "something waits"}
    await tools.send("ServiceWorker.deliverPushMessage", message)


async def test_a_member_is_told_on_a_device_that_something_waits(tmp_path: Path) -> None:
    async with (
        village("Harbour Lane Neighbours", tmp_path, Clock()) as north,
        push_service() as service,
        chromium(whole=True) as browser,
    ):
        context = await visitor(browser, north, scripts=True)
        await context.grant_permissions(["notifications"], origin=north.url)
        endpoint, point, secret = service.browser("phone")
        told = json.dumps({"endpoint": endpoint, "keys": {"p256dh": point, "auth": secret}})
        await context.add_init_script(SUBSCRIBED.replace("TOLD", told))
        page = await context.new_page()
        await walk_in(page, north, north.dispatcher)
        await page.goto("/account/devices")
        await expect(page.get_by_role("main")).to_contain_text("This community tells nobody on their devices.")
        await page.goto("/settings/devices")
        await press(page, "Let members be told on their devices")

        await page.goto("/account/devices")
        async with page.expect_navigation():
            await page.get_by_role("button", name="Tell me on this device").click()
        await expect(page.get_by_role("main")).to_contain_text("This device is told when something waits")
        await north.ask("Insulin from the pharmacy")
        await clocks.run_due(north.community)
        assert await north.worker.tell_people()
        assert service.read == [("phone", b"something waits")]

        (worker,) = context.service_workers
        await worker.evaluate(NOTED)
        await deliver(context, page, north)
        await becomes(worker, SHOWN, [["Harbour Lane Neighbours", "Something waits to be looked at.", "waits"]])
        await press(page, "Do not tell me there any more")
        await page.goto("/language/es?back=/")
        await becomes(page, "caches.match('/offline/es', {ignoreSearch: true}).then(Boolean)", True)
        await deliver(context, page, north)
        await becomes(worker, SHOWN, [["Harbour Lane Neighbours", "Algo espera a que lo miren.", "waits"]])
        assert await devices.listing(north.community, north.dispatcher) == ()
        await context.close()
