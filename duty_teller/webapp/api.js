/** Talking with our own server: data, texts, and one shape of failure. */

const PATIENCE_MS = 15_000;

/** Shown when not even the texts could be loaded; the same words as in the catalogue (a test holds them together). */
export const EMERGENCY = {
  ru: {
    "app.error.server.title": "Не удалось загрузить",
    "app.error.server.text": "Сервер сейчас не отвечает. Попробуйте ещё раз через минуту.",
    "app.retry": "Повторить",
  },
  en: {
    "app.error.server.title": "Could not load",
    "app.error.server.text": "The server is not answering right now. Try again in a minute.",
    "app.retry": "Try again",
  },
};

/** No data. `kind`: `outside`, `expired`, `denied`, `offline` or `server`; `message` is the server's own, or "". */
export class ApiError extends Error {
  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

function kindOf(status, code) {
  if (code === "expired") return "expired";
  return status === 401 || status === 403 ? "denied" : "server";
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
      throw new ApiError(navigator.onLine && abort.signal.aborted ? "server" : "offline");
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
