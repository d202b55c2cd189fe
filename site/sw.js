// Keeps the site in the browser once it was visited, so that it reads and runs without network.
// MkDocs copies this file; course/publish/offline.py fills in the three constants after each build.
//
// One version at a time: every file of a version is fetched and compared with its digest before
// any of it is used, and a page open in the tab keeps the version it began with. What lies in a
// folder named after its content (Python for the tab, the knobs' turns) is kept when first asked
// for: nobody pays for Python before the first Run.

const VERSION = ""; // the digest of what follows
const FILES = {}; // path -> the first 16 digits of its SHA-256
const FOLDERS = []; // folders whose name changes with their content

const PAGES = `hls-pages-${VERSION}`;
const KEPT = "hls-content";
const OURS = /^hls-(pages-|content$)/;

self.addEventListener("install", (event) => event.waitUntil(fill()));
self.addEventListener("activate", (event) => event.waitUntil(begin()));
self.addEventListener("message", ({ data }) => data === "take over" && self.skipWaiting());
self.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path === undefined) return;
  if (event.request.mode === "navigate" && self.registration.waiting) event.respondWith(renewed(path, event.request));
  else if (path in FILES) event.respondWith(stored(path, event.request));
  else if (FOLDERS.some((folder) => path.startsWith(folder))) event.respondWith(keeping(event.request));
  else if (`${path}/index.html` in FILES) event.respondWith(Response.redirect(`${self.registration.scope}${path}/`));
});

// The path of a file below this site, without question and anchor; undefined for what is not ours.
function pathOf({ method, url }) {
  const { origin, pathname } = new URL(url);
  const scope = new URL(self.registration.scope);
  if (method !== "GET" || origin !== scope.origin || !pathname.startsWith(scope.pathname)) return undefined;
  const path = decodeURI(pathname.slice(scope.pathname.length));
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

// Fetches the whole version, or none of it: the one before goes on where anything is missing.
async function fill() {
  const before = await filled();
  const cache = await caches.open(PAGES);
  try {
    await Promise.all(Object.entries(FILES).map(([path, digest]) => put(cache, path, digest, before)));
  } catch (error) {
    await caches.delete(PAGES);
    throw error;
  }
}

// The caches of earlier versions, whose unchanged files need no network.
async function filled() {
  const names = (await caches.keys()).filter((name) => OURS.test(name) && name !== PAGES && name !== KEPT);
  return Promise.all(names.map((name) => caches.open(name)));
}

async function put(cache, path, digest, before) {
  const address = self.registration.scope + path;
  for (const older of before) {
    const had = await older.match(address);
    if (had && (await digestOf(had.clone())) === digest) return cache.put(address, had);
  }
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok || (await digestOf(answer.clone())) !== digest) throw new Error(`${path} is of another version`);
  return cache.put(address, answer);
}

async function digestOf(answer) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return [...bytes.slice(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Drops what other versions left, and serves the pages that are open.
async function begin() {
  for (const name of await caches.keys()) if (OURS.test(name) && name !== PAGES && name !== KEPT) await caches.delete(name);
  const kept = await caches.open(KEPT);
  for (const request of await kept.keys()) {
    const path = pathOf(request);
    if (!FOLDERS.some((folder) => path?.startsWith(folder))) await kept.delete(request);
  }
  await self.clients.claim();
}

// A new version waits: it begins with this page, unless another tab still shows the old one.
async function renewed(path, request) {
  if ((await self.clients.matchAll()).length > 1) return path in FILES ? stored(path, request) : fetch(request);
  self.registration.waiting.postMessage("take over");
  return new Response("", { headers: { Refresh: "0" } });
}

async function stored(path, request) {
  const cache = await caches.open(PAGES);
  return (await cache.match(self.registration.scope + path)) ?? fetch(request);
}

async function keeping(request) {
  const cache = await caches.open(KEPT);
  const had = await cache.match(request, { ignoreSearch: true });
  if (had) return had;
  const answer = await fetch(request);
  if (answer.ok && answer.status === 200) await cache.put(request, answer.clone());
  return answer;
}
