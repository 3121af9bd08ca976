/** The page's one state, what changes it, and when it is asked for again. */
import { addDays, addMonths, clocksDiffer, formats, inReach, localDay, nowModel, startWishes, usableZone } from "./core.js";
import { ApiError, ROOT, applyTheme, connect, createApi, keeper, parsed, readLaunch, translator, wordsOf } from "./edges.js";
import { TABS, inOrder, isBusy, mountNotice, mountTabs, mountTrouble, painted, whenIdle } from "./ui.js";
import * as nowView from "./views/now.js";

const REFRESH_MS = 60_000;
/** How long it is said how an action went. */
const FLASH_MS = 6_000;
/** How long after a boundary we ask, so that the server is past it too. */
const BEHIND_MS = 300;
/** After which an action whose answer got lost is sent again. */
const RETRY_MS = 1_000;
/** A month that comes sooner is drawn once, without a sign that it is on its way. */
const SOON_MS = 80;
/** Who waits longer sees what was known last, until the answer comes. */
const SLOW_MS = 2_500;

const page = document.documentElement;
/** @param {string} id */
const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
const launch = readLaunch(location, keeper(() => sessionStorage));
const api = createApi(launch.initData);
const systemDark = matchMedia("(prefers-color-scheme: dark)");
let theme = launch.theme;
applyTheme(page, theme);
systemDark.addEventListener("change", () => applyTheme(page, theme));

/** The last texts: a page whose server is away still speaks. */
const TEXTS_KEPT = "duty-teller.texts";
/** The last schedule of this person, for when there is no network. */
const LAST_KEPT = "duty-teller.last";
/** What of it is kept besides who is on now and the months. */
const OFFLINE = ["mine", "team"];
/** How this person likes to see the month. */
const LAYOUT_KEPT = "duty-teller.layout";
/** Whether this person wants their own clock's times, too. */
const BESIDES_KEPT = "duty-teller.besides";
/** "": never opened before; `seen`; `asked`, whether it should be on the home screen. */
const HOME_KEPT = "duty-teller.home";
const PHONE_ZONE = usableZone(Intl.DateTimeFormat().resolvedOptions().timeZone);
const shelf = keeper(() => localStorage);
const remembered = parsed(shelf.get(TEXTS_KEPT));
const wishes = startWishes(launch.startParam, TABS);
/** @type {State} */
const state = {
  lang: remembered.language?.code ?? launch.language,
  language: remembered.language ?? null,
  texts: (remembered.language && remembered.texts) ?? {},
  tab: wishes.tab,
  trouble: null,
  me: null,
  rosterId: wishes.rosterId,
  now: null,
  months: new Map(),
  failedMonths: new Set(),
  month: wishes.day.slice(0, 7),
  focusDay: null,
  openDay: wishes.day || null,
  onlyMine: false,
  layout: shelf.get(LAYOUT_KEPT),
  data: new Map(),
  link: null,
  request: null,
  copied: false,
  besides: Boolean(shelf.get(BESIDES_KEPT)),
  flash: null,
  offer: false,
  stale: null,
  freshAt: 0,
  clockSkew: 0,
};
const serverNow = () => Date.now() + state.clockSkew;
/** Who is looking, once that is known. */
const me = () => /** @type {Me} */ (state.me);
const isAdmin = () => me().role === "admin";
const language = () => /** @type {Language} */ (state.language);
const found = () => state.me?.rosters.find(({ id }) => id === state.rosterId);
const roster = () => /** @type {Roster} */ (found());
const today = () => localDay(serverNow(), roster().timezone);

const telegram = connect({
  onBack: () => closeSheets(),
  onTheme: (params) => applyTheme(page, (theme = params)),
  onShown: () => again(),
});

const shell = {
  tabs: mountTabs(place("tabs"), act),
  notice: mountNotice(place("notice"), act),
  trouble: mountTrouble(place("trouble"), act),
};

/** Tab → its section, and its update once the module is there. */
/** @type {Map<string, View>} */
const views = new Map(TABS.map((tab) => {
  const root = document.createElement("div");
  Object.assign(root, { id: tab, className: "view", hidden: true });
  place("trouble").before(root);
  return [tab, { root, update: tab === "now" ? nowView.mount(root, act) : null }];
}));

/** @param {string} tab */
const viewOf = (tab) => /** @type {View} */ (views.get(tab));

