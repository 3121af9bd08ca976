// Messages as DOM nodes. Everything that people or the bot wrote goes in as text, never as HTML.
import { t } from "./texts.js";

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const STYLES = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", blockquote: "blockquote", expandable_blockquote: "blockquote" };

function safeLink(address) {
  try {
    const url = new URL(/^[a-z]+:/i.test(address) ? address : `https://${address}`);
    return ["http:", "https:", "mailto:", "tel:", "tg:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function wrapper(entity, text, open) {
  if (STYLES[entity.type]) return element(STYLES[entity.type]);
  if (entity.type === "date_time") {
    const time = element("time");
    const moment = new Date(entity.unix_time * 1000);
    time.dateTime = moment.toISOString();
    time.title = moment.toLocaleString(t("locale"), { dateStyle: "medium", timeStyle: "short" });
    return time;
  }
  if (entity.type === "spoiler") {
    const spoiler = element("span", "spoiler");
    spoiler.tabIndex = 0;
    return spoiler;
  }
  const address = {
    text_link: () => entity.url,
    url: () => text,
    email: () => `mailto:${text}`,
    phone_number: () => `tel:${text.replace(/[^+\d]/g, "")}`,
    mention: () => `https://t.me/${text.slice(1)}`,
    bot_command: () => "#",
  }[entity.type];
  if (!address) return element("span");
  const link = element("a");
  const href = entity.type === "bot_command" ? "#" : safeLink(address());
  if (!href) return element("span");
  link.href = href;
  link.rel = "noopener noreferrer";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    if (entity.type === "bot_command") open.command(text);
    else open.link(href);
  });
  return link;
}

// Entities count UTF-16 units, exactly as JavaScript strings do.
export function formatted(text, entities, open) {
  const root = document.createDocumentFragment();
  const edges = new Set([0, text.length]);
  for (const entity of entities) {
    edges.add(entity.offset);
    edges.add(entity.offset + entity.length);
  }
  const places = [...edges].filter((edge) => edge <= text.length).sort((a, b) => a - b);
  let stack = [];
  for (let index = 0; index + 1 < places.length; index += 1) {
    const [begin, end] = [places[index], places[index + 1]];
    const active = entities
      .filter((e) => e.offset <= begin && e.offset + e.length >= end)
      .sort((a, b) => a.offset - b.offset || b.length - a.length);
    let common = 0;
    while (common < stack.length && common < active.length && stack[common].entity === active[common]) common += 1;
    stack = stack.slice(0, common);
    for (const entity of active.slice(common)) {
      const node = wrapper(entity, text.slice(entity.offset, entity.offset + entity.length), open);
      (stack.length ? stack[stack.length - 1].node : root).append(node);
      stack.push({ entity, node });
    }
    (stack.length ? stack[stack.length - 1].node : root).append(text.slice(begin, end));
  }
  return root;
}

function serviceText(message) {
  const body = message.service_body;
  const names = (users) => users.map((user) => user.first_name).join(", ");
  if (body.new_chat_members) return t("joined", names(body.new_chat_members));
  if (body.left_chat_member) return t("left", body.left_chat_member.first_name);
  if (body.pinned_message) return t("pinnedBy", message.sender.name);
  if (body.forum_topic_created) return t("topic", body.forum_topic_created.name);
  if (body.forum_topic_closed) return t("topicClosed");
  if (body.forum_topic_reopened) return t("topicReopened");
  if (body.new_chat_title) return t("renamed", body.new_chat_title);
  if (body.migrate_to_chat_id || body.migrate_from_chat_id) return t("moved");
  return message.service;
}

function inlineButtons(message, open) {
  const grid = element("div", "inline");
  for (const row of message.reply_markup.inline_keyboard) {
    const line = element("div");
    for (const button of row) {
      const node = element("button", "", button.text);
      node.type = "button";
      node.dataset.kind = button.url ? "url" : button.web_app ? "app" : "call";
      node.dataset.does = button.callback_data ?? "";
      node.dataset.ends = node.dataset.does.split(":").at(-1);
      node.addEventListener("click", () => open.button(message, button, node));
      line.append(node);
    }
    grid.append(line);
  }
  return grid;
}

export function messageNode(message, { me, inGroup, find, open, timeZone, tools }) {
  if (message.service) {
    const node = element("div", "service", serviceText(message));
    node.dataset.id = message.message_id;
    return node;
  }
  const node = element("article", `message${message.sender.id === me ? " mine" : ""}`);
  node.tabIndex = -1;
  node.dataset.id = message.message_id;
  const bubble = element("div", "bubble");
  if (inGroup && message.sender.id !== me) bubble.append(element("div", "sender", message.sender.name));
  const parent = message.reply_to && find(message.reply_to);
  if (parent) bubble.append(element("div", "quote", `${parent.sender.name}: ${parent.text || parent.document?.file_name || ""}`));
  if (message.document) {
    const file = element("button", "file");
    file.type = "button";
    file.append(element("span", "icon", "📄"), element("span", "", `${message.document.file_name} · ${t("size", message.document.file_size)}`));
    file.addEventListener("click", () => open.file(message.document));
    bubble.append(file);
  }
  if (message.contact) {
    bubble.append(element("div", "", `${t("contact")}: ${message.contact.first_name}, ${message.contact.phone_number}`));
  }
  if (message.text) {
    const body = element("div", "body");
    body.append(formatted(message.text, message.entities, open));
    bubble.append(body);
  }
  const meta = element("div", "meta");
  for (const [action, sign] of tools ? [["reply", "↩"], ["remove", "✕"]] : []) {
    const tool = element("button", "", sign);
    tool.type = "button";
    tool.title = t(action);
    tool.setAttribute("aria-label", t(action));
    tool.addEventListener("click", () => open[action](message));
    meta.append(tool);
  }
  const time = new Date(message.date * 1000).toLocaleTimeString(t("locale"), { hour: "2-digit", minute: "2-digit", timeZone });
  meta.append(element("span", "", [message.pinned && "📌", message.edited && t("edited"), time].filter(Boolean).join(" ")));
  bubble.append(meta);
  node.append(bubble);
  if (message.reply_markup?.inline_keyboard) node.append(inlineButtons(message, open));
  return node;
}
