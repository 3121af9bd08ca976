/**
 * What all views are made of. Each component is `mount(root, emit)` and gives back an idempotent `update(props)`; events go up
 * through `emit(name, value)`. Data reach the page as text nodes only.
 */
import { monogram } from "./core.js";
import { withCode, wordsOf } from "./edges.js";

/**
 * Makes an element: `h("li.person", {attributes}, ...children)`. Strings among the children become text nodes; false and null are
 * left out, of attributes too; functions become listeners (`onclick`).
 * @template {string} Selector
 * @param {Selector} selector @param {...(Attributes | Child)} rest
 * @returns {Made<Selector>}
 */
export function h(selector, ...rest) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  if (node instanceof HTMLButtonElement) node.type = "button";
  if (rest[0]?.constructor === Object) {
    for (const [name, value] of Object.entries(/** @type {Attributes} */ (rest.shift()))) {
      if (typeof value === "function") node.addEventListener(name.slice(2), value);
      else if (value || value === 0 || (name === "value" && value === "")) node.setAttribute(name, String(value));
    }
  }
  node.append(.../** @type {(Node | string)[]} */ (rest.flat(3).filter((child) => child || child === "")));
  return /** @type {Made<Selector>} */ (node);
}

/** @param {Element} node @param {string} name @param {string | boolean} value */
export function aria(node, name, value) {
  if (node.getAttribute(`aria-${name}`) !== String(value)) node.setAttribute(`aria-${name}`, String(value));
}

/** What a node says; the same words again cost no layout. @param {Element} node @param {string} text */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** What a text's key ends with where nothing can be dragged. */
export const touchOnly = () => (matchMedia("(hover: none) and (pointer: coarse)").matches ? ".touch" : "");

/** How much of the page is seen above the tabs, from the top of the window. */
export const seenHeight = () => document.getElementById("tabs")?.getBoundingClientRect().top || innerHeight;

const [PAINT_MS, AFTER_MS] = [200, 20];
/** Resolves when what has been drawn is painted and seen; soon all the same where nothing is painted, as in a hidden page. */
export const painted = () => new Promise((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve, AFTER_MS));
  setTimeout(resolve, PAINT_MS);
});

/** @typedef {{timeRemaining: () => number}} Spare */
const IDLE_MS = 100;
const SLICE_MS = 8;
/** Does something while there is nothing else to do. iPhones do not say when that is. @param {(spare: Spare) => void} work */
export function whenIdle(work) {
  if ("requestIdleCallback" in window) return void requestIdleCallback(work);
  setTimeout(() => {
    const end = performance.now() + SLICE_MS;
    work({ timeRemaining: () => end - performance.now() });
  }, IDLE_MS);
}

/** Takes steps one by one while there is nothing else to do; other ones take the place of those that are left. @returns {(steps: Iterator<unknown>) => void} */
export function idler() {
  /** @type {Iterator<unknown> | null} */
  let left = null;
  let asked = false;
  /** @param {Spare} spare */
  function work(spare) {
    asked = false;
    do {
      if (left?.next().done) left = null;
    } while (left && spare.timeRemaining() > SLICE_MS / 2);
    if (left) ask();
  }
  function ask() {
    if (!asked) whenIdle(work);
    asked = true;
  }
  return (steps) => {
    left = steps;
    ask();
  };
}

/**
 * Takes answers in the order in which they were asked for: `inOrder()(of what)` when it is asked for gives back what tells, when the
 * answer is there, that no later one has come before it.
 * @returns {(key: string) => () => boolean}
 */
export function inOrder() {
  let turns = 0;
  /** @type {Map<string, number>} */
  const taken = new Map();
  return (key) => {
    const mine = ++turns;
    return () => {
      if (mine < (taken.get(key) ?? 0)) return false;
      taken.set(key, mine);
      return true;
    };
  };
}

/**
 * Something is at work: it hears no further click (below). It is not `disabled`, which would take the focus from it.
 * @param {Element} control @param {boolean} on
 */
export function busy(control, on) {
  if (on) control.setAttribute("aria-disabled", "true");
  else control.removeAttribute("aria-disabled");
}

/** @param {Element | null | undefined} control */
export const isBusy = (control) => control?.getAttribute("aria-disabled") === "true";

// Enter in a field of its form is a click on it, too.
addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !isBusy(event.target.closest("button"))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

const SVG = "http://www.w3.org/2000/svg";