/** @param {OfRoster} context */
const withZones = (context) => ({ ...context, format: (/** @type {string} */ zone) => formats(language(), zone, wanted()) });

/** The zone whose times are shown beside the rosters'; "" while that is not wanted. */
const wanted = () => (state.besides ? PHONE_ZONE : "");

/**
 * What each tab shows, besides the texts.
 * @type {Record<string, (context: OfRoster) => object>}
 */
const models = {
  now: (context) => ({
    ...withZones(context),
    models: context.rosters
      .map((one) => nowModel({ state: state.now?.rosters.find(({ roster_id }) => roster_id === one.id), roster: one, ...context }))
      .filter((card) => card !== null)
      .sort((a, b) => Number(b.rosterId === wishes.rosterId) - Number(a.rosterId === wishes.rosterId)),
  }),
  mine: (context) => ({ ...withZones(context), data: state.data.get("mine"), language: state.language, request: state.request, link: state.link, copied: state.copied }),
  balance: (context) => ({ ...withZones(context), data: state.data.get("balance"), language: state.language }),
  team: (context) => ({ ...withZones(context), data: state.data.get("team") }),
  admin: (context) => ({ ...withZones(context), data: state.data.get("admin"), firstWeekday: language().firstWeekday }),
  month: (context) => ({
    ...context, roster: roster(), ...knownMonth(state.month), layout: state.layout,
    near: [1, -1].map((step) => addMonths(state.month, step)).filter((month) => state.months.has(month)).map(knownMonth),
    failed: !state.months.has(state.month) && state.failedMonths.has(state.month), firstWeekday: language().firstWeekday,
    focusDay: state.focusDay, openDay: state.openDay, onlyMine: state.onlyMine, canFilter: me().on_roster,
    freshAt: state.freshAt,
  }),
};

/** @type {never[]} */
const NONE = [];
/** @param {Month} month */
const knownMonth = (month) => ({ month, duties: null, gaps: NONE, days: NONE, ...state.months.get(month) });

/** Draws the state. Safe to call at any time. */
function render() {
  const t = speak();
  const { trouble, tab, lang } = state;
  if (page.lang !== lang) page.lang = lang; // the same again would cost the style of all that is there
  shell.trouble({ trouble, t, lang, canClose: telegram.canClose() });
  const ready = Boolean(state.me && state.now && !trouble);
  const view = viewOf(tab);
  const there = ready && view.update && (!view.load || state.data.has(tab));
  place("waiting").hidden = Boolean(trouble || there);
  for (const [name, { root }] of views) root.hidden = !there || name !== tab;
  if (trouble) {
    document.title = t(`app.error.${trouble.kind}.title`);
    place("tabs").hidden = true;
    place("notice").hidden = true;
    closeSheets();
  }
  if (!ready) return;
  document.title = t("app.title");
  const { id: meId, rosters, on_roster: onRoster } = me();
  const format = formats(language(), roster().timezone, wanted());
  const now = serverNow();
  const ownZone = rosters.some(({ timezone }) => clocksDiffer(timezone, PHONE_ZONE, now)) ? PHONE_ZONE : "";
  const context = { t, lang, now, format, today: today(), meId, ownZone, besides: state.besides, admin: isAdmin(), canAct: onRoster || isAdmin(), rosters, rosterId: state.rosterId };
  shell.tabs({ ...context, tab });
  shell.notice({ ...context, stale: state.stale, flash: state.flash, offer: state.offer });
  if (!there || !view.update) return;
  place("app").removeAttribute("aria-busy");
  view.update(models[tab](context));
  telegram.back(openSheets().length > 0);
  showMain();
}

/** The form that was opened last, if it is still to be seen: Telegram's own button stands for the one in it. */
function showMain() {
  const seen = lastForm?.open && lastForm.checkVisibility() ? lastForm : null;
  /** @type {HTMLButtonElement | null | undefined} */
  const go = seen?.querySelector("button[type=submit]");
  const stands = telegram.main(go ? { text: go.textContent ?? "", busy: isBusy(go), ready: !go.disabled, press: () => go.click() } : null);
  for (const box of document.querySelectorAll(".act.in-main")) box.classList.remove("in-main");
  if (stands) seen?.classList.add("in-main");
}

/** @type {HTMLDetailsElement | null} */
let lastForm = null;
document.addEventListener("toggle", ({ target }) => {
  if (target instanceof HTMLDetailsElement && target.classList.contains("act") && target.open) lastForm = target;
  showMain();
}, true);

