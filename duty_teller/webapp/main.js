/** The page's one state, what changes it, and when it is asked for again. */
import { addDays, addMonths, formats, localDay, monthModel, nowModel, usableZone } from "/app/core.js";
import { ApiError, applyTheme, connect, createApi, keeper, parsed, readLaunch, translator } from "/app/edges.js";
import { mountCard, mountLegend, mountMonth, mountNotice, mountRosters, mountSheet, mountTrouble } from "/app/views.js";

const REFRESH_MS = 60_000;
/** How long after a boundary we ask, so that the server is past it too. */
const BEHIND_MS = 300;

const page = document.documentElement;
const place = (id) => document.getElementById(id);
const launch = readLaunch(location, keeper(() => sessionStorage));
const api = createApi(launch.initData);
const systemDark = matchMedia("(prefers-color-scheme: dark)");
let theme = launch.theme;
applyTheme(page, theme);
systemDark.addEventListener("change", () => applyTheme(page, theme));

/** The last texts: a page whose server is away still speaks. */
const TEXTS_KEPT = "duty-teller.texts";
const shelf = keeper(() => localStorage);
const remembered = parsed(shelf.get(TEXTS_KEPT));
const state = {
  /** Of `language`, or the tag to ask for. */
  lang: remembered.language?.code ?? launch.language,
  language: remembered.language ?? null,
  texts: (remembered.language && remembered.texts) ?? {},
  /** @type {?{kind: string, message: string}} A page instead of the calendar. */
  trouble: null,
  me: null,
  rosterId: 0,
  now: null,
  /** @type {Map<string, object[]>} Month → duties of all rosters. */
  months: new Map(),
  failedMonths: new Set(),
  month: "",
  focusDay: null,
  openDay: null,
  onlyMine: false,
  /** @type {?{kind: string, since: number}} */
  stale: null,
  freshAt: 0,
  /** Server's clock minus ours, for phones with a wrong one. */
  clockSkew: 0,
};
const serverNow = () => Date.now() + state.clockSkew;
const roster = () => state.me.rosters.find(({ id }) => id === state.rosterId);

const telegram = connect({
  onBack: () => act("day", null),
  onTheme: (params) => applyTheme(page, (theme = params)),
});

const views = {
  notice: mountNotice(place("notice"), act),
  rosters: mountRosters(place("rosters"), act),
  card: mountCard(place("card"), act),
  sheet: mountSheet(place("sheet"), act),
  trouble: mountTrouble(place("trouble"), act),
};

/** Draws the state. Safe to call at any time. */
function render() {
  const t = translator(state.lang, state.language, state.texts);
  page.lang = state.lang;
  const ready = Boolean(state.me && state.now && !state.trouble);
  place("calendar").hidden = Boolean(state.trouble);
  views.trouble({ trouble: state.trouble, t, lang: state.lang, canClose: telegram.canClose() });
  if (state.trouble) {
    document.title = t(`app.error.${state.trouble.kind}.title`);
    views.sheet({ cell: null });
  }
  if (!ready) return;
  document.title = t("app.title");
  const now = serverNow();
  const context = { t, lang: state.lang, now, format: formats(state.language, roster().timezone) };
  const about = { roster: roster(), meId: state.me.id, now };
  const current = nowModel({ state: state.now.rosters.find((one) => one.roster_id === state.rosterId) ?? null, ...about });
  const model = monthModel({ month: state.month, duties: state.months.get(state.month) ?? null, onlyMine: state.onlyMine,
    firstWeekday: state.language.firstWeekday, ...about });
  if (!views.month) {
    views.month = mountMonth(place("month"), act);
    views.legend = mountLegend(place("legend"));
    place("calendar").removeAttribute("aria-busy");
  }
  const failed = model.loading && state.failedMonths.has(state.month);
  views.notice({ ...context, stale: state.stale, today: model.today });
  views.rosters({ ...context, rosters: state.me.rosters, rosterId: state.rosterId });
  views.card({ ...context, model: current });
  views.month({
    ...context, model, failed, focusDay: state.focusDay, onlyMine: state.onlyMine, canFilter: state.me.on_roster,
    admin: state.me.role === "admin",
  });
  views.legend({ ...context, model });
  const cell = model.cells.find(({ day }) => day === state.openDay) ?? null;
  views.sheet({ ...context, cell, zone: model.zone, onlyMine: state.onlyMine });
  telegram.back(Boolean(cell));
}

