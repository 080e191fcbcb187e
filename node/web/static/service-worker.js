// Answers where there is no connection. No page of anybody is kept: pages put what is the same for everybody into KEPT, and
// this program adds nothing to it. The server writes AWAY and SAID above this line.
// A newer program waits until nobody has a page of ours open: where one takes over at once, a page on its way can be lost.

const KEPT = "kept";

const kept = async () => {
  const cache = await caches.open(KEPT);
  const page = (await cache.keys()).find((one) => new URL(one.url).pathname.startsWith("/offline/"));
  return { answer: page && (await cache.match(page)), language: page && new URL(page.url).pathname.split("/").pop() };
};

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const others = (await caches.keys()).filter((name) => name !== KEPT);
    await Promise.all(others.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || AWAY.includes(url.pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await kept()).answer || Response.error()));
  } else if (["style", "script", "image"].includes(request.destination)) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  }
});

// A message says nothing; what it means stands above in SAID, in every language. This device's is that of the kept page.
self.addEventListener("push", (event) => {
  const show = async () => {
    const { title, ...more } = SAID[(await kept()).language] || Object.values(SAID)[0];
    await self.registration.showNotification(title, more);
  };
  event.waitUntil(show());
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/dispatch"));
});
