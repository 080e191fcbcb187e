// Keeps what is the same for everybody, so that there is an answer where there is no connection. No page of anybody is
// kept: only the addresses in KEPT, which the server writes above this line together with MARK, OFFLINE, AWAY and SAID.

const CACHE = `kept ${MARK}`;

self.addEventListener("install", (event) => {
  const keep = async () => (await caches.open(CACHE)).addAll(KEPT);
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((name) => name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || AWAY.includes(url.pathname)) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  } else if (request.method === "GET" && KEPT.includes(url.pathname + url.search)) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  }
});

// A message says nothing; what it means stands above in SAID, in the language of this device.
self.addEventListener("push", (event) => {
  const { title, ...more } = SAID;
  event.waitUntil(self.registration.showNotification(title, more));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/dispatch"));
});