const openSheets = () => [.../** @type {NodeListOf<HTMLDialogElement>} */ (document.querySelectorAll("dialog[open]"))];
/** Closes what is open, or only what something is in. @param {Element | null} [around] */
const closeSheets = (around) => openSheets().forEach((sheet) => (around === undefined || sheet.contains(around)) && sheet.close());

/** Opens a view: its module is loaded at the first time. @param {string} tab */
async function showTab(tab) {
  closeSheets();
  state.tab = tab;
  scrollTo(0, 0);
  render();
  // What led here from another view is not seen any more.
  if (!place("tabs").contains(document.activeElement)) /** @type {HTMLElement | null} */ (place("tabs").querySelector("[aria-current=page]"))?.focus();
  await open(tab).then(() => {
    if (state.now && !state.stale) keepLast();
    render();
  }, fail);
}

/** Loads a view's module, then what it shows. @param {string} tab */
const open = (tab) => loadView(tab).then(() => ask(tab));

let attempts = 0;
/** @type {Promise<unknown> | null} */
let dress = null;

/** The style of all views but the first, once. */
const dressed = () => (dress ??= new Promise((resolve, reject) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("later.css", import.meta.url).href, onload: resolve });
  link.onerror = () => {
    link.remove();
    dress = null;
    reject(new ApiError("offline"));
  };
  document.head.append(link);
}));

/** @param {string} tab */
async function loadView(tab) {
  const view = viewOf(tab);
  if (view.update) return;
  try {
    // A module that failed once stays failed under its address.
    const [module] = await Promise.all([import(`./views/${tab}.js${attempts ? `?${attempts}` : ""}`), dressed()]);
    view.load = module.load;
    view.update ??= module.mount(view.root, act);
  } catch (error) {
    attempts += 1;
    throw error instanceof TypeError ? new ApiError("offline") : error;
  }
}

/** Whether an answer is still worth something: none that was asked for later has come before it. */
const newest = inOrder();

/** Asks for what a tab shows beyond /api/me and /api/now. @param {string} tab */
async function ask(tab) {
  if (tab === "month" && state.me) {
    state.month ||= today().slice(0, 7);
    await fetchMonth(state.month);
    lookAround();
  }
  const { load } = viewOf(tab);
  if (!load || !state.me) return;
  const isNewest = newest(tab);
  const data = await load(api, { today: today(), rosterId: state.rosterId, rosters: state.me.rosters, admin: isAdmin() });
  if (isNewest()) state.data.set(tab, data);
}

/** Everything a person can do. @param {string} name @param {any} [value] @returns {unknown} */
function act(name, value) {
  switch (name) {
    case "tab":
      if (value === state.tab) return scrollTo({ top: 0 });
      telegram.tick();
      return showTab(value);
    case "step":
      telegram.tick();
      return showMonth(addMonths(state.month, value));
    case "today":
      telegram.tick();
      return showMonth(today().slice(0, 7));
    case "focus":
      state.focusDay = value;
      return value.startsWith(state.month) ? render() : showMonth(value.slice(0, 7));
    case "day":
      if (state.openDay === value) return undefined;
      if (value && !state.months.has(state.month)) return undefined;
      if (value) telegram.tick();
      state.openDay = value;
      state.focusDay = value ?? state.focusDay;
      return render();
    case "mine":
      telegram.tick();
      state.onlyMine = !state.onlyMine;
      return render();
    case "layout":
      telegram.tick();
      state.layout = value;
      shelf.set(LAYOUT_KEPT, value);
      render();
      return value === "grid" ? scrollTo(0, 0) : undefined; // who was far down in the list would see what is under the grid
    case "home":
      state.offer = false;
      if (value) telegram.addToHome();
      return render();
    case "besides":
      telegram.tick();
      state.besides = !state.besides;
      shelf.set(BESIDES_KEPT, state.besides ? "on" : "");
      return render();
    case "roster":
      state.rosterId = value;
      render(); // what is done from now on is done to it, whenever its data come
      return state.tab === "month" ? undefined : act("reload");
    case "reload":
      return ask(state.tab).then(render, fail);
    case "resize":
      return render();
    case "say":
      return say(value);
    case "chat":
      if (telegram.openChat(value.url)) value.event.preventDefault();
      return undefined;
    case "open":
      if (telegram.openLink(value.url)) value.event.preventDefault();
      return undefined;
    case "link":
      return api.post(`/api/calendar_link?${new URLSearchParams(value.wish)}`)
        .then((link) => state.tab === "mine" && Object.assign(state, { link, copied: false })).then(render, (error) => (state.link && !noAccess(error) ? value.failed(told(error)) : say(error))).finally(value.ended);
    case "unlink":
      state.link = null;
      return render();
    case "copy-text":
      return navigator.clipboard.writeText(value.text).then(value.done ?? (() => say(speak()("app.link.copied"))), () => null);
    case "copy":
      return navigator.clipboard.writeText(value).then(() => Object.assign(state, { copied: true })).then(render, () => null);
    case "unrequest":
      state.request = null;
      return render();
    case "file":
      return api.file(value.path).then(value.save, say);
    case "do":
      return doAction(value);
    case "undo":
      return doAction({
        path: "undo", key: value.key, body: value.body, done: ({ change_id: undo }) => ({ text: speak()("app.undone"), undo, redo: !value.redo }),
        after(error) {
          value.ended?.();
          if (error) say(error.text);
        },
      });
    case "ask":
      return (value.file ? api.upload(value.path, value.file) : value.body ? api.post(value.path, value.body) : api.get(value.path))
        .then(value.after, (error) => (noAccess(error) ? fail(error) : value.failed(told(error))));
    case "leave":
      return telegram.close();
    case "retry":
      return state.me && !state.trouble ? refresh() : start();
    default:
      throw new Error(`unknown event ${name}`);
  }
}

