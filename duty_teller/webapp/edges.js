/**
 * The page's two edges: Telegram and our own server. Launch data come from the address; telegram-web-app.js may never come.
 *
 * @typedef {{text: string, busy: boolean, ready: boolean, press: () => void}} MainButton What Telegram's button under the page says and does.
 * @typedef {{initData: string, theme: Record<string, string>, startParam: string, language: string, user: string}} Launch
 */

const KEPT = "duty-teller.launch";

/** Where the service begins, `https://…/` or `https://…/a/prefix/`; every other address is relative to it. */
export const ROOT = new URL("../", import.meta.url);
const PREFIX = ROOT.pathname === "/" ? "" : ROOT.pathname;
const COLOUR = /^#[0-9a-f]{6}$/iu;

/**
 * A browser store that may be full or forbidden (private windows): then nothing is kept. Two services of one host keep apart.
 * @param {() => Storage} store
 */
export const keeper = (store) => ({
  /** @param {string} key @returns {string} */
  get(key) {
    try {
      return store()[key + PREFIX] ?? "";
    } catch {
      return "";
    }
  },
  /** @param {string} key @param {string} value */
  set(key, value) {
    try {
      store()[key + PREFIX] = value;
    } catch { /* Costs a reload or a request, nothing else. */ }
  },
});

/**
 * Reads the launch data of the fragment; a reload without one finds what the session kept.
 * @param {Location} address
 * @param {ReturnType<typeof keeper>} session
 * @returns {Launch} `initData` is "" outside Telegram.
 */
export function readLaunch(address, session) {
  const fragment = address.hash.slice(1);
  let raw = fragment.slice(fragment.indexOf("?") + 1);
  if (raw.includes("tgWebApp")) session.set(KEPT, raw);
  else raw = session.get(KEPT);
  const fields = new URLSearchParams(raw);
  const signed = new URLSearchParams(fields.get("tgWebAppData") ?? "");
  const user = parsed(signed.get("user"));
  return {
    initData: fields.get("tgWebAppData") ?? "",
    user: String(user.id ?? ""),
    theme: parsed(fields.get("tgWebAppThemeParams")),
    startParam: signed.get("start_param") ?? fields.get("tgWebAppStartParam") ?? "",
    language: String(user.language_code ?? navigator.language ?? "en"),
  };
}

/** @param {string | null | undefined} json @returns {Record<string, any>} {} for what is no JSON. */
export function parsed(json) {
  try {
    return Object(JSON.parse(json ?? ""));
  } catch {
    return {};
  }
}

/** @param {string} colour */
function isDark(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return red * 0.299 + green * 0.587 + blue * 0.114 < 128;
}

/**
 * Sets `--tg-theme-*` as Telegram's script would, and the class `dark` or `light`, else by the system's preference.
 * @param {HTMLElement} root
 * @param {Record<string, string>} params `{bg_color: "#17212b", …}`
 */
export function applyTheme(root, params) {
  for (const [name, colour] of Object.entries(params)) {
    if (/^[a-z_]+$/u.test(name) && COLOUR.test(colour)) root.style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, colour);
  }
  const dark = COLOUR.test(params.bg_color) ? isDark(params.bg_color) : matchMedia("(prefers-color-scheme: dark)").matches;
  root.classList.toggle("dark", dark);
  root.classList.toggle("light", !dark);
}

/**
 * What the page asks of Telegram; without the script each call does nothing or takes the browser's own way.
 * A web client speaks to the page in its frame by messages (https://core.telegram.org/api/web-events), with or without the script.
 * @param {{onBack: () => void, onTheme: (params: Record<string, string>) => void, onShown: () => void}} events
 */
