// The page's own words, a table a language. Names, messages and buttons come from the bot and the people.
const TEXTS = {
  en: {
    name: "English",
    locale: "en-GB",
    title: "Duty Teller playground",
    bot: "bot",
    group: "group",
    nothing: "No messages yet. Press Start.",
    start: "Start",
    blocked: "You blocked the bot. Any message unblocks it.",
    write: "Message",
    pinned: "Pinned message",
    edited: "edited",
    reply: "Reply",
    remove: "Delete by hand (the bot is not told)",
    replyingTo: "Reply to",
    all: "All topics",
    closed: "closed",
    attach: "Attach a file",
    commands: "Commands",
    send: "Send",
    contact: "Contact",
    gone: "The server does not answer. Trying again…",
    silent: "The bot has not answered this button.",
    noApp: "This page does not know the address of the Mini App.",
    elsewhere: "This link leads to another bot or chat.",
    copied: "Copied.",
    noInline: "Inline mode is not part of this page.",
    who: "Who you are",
    joined: (who) => `${who} joined`,
    left: (who) => `${who} left`,
    pinnedBy: (who) => `${who} pinned a message`,
    topic: (name) => `Topic “${name}”`,
    topicClosed: "Topic closed",
    topicReopened: "Topic reopened",
    renamed: (name) => `The group is called “${name}” now`,
    moved: "The group became a supergroup",
    size: (bytes) => (bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`),
  },
  ru: {
    name: "Русский",
    locale: "ru-RU",
    title: "Песочница Duty Teller",
    bot: "бот",
    group: "группа",
    nothing: "Пока нет сообщений. Нажмите «Старт».",
    start: "Старт",
    blocked: "Вы заблокировали бота. Любое сообщение вернёт его.",
    write: "Сообщение",
    pinned: "Закреплённое сообщение",
    edited: "изменено",
    reply: "Ответить",
    remove: "Удалить вручную (бот об этом не узнает)",
    replyingTo: "Ответ на",
    all: "Все темы",
    closed: "закрыта",
    attach: "Прикрепить файл",
    commands: "Команды",
    send: "Отправить",
    contact: "Контакт",
    gone: "Сервер не отвечает. Пробуем ещё раз…",
    silent: "Бот не ответил на эту кнопку.",
    noApp: "Эта страница не знает адреса Mini App.",
    elsewhere: "Эта ссылка ведёт к другому боту или чату.",
    copied: "Скопировано.",
    noInline: "Инлайн-режима на этой странице нет.",
    who: "Кто вы",
    joined: (who) => `${who} теперь в группе`,
    left: (who) => `${who} больше не в группе`,
    pinnedBy: (who) => `${who}: сообщение закреплено`,
    topic: (name) => `Тема «${name}»`,
    topicClosed: "Тема закрыта",
    topicReopened: "Тема снова открыта",
    renamed: (name) => `Теперь группа называется «${name}»`,
    moved: "Группа стала супергруппой",
    size: (bytes) => (bytes < 1024 ? `${bytes} Б` : bytes < 1048576 ? `${Math.round(bytes / 1024)} КБ` : `${(bytes / 1048576).toFixed(1)} МБ`),
  },
};

const known = [localStorage.getItem("language"), navigator.language.slice(0, 2), "en"];
let language = known.find((code) => code in TEXTS);

export function current() {
  return language;
}

/** The language that the switch leads to. */
export function following() {
  const codes = Object.keys(TEXTS);
  return codes[(codes.indexOf(language) + 1) % codes.length];
}

export function nameOf(code) {
  return TEXTS[code].name;
}

export function switchLanguage() {
  language = following();
  localStorage.setItem("language", language);
}

export function t(key, ...args) {
  const text = TEXTS[language][key];
  return typeof text === "function" ? text(...args) : text;
}