let flashing = 0;

const speak = () => translator(state.lang, state.language, state.texts);

/**
 * Does something; where the answer got lost it is sent once more under the same key, which changes nothing twice.
 * @param {Doing} action
 */
async function doAction({ path, key, body, done, after, from }) {
  const send = () => api.post(`/api/actions/${path}`, body, key);
  /** @param {Problem} error */
  const lost = (error) => error.kind === "offline" || error.kind === "server";
  showMain();
  try {
    const answer = await send().catch((error) => (lost(error) ? pause(RETRY_MS).then(send) : Promise.reject(error)));
    telegram.done(true);
    after();
    closeSheets(from); // and none that was opened since
    say(done(answer));
    await refresh(true);
  } catch (reason) {
    const error = /** @type {Problem} */ (reason);
    telegram.done(false);
    if (noAccess(error)) return fail(error);
    after(told(error));
    showMain();
  }
  return undefined;
}

/** A fault of the page, or one that ends it. @param {Problem} error */
const noAccess = ({ kind }) => !kind || ["expired", "denied"].includes(kind);

/** What a failure says to a form. @param {Problem} error */
const told = (error) => ({ kind: error.kind, text: wordsOf(speak(), error) });

/** @param {number} wait */
const pause = (wait) => new Promise((resolve) => { setTimeout(resolve, wait); });

/** Says why an action did not happen, or how it went. @param {Problem | Outcome} what */
function say(what) {
  if (what instanceof Error && noAccess(what)) return fail(what);
  const flash = what instanceof Error ? told(what) : typeof what === "string" ? { text: what } : what;
  state.flash = { ...flash, key: crypto.randomUUID() };
  clearTimeout(flashing);
  flashing = setTimeout(() => {
    state.flash = null;
    render();
  }, state.flash.undo ? 2 * FLASH_MS : FLASH_MS);
  return render();
}

/** What a page of its own is shown for; that what is shown is refused is the server's fault, whatever it says. */
const PAGES = ["outside", "expired", "denied", "offline", "server"];

/** Puts a failure where it belongs: a page of its own, or a line over the data we still have. @param {Problem} error */
function fail(error) {
  const kind = PAGES.includes(error.kind) ? error.kind : "server";
  if (!error.kind) console.error(error);
  const away = kind === "offline" || kind === "server";
  if (kind === "denied") shelf.set(LAST_KEPT, "");
  if (away && !state.now && showLast(kind, error.request)) return;
  if (away && state.now && !state.trouble) state.stale = { kind, since: state.freshAt, request: error.request };
  else Object.assign(state, { trouble: { kind, message: error.message, request: error.request, at: Date.now() }, openDay: null });
  render();
}