export function connect({ onBack, onTheme, onShown }) {
  let backShown = false;
  /** @type {MainButton | null} */
  let main = null;
  /** What Telegram was told of it; it is told nothing twice. */
  let told = "";
  let arrived = () => {};
  const arrival = new Promise((resolve) => { arrived = () => resolve(undefined); });
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || parent === window) return;
    const { eventType, eventData } = parsed(data);
    if (eventType === "theme_changed") onTheme(Object(eventData?.theme_params));
    if (eventType === "visibility_changed" && eventData?.is_visible) onShown();
  });
  // The script draws nothing itself. In a tab of its own nobody hears it, so the page's own buttons have to stay.
  const heard = () => parent !== window || "TelegramWebviewProxy" in window || "notify" in Object(window.external);
  const app = () => (heard() ? window.Telegram?.WebApp : undefined);
  /** @param {string} version */
  const since = (version) => app()?.isVersionAtLeast?.(version) ?? false;

  function arrive() {
    const telegram = app();
    if (!telegram?.initData) return;
    telegram.ready?.();
    telegram.expand?.();
    telegram.onEvent?.("themeChanged", () => onTheme(telegram.themeParams ?? {}));
    if (since("6.1")) {
      telegram.setHeaderColor?.("secondary_bg_color");
      telegram.setBackgroundColor?.("secondary_bg_color");
      telegram.BackButton?.onClick(onBack);
    }
    telegram.MainButton?.onClick(() => main?.press());
    if (backShown) back(true);
    if (main) stand(main);
    arrived();
  }

  /** Lets Telegram's own button stand for a form's, or (null) takes it away. @param {MainButton | null} wish @returns {boolean} Whether it does. */
  function stand(wish) {
    main = wish;
    const button = app()?.initData ? app()?.MainButton : undefined;
    if (!button) return false;
    const now = wish ? JSON.stringify([wish.text, wish.busy, wish.ready]) : "";
    if (now === told) return Boolean(wish);
    told = now;
    if (!wish) button.hide();
    else button.setParams({ text: wish.text, is_active: wish.ready && !wish.busy, is_visible: true });
    if (wish?.busy) button.showProgress();
    else button.hideProgress();
    return Boolean(wish);
  }

  /** @param {boolean} shown */
  function back(shown) {
    backShown = shown;
    if (since("6.1")) app()?.BackButton[shown ? "show" : "hide"]();
  }

  if (app()) arrive();
  else document.querySelector("script[data-telegram]")?.addEventListener("load", arrive);

  return {
    back,
    main: stand,
    /** Resolves when Telegram's script is there, and never where it does not come. */
    arrival,
    /** Asks whether the app could be on the home screen, and is not. @param {() => void} then */
    missedHome(then) {
      if (!since("8.0") || !app()?.addToHomeScreen) return;
      app()?.checkHomeScreenStatus?.((status) => ["missed", "unknown"].includes(status) && then());
    },
    addToHome: () => app()?.addToHomeScreen?.(),
    tick: () => since("6.1") && app()?.HapticFeedback?.selectionChanged(),
    /** @param {boolean} well */
    done: (well) => since("6.1") && app()?.HapticFeedback?.notificationOccurred?.(well ? "success" : "error"),
    canClose: () => Boolean(app()?.initData && app()?.close),
    close: () => app()?.close(),
    /** Opens a page in the browser. @param {string} url @returns {boolean} false: let the browser follow the link. */
    openLink(url) {
      const telegram = since("6.1") && app();
      if (!telegram || !telegram.initData || !telegram.openLink) return false;
      telegram.openLink(url);
      return true;
    },
    /** Opens a chat inside Telegram. @param {string} url @returns {boolean} false: let the browser follow the link. */
    openChat(url) {
      const telegram = since("6.1") && app();
      if (!telegram || !telegram.initData || !telegram.openTelegramLink) return false;
      telegram.openTelegramLink(url);
      return true;
    },
  };
}

const PATIENCE_MS = 15_000;
const FILE_PATIENCE_MS = 110_000;

/** Language → texts shown when no others could be loaded; the server writes them into the page. */
export const EMERGENCY = parsed(document.querySelector("meta[name=emergency]")?.getAttribute("content"));

/** No answer. `kind`: `outside`, `expired`, `denied`, `offline`, `server`, `refused` (an action, with the reason) or `moved` (it would do something else by now); `message` and `request`, the number that the log tells of it by, are the server's own, or "". */
export class ApiError extends Error {
  /** @param {string} kind @param {{message?: string, request?: string}} [said] */
  constructor(kind, { message = "", request = "" } = {}) {
    super(message);
    this.kind = kind;
    this.request = request;
  }
}

/** A text, and the number to pass on where nobody expected the failure. @param {Translate} t @param {string} text @param {{kind: string, request?: string}} error */
export const withCode = (t, text, { kind, request }) =>
  (kind === "server" && request && !text.includes(request) ? `${text} ${t("app.error.code", { id: request })}` : text);

