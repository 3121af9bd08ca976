/** Keeps the page's files, so that it opens without a network. The network always comes first: nothing old is shown while it is there. */
/// <reference lib="webworker" />
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SHELF = "duty-teller-page";
/** Path of this service on its host, `/` or `/a/prefix/`: only what lies below it is ours. */
const ROOT = new URL("./", worker.location.href).pathname;
const FILES = ["", "style", "later", "icon", "main", "core", "edges", "ui", "views/now", "views/month", "views/mine", "views/team", "views/day", "views/sheet", "views/balance", "views/figures", "views/rosters", "views/actions", "views/cover", "views/away", "views/change", "views/admin", "views/history", "views/import", "views/board", "views/settings", "views/upkeep", "views/filegrid", "views/person", "views/reminders", "views/request",
  "views/grid", "views/cells", "views/list", "models/month", "models/people", "models/balance", "models/changes", "models/settings", "models/board"]
  .map((name) => ROOT + (name && `app/${name}.${/** @type {Record<string, string>} */ ({ style: "css", later: "css", icon: "svg" })[name] ?? "js"}`));

worker.addEventListener("install", (event) => {
  worker.skipWaiting();
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(FILES)));
});

worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const path = pathname.startsWith(ROOT) ? pathname.slice(ROOT.length) : "elsewhere";
  const ours = origin === worker.location.origin && (path === "" || path === "app" || path.startsWith("app/"));
  if (!ours || event.request.method !== "GET") return;
  const key = path.startsWith("app/") && path !== "app/" ? pathname : ROOT;
  event.respondWith((async () => {
    const shelf = await caches.open(SHELF);
    try {
      const answer = await fetch(event.request);
      if (answer.status === 200) event.waitUntil(shelf.put(key, answer.clone()));
      if (answer.status < 500) return answer;
      return (await shelf.match(key)) ?? answer;
    } catch (error) {
      const kept = await shelf.match(key);
      if (kept) return kept;
      throw error;
    }
  })());
});