/** Shows what was known last. @param {string} kind Of the failure. @param {string} [request] Its number. @returns {boolean} false: nothing was kept for this person. */
function showLast(kind, request) {
  const last = parsed(shelf.get(LAST_KEPT));
  if (!last.at || last.user !== launch.user || speechless() || !state.language) return false;
  takeMe(last.me);
  state.now = last.now;
  // What has come by now is newer.
  for (const [month, known] of Object.entries(last.months)) if (!state.months.has(month)) state.months.set(month, known);
  for (const [tab, known] of Object.entries(last.data)) if (!state.data.has(tab)) state.data.set(tab, known);
  Object.assign(state, { trouble: null, stale: { kind, since: last.at, request }, freshAt: last.at });
  state.month ||= today().slice(0, 7);
  render();
  loadView(state.tab).then(render, fail);
  return true;
}

function keepLast() {
  const { now, months } = state;
  const month = today().slice(0, 7);
  const near = Object.fromEntries([...months].filter(([name]) => name >= month).slice(0, 2));
  const data = Object.fromEntries([...state.data].filter(([tab]) => OFFLINE.includes(tab)));
  shelf.set(LAST_KEPT, JSON.stringify({ user: launch.user, at: state.freshAt, me: me(), now, months: near, data }));
}

/** @template {{now: string}} Answer @param {Answer} answer */
function keepClock(answer) {
  state.clockSkew = Date.parse(answer.now) - Date.now();
  return answer;
}

/** @param {Month} month */
async function fetchMonth(month) {
  try {
    const [first, last] = [`${month}-01`, addDays(`${addMonths(month, 1)}-01`, -1)];
    const isNewest = newest(month);
    const [duties, gaps, days] = await Promise.all([api.duties(first, last), api.gaps(first, last), api.days(first, last)]);
    if (isNewest()) state.months.set(month, { duties, gaps, days });
    state.failedMonths.delete(month);
  } catch (error) {
    state.failedMonths.add(month);
    throw error;
  }
}

/** @param {string} tag */
async function fetchTexts(tag) {
  const answer = await api.messages(tag);
  Object.assign(state, { lang: answer.language.code, ...answer });
  shelf.set(TEXTS_KEPT, JSON.stringify(answer));
}

/** Months beside the one shown that are on their way. @type {Map<Month, Promise<void>>} */
const coming = new Map();

/** Asks for the months beside the one shown, so that who turns to them waits for nothing. */
function lookAround() {
  whenIdle(() => {
    if (state.tab !== "month" || !state.month || state.stale || state.trouble || document.hidden) return;
    for (const month of [1, -1].map((step) => addMonths(state.month, step))) {
      if (state.months.has(month) || coming.has(month) || !inReach(month)) continue;
      const asked = fetchMonth(month).finally(() => coming.delete(month));
      coming.set(month, asked);
      asked.then(render, () => null);
    }
  });
}

/** @param {Month} month */
async function showMonth(month) {
  if (!inReach(month)) return;
  state.month = month;
  state.failedMonths.delete(month);
  const there = state.months.has(month);
  if (there) { // seen first, then asked for again
    render();
    await painted();
    if (state.month !== month) return;
  }
  const asked = (!there && coming.get(month)) || fetchMonth(month);
  if (!there) {
    await Promise.race([asked.catch(() => null), pause(SOON_MS)]);
    if (!state.months.has(month)) render();
  }
  await asked.then(render, fail);
  lookAround();
}

/** @param {Me} who */
function takeMe(who) {
  state.me = who;
  if (state.tab === "admin" && !isAdmin()) state.tab = TABS[0];
  for (const one of who.rosters) one.timezone = usableZone(one.timezone);
  if (!found()) state.rosterId = who.rosters[0]?.id ?? 0;
}

const speechless = () => !Object.keys(state.texts).length;

