// The play page: be one of the demo's people, and look at the group, the bot and the Mini App as they do.
import { isTaken, mountChat } from "./chat.js";
import { act, actOnce, answerTo, follow, keep, kept, persist, readFile, Refused, saveFile } from "./control.js";
import { mountFrame, theme } from "./frame.js";
import { mountGuide } from "./guide.js";
import { element } from "./messages.js";
import { inTurn, say, toast, untoast } from "./said.js";
import { current, following, nameOf, preferred, speak, t } from "./texts.js";

const $ = (id) => document.getElementById(id);
const place = new URLSearchParams(location.hash.slice(1));
let me = Number(place.get("person")) || null;
let groupId = Number(place.get("chat")) || null;
/** What `seenBy` sees: for a moment not yet what `me` does. */
let state = { people: [], chats: [], bot: {}, seenBy: null };
/** The demo that is shown; another one is another world. */
let born = "";
/** What Telegram takes: characters of a message, bytes of a file that a bot may fetch. */
const LONGEST = 4096;
const LARGEST = 20 * 1024 * 1024;
/** Pane → what was last seen in it. */
const seen = new Map();

const groups = () => state.chats.filter((one) => one.type !== "private");
const chats = { bot: () => state.chats[0], group: () => groups().find((one) => one.id === groupId) ?? groups()[0] };

/** Says why something was not done: the answer was no, or there was none. */
function failed(error) {
  const isNo = error instanceof Refused;
  toast(!isNo ? t("lost") : state.stage ? t("refused") : error.message);
  return null;
}

const attempt = (action, args) => actOnce(action, args, state.stage?.born).catch(failed);

/** Asks what has to be answered; what a demo has asked ends with it. @returns {Promise<boolean>} */
function ask(...question) {
  const world = born;
  return inTurn(question, () => world === born, toShown);
}

/**
 * Another person from here on: what was being written was not theirs, what is written from now on is.
 * @returns {Promise<boolean>} Whether they are shown; no, where it is somebody else by now.
 */
async function be(person) {
  if (person !== me) {
    for (const view of Object.values(views)) view.leave(person);
    frame.leave();
  }
  me = person;
  remember();
  guide({ state, me });
  await persist(refresh, { ...hears, isWanted: () => me === person && state.seenBy !== person });
  return me === person;
}

/** Takes the keyboard to what is shown, where it would otherwise be nowhere. */
function toShown() {
  const { pane } = document.body.dataset;
  if (pane === "app" && $("app").checkVisibility()) frame.focus();
  else $(document.body.dataset.chat).querySelector(".messages").focus();
}

function show(pane) {
  const held = document.activeElement;
  document.body.dataset.pane = pane;
  if (pane !== "app") document.body.dataset.chat = pane;
  draw();
  if (held !== document.body && !held.checkVisibility()) toShown();
}

const remember = () => history.replaceState(null, "", `#person=${me}${groupId ? `&chat=${groupId}` : ""}`);

// -- opening things ---------------------------------------------------------------------------------------------------

function openApp(startParam) {
  if (!state.mini_app_base_url) return toast(t("noApp"));
  show("app");
  return frame.open(startParam, me);
}

async function openLink(address) {
  const url = new URL(address);
  if (!["t.me", "telegram.me"].includes(url.hostname)) {
    if (url.protocol !== "tg:") window.open(url.href, "_blank", "noopener,noreferrer");
    return;
  }
  const [name, app] = url.pathname.split("/").filter(Boolean);
  if (name?.toLowerCase() !== state.bot.username.toLowerCase()) return toast(t("elsewhere"));
  if (app || url.searchParams.has("startapp")) return openApp(url.searchParams.get("startapp") || null);
  show("bot");
  if (url.searchParams.has("start")) await attempt("press_start", { user_id: me, payload: url.searchParams.get("start") });
}

