/** Talking with our own server: data, texts, and one shape of failure. */

const PATIENCE_MS = 15_000;
const TEXTS_KEPT = "duty-teller.texts";

/** Shown when not even the texts could be loaded; the same words as in the catalogue (a test holds them together). */
export const EMERGENCY = {
  ru: {
    "app.error.server.title": "Не удалось загрузить",
    "app.error.server.text": "Сервер сейчас не отвечает. Попробуйте ещё раз через минуту.",
    "app.error.offline.title": "Нет связи",
    "app.error.offline.text": "Проверьте интернет и попробуйте ещё раз.",
    "app.retry": "Повторить",
  },
  en: {
    "app.error.server.title": "Could not load",
    "app.error.server.text": "The server is not answering right now. Try again in a minute.",
    "app.error.offline.title": "No connection",
    "app.error.offline.text": "Check your internet connection and try again.",
    "app.retry": "Try again",
  },
};

/** A request that brought no data. `kind`: `outside`, `expired`, `denied`, `offline`, `server` or `refused`; `message` is the server's, if any. */
export class ApiError extends Error {
  constructor(kind, message = "") {
    super(message || kind);
    this.kind = kind;
    this.told = message;
  }
}

function kindOf(status, code) {
  if (code === "expired") return "expired";
  if (status === 401 || status === 403) return "denied";
  return status >= 500 || status === 429 ? "server" : "refused";
}

/**
 * @param {string} initData Sent with every request; there are no cookies.
 */
export function createApi(initData) {
  async function get(path) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
    try {
      const headers = { Accept: "application/json", ...(initData && { "X-Telegram-Init-Data": initData }) };
      // no-cache: the browser asks each time with the ETag it holds, and a 304 comes out of its own store.
      const response = await fetch(path, { headers, cache: "no-cache", credentials: "omit", signal: abort.signal });
      const body = await response.json().catch(() => null);
      if (!response.ok) throw new ApiError(kindOf(response.status, body?.error?.code), body?.error?.message);
      if (body === null) throw new ApiError("server");
      return body;
    } catch (error) {
      if (error instanceof ApiError) throw error;
      throw new ApiError(navigator.onLine === false ? "offline" : abort.signal.aborted ? "server" : "offline");
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    me: () => get("/api/me"),
    now: () => get("/api/now"),
    /** @param {string} from @param {string} to Local days of the roster's zone, both included. */
    duties: (from, to) => get(`/api/duties?from=${from}&to=${to}`),
    messages: (lang) => get(`/api/messages?lang=${lang}`),
  };
}

/** Folds a language tag to one we speak. */
export const languageOf = (tag) => (/^ru\b/iu.test(tag ?? "") ? "ru" : "en");

/**
 * Texts of one language: `t(key, {name})`, and `t(key, {n})` for plurals (an array of forms, in CLDR order).
 * @param {"ru"|"en"} lang
 * @param {Object<string, string|string[]>} texts
 */
export function translator(lang, texts) {
  const rules = new Intl.PluralRules(lang);
  const order = lang === "ru" ? ["one", "few", "many"] : ["one", "other"];
  return (key, values = {}) => {
    const found = texts[key] ?? EMERGENCY[lang][key] ?? key;
    const text = Array.isArray(found) ? found[Math.max(0, order.indexOf(rules.select(Number(values.n ?? 0))))] ?? found.at(-1) : found;
    return text.replace(/\{(\w+)\}/gu, (whole, name) => String(values[name] ?? whole));
  };
}

/** Keeps the last texts, so that a page without network still speaks. */
export const textStore = {
  load() {
    try {
      return JSON.parse(localStorage.getItem(TEXTS_KEPT) ?? "null");
    } catch {
      return null;
    }
  },
  save(lang, texts) {
    try {
      localStorage.setItem(TEXTS_KEPT, JSON.stringify({ lang, texts }));
    } catch { /* A full or forbidden store costs one request next time. */ }
  },
};
