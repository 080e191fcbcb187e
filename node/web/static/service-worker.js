// Keeps what is the same for everybody, so that there is an answer where there is no connection. No page of anybody is
// kept: only the addresses in KEPT, which the server writes above this line together with OFFLINE, AWAY and MARK.

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
