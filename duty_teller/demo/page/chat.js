// One chat: its head, the pinned message, messages, keys and the line to write in.
import { element, messageNode } from "./messages.js";
import { current, t } from "./texts.js";

const PARTS = ["chat-head", "rooms", "topics", "pinned", "messages", "keyboard", "commands", "reply", "composer", "menu", "attach", "send"];

/** Files and samples that are dropped are taken; words are the browser's. */
export const isTaken = ({ dataTransfer: { types } }) => types.includes("Files") || types.includes("text/x-sample");

/**
 * Fills a section with a chat; it stays hidden until the first one is known, for nobody could be answered before.
 * @param {HTMLElement} root
 * @param {object} doing What people do: `send`, `file`, `key`, `start`, `app`, `room`, `sample`, and what messages open.
 * @returns {{update: (view: object) => void, leave: (person: number) => void, take: (dropped: DataTransfer) => void}}
 *   `update` draws `{state, chat, me, rooms}`; safe to call at any time. `leave` begins a new line for the person whose chat is
 *   about to come. `take` sends what was dropped.
 */
export function mountChat(root, doing) {
  root.hidden = true;
  root.append(document.getElementById("chat-parts").content.cloneNode(true));
  const part = Object.fromEntries(PARTS.map((name) => [name, root.querySelector(`.${name}`)]));
  const text = root.querySelector("textarea");
  const file = root.querySelector("input");
  const drawn = new Map();
  let view = null;
  let replyTo = null;
  let showCommands = false;
  let shown = "";
  let quiet = 0;
  /** Whose chat is about to come; what is typed meanwhile is theirs. */
  let awaited = null;
  /** Person → what they were writing when somebody else came; the demo it was written in. */
  const drafts = new Map();
  let world = null;
  /** Part → what it was drawn from; what has not changed keeps its nodes, and the keyboard its place. */
  const prints = {};
  const isNew = (name, from) => {
    const print = JSON.stringify([current(), from]);
    const is = prints[name] !== print;
    prints[name] = print;
    return is;
  };

  const isPrivate = () => view.chat.type === "private";
  const target = () => (isPrivate() ? null : view.chat.id);
  const topic = () => (view.chat.is_forum && part.topics.value ? Number(part.topics.value) : null);

  const writer = () => awaited ?? view.me;

  function send(words) {
    const reply_to = replyTo?.message_id ?? null;
    replyTo = null;
    showCommands = false;
    return doing.send({ user_id: writer(), text: words, chat_id: target(), thread_id: topic(), reply_to });
  }

  /** Takes the line away while `act` sends it; where that fails, it is its writer's again. */
  async function withLine(act) {
    const [user_id, words, reply, there] = [writer(), text.value, replyTo, world];
    text.value = ""; // what is typed while it is on its way is the next message
    if ((await act(words)) || there !== world) return;
    if (user_id !== writer()) drafts.set(user_id, drafts.get(user_id) || words);
    else if (!text.value) {
      text.value = words;
      replyTo = reply;
    }
  }

  async function sendFiles(files) {
    const whose = { user_id: writer(), chat_id: target(), thread_id: topic() };
    for (const one of files) {
      if (whose.user_id !== writer()) await doing.file(one, whose);
      else await withLine((words) => doing.file(one, { ...whose, caption: words.trim() || null }));
    }
  }

  function take(dropped) {
    const sample = dropped.getData("text/x-sample");
    if (sample) doing.sample({ user_id: writer(), file: sample });
    else sendFiles([...dropped.files]);
  }

  function choices(select, label, options) {
    const chosen = select.value;
    select.setAttribute("aria-label", label);
    select.replaceChildren(...options.map(([value, name]) => Object.assign(element("option", "", name), { value })));
    return chosen;
  }

  function drawHead() {
    const { chat, state, rooms } = view;
    const [title, about] = isPrivate() ? [state.bot.first_name, t("bot")] : [chat.title, t("group")];
    const heading = part["chat-head"].querySelector("h2");
    heading.id = `${root.id}-title`;
    heading.textContent = title;
    part["chat-head"].querySelector(".quiet").textContent = about;
    part.messages.setAttribute("aria-label", title);
    part.rooms.hidden = rooms.length < 2;
    if (!part.rooms.hidden && isNew("rooms", [chat.id, rooms.map((one) => [one.id, one.title])])) {
      choices(part.rooms, t("rooms"), rooms.map((one) => [one.id, one.title]));
      part.rooms.value = chat.id;
    }
    part.topics.hidden = !chat.is_forum;
    if (chat.is_forum && isNew("topics", [chat.id, chat.topics])) {
      const named = chat.topics.map((one) => [one.id, one.closed ? `${one.name} (${t("closed")})` : one.name]);
      const chosen = choices(part.topics, t("topics"), [["", t("all")], ...named]);
      part.topics.value = chat.topics.some((one) => String(one.id) === chosen) ? chosen : "";
    }
    drawPinned(chat.pinned);
  }

  function drawPinned(message) {
    const said = message ? message.text.split("\n")[0] : "";
    part.pinned.hidden = !message;
    if (part.pinned.dataset.said !== undefined && part.pinned.dataset.said !== said) {
      if (said) doing.say(`${t("pinned")}: ${said}`);
      part.pinned.classList.remove("changed");
      requestAnimationFrame(() => part.pinned.classList.add("changed"));
    }
    part.pinned.dataset.said = said;
    if (isNew("pinned", said)) part.pinned.replaceChildren(element("b", "", t("pinned")), " ", element("span", "", said));
  }

  function drawMessages() {
    const { chat, me } = view;
    const find = (id) => chat.messages.find((message) => message.message_id === id && !message.service);
    const wanted = chat.messages.filter((message) => !topic() || message.thread_id === topic());
    const timeZone = view.state.stage?.timezone;
    const kept = (key, print, make) => {
      const known = drawn.get(key);
      if (known?.print === print) return known.node;
      const node = make();
      drawn.set(key, { print, node });
      return node;
    };
    const nodes = [];
    let day = "";
    for (const message of wanted) {
      const begun = new Date(message.date * 1000).toLocaleDateString(t("locale"), { weekday: "short", day: "numeric", month: "short", timeZone });
      if (begun !== day) nodes.push(kept(`day ${message.message_id}`, begun, () => element("div", "service", begun)));
      day = begun;
      nodes.push(kept(message.message_id, current() + JSON.stringify(message), () =>
        messageNode(message, { me, inGroup: !isPrivate(), find, open, timeZone, tools: !view.state.stage })));
    }
    if (!nodes.length) {
      const person = view.state.people.find((one) => one.id === me);
      const text = t(isPrivate() && person.started ? "empty" : "nothing");
      nodes.push(kept("empty", text, () => element("div", "service", text)));
    }
    place(nodes);
  }

  /** Puts messages into the list; only what is new or different is touched, so that only it is read out. */
  function place(nodes) {
    const list = part.messages;
    const held = list.contains(document.activeElement) && document.activeElement !== list ? document.activeElement : null;
    const wanted = new Set(nodes);
    for (const node of [...list.children]) if (!wanted.has(node)) node.remove();
    nodes.forEach((node, index) => {
      if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
    });
    if (!held || held.isConnected) return;
    // The bot has put another text in the place of what was pressed: the keyboard goes on there, at the text. A second
    // press of Enter does nothing.
    const now = list.querySelector(`[data-id="${held.closest("[data-id]")?.dataset.id}"]`);
    const same = [...(now?.querySelectorAll(".inline button") ?? [])].find((key) => key.textContent === held.textContent);
    (same ?? now ?? list).focus({ preventScroll: true });
  }

  function drawKeyboard() {
    const keyboard = view.chat.keyboard;
    if (!keyboard && part.keyboard.contains(document.activeElement)) text.focus();
    part.keyboard.hidden = !keyboard;
    if (!isNew("keyboard", [view.me, view.chat.id, keyboard])) return;
    part.keyboard.replaceChildren(
      ...(keyboard?.keyboard || []).map((row) => {
        const line = element("div");
        for (const key of row) {
          const node = Object.assign(element("button", "", key.text), { type: "button" });
          node.addEventListener("click", () => (key.web_app ? doing.app(key.web_app.url) : doing.key({ user_id: view.me, button: key.text, chat_id: target() })));
          line.append(node);
        }
        return line;
      }),
    );
  }

  function drawComposer() {
    const { state, me } = view;
    const person = state.people.find((one) => one.id === me);
    const button = state.menu_button;
    const fresh = isPrivate() && !person.started;
    part.menu.hidden = !isPrivate() || (!fresh && button.type !== "web_app" && !state.commands.length);
    part.menu.textContent = fresh ? t("start") : button.type === "web_app" ? button.text : "/";
    const opensCommands = part.menu.textContent === "/";
    const says = opensCommands ? { "aria-label": `/ ${t("commands")}`, "aria-expanded": String(showCommands) } : {};
    for (const name of ["aria-label", "aria-expanded"]) says[name] ? part.menu.setAttribute(name, says[name]) : part.menu.removeAttribute(name);
    text.placeholder = person.blocked && isPrivate() ? t("blocked") : t("write");
    text.setAttribute("aria-label", t("write"));
    part.send.setAttribute("aria-label", t("send"));
    file.setAttribute("aria-label", t("attach"));
    part.reply.hidden = !replyTo;
    part.reply.querySelector("button").setAttribute("aria-label", t("cancelReply"));
    if (replyTo) part.reply.querySelector("span").textContent = `${t("replyingTo")} ${replyTo.sender.name}: ${replyTo.text}`;
    const typed = text.value;
    const fits = state.commands.filter((one) => isPrivate() && (showCommands || (/^\/\w*$/.test(typed) && `/${one.command}`.startsWith(typed))));
    part.commands.hidden = !fits.length;
    part.commands.setAttribute("aria-label", t("commands"));
    if (!isNew("commands", fits)) return;
    part.commands.replaceChildren(
      ...fits.map((one) => {
        const item = element("li");
        const node = Object.assign(element("button"), { type: "button" });
        node.append(element("b", "", `/${one.command}`), " ", element("span", "quiet", one.description));
        node.addEventListener("click", async () => {
          if (!showCommands) text.value = ""; // it was the beginning of this command
          text.focus();
          await send(`/${one.command}`);
          drawComposer();
        });
        item.append(node);
        return item;
      }),
    );
  }

  const open = {
    ...doing.open,
    command: send,
    button: (message, button, node) => doing.open.button(message, button, node, { user_id: view.me, chat_id: target() }),
    reply(message) {
      replyTo = message;
      drawComposer();
      text.focus();
    },
    remove: (message) => doing.open.remove(message, view.chat.id),
  };

  part.menu.addEventListener("click", () => {
    const button = view.state.menu_button;
    if (!view.state.people.find((one) => one.id === view.me).started) doing.start({ user_id: view.me });
    else if (button.type === "web_app") doing.app(button.web_app.url);
    else {
      showCommands = !showCommands;
      drawComposer();
      if (showCommands) part.commands.querySelector("button")?.focus();
    }
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || (part.commands.hidden && !replyTo)) return;
    const back = part.commands.contains(document.activeElement) ? part.menu : text;
    if (!part.commands.hidden && !showCommands) text.value = "";
    showCommands = false;
    replyTo = null;
    drawComposer();
    back.focus();
  });
  part.pinned.addEventListener("click", () => {
    const node = part.messages.querySelector(`[data-id="${view.chat.pinned.message_id}"]`);
    node?.scrollIntoView({ block: "center" });
    node?.classList.add("found");
    setTimeout(() => node?.classList.remove("found"), 1500);
  });
  part.rooms.addEventListener("change", () => doing.room(Number(part.rooms.value)));
  part.topics.addEventListener("change", drawMessages);
  part.reply.querySelector("button").addEventListener("click", () => {
    replyTo = null;
    drawComposer();
    text.focus();
  });
  text.addEventListener("input", () => {
    showCommands = false;
    drawComposer();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      part.composer.requestSubmit();
    }
  });
  part.composer.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!text.value.trim()) return;
    await withLine(send);
    drawComposer();
  });
  file.addEventListener("change", async () => {
    const chosen = [...file.files];
    file.value = ""; // the same one can be chosen again
    await sendFiles(chosen);
  });
  root.addEventListener("dragover", (event) => {
    if (!isTaken(event)) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  root.addEventListener("dragleave", (event) => !root.contains(event.relatedTarget) && root.classList.remove("dropping"));
  root.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    if (!isTaken(event)) return;
    event.preventDefault();
    take(event.dataTransfer);
  });

  /** What somebody else has in their chat is there at once, and is not read out as if it were new. */
  function hush() {
    part.messages.setAttribute("aria-live", "off");
    clearTimeout(quiet);
    quiet = setTimeout(() => part.messages.removeAttribute("aria-live"), 1000);
  }

  /** What is still shown while somebody else's chat is about to come is nobody's to press. */
  function wait(isWaiting) {
    root.setAttribute("aria-busy", String(isWaiting));
    for (const name of ["pinned", "messages", "keyboard", "commands", "menu"]) part[name].inert = isWaiting;
  }

  function leave(person) {
    if (view) drafts.set(writer(), text.value);
    awaited = person;
    replyTo = null;
    text.value = drafts.get(person) ?? "";
    if (view) wait(true);
  }

  function update(next) {
    const whose = `${next.me} ${next.chat?.id}`;
    root.hidden = !next.chat;
    if (next.me === awaited) wait(false);
    if (!next.chat) return;
    if (world !== (next.state.stage?.born ?? "")) {
      world = next.state.stage?.born ?? "";
      drafts.clear();
      replyTo = null;
      text.value = "";
    }
    if (whose !== shown) {
      drawn.clear();
      hush();
      if (next.me !== awaited) {
        replyTo = null;
        text.value = "";
      }
      delete part.pinned.dataset.said;
      part.messages.replaceChildren();
    }
    if (next.me === awaited) awaited = null;
    const list = part.messages;
    const atEnd = whose !== shown || list.scrollHeight - list.scrollTop - list.clientHeight < 80;
    shown = whose;
    view = next;
    drawHead();
    drawKeyboard();
    drawComposer();
    drawMessages();
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  return { update, leave, take };
}
