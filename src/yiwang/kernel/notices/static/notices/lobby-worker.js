"use strict";
// Keeps the pages of the lobby's screen: the network first; without it, or when the server is ill, what was last seen.
const KEPT = "yiwang-lobby-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  event.respondWith(answer(request));
});

const answer = async (request) => {
  const isPage = request.mode === "navigate";
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.type === "basic") (await caches.open(KEPT)).put(request, fresh.clone());
    if (!isPage || fresh.status < 500) return fresh;
    return (await kept(request, isPage)) || fresh;
  } catch (error) {
    const found = await kept(request, isPage);
    if (found) return found;
    throw error;
  }
};

const kept = async (request, isPage) =>
  (await caches.match(request, { ignoreVary: true })) ||
  (isPage ? caches.match(request, { ignoreSearch: true, ignoreVary: true }) : undefined);