/** Everything a person can do. */
function act(name, value) {
  switch (name) {
    case "step":
      telegram.tick();
      return showMonth(addMonths(state.month, value));
    case "today":
      telegram.tick();
      return showMonth(localDay(serverNow(), roster().timezone).slice(0, 7));
    case "focus":
      state.focusDay = addDays(value.day, value.step);
      return showMonth(state.focusDay.slice(0, 7));
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
    case "roster":
      state.rosterId = value;
      return render();
    case "chat":
      if (telegram.openChat(value.url)) value.event.preventDefault();
      return undefined;
    case "leave":
      return telegram.close();
    case "retry":
      return state.me && !state.trouble ? refresh() : start();
    default:
      throw new Error(`unknown event ${name}`);
  }
}

/** Puts a failure where it belongs: a page of its own, or a line over the data we still have. */
function fail(error) {
  const kind = error.kind ?? "server";
  if (!error.kind) console.error(error);
  const final = state.trouble || !state.now || ["outside", "expired", "denied"].includes(kind);
  if (final) Object.assign(state, { trouble: { kind, message: error.message, at: Date.now() }, openDay: null });
  else state.stale = { kind, since: state.freshAt };
  render();
}

function keepClock(answer) {
  state.clockSkew = Date.parse(answer.now) - Date.now();
  return answer;
}

async function fetchMonth(month) {
  try {
    const duties = await api.duties(`${month}-01`, addDays(`${addMonths(month, 1)}-01`, -1));
    state.months.set(month, duties);
    state.failedMonths.delete(month);
  } catch (error) {
    state.failedMonths.add(month);
    throw error;
  }
}

async function fetchTexts(tag) {
  const { language, texts } = await api.messages(tag);
  Object.assign(state, { lang: language.code, language, texts });
  shelf.set(TEXTS_KEPT, JSON.stringify({ language, texts }));
}

async function showMonth(month) {
  state.month = month;
  state.failedMonths.delete(month);
  render();
  await fetchMonth(month).then(render, fail);
}

function takeMe(me) {
  state.me = keepClock(me);
  for (const one of me.rosters) one.timezone = usableZone(one.timezone);
  const asked = Number(/^r(\d+)$/u.exec(launch.startParam)?.[1]);
  const wanted = [state.rosterId, asked].find((id) => me.rosters.some((one) => one.id === id));
  state.rosterId = wanted ?? me.rosters[0]?.id ?? 0;
}

const speechless = () => !Object.keys(state.texts).length;

/** First load, and the way back from a page of trouble. */
async function start() {
  const speaks = fetchTexts(state.lang);
  if (!launch.initData) {
    await speaks.catch(() => null);
    return fail(new ApiError(speechless() ? "server" : "outside"));
  }
  // The roster's month is almost always the phone's month, so nothing waits for /api/me.
  const guess = state.month || localDay(Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone).slice(0, 7);
  const all = await Promise.allSettled([api.me(), api.now(), fetchMonth(guess), speaks]);
  const broken = all.slice(0, 3).find(({ status }) => status === "rejected");
  try {
    if (speechless()) throw new ApiError("server");
    if (broken) throw broken.reason;
    takeMe(all[0].value);
    if (!roster()) throw new ApiError("denied");
    state.now = keepClock(all[1].value);
    state.month ||= localDay(serverNow(), roster().timezone).slice(0, 7);
    const wishes = [];
    if (!state.months.has(state.month)) wishes.push(fetchMonth(state.month));
    if (state.me.language !== state.lang) wishes.push(fetchTexts(state.me.language));
    await Promise.all(wishes);
    Object.assign(state, { trouble: null, stale: null, freshAt: serverNow() });
    render();
  } catch (error) {
    fail(error);
  }
  return plan();
}

let refreshing = null;

/** Asks for everything shown once more; unchanged answers come from the browser's store by their ETag. */
function refresh() {
  refreshing ??= (async () => {
    try {
      const [me, now] = await Promise.all([api.me(), api.now(), fetchMonth(state.month)]);
      takeMe(me);
      state.now = keepClock(now);
      Object.assign(state, { stale: null, freshAt: serverNow() });
      render();
    } catch (error) {
      fail(error);
    } finally {
      refreshing = null;
      plan();
    }
  })();
  return refreshing;
}

let timer = 0;

/** Next refresh: in a minute, or sooner when what the card says stops being true. */
function plan() {
  clearTimeout(timer);
  if (state.trouble || !state.now) return;
  const ends = state.now.rosters.map((one) => Date.parse(one.valid_until ?? "") - serverNow() + BEHIND_MS).filter((wait) => wait > 0);
  timer = setTimeout(() => (document.hidden ? plan() : refresh()), Math.min(REFRESH_MS, ...ends));
}

document.addEventListener("visibilitychange", () => !document.hidden && state.me && !state.trouble && refresh());
window.addEventListener("online", () => (state.stale || state.trouble) && act("retry"));
document.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const typing = event.target.closest?.("select, input, dialog");
  if (step && views.month && !state.trouble && !typing && !event.altKey && !event.ctrlKey && !event.metaKey) act("step", step);
});

start();
