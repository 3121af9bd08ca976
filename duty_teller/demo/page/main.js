// The play page: be one of the demo's people and talk to the bot.
import { act, answerTo, follow, readFile, saveFile } from "./control.js";
import { avatar, element, messageNode } from "./messages.js";
import { current, following, nameOf, switchLanguage, t } from "./texts.js";

const $ = (id) => document.getElementById(id);
const place = new URLSearchParams(location.hash.slice(1));
let me = Number(place.get("person")) || null;
let chatId = Number(place.get("chat")) || null;
let state = { people: [], chats: [], bot: {} };
let replyTo = null;
let showCommands = false;
const drawn = new Map();

const chat = () => state.chats.find((one) => one.id === chatId) || state.chats[0];
const isPrivate = () => chat()?.type === "private";
const target = () => (isPrivate() ? null : chat().id);
const topic = () => (chat()?.is_forum && $("topics").value ? Number($("topics").value) : null);

let toastTimer;
function toast(text) {
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

function go(person, where) {
  me = person;
  chatId = where;
  replyTo = null;
  drawn.clear();
  $("messages").replaceChildren();
  location.replace(`#person=${me}&chat=${chatId}`);
  return refresh();
}

// -- opening things ---------------------------------------------------------------------------------------------------

async function openApp(base, startParam) {
  if (!base) return toast(t("noApp"));
  const theme = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const address = await attempt("web_app_url", { user_id: me, base, start_param: startParam, theme });
  if (address) window.open(address, "_blank", "noopener");
  return undefined;
}

async function openLink(address) {
  const url = new URL(address);
  if (!["t.me", "telegram.me"].includes(url.hostname)) {
    if (url.protocol !== "tg:") window.open(url.href, "_blank", "noopener,noreferrer");
    return;
  }
  const [name, app] = url.pathname.split("/").filter(Boolean);
  if (name?.toLowerCase() !== state.bot.username.toLowerCase()) return toast(t("elsewhere"));
  if (app || url.searchParams.has("startapp")) return openApp(state.mini_app_base_url, url.searchParams.get("startapp") || null);
  await go(me, me);
  if (url.searchParams.has("start")) await attempt("press_start", { user_id: me, payload: url.searchParams.get("start") });
}

async function pressInline(message, button, node) {
  if (button.url) return openLink(button.url);
  if (button.web_app) return openApp(button.web_app.url, null);
  if (button.copy_text) {
    return navigator.clipboard.writeText(button.copy_text.text).then(() => toast(t("copied")), () => toast(button.copy_text.text));
  }
  if (!button.callback_data) return toast(t("noInline"));
  node.setAttribute("aria-busy", "true");
  const query = await attempt("press", { user_id: me, message_id: message.message_id, button: button.callback_data, chat_id: target() });
  const answer = query && (await answerTo(query).catch(() => null));
  node.removeAttribute("aria-busy");
  if (query && !answer) toast(t("silent"));
  if (answer?.url) await openLink(answer.url);
  if (answer?.text && answer.show_alert) {
    $("alert").querySelector("p").textContent = answer.text;
    $("alert").showModal();
  } else if (answer?.text) toast(answer.text);
}

const open = {
  link: openLink,
  command: (text) => send(text),
  button: pressInline,
  file: (document_) => saveFile(document_).catch((error) => toast(error.message)),
  reply: (message) => {
    replyTo = message;
    drawComposer();
    $("text").focus();
  },
  remove: (message) => attempt("delete_message", { chat_id: chat().id, message_id: message.message_id }),
};

// -- writing ----------------------------------------------------------------------------------------------------------

function send(text) {
  const reply_to = replyTo?.message_id ?? null;
  replyTo = null;
  showCommands = false;
  return attempt("send_text", { user_id: me, text, chat_id: target(), thread_id: topic(), reply_to });
}

async function sendFiles(files) {
  for (const file of files) {
    const caption = $("text").value.trim() || null;
    const data = await readFile(file);
    const sent = await attempt("send_document", { user_id: me, file_name: file.name, data, chat_id: target(), caption, thread_id: topic() });
    if (sent) $("text").value = "";
  }
}

// -- drawing ----------------------------------------------------------------------------------------------------------

function drawPeople() {
  $("people").setAttribute("aria-label", t("who"));
  $("people").replaceChildren(
    ...state.people.map((person) => {
      const node = element("button", "", person.first_name);
      node.type = "button";
      node.setAttribute("role", "radio");
      node.setAttribute("aria-checked", String(person.id === me));
      node.addEventListener("click", () => go(person.id, person.id));
      return node;
    }),
  );
}

function drawChats() {
  $("chats").replaceChildren(
    ...state.chats.map((one) => {
      const name = one.type === "private" ? state.bot.first_name : one.title;
      const last = one.messages.findLast((message) => !message.service);
      const node = element("button");
      node.type = "button";
      node.setAttribute("aria-current", String(one.id === chat().id));
      const names = element("span", "names");
      names.append(element("strong", "", name), element("span", "quiet", last ? last.text || last.document?.file_name || "" : ""));
      node.append(avatar(one.id, name), names);
      node.addEventListener("click", () => go(me, one.id));
      return node;
    }),
  );
}

function drawHead() {
  const one = chat();
  $("chat-title").textContent = isPrivate() ? state.bot.first_name : one.title;
  $("chat-about").textContent = isPrivate() ? `@${state.bot.username}` : t("group");
  const topics = $("topics");
  topics.hidden = !one.is_forum;
  if (one.is_forum) {
    const chosen = topics.value;
    const choices = [["", t("all")], ...one.topics.map((x) => [x.id, x.closed ? `${x.name} (${t("closed")})` : x.name])];
    topics.replaceChildren(...choices.map(([value, name]) => Object.assign(element("option", "", name), { value })));
    topics.value = one.topics.some((x) => String(x.id) === chosen) ? chosen : "";
  }
  $("pinned").hidden = !one.pinned;
  if (one.pinned) {
    $("pinned").replaceChildren(element("b", "", t("pinned")), " ", one.pinned.text.split("\n")[0]);
    $("pinned").onclick = () => {
      const node = $("messages").querySelector(`[data-id="${one.pinned.message_id}"]`);
      node?.scrollIntoView({ block: "center" });
      node?.classList.add("found");
      setTimeout(() => node?.classList.remove("found"), 1500);
    };
  }
}

function drawMessages() {
  const list = $("messages");
  const one = chat();
  const shown = one.messages.filter((message) => !topic() || message.thread_id === topic());
  const find = (id) => one.messages.find((message) => message.message_id === id && !message.service);
  const nodes = shown.map((message) => {
    const print = current() + JSON.stringify(message);
    const known = drawn.get(message.message_id);
    if (known?.print === print) return known.node;
    const node = messageNode(message, { me, inGroup: !isPrivate(), find, open });
    drawn.set(message.message_id, { print, node });
    return node;
  });
  if (!nodes.length) nodes.push(element("div", "service", t("nothing")));
  if (nodes.length !== list.children.length || nodes.some((node, index) => list.children[index] !== node)) {
    list.replaceChildren(...nodes);
  }
}

function drawKeyboard() {
  const keyboard = chat().keyboard;
  $("keyboard").hidden = !keyboard;
  $("keyboard").replaceChildren(
    ...(keyboard?.keyboard || []).map((row) => {
      const line = element("div");
      line.append(
        ...row.map((key) => {
          const node = element("button", "", key.text);
          node.type = "button";
          node.addEventListener("click", () =>
            key.web_app ? openApp(key.web_app.url, null) : attempt("press_keyboard", { user_id: me, button: key.text, chat_id: target() }),
          );
          return node;
        }),
      );
      return line;
    }),
  );
}

function drawComposer() {
  const person = state.people.find((one) => one.id === me);
  const button = state.menu_button;
  const fresh = isPrivate() && !person.started;
  $("menu").hidden = !isPrivate() || (!fresh && button.type !== "web_app" && !state.commands.length);
  $("menu").textContent = fresh ? t("start") : button.type === "web_app" ? button.text : "/";
  $("menu").onclick = () => {
    if (fresh) attempt("press_start", { user_id: me });
    else if (button.type === "web_app") openApp(button.web_app.url, null);
    else {
      showCommands = !showCommands;
      drawComposer();
    }
  };
  $("text").placeholder = person.blocked && isPrivate() ? t("blocked") : t("write");
  $("text").setAttribute("aria-label", t("write"));
  $("send").setAttribute("aria-label", t("send"));
  $("file").setAttribute("aria-label", t("attach"));
  $("reply").hidden = !replyTo;
  if (replyTo) $("reply").querySelector("span").textContent = `${t("replyingTo")} ${replyTo.sender.name}: ${replyTo.text}`;
  const typed = $("text").value;
  const fits = state.commands.filter((one) => isPrivate() && (showCommands || (/^\/\w*$/.test(typed) && `/${one.command}`.startsWith(typed))));
  $("commands").hidden = !fits.length;
  $("commands").setAttribute("aria-label", t("commands"));
  $("commands").replaceChildren(
    ...fits.map((one) => {
      const item = element("li");
      const node = element("button");
      node.type = "button";
      node.append(element("b", "", `/${one.command}`), element("span", "quiet", one.description));
      node.addEventListener("click", async () => {
        $("text").value = "";
        await send(`/${one.command}`);
        drawComposer();
      });
      item.append(node);
      return item;
    }),
  );
}

function draw() {
  document.documentElement.lang = current();
  document.title = t("title");
  document.querySelector("[data-text]").textContent = t("title");
  $("language").textContent = nameOf(following());
  drawPeople();
  if (!chat()) return;
  drawChats();
  const list = $("messages");
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  drawHead();
  drawKeyboard();
  drawComposer();
  drawMessages();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

async function refresh() {
  let next = await act("overview", { user_id: me });
  if (!next.people.some((person) => person.id === me) && next.people.length) {
    me = next.people[0].id;
    next = await act("overview", { user_id: me });
  }
  if (next.people.length) state = next;
  if (!state.chats.some((one) => one.id === chatId)) chatId = me;
  draw();
}

$("language").addEventListener("click", () => {
  switchLanguage();
  draw();
});
$("topics").addEventListener("change", drawMessages);
$("text").addEventListener("input", () => {
  showCommands = false;
  drawComposer();
});
$("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
$("composer").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("text").value;
  if (text.trim() && (await send(text))) $("text").value = "";
  drawComposer();
});
$("file").addEventListener("change", async () => {
  await sendFiles($("file").files);
  $("file").value = "";
});
$("reply").querySelector("button").addEventListener("click", () => {
  replyTo = null;
  drawComposer();
});
$("chat").addEventListener("dragover", (event) => {
  event.preventDefault();
  $("chat").classList.add("dropping");
});
$("chat").addEventListener("dragleave", () => $("chat").classList.remove("dropping"));
$("chat").addEventListener("drop", (event) => {
  event.preventDefault();
  $("chat").classList.remove("dropping");
  sendFiles(event.dataTransfer.files);
});

follow(refresh, () => toast(t("gone")));