/** First load, and the way back from a page of trouble. */
async function start() {
  const speaks = fetchTexts(state.lang);
  if (!launch.initData) {
    await speaks.catch(() => null);
    return fail(new ApiError(speechless() ? "server" : "outside"));
  }
  const slow = setTimeout(() => !state.now && !state.trouble && showLast("slow"), SLOW_MS);
  // The roster's month is almost always the phone's month, so nothing waits for /api/me.
  const guess = state.month || localDay(Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone).slice(0, 7);
  const shown = state.tab === "month" ? Promise.all([fetchMonth(guess), loadView("month")])
    : state.tab === "admin" ? null : open(state.tab); // not before it is known who asks
  speaks.catch(() => null);
  const needed = Promise.all([api.me(), api.now(), shown]);
  await Promise.allSettled([needed, speaks]);
  clearTimeout(slow);
  try {
    const [who, now] = await needed;
    if (speechless()) throw new ApiError("server");
    takeMe(keepClock(who));
    if (!found()) throw new ApiError("denied");
    state.now = keepClock(now);
    if (state.tab === "month") state.month ||= today().slice(0, 7);
    const missing = [];
    if (state.month && !state.months.has(state.month)) missing.push(fetchMonth(state.month));
    if (who.language !== state.lang) missing.push(fetchTexts(who.language));
    const { update, load } = viewOf(state.tab);
    if (!update || (load && !state.data.has(state.tab))) missing.push(open(state.tab));
    await Promise.all(missing);
    Object.assign(state, { trouble: null, stale: null, freshAt: serverNow() });
    keepLast();
    render();
    await showWished();
  } catch (error) {
    fail(/** @type {Problem} */ (error));
  }
  return plan();
}

/** Opens the shift or the request that the link names, once; one that is not there any more is told of. */
async function showWished() {
  const { shift, request } = wishes;
  Object.assign(wishes, { shift: 0, request: 0 });
  if (!shift && !request) return;
  const { tab, month } = state;
  /** Whether nobody has gone anywhere else meanwhile. */
  const here = () => state.tab === tab && state.month === month && !openSheets().length;
  try {
    if (request) {
      const found = await api.get(`/api/requests/${request}`);
      if (here()) state.request = found;
    }
    if (shift) {
      const place = await api.get(`/api/shifts/${shift}`);
      if (!here()) return;
      state.rosterId = place.roster_id;
      state.openDay = localDay(Date.parse(place.start_at), roster().timezone);
      if (!state.openDay.startsWith(state.month)) return void await showMonth(state.openDay.slice(0, 7));
    }
    render();
  } catch (error) {
    say(/** @type {Problem} */ (error));
  }
}

/** @type {Promise<void> | null} */
let refreshing = null;
let refreshes = 0;

/**
 * Asks for everything shown once more; unchanged answers come from the browser's store by their ETag.
 * @param {boolean} [anew] Something was changed just now: what is being asked for already may not know of it, and is dropped.
 */
function refresh(anew = false) {
  if (refreshing && !anew) return refreshing;
  const mine = ++refreshes;
  refreshing = (async () => {
    try {
      const [who, now] = await Promise.all([api.me(), api.now(), open(state.tab)]);
      if (refreshes !== mine) return;
      takeMe(keepClock(who));
      if (!found()) throw new ApiError("denied");
      state.now = keepClock(now);
      Object.assign(state, { stale: null, freshAt: serverNow() });
      keepLast();
      render();
    } catch (error) {
      if (refreshes === mine) fail(/** @type {Problem} */ (error));
    } finally {
      if (refreshes === mine) {
        refreshing = null;
        plan();
      }
    }
  })();
  return refreshing;
}

let timer = 0;

/** Next refresh: in a minute, or sooner when what is said of now stops being true. */
function plan() {
  clearTimeout(timer);
  if (state.trouble || !state.now) return;
  const ends = state.now.rosters.map((one) => Date.parse(one.valid_until ?? "") - serverNow() + BEHIND_MS).filter((wait) => wait > 0);
  timer = setTimeout(() => (document.hidden ? plan() : refresh()), Math.min(REFRESH_MS, ...ends));
}

const again = () => state.me && !state.trouble && refresh();
document.addEventListener("visibilitychange", () => !document.hidden && again());
window.addEventListener("online", () => (state.stale || state.trouble) && act("retry"));
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const typing = event.target instanceof Element && event.target.closest("select, input, dialog");
  if (step && state.tab === "month" && state.month && !state.trouble && !typing && !event.altKey && !event.ctrlKey && !event.metaKey) act("step", step);
});

/** At the second time, once: whether the app should be on the home screen. */
function offerHome() {
  const before = shelf.get(HOME_KEPT);
  if (state.trouble || before === "asked") return;
  if (!before) return void shelf.set(HOME_KEPT, "seen");
  telegram.missedHome(() => {
    shelf.set(HOME_KEPT, "asked");
    state.offer = true;
    render();
  });
}

start().then(() => {
  lookAround();
  telegram.arrival.then(offerHome);
  // Not before the first view: it keeps the page's files for when there is no network.
  if (!state.trouble) navigator.serviceWorker?.register(new URL("sw.js", ROOT)).catch(() => null);
});
