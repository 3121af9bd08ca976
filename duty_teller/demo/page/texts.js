// The page's own words, a table a language. Names, messages and buttons come from the bot and the people.
import { kept } from "./control.js";

const size = (units) => (bytes) =>
  bytes < 1024 ? `${bytes} ${units[0]}` : bytes < 1048576 ? `${Math.round(bytes / 1024)} ${units[1]}` : `${(bytes / 1048576).toFixed(1)} ${units[2]}`;

const TEXTS = {
  en: {
    name: "English",
    locale: "en-GB",
    title: "Try Duty Teller",
    about: (admin, member, stranger) =>
      `A Telegram bot that always knows who is on duty. Try it as ${admin} (the admin), ${member} (on the roster) or ${stranger} (a stranger).`,
    admin: "admin",
    member: "on the roster",
    stranger: "stranger",
    you: "You are",
    skip: "Skip to the chats",
    up: "Back to the steps",
    light: "Light colours",
    dark: "Dark colours",
    again: "Start over",
    againSure: "Throw away everything you did and start over?",
    languageSure: "In another language the demo starts over. Go on?",
    yes: "Start over",
    no: "Cancel",
    setting: "Setting the team up…",
    panes: "What to show",
    pane: { group: "Group", bot: "Bot", app: "Mini App" },
    fresh: "something new",
    app: "Mini App",
    appOf: (name) => `Mini App of ${name}`,
    appOpen: "In a tab of its own",
    back: "‹ Back",
    guide: "What to try",
    steps: "Five things to try",
    done: "done",
    stepDone: (step) => `Done: ${step}.`,
    stepNext: (step) => `Next: ${step}.`,
    step: {
      ask: "Ask who is on duty",
      file: "Send a roster file",
      apply: "Apply it, watch the pin",
      handover: "Move the clock",
      cover: "Find cover",
    },
    hint: {
      ask: () => "Write /duty to the bot, or just “who is on duty?”.",
      file: (admin) => `Tap a sample: ${admin} sends it to the bot. Or drop one into the bot's chat; a roster of your own works, too.`,
      apply: () => "The bot has shown what would change. Tap Apply, and watch the pinned message in the group.",
      handover: () => "At the hand-over the next one goes on duty: the pin changes by itself, and reminders and the group's digest arrive.",
      cover: (admin, member) => `${member} taps Find cover at a shift in the Mini App and asks colleagues; ${admin} says yes in the chat with the bot.`,
    },
    tourDone: "That was the tour. Play on, or send a roster of your own. Liked it? The README leads you to a bot of your own in five minutes.",
    writeDuty: "Write /duty",
    showPreview: "Show the preview",
    noPreview: "There is no preview yet. Send a file, or answer the bot's question about it.",
    beMember: (name) => `Be ${name}`,
    beAdmin: (name) => `Be ${name}`,
    ward: "Hospital ward",
    oncall: "On-call rota",
    school: "School",
    download: (name) => `Download ${name}`,
    clock: "Clock",
    toHandover: "To hand-over",
    toHour: "+1 h",
    toDay: "+1 day",
    moving: "moving…",
    bot: "bot",
    group: "group",
    nothing: "No messages yet. Press Start.",
    empty: "Nothing here yet. Write /duty.",
    start: "Start",
    blocked: "You blocked the bot. Any message unblocks it.",
    write: "Message",
    pinned: "Pinned message",
    edited: "edited",
    reply: "Reply",
    remove: "Delete by hand (the bot is not told)",
    replyingTo: "Reply to",
    cancelReply: "No reply",
    all: "All topics",
    topics: "Topic",
    rooms: "Group",
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
    ok: "OK",
    joined: (who) => `${who} joined`,
    left: (who) => `${who} left`,
    pinnedBy: (who) => `${who} pinned a message`,
    topic: (name) => `Topic “${name}”`,
    topicClosed: "Topic closed",
    topicReopened: "Topic reopened",
    renamed: (name) => `The group is called “${name}” now`,
    moved: "The group became a supergroup",
    size: size(["B", "KB", "MB"]),
  },
  ru: {
    name: "Русский",
    locale: "ru-RU",
    title: "Демо Duty Teller",
    about: (admin, member, stranger) =>
      `Бот для Telegram, который всегда знает, кто дежурит. Попробуйте за троих: ${admin} — админ, ${member} в графике, ${stranger} — посторонний.`,
    admin: "админ",
    member: "в графике",
    stranger: "посторонний",
    you: "Вы",
    skip: "Сразу к чатам",
    up: "Назад к шагам",
    light: "Светлые цвета",
    dark: "Тёмные цвета",
    again: "Заново",
    againSure: "Стереть всё, что вы сделали, и начать заново?",
    languageSure: "На другом языке демо начнётся заново. Продолжить?",
    yes: "Начать заново",
    no: "Отмена",
    setting: "Собираем команду…",
    panes: "Что показать",
    pane: { group: "Группа", bot: "Бот", app: "Mini App" },
    fresh: "есть новое",
    app: "Mini App",
    appOf: (name) => `Mini App: ${name}`,
    appOpen: "В отдельной вкладке",
    back: "‹ Назад",
    guide: "Что попробовать",
    steps: "Пять шагов",
    done: "сделано",
    stepDone: (step) => `Готово: ${step}.`,
    stepNext: (step) => `Дальше: ${step}.`,
    step: {
      ask: "Спросите, кто дежурит",
      file: "Отправьте график",
      apply: "Примените, закреп сменится",
      handover: "Переведите часы",
      cover: "Найдите замену",
    },
    hint: {
      ask: () => "Напишите боту /duty или просто «кто дежурит?».",
      file: (admin) => `Нажмите на пример: ${admin} отправит его боту. Или перетащите файл в чат с ботом — можно и свой.`,
      apply: () => "Бот показал, что изменится. Нажмите «Применить» и смотрите на закреплённое сообщение в группе.",
      handover: () => "Заступит следующий: закреплённое сообщение сменится само, придут напоминания и сводка в группу.",
      cover: (admin, member) => `${member} нажимает в Mini App «Найти замену» у своей смены и спрашивает коллег, ${admin} соглашается в чате с ботом.`,
    },
    tourDone: "Вот и всё. Играйте дальше или отправьте свой график. Понравилось? README за пять минут доведёт до своего бота.",
    writeDuty: "Написать /duty",
    showPreview: "Показать",
    noPreview: "Показывать пока нечего. Отправьте файл или ответьте на вопрос бота о нём.",
    beMember: (name) => `Теперь я ${name}`,
    beAdmin: (name) => `Теперь я ${name}`,
    ward: "Отделение",
    oncall: "По неделям",
    school: "Школа",
    download: (name) => `Скачать ${name}`,
    clock: "Часы",
    toHandover: "К смене",
    toHour: "+1 ч",
    toDay: "+1 день",
    moving: "переводим…",
    bot: "бот",
    group: "группа",
    nothing: "Пока нет сообщений. Нажмите «Старт».",
    empty: "Здесь пока пусто. Напишите /duty.",
    start: "Старт",
    blocked: "Вы заблокировали бота. Любое сообщение вернёт его.",
    write: "Сообщение",
    pinned: "Закреплённое сообщение",
    edited: "изменено",
    reply: "Ответить",
    remove: "Удалить вручную (бот об этом не узнает)",
    replyingTo: "Ответ на",
    cancelReply: "Не отвечать",
    all: "Все темы",
    topics: "Тема",
    rooms: "Группа",
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
    ok: "ОК",
    joined: (who) => `${who} теперь в группе`,
    left: (who) => `${who} больше не в группе`,
    pinnedBy: (who) => `${who}: сообщение закреплено`,
    topic: (name) => `Тема «${name}»`,
    topicClosed: "Тема закрыта",
    topicReopened: "Тема снова открыта",
    renamed: (name) => `Теперь группа называется «${name}»`,
    moved: "Группа стала супергруппой",
    size: size(["Б", "КБ", "МБ"]),
  },
};

/** The language chosen by the switch once, else the first of the browser's that there are texts for. */
export const preferred = [kept("language"), ...navigator.languages.map((tag) => tag.slice(0, 2)), "en"].find((code) => code in TEXTS);

let language = preferred;

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

/** Speaks a language from here on; one there is no table for leaves it as it is. */
export function speak(code) {
  if (code in TEXTS) language = code;
}

/** The text of a key; `hint.ask` is the one of `ask` in `hint`. */
export function t(key, ...args) {
  const [head, rest] = key.split(".");
  const text = rest ? TEXTS[language][head][rest] : TEXTS[language][head];
  return typeof text === "function" ? text(...args) : text;
}
