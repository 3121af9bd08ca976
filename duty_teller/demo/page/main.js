// The play page: be one of the demo's people, and look at the group, the bot and the Mini App as they do.
import { mountChat } from "./chat.js";
import { act, answerTo, follow, keep, kept, readFile, saveFile } from "./control.js";
import { mountFrame, theme } from "./frame.js";
import { mountGuide } from "./guide.js";
import { element } from "./messages.js";
import { current, following, nameOf, preferred, speak, t } from "./texts.js";

const $ = (id) => document.getElementById(id);
const place = new URLSearchParams(location.hash.slice(1));
let me = Number(place.get("person")) || null;
let groupId = Number(place.get("chat")) || null;
/** What `seenBy` sees: for a moment not yet what `me` does. */
let state = { people: [], chats: [], bot: {}, seenBy: null };
/** The demo that is shown; another one is another world. */
let born = "";
/** Pane → what was last seen in it. */
const seen = new Map();

const groups = () => state.chats.filter((one) => one.type !== "private");
const chats = { bot: () => state.chats[0], group: () => groups().find((one) => one.id === groupId) ?? groups()[0] };

/** Tells who cannot see; the one live region of the page beside the chats. */
function say(text) {
  $("said").textContent = "";
  requestAnimationFrame(() => ($("said").textContent = text));
}

let toastTimer;
function toast(text) {
  say(text);
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").hidden = true), 4000);
}

async function attempt(action, args) {
  try {
    return await act(action, args);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

/** Says something that has to be answered. @returns {Promise<boolean>} */
function ask(text, yes, no) {
  const dialog = $("alert");
  const [second, first] = dialog.querySelectorAll("button");
  dialog.querySelector("p").textContent = text;
  first.textContent = yes;
  second.textContent = no;
  second.hidden = !no;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true }));
}

/** Another person from here on: what was being written was not theirs, what is written from now on is. */
function be(person) {
  if (person !== me) for (const view of Object.values(views)) view.leave(person);
  me = person;
  remember();
  return refresh();
}

function show(pane) {
  document.body.dataset.pane = pane;
  if (pane !== "app") document.body.dataset.chat = pane;
  draw();
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

async function pressInline(message, button, node, chat_id) {
  if (button.url) return openLink(button.url);
  if (button.web_app) return openApp(null);
  if (button.copy_text) {
    return navigator.clipboard.writeText(button.copy_text.text).then(() => toast(t("copied")), () => toast(button.copy_text.text));
  }
  if (!button.callback_data) return toast(t("noInline"));
  node.setAttribute("aria-busy", "true");
  const query = await attempt("press", { user_id: me, message_id: message.message_id, button: button.callback_data, chat_id });
  const answer = query && (await answerTo(query).catch(() => null));
  node.removeAttribute("aria-busy");
  if (query && !answer) toast(t("silent"));
  if (answer?.url) await openLink(answer.url);
  if (answer?.text && answer.show_alert) ask(answer.text, t("ok"));
  else if (answer?.text) toast(answer.text);
}

const doing = {
  say,
  send: (args) => attempt("send_text", { user_id: me, ...args }),
  file: async (file, args) => attempt("send_document", { user_id: me, file_name: file.name, data: await readFile(file), ...args }),
  key: (button, chat_id) => attempt("press_keyboard", { user_id: me, button, chat_id }),
  start: () => attempt("press_start", { user_id: me }),
  app: () => openApp(null),
  sample: (file) => attempt("send_sample", { user_id: me, file }),
  room: (id) => {
    groupId = id;
    remember();
    draw();
  },
  open: {
    link: openLink,
    button: pressInline,
    file: (document_) => saveFile(document_).catch((error) => toast(error.message)),
    remove: (message, chat_id) => attempt("delete_message", { chat_id, message_id: message.message_id }),
  },
};

// -- the tour ---------------------------------------------------------------------------------------------------------

const withRole = (role) => state.people.find((one) => state.stage.roles[one.id] === role).id;

/** Takes the keyboard to a button below the bot's newest message that has such; false: there is none. */
function toButton(wanted = () => true) {
  const button = [...document.querySelectorAll("#bot .message")].findLast((node) => [...node.querySelectorAll(".inline button")].some(wanted))
    ?.querySelectorAll(".inline button");
  const found = button && [...button].find(wanted);
  found?.scrollIntoView({ block: "center" });
  found?.focus();
  return Boolean(found);
}

const guide = mountGuide({
  be,
  say,
  move(to) {
    if (state.stage.moving) return undefined;
    if (to === "handover") show("group"); // where the pin changes and the digest comes
    return attempt("move_clock", { to });
  },
  async sample(file) {
    await be(withRole("admin"));
    show("bot");
    await doing.sample(file);
  },
  async ask() {
    if (me === withRole("stranger")) await be(withRole("admin"));
    show("bot");
    return doing.send({ text: "/duty" });
  },
  async preview() {
    await be(withRole("admin"));
    show("bot");
    if (!toButton((node) => node.dataset.ends === "apply")) toast(t("noPreview"));
  },
  async cover(role) {
    await be(withRole(role));
    if (role === "member") {
      await openApp("mine");
      return frame.focus();
    }
    show("bot");
    return toButton();
  },
});

// -- drawing ----------------------------------------------------------------------------------------------------------

const views = { group: mountChat($("group"), doing), bot: mountChat($("bot"), doing) };
const frame = mountFrame($("app"), {
  openLink,
  close() {
    show(document.body.dataset.chat);
    document.querySelector(`#${document.body.dataset.chat} textarea`).focus();
  },
});

/** Pane → the button that shows it on a phone. */
const tabs = Object.fromEntries(["group", "bot", "app"].map((pane) => {
  const node = Object.assign(element("button"), { type: "button", hidden: true });
  node.addEventListener("click", () => show(pane));
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
    node.setAttribute("aria-current", String(document.body.dataset.pane === pane));
  }
}

function drawHead() {
  const named = (role) => state.people.find((one) => state.stage?.roles?.[one.id] === role)?.first_name;
  document.documentElement.lang = current();
  document.title = t("title");
  $("title").textContent = t("title");
  $("about").textContent = named("admin") ? t("about", named("admin"), named("member"), named("stranger")) : "";
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
}

/** Behind the curtain nothing can be reached; the keyboard begins at the top when it has gone. */
function setUp(isReady) {
  const was = !$("curtain").hidden;
  $("curtain").hidden = isReady;
  $("curtain").textContent = isReady ? "" : t("setting");
  for (const part of document.querySelectorAll("body > :is(a, header, section, nav, main)")) part.inert = !isReady;
  if (!isReady && !was) say(t("setting"));
  if (isReady && was && born) $("title").focus();
}

/** Answers may overtake one another: one that is not about who one is now, or older than what is shown, is dropped. */
let asked = 0;
let drawn = 0;

async function refresh() {
  const turn = (asked += 1);
  let seenBy = me;
  let next = await act("overview", { user_id: seenBy });
  // Nobody has said so far which language the team speaks: the browser that comes first does.
  if (next.stage?.ready && !next.stage.settled) next.stage.ready = !(await act("meet", { lang: preferred }));
  else if (next.stage?.settled) speak(next.stage.lang);
  if (next.stage && !next.stage.ready) {
    drawHead();
    return setUp(false);
  }
  if (!next.people.some((person) => person.id === me) && next.people.length) {
    me = seenBy = next.people[0].id;
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

async function startAgain(lang) {
  if (await attempt("start_again", { lang })) setUp(false);
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
  keep("language", lang);
  await startAgain(lang);
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

follow(refresh, () => ($("curtain").hidden ? toast(t("gone")) : null));
