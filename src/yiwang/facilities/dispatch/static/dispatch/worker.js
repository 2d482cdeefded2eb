"use strict";
// Keeps the team's pages for when there is no network: the network first, what was last seen otherwise.
// They hold addresses, so they are forgotten as soon as nobody is signed in.
const KEPT = "yiwang-team-1";
const HOME = "/team/";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if ((request.headers.get("Accept") || "").includes("text/event-stream")) return;
  event.respondWith(answer(request));
});

const answer = async (request) => {
  const isPage = request.mode === "navigate";
  try {
    const fresh = await fetch(request);
    if (isPage && fresh.redirected) await caches.delete(KEPT);
    else if (fresh.ok && fresh.type === "basic") (await caches.open(KEPT)).put(request, fresh.clone());
    return fresh;
  } catch (error) {
    const asked = { ignoreSearch: isPage, ignoreVary: true };
    const kept = (await caches.match(request, asked)) || (isPage && (await caches.match(HOME, asked)));
    if (kept) return kept;
    throw error;
  }
};