const OWN_WORDS = ["denied", "server", "refused", "moved"];
/** What a failure says to a person. @param {Translate} t @param {{kind: string, message: string, request?: string}} error */
export const wordsOf = (t, error) =>
  withCode(t, (OWN_WORDS.includes(error.kind) && error.message) || t(`app.error.${error.kind}.text`), error);

/** @param {number} status @param {string} [code] */
function kindOf(status, code) {
  if (code === "expired" || code === "moved") return code;
  if (status === 401 || status === 403) return "denied";
  if (code === "malformed") return "server";
  return status === 409 || status === 422 ? "refused" : "server";
}

/**
 * @param {string} initData Sent with every request; there are no cookies.
 */
export function createApi(initData) {
  /** @type {Map<string, {tag: string, body: any}>} Path → the last answer of those that stay the same object while their ETag does. */
  const last = new Map();
  /** @param {string} path @param {RequestInit & {headers?: Record<string, string>, file?: boolean, same?: boolean}} [options] @param {number} [patience] @returns {Promise<any>} */
  async function call(path, options = {}, patience = PATIENCE_MS) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    try {
      const headers = { Accept: "application/json", ...(initData && { "X-Telegram-Init-Data": initData }), ...options.headers };
      // no-cache: the browser asks each time with the ETag it holds, and a 304 comes out of its own store.
      const response = await fetch(new URL(path.slice(1), ROOT), { ...options, headers, cache: "no-cache", credentials: "omit", signal: abort.signal });
      const [tag, known] = [response.headers.get("ETag"), last.get(path)];
      if (options.same && response.ok && known && tag === known.tag) {
        await response.arrayBuffer();
        return known.body;
      }
      const body = await (options.file && response.ok ? response.blob() : response.json().catch(() => null));
      if (!response.ok) throw new ApiError(kindOf(response.status, body?.error?.code), body?.error ?? {});
      if (body === null) throw new ApiError("server");
      if (options.same && tag) last.set(path, { tag, body });
      return body;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(navigator.onLine && abort.signal.aborted ? "server" : "offline");
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    /** @param {string} path */
    get: (path) => call(path),
    /** @param {string} path @returns {Promise<Blob>} */
    file: (path) => call(path, { file: true }),
    /** @param {string} path @param {object} [body] @param {string} [key] Of the action: sent again under the same key, it changes nothing. */
    post: (path, body = {}, key = crypto.randomUUID()) =>
      call(path, { method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": key }, body: JSON.stringify(body) }),
    /** @returns {Promise<Me>} */
    /** Sends a file as it is. @param {string} path @param {Blob} file */
    upload: (path, file) => call(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file }, FILE_PATIENCE_MS),
    me: () => call("/api/me"),
    /** @returns {Promise<NowAnswer>} */
    now: () => call("/api/now"),
    /** Local days of the roster's zone, both included. @param {Day} from @param {Day} to @returns {Promise<Duty[]>} */
    duties: (from, to) => call(`/api/duties?from=${from}&to=${to}`, { same: true }),
    /** @param {Day} from @param {Day} to @returns {Promise<DayNote[]>} */
    days: (from, to) => call(`/api/days?from=${from}&to=${to}`, { same: true }),
    /** @param {Day} from @param {Day} to @returns {Promise<Gap[]>} */
    gaps: (from, to) => call(`/api/gaps?from=${from}&to=${to}`, { same: true }),
    /** @param {string} tag @returns {Promise<{language: Language, texts: Texts}>} */
    messages: (tag) => call(`/api/messages?lang=${encodeURIComponent(tag)}`),
  };
}

/**
 * Texts of one language: `t(key, {name})`, and `t(key, {n})` for plurals (an array of forms).
 * @param {string} tag For the emergency. @param {Language | null} language @param {Texts} texts
 * @returns {Translate}
 */
export function translator(tag, language, texts) {
  const emergency = EMERGENCY[tag.slice(0, 2).toLowerCase()] ?? EMERGENCY.en ?? {};
  return (key, values = {}) => {
    const found = texts[key] ?? emergency[key] ?? key;
    const n = Math.abs(Number(values.n ?? 0));
    const form = Array.isArray(found) && language ? language.pluralsExact[n] ?? Number(language.plurals[n % 100]) : 0;
    const text = Array.isArray(found) ? found[form] : found;
    return text.replace(/\{(\w+)\}/gu, (whole, name) => String(values[name] ?? whole));
  };
}