/** Presses a button as the person who sees it; while the bot has not answered, a second press is none. */
async function pressInline(message, button, node, { user_id, chat_id }) {
  if (button.url) return openLink(button.url);
  if (button.web_app) return openApp(null);
  if (button.copy_text) {
    return navigator.clipboard.writeText(button.copy_text.text).then(() => toast(t("copied")), () => toast(button.copy_text.text));
  }
  if (!button.callback_data) return toast(t("noInline"));
  if (node.getAttribute("aria-busy")) return undefined;
  node.setAttribute("aria-busy", "true");
  const query = await attempt("press", { user_id, message_id: message.message_id, button: button.callback_data, chat_id });
  const answer = query && (await answerTo(query).catch(() => null));
  node.removeAttribute("aria-busy");
  if (user_id !== me) return undefined;
  if (query && !answer) toast(t("silent"));
  if (answer?.url) await openLink(answer.url);
  if (answer?.text && answer.show_alert) ask(answer.text, t("ok"));
  else if (answer?.text) toast(answer.text);
}

const doing = {
  say,
  async send(args) {
    if (args.text.length <= LONGEST) return attempt("send_text", args);
    toast(t("tooLong", LONGEST));
    return null;
  },
  /** Sends a file; of one that is larger than a bot may fetch only its size goes on its way. */
  async file(file, args) {
    const isLarge = file.size > LARGEST;
    const data = await readFile(isLarge ? new Blob() : file).catch(() => null);
    if (data !== null) {
      return attempt("send_document", { file_name: file.name, data, ...(isLarge && { size: file.size }), ...args });
    }
    toast(t("unreadable", file.name));
    return null;
  },
  key: (args) => attempt("press_keyboard", args),
  start: (args) => attempt("press_start", args),
  app: () => openApp(null),
  async sample(args) {
    show("bot");
    return attempt("send_sample", args);
  },
  room: (id) => {
    groupId = id;
    remember();
    draw();
  },
  open: {
    link: openLink,
    button: pressInline,
    file: (document_) => saveFile(document_).catch(failed),
    remove: (message, chat_id) => attempt("delete_message", { chat_id, message_id: message.message_id }),
  },
};

// -- the tour ---------------------------------------------------------------------------------------------------------

const roleOf = (role) => state.people.find((one) => state.stage?.roles?.[one.id] === role);
const withRole = (role) => roleOf(role).id;

/** Takes the keyboard to a button below the bot's newest message that has such; false: there is none. */
function toButton(wanted) {
  const button = [...document.querySelectorAll("#bot .message")].findLast((node) => [...node.querySelectorAll(".inline button")].some(wanted))
    ?.querySelectorAll(".inline button");
  const found = button && [...button].find(wanted);
  found?.scrollIntoView({ block: "center" });
  found?.focus();
  return Boolean(found);
}

/** The bot says a moment later what has just been done: for so long the keyboard waits where it is. */
const SOON_MS = 15_000;
/** The button to which the keyboard is to go when it comes, from where and until when; or nothing. */
let awaited = null;

const held = () => document.activeElement.dataset.key ?? document.activeElement;

/** Takes the keyboard there; where there is no such button, says that, and goes there if one comes soon. */
function toButtonSoon(wanted, missing) {
  awaited = null;
  if (toButton(wanted)) return;
  toast(missing);
  awaited = { wanted, missing, me, from: held(), until: Date.now() + SOON_MS };
}

function lookForAwaited() {
  if (!awaited) return;
  const isOver = awaited.me !== me || awaited.from !== held() || Date.now() > awaited.until;
  if (!isOver && !toButton(awaited.wanted)) return;
  if (!isOver) untoast(awaited.missing);
  awaited = null;
}

/** What a step offers is done once: a second press, before it has been, does nothing. */
const underWay = new Set();
const once = (name, doIt) => async (given) => {
  if (underWay.has(name)) return;
  underWay.add(name);
  await doIt(given).finally(() => underWay.delete(name));
};