/** Lines of 24 × 24, drawn here so that all are of one family. */
/** @type {Record<string, string>} */
const ICONS = {
  now: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM12 7v5l3.5 2",
  month: "M4 6.5h16v14H4zM4 11h16M8 3.5v5M16 3.5v5",
  mine: "M12 4a4 4 0 1 0 0 8a4 4 0 0 0 0-8zM4.5 20.5c.6-4 3.4-6 7.5-6s6.9 2 7.5 6",
  team: "M9 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 0 0 0-7zM2.5 19.5c.5-3.3 2.9-5 6.5-5s6 1.7 6.5 5M16 5.3a3.5 3.5 0 0 1 0 6.5M18 14.900c2 .7 3.2 2.2 3.5 4.6",
  balance: "M5 20.500v-7M12 20.500v-16M19 20.500v-10",
  admin: "M4 7h8M18 7h2M15 4.500a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5zM4 17h2M12 17h8M9 14.500a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5z",
  list: "M4 6.5h2M4 12h2M4 17.5h2M9.5 6.5h10.5M9.5 12h10.5M9.5 17.5h10.5",
  call: "M6 3.500h3.200l1.6 4.3-2 1.700a12 12 0 0 0 5.7 5.700l1.7-2 4.3 1.600V18a2.5 2.5 0 0 1-2.7 2.500A16 16 0 0 1 3.5 6.2 2.5 2.5 0 0 1 6 3.500z",
  today: "M12 4.500a7.5 7.5 0 1 0 0 15a7.5 7.5 0 0 0 0-15zM12 11.500a.5 .5 0 1 0 0 1a.5 .5 0 0 0 0-1z",
  edit: "M5 19l1-4L15.500 5.500l3 3L9 18zM13.500 7.500l3 3",
  write: "M4 5h16v11.500h-9l-4.5 4v-4H4z",
};

ICONS.grid = ICONS.month;

/** @param {string} name Of `ICONS`. */
export function icon(name) {
  const [picture, path] = [document.createElementNS(SVG, "svg"), document.createElementNS(SVG, "path")];
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("class", "icon");
  aria(picture, "hidden", "true");
  path.setAttribute("d", ICONS[name]);
  picture.append(path);
  return picture;
}

/**
 * Rebuilds a root only when what it shows has changed, and puts the focus back on what had it, or on the same `data-key`.
 * @param {Element} root
 * @returns {(key: unknown, build: () => Child[]) => void}
 */
export function painter(root) {
  let shown = "";
  return (key, build) => {
    const wanted = JSON.stringify(key);
    if (wanted === shown) return;
    shown = wanted;
    keepingFocus(root, () => root.replaceChildren(.../** @type {Node[]} */ (build().flat().filter(Boolean))));
  };
}

/**
 * Changes what is in a root, and puts the focus back on what had it, on the same `data-key`, else on what came into its place.
 * @param {Element} root @param {() => void} change
 */
export function keepingFocus(root, change) {
  const focused = document.activeElement;
  const held = focused instanceof HTMLElement && root.contains(focused) ? focused : null;
  const place = held ? stops(root).indexOf(held) : 0;
  change();
  if (!held) return;
  if (root.contains(held)) held.focus();
  else if (held.dataset.key) keyed(root, held.dataset.key)?.focus();
  if (!root.contains(document.activeElement)) stops(root).slice(0, Math.max(place, 0) + 1).pop()?.focus();
}

/** What can have the focus and is seen. @param {Element} root @returns {HTMLElement[]} */
const stops = (root) => [.../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("button, summary, input, select, textarea, a[href]"))]
  .filter((node) => node.checkVisibility());

/** @param {Element} root @param {string} key @returns {HTMLElement | null} */
const keyed = (root, key) => root.querySelector(`[data-key="${CSS.escape(key)}"]`);

/** @param {{colour: number, name: string}} entry */
export const badge = (entry) => h(`span.badge.c${entry.colour}`, { "aria-hidden": "true" }, monogram(entry.name));

/** @param {...(string | false | null | undefined)} parts */
export const dots = (...parts) => parts.filter(Boolean).join(" · ");

/** @param {{name: string, own: boolean}} entry @param {Translate} t */
export function nameOf(entry, t) {
  return h("span.name", entry.name, entry.own && h("span.you", t("app.you")));
}

/**
 * Call and write links; nothing when there is neither, or for oneself.
 * @param {{id: number, name: string, own: boolean, phone: string | null, phoneText: string | null, chat: string | null}} entry
 * @param {Translate} t @param {Emit} emit @param {"words" | "number" | "icons"} form What the links show.
 */
export function contacts(entry, t, emit, form = "words") {
  if (entry.own || (!entry.phone && !entry.chat)) return null;
  const small = form === "icons";
  /** @param {string} kind @param {Attributes} attributes @param {string | null} words */
  const link = (kind, attributes, words) => h(`a.action.${kind}`, attributes, icon(kind), !small && h("span", words));
  return h(small ? "div.contacts.small" : "div.contacts",
    entry.phone && link("call", {
      href: `tel:${entry.phone}`, "data-key": `call-${entry.id}`,
      "aria-label": t("app.call.who", { name: entry.name, phone: entry.phoneText }),
    }, form === "number" ? entry.phoneText : t("app.call")),
    entry.chat && link("write", {
      href: entry.chat, target: "_blank", rel: "noopener noreferrer", "data-key": `write-${entry.id}`,
      "aria-label": t("app.write.who", { name: entry.name }), onclick: (event) => emit("chat", { url: entry.chat, event }),
    }, t("app.write")));
}

