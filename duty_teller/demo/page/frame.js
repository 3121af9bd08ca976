// The Mini App in a frame, spoken to as Telegram's web client does: https://core.telegram.org/api/web-events.
import { act, persist } from "./control.js";
import { element } from "./messages.js";
import { t } from "./texts.js";

/** Between two looks of the Mini App at what has changed. */
const NUDGE_MS = 700;

/** What a frame says; nothing, where it is no event. */
function read(data) {
  try {
    return JSON.parse(data) ?? {};
  } catch {
    return {};
  }
}

export const theme = () => document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

/**
 * @param {HTMLElement} root Its section.
 * @param {{openLink: (url: string) => void, close: () => void, failed: (error: Error) => void}} doing Opens an address, one of Telegram's too; leaves the Mini App.
 * @returns {object} `update`, `leave`, `open`, `focus`, `recolour`; see there.
 */
export function mountFrame(root, { openLink, close, failed }) {
  const back = root.querySelector("#app-back");
  const main = root.querySelector("#app-main");
  let frame = null;
  let launched = "";
  let me = null;
  let start = null;
  let nudge = 0;
  let launches = 0;
  let colours = 0;
  /** The keyboard waits for the frame that is about to come. */
  let isAwaited = false;

  const post = (eventType, eventData) => frame?.contentWindow?.postMessage(JSON.stringify({ eventType, eventData }), new URL(frame.src).origin);
  const address = (param) => act("web_app_url", { user_id: me, start_param: param, theme: theme() });

  function clear() {
    launches += 1;
    launched = "";
    isAwaited = false;
    frame?.remove();
    frame = null;
    back.hidden = main.hidden = true;
  }

  async function launch(key) {
    launched = key;
    const turn = (launches += 1);
    const isWanted = () => turn === launches;
    const worn = theme();
    const url = await persist(() => address(start), { isWanted });
    if (!isWanted()) return;
    // A new frame each time: another address of the same page would only be another fragment.
    const next = element("iframe");
    next.src = url;
    next.title = t("app");
    next.addEventListener("load", () => worn !== theme() && recolour());
    isAwaited ||= frame !== null && document.activeElement === frame;
    if (frame) frame.remove();
    main.before(next);
    frame = next;
    back.hidden = main.hidden = true;
    if (isAwaited) focus();
  }

  function focus() {
    isAwaited = !frame;
    frame?.focus();
  }

  async function recolour() {
    if (!frame) return;
    const turn = (colours += 1);
    const isWanted = () => turn === colours && frame !== null;
    const url = await persist(() => address(null), { isWanted });
    if (!isWanted()) return;
    post("theme_changed", { theme_params: JSON.parse(new URLSearchParams(new URL(url).hash.slice(1)).get("tgWebAppThemeParams")) });
  }

  /** Presses a button of Telegram's; where it goes away by that, the keyboard stays in the Mini App. */
  function press(eventType) {
    frame.focus();
    post(eventType);
  }

  /** What the Mini App asks of Telegram: it may put its form's button, and the way back, into Telegram's hands. */
  const wishes = {
    web_app_open_link: ({ url }) => openLink(url),
    web_app_open_tg_link: ({ path_full }) => openLink(`https://t.me${path_full}`),
    web_app_close: close,
    web_app_setup_back_button({ is_visible }) {
      back.hidden = !is_visible;
    },
    web_app_setup_main_button({ is_visible, is_active, is_progress_visible, text }) {
      main.hidden = !is_visible;
      main.textContent = text ?? "";
      main.disabled = is_active === false;
      main.setAttribute("aria-busy", String(Boolean(is_progress_visible)));
    },
  };

  back.addEventListener("click", () => press("back_button_pressed"));
  main.addEventListener("click", () => press("main_button_pressed"));
  root.querySelector("#app-open").addEventListener("click", async () => {
    const url = await address(start).catch(failed);
    if (url) window.open(url, "_blank", "noopener");
  });
  addEventListener("message", ({ source, data }) => {
    if (source !== frame?.contentWindow || typeof data !== "string") return;
    const { eventType, eventData } = read(data);
    if (Object.hasOwn(wishes, eventType)) wishes[eventType](eventData);
  });

  return {
    /** Shows the Mini App of a person; what has changed since is asked for, nothing else is lost. */
    update({ state, person, born }) {
      root.hidden = !state.mini_app_base_url;
      if (root.hidden) return;
      root.querySelector("h2").textContent = t("appOf", person.first_name);
      root.querySelector("#app-open").textContent = t("appOpen");
      back.textContent = t("back");
      const key = `${person.id} ${born}`;
      if (key !== launched) {
        if (me !== person.id) start = null;
        me = person.id;
        launch(key);
      } else {
        clearTimeout(nudge);
        nudge = setTimeout(() => post("visibility_changed", { is_visible: true }), NUDGE_MS);
      }
    },
    /** Opens it anew at what a `startapp` link names. */
    open(param, person) {
      start = param;
      me = person;
      return launch(launched);
    },
    /** Closes what one person had open, before it is another one's. */
    leave: clear,
    /** Takes the keyboard into the Mini App, when it is there. */
    focus,
    /** Tells it of other colours. */
    recolour,
  };
}