const guide = mountGuide({
  be,
  say,
  async move(to) {
    if (state.stage.moving || underWay.has("move")) return toast(t("stillMoving"));
    if (to === "handover") show("group"); // where the pin changes and the digest comes
    underWay.add("move");
    await actOnce("move_clock", { to }, born).then(() => say(`${t("clock")}: ${t("moving")}`), failed);
    return underWay.delete("move");
  },
  sample: once("sample", async (file) => {
    const user_id = withRole("admin");
    if (await be(user_id)) await doing.sample({ user_id, file });
  }),
  ask: once("ask", async () => {
    const user_id = me === withRole("stranger") ? withRole("admin") : me;
    if (!(await be(user_id))) return;
    show("bot");
    await doing.send({ user_id, text: "/duty" });
  }),
  async preview() {
    if (!(await be(withRole("admin")))) return;
    show("bot");
    toButtonSoon((node) => node.dataset.ends === "apply", t("noPreview"));
  },
  async cover(role) {
    if (!(await be(withRole(role)))) return;
    if (role === "member") {
      await openApp("mine");
      frame.focus();
      return;
    }
    show("bot");
    toButtonSoon((node) => /^cover:(yes|ok|give|others):/.test(node.dataset.does), t("noRequest", roleOf("member").first_name));
  },
});

// -- drawing ----------------------------------------------------------------------------------------------------------

const views = { group: mountChat($("group"), doing), bot: mountChat($("bot"), doing) };
const frame = mountFrame($("app"), {
  openLink,
  failed,
  close() {
    show(document.body.dataset.chat);
    document.querySelector(`#${document.body.dataset.chat} textarea`).focus();
  },
});

/** Where one pane is shown at a time; elsewhere the Mini App is always there, beside one chat or both. */
const phone = matchMedia("(width < 760px)");
/** Pane → the button that shows it. */
const tabs = Object.fromEntries(["group", "bot", "app"].map((pane) => {
  const node = Object.assign(element("button"), { type: "button", hidden: true });
  node.addEventListener("click", () => show(pane));
  node.dataset.pane = pane;
  $("panes").append(node);
  return [pane, node];
}));

const newest = (chat) => `${chat?.messages.at(-1)?.message_id} ${chat?.pinned?.text}`;

function drawPanes() {
  const shown = { group: chats.group(), bot: chats.bot(), app: state.mini_app_base_url };
  $("panes").setAttribute("aria-label", t("panes"));
  for (const [pane, node] of Object.entries(tabs)) {
    node.hidden = !shown[pane];
    if (node.hidden) continue;
    const print = pane === "app" ? "" : `${state.seenBy} ${newest(shown[pane])}`;
    if ($(pane).checkVisibility() || !seen.get(pane)?.startsWith(`${state.seenBy} `)) seen.set(pane, print);
    const isFresh = seen.get(pane) !== print;
    const title = t(`pane.${pane}`);
    const text = title + (isFresh ? ` (${t("fresh")})` : "");
    if (node.textContent !== text) node.replaceChildren(title, ...(isFresh ? [element("span", "dot"), element("span", "unseen", ` (${t("fresh")})`)] : []));
    node.setAttribute("aria-current", String(document.body.dataset[phone.matches ? "pane" : "chat"] === pane));
  }
}

function drawHead() {
  const named = (role) => roleOf(role)?.first_name;
  document.documentElement.lang = current();
  document.title = t("title");
  $("title").textContent = t("title");
  $("what").textContent = t("what");
  $("who-is-who").textContent = named("admin") ? t("whoIsWho", named("admin"), named("member"), named("stranger")) : "";
  $("language").hidden = !isKnown;
  $("language").textContent = nameOf(following());
  $("language").lang = following();
  $("theme").setAttribute("aria-label", t(theme() === "dark" ? "light" : "dark"));
  $("theme").title = t(theme() === "dark" ? "light" : "dark");
  $("skip").textContent = t("skip");
  $("up").textContent = t("up");
  $("again").textContent = t("again");
  $("again").hidden = !state.stage;
}

function draw() {
  drawHead();
  guide({ state, me });
  if (!state.chats.length) return;
  const rooms = groups();
  for (const [pane, view] of Object.entries(views)) view.update({ state, chat: chats[pane](), me: state.seenBy, rooms: pane === "group" ? rooms : [] });
  drawPanes();
  lookForAwaited();
}

/** Since when nobody answers. */
let lostAt = 0;
const GIVES_UP_MS = 15_000;
/** What is heard of each try to reach the stand-in; said once, where it does not change. */
const hears = {
  lost() {
    const isFirst = !lostAt;
    lostAt ||= Date.now();
    if (isFirst) return; // one answer may get lost
    if ($("curtain").hidden) toast(t("gone"));
    else if (Date.now() - lostAt > GIVES_UP_MS && $("curtain").textContent !== t("ended")) {
      $("curtain").textContent = t("ended");
      say(t("ended"));
    }
  },
  found() {
    lostAt = 0;
  },
};

