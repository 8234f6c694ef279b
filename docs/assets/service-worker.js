// The site without a network. The build puts ahead of this the addresses and digests of
// what is kept at once, and where Python's files are, which are kept when first used.
//
// A reader has one build at a time: what is fetched must have its digest, and the worker
// of the next build waits until no page of this one is open, or its reader says reload.

import { getCacheKeyForURL, matchPrecache, precache } from "workbox-precaching";

const { files, python } = globalThis.studySite;
const PYTHON = new URL(python, location).href;
const KEPT_PYTHON = `study-notes-python-${registration.scope}`;

precache(Object.entries(files).map(([url, integrity]) => ({ url, integrity, revision: integrity })));

let isFirst;
addEventListener("install", () => (isFirst = !registration.active));
addEventListener("activate", (event) => {
  // The page that brought the first worker needs no reload to be kept.
  if (isFirst) event.waitUntil(clients.claim());
  event.waitUntil(forgetOtherPython());
});

addEventListener("message", ({ data }) => data === "take over" && skipWaiting());

addEventListener("fetch", (event) => {
  const { method, url, mode } = event.request;
  if (method !== "GET") return;
  if (ours(url)) event.respondWith(fromSite(event));
  else if (url.startsWith(PYTHON)) event.respondWith(fromPython(event));
  else if (mode === "navigate") event.respondWith(fromElsewhere(event));
});

/** The address of a file that is kept, without what a reader or a link adds to it. */
function ours(url) {
  const { origin, pathname } = new URL(url);
  const address = origin + pathname.replace(/\/index\.html$/, "/");
  return getCacheKeyForURL(address) && address;
}

async function fromSite(event) {
  const kept = () => matchPrecache(ours(event.request.url));
  if (!(await isOfLaterBuild(event))) return (await kept()) ?? fetch(event.request);
  try { return await fetch(event.request); } catch { return (await kept()) ?? Response.error(); }
}

/** Whether a page asks that this build does not have: then it needs the files of its own. */
async function isOfLaterBuild({ clientId, request }) {
  if (request.mode === "navigate") return false;
  const client = await clients.get(clientId);
  return client?.type === "window" && !ours(client.url);
}

/** The browser's own cache goes first: what it has compiled goes with what lies there. */
async function fromPython(event) {
  const { url } = event.request;
  const [cache, own] = await Promise.all([
    caches.open(KEPT_PYTHON),
    fetch(url, { cache: "only-if-cached", mode: "same-origin" }).catch(() => {}),
  ]);
  const kept = await cache.match(url);
  if (kept) return own?.ok ? own : kept;
  const response = own?.ok ? own : await fetch(event.request);
  if (response.ok)
    event.waitUntil(cache.put(url, response.clone()).catch((error) => console.warn("study-notes: Python is not kept:", error)));
  return response;
}

async function forgetOtherPython() {
  const cache = await caches.open(KEPT_PYTHON);
  for (const { url } of await cache.keys()) if (!url.startsWith(PYTHON)) await cache.delete(url);
}

/** A page that is not kept: the server's, or without a network what can be said. */
async function fromElsewhere({ request }) {
  try { return await fetch(request); } catch {
    const { origin, pathname } = new URL(request.url);
    if (ours(`${origin}${pathname}/`)) return Response.redirect(`${pathname}/`);
    const { body, headers } = (await matchPrecache("404.html")) ?? Response.error();
    return new Response(body, { status: 404, headers });
  }
}