/** @param {string | null} position @param {Translate} t @returns {string | null} */
export const positionText = (position, t) => {
  const key = `app.position.${(position ?? "").toLowerCase()}`;
  const known = t(key);
  return known === key ? position : known;
};

/**
 * The switch that shows times by the reader's own clock beside the roster's; hidden where both are the same.
 * @param {HTMLElement} root @param {Emit} emit
 * @returns {Update<{t: Translate, lang: string, ownZone: string, besides: boolean}>}
 */
export function mountZoneSwitch(root, emit) {
  const button = h("button.pill", { "data-key": "besides", onclick: () => emit("besides") });
  root.append(button);
  return ({ t, ownZone, besides }) => {
    root.hidden = !ownZone;
    say(button, t("app.zone.switch"));
    aria(button, "pressed", besides);
  };
}

/** The line with the reader's own time. @param {string} text Of `beside`. @param {Translate} t */
export const besideLine = (text, t) => text && h("span.when.beside", t("app.zone.beside", { time: text }));

/** The views, in the order of their tabs; each is loaded when it is opened. */
export const TABS = ["now", "month", "mine", "team", "balance", "admin"];

/** The bar that leads from view to view. @param {HTMLElement} root @param {Emit} emit @returns {Update<Context & {tab: string}>} */
export function mountTabs(root, emit) {
  const paint = painter(root);
  return ({ tab, t, lang, admin }) => {
    root.hidden = false;
    aria(root, "label", t("app.tabs"));
    paint([lang, admin], () => TABS.filter((name) => admin || name !== "admin").map((name) =>
      h("button.tab", { "data-key": name, onclick: () => emit("tab", name) }, icon(name), h("span", t(`app.tab.${name}`)))));
    for (const one of /** @type {Iterable<HTMLElement>} */ (root.children)) aria(one, "current", one.dataset.key === tab ? "page" : "false");
  };
}

/**
 * The line that says how something went (`flash`), else that the data shown are old.
 * @param {HTMLElement} root @param {Emit} emit
 * @returns {Update<Context & {format: Formats, stale: State["stale"], flash: State["flash"], offer: boolean}>}
 */
export function mountNotice(root, emit) {
  const paint = painter(root);
  return ({ stale, flash, offer, t, format, today, lang }) => {
    root.hidden = !stale && !flash && !offer;
    paint([stale, flash, offer, lang], () => (flash ? [
      h("span", flash.text),
      flash.undo !== undefined && h("button.pill", { "data-key": "undo", onclick: () => emit("undo", { key: flash.key, body: { change_id: flash.undo }, redo: flash.redo }) },
        t(flash.redo ? "app.redo" : "app.undo")),
    ] : stale ? [
      h("span", withCode(t, t(`app.stale.${stale.kind}`, { moment: format.moment(stale.since, today) }), stale)),
      h("button.pill", { "data-key": "retry", onclick: () => emit("retry") }, t("app.retry")),
    ] : offer ? [
      h("span", t("app.home.ask")),
      h("button.pill", { "data-key": "home", onclick: () => emit("home", true) }, t("app.home.yes")),
      h("button.pill", { "data-key": "no-home", onclick: () => emit("home", false) }, t("app.home.no")),
    ] : []));
  };
}

/**
 * A page instead of the calendar. `kind`: outside, expired, denied, offline or server.
 * @param {HTMLElement} root @param {Emit} emit
 * @returns {Update<{trouble: State["trouble"], t: Translate, lang: string, canClose: boolean}>}
 */
export function mountTrouble(root, emit) {
  const paint = painter(root);
  return ({ trouble, t, lang, canClose }) => {
    root.hidden = !trouble;
    paint([trouble, lang, canClose], () => {
      if (!trouble) return [];
      const { kind } = trouble;
      const again = kind === "offline" || kind === "server";
      return [
        h(`div.emblem.${kind}`),
        h("h1", t(`app.error.${kind}.title`)),
        h("p", wordsOf(t, trouble)),
        again && h("button.button", { "data-key": "again", onclick: (/** @type {any} */ event) => {
          event.currentTarget.disabled = true;
          emit("retry");
        } }, t("app.retry")),
        kind === "expired" && canClose && h("button.button", { "data-key": "leave", onclick: () => emit("leave") }, t("app.close")),
      ];
    });
  };
}