/** Behind the curtain nothing can be reached; the keyboard begins at the top when it has gone. */
function setUp(isReady) {
  const was = !$("curtain").hidden;
  $("curtain").hidden = isReady;
  $("curtain").textContent = isReady ? "" : t("setting");
  if (!isReady) $("alert").close();
  for (const part of document.querySelectorAll("body > :is(a, header, section, nav, main)")) part.inert = !isReady;
  if (!isReady && !was) say(t("setting"));
  if (isReady && was && born) $("title").focus();
}

/** Answers may overtake one another: one that is not about who one is now, or older than what is shown, is dropped. */
let asked = 0;
let drawn = 0;
/** The first answer has come: there is a language to change, and a demo to begin anew. */
let isKnown = false;

async function refresh() {
  const turn = (asked += 1);
  let seenBy = me;
  let next = await act("overview", { user_id: seenBy });
  if (turn < drawn) return undefined;
  // Nobody has said so far which language the team speaks: the browser that comes first does.
  if (next.stage?.ready && !next.stage.settled) next.stage.ready = !(await act("meet", { lang: preferred }));
  else if (next.stage?.settled) speak(next.stage.lang);
  isKnown = true;
  if (next.stage && !next.stage.ready) {
    drawn = turn;
    drawHead();
    return setUp(false);
  }
  if (!next.people.some((person) => person.id === me) && next.people.length) {
    me = seenBy = next.people[0].id;
    remember();
    next = await act("overview", { user_id: seenBy });
  }
  if (!next.people.length) return drawHead();
  if (seenBy !== me || turn < drawn) return undefined;
  drawn = turn;
  state = { ...next, seenBy };
  if (born !== (state.stage?.born ?? "")) seen.clear();
  born = state.stage?.born ?? "";
  draw();
  setUp(true);
  frame.update({ state, person: state.people.find((one) => one.id === me), born });
}

/** @returns {Promise<boolean>} Whether it does. */
async function startAgain(lang) {
  const world = born;
  drawn = asked + 1; // what is on its way is of the old one
  setUp(false);
  const isNo = await actOnce("start_again", { lang }, world).then(() => false, () => true);
  drawn = asked + 1;
  if (!isNo) return true;
  await persist(refresh, hears);
  if (born === world && $("curtain").hidden) toast(t("lost"));
  return false;
}

document.body.dataset.chat = "bot";
if (kept("theme")) document.documentElement.dataset.theme = kept("theme");
drawHead();

$("language").addEventListener("click", async () => {
  const lang = following();
  if (!state.stage) {
    keep("language", lang);
    speak(lang);
    return draw();
  }
  const fresh = !Object.values(state.stage.steps).some(Boolean);
  if (!fresh && !(await ask(t("languageSure"), t("yes"), t("no")))) return;
  if (await startAgain(lang)) keep("language", lang);
});
for (const [from, to] of [["skip", "stage"], ["up", "hint"]]) {
  $(from).addEventListener("click", (event) => {
    event.preventDefault(); // who one is stays in the address
    ($(to).checkVisibility() ? $(to) : $("title")).focus();
  });
}
$("again").addEventListener("click", async () => {
  if (await ask(t("againSure"), t("yes"), t("no"))) await startAgain(current());
});
$("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = theme() === "dark" ? "light" : "dark";
  keep("theme", document.documentElement.dataset.theme);
  drawHead();
  frame.recolour();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  drawHead();
  frame.recolour();
});
addEventListener("resize", () => state.chats.length && drawPanes());

/** Whatever misses the chats is meant for the bot; a file must not take the page's place. */
for (const kind of ["dragover", "drop"]) {
  addEventListener(kind, (event) => {
    if (event.defaultPrevented || event.target.closest?.("textarea")) return;
    event.preventDefault();
    if (kind === "dragover" || !$("curtain").hidden || !state.chats.length || !isTaken(event)) return;
    show("bot");
    views.bot.take(event.dataTransfer);
  });
}

follow(refresh, hears);
