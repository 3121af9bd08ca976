/** One's own shifts and hours, absences to come, and the way into one's own calendar. */
import { csvOf, lastDay } from "../models/balance.js";
import { mineModel } from "../models/people.js";
import { besideLine, busy, dots, h, painter, positionText } from "../ui.js";
import { field, mountActions } from "../views/actions.js";
import { awayAction, backAction } from "../views/away.js";
import { askedPart, shiftActions } from "../views/cover.js";
import { exactFigures, saveCsv, saverOf } from "../views/figures.js";
import { remindersAction } from "../views/reminders.js";
import { mountRequest } from "../views/request.js";
import { mountDialog } from "../views/sheet.js";

/** @param {Api} api @returns {Promise<MineAnswer>} */
export const load = (api) => api.get("/api/mine");

const SVG = "http://www.w3.org/2000/svg";
const PROGRAMS = { google: "Google", apple: "Apple", outlook: "Outlook" };

/** @param {{size: number, path: string}} code @param {string} name */
function qrPicture({ size, path }, name) {
  const picture = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": name })) picture.setAttribute(key, value);
  const squares = document.createElementNS(SVG, "path");
  squares.setAttribute("d", path);
  picture.append(squares);
  return picture;
}

/** Asks for the calendar link. Why it does not come is said under the button while the sheet is open. @param {Emit} emit @param {Record<string, string | boolean>} wish @param {HTMLButtonElement} button */
function askLink(emit, wish, button) {
  busy(button, true);
  button.parentElement?.querySelector(".wrong")?.remove();
  emit("link", {
    wish, ended: () => busy(button, false),
    failed: (/** @type {Refusal} */ { text }) => button.after(h("p.wrong", { role: "alert" }, text)),
  });
}

/**
 * The sheet that subscribes a calendar. The address is asked for when it is opened and kept nowhere.
 * @param {HTMLDialogElement} dialog @param {Emit} emit @returns {Update<MineContext>}
 */
function mountLink(dialog, emit) {
  const paint = painter(dialog);
  const sheet = mountDialog(dialog, () => emit("unlink"));
  return ({ link, copied, t, lang }) => {
    paint([link, copied, lang], () => link ? [h("div.sheet",
      sheet.head(t, t("app.link.title")),
      ...link.feed === null ? [
        h("p.when", t("app.link.revoked")),
        h("button.button", { "data-key": "again", onclick: (event) => askLink(emit, { again: true }, event.currentTarget) }, t("app.link.again")),
      ] : [
        h("p.when", t("app.link.choose")),
        h("div.contacts", link.programs.map(({ program, address }) => h("a.action", {
          href: address, target: "_blank", rel: "noopener noreferrer", "data-key": program, onclick: (event) => emit("open", { url: address, event }),
        }, PROGRAMS[program]))),
        link.qr && h("div.other", qrPicture(link.qr, t("app.link.qr")), h("p.when", t("app.link.qr.text"))),
        h("label.label", { for: "feed" }, t("app.link.address")),
        h("div.copy",
          h("input", { id: "feed", readonly: "readonly", value: link.feed, "data-key": "feed", onfocus: (event) => event.target.select() }),
          h("button.pill", { "data-key": "copy", onclick: () => emit("copy", link.feed) }, t(copied ? "app.link.copied" : "app.link.copy"))),
        h("p.when", t("app.link.secret")),
        h("details.act", h("summary.action", { "data-key": "replace" }, t("app.link.replace")),
          h("div.undo", h("p.when", t("app.link.replace.text")),
            h("button.button", { "data-key": "replace-go", onclick: (event) => askLink(emit, { replace: link.mark }, event.currentTarget) }, t("app.link.replace.go")))),
      ])] : []);
    sheet.show(Boolean(link));
  };
}

/** @param {Figures & {month: Month}} one @param {MineContext} context @param {Emit} emit @param {boolean} open @param {() => void} turn */
function monthTile(one, { t, format, data, language }, emit, open, turn) {
  /** @param {string} key @param {number} hours */
  const part = (key, hours) => hours > 0 && h("span.when", t(key, { hours: format("UTC").number(hours) }));
  return h("div.tile",
    h("button.sums", { "data-key": `sums-${one.month}`, "aria-expanded": String(open), "aria-controls": open && `exact-${one.month}`, onclick: turn },
      h("span.label", format("UTC").month(one.month)),
      h("strong.figure", t("app.sum.hours", { hours: format("UTC").number(one.hours) })),
      !open && h("span.when", dots(t("app.people.shifts", { n: one.shifts }), one.nights > 0 && t("app.sum.nights", { n: one.nights }))),
      !open && [part("app.sum.night", one.night), part("app.sum.weekend", one.weekend), part("app.sum.holiday", one.holiday)]),
    open && exactFigures(one, t, `exact-${one.month}`, h("div.contacts",
      h("button.action", { "data-key": "csv", onclick: () => saveCsv("hours.csv", csvOf(data.months.map((row) => [row.month.slice(0, 7), row]), t, "month", language.decimalMark)) }, t("app.balance.csv")),
      h("button.action", { "data-key": "xlsx", onclick: () => emit("file", { path: `/api/balance.xlsx?from=${one.month}-01&to=${lastDay(one.month)}&own=true`, save: saverOf(`hours-${one.month}.xlsx`) }) }, t("app.balance.xlsx")))));
}

/**
 * Offers a shift for a colleague's; which there are is asked for when the form is opened.
 * @param {MakeAction} action @param {Emit} emit @param {{id: number}} shift @param {Formats} format @param {Translate} t
 */
function swapAction(action, emit, shift, format, t) {
  const theirs = h("select", { name: "wanted", required: "required" });
  const none = h("p.when", { role: "status" });
  const box = action(`swap-${shift.id}`, {
    path: "swap", title: t("app.swap"), about: t("app.swap.text"), confirm: t("app.swap.go"),
    fields: [field(t("app.swap.for"), theirs), none, field(t("app.do.reason"), h("input", { name: "reason", maxlength: 100, autocomplete: "off" }))],
    body: ({ wanted, reason }) => ({ duty_id: shift.id, wanted_id: Number(wanted), reason }), done: () => t("app.swap.done"),
  });
  if (box.dataset.ready) return box;
  box.dataset.ready = "yes";
  box.addEventListener("toggle", () => {
    if (!box.hasAttribute("open") || theirs.childElementCount) return;
    emit("ask", {
      path: `/api/swaps?duty_id=${shift.id}`,
      after(/** @type {Swap[]} */ found) {
        none.textContent = found.length ? "" : t("app.swap.nobody");
        theirs.replaceChildren(h("option", { value: "" }, ""), ...found.map((one) => h("option", { value: one.duty_id },
          dots(one.full_name, format.span(Date.parse(one.start_at), Date.parse(one.end_at), "")))));
      },
      failed: (/** @type {{text: string}} */ { text }) => { none.textContent = text; },
    });
  });
  return box;
}

/** The view of the tab Mine. @param {HTMLElement} root @param {Emit} emit @returns {Update<MineContext>} */
export function mount(root, emit) {
  const heading = h("h1.hidden");
  const [tiles, coming, foot] = [h("section.tiles"), h("section.card.wide"), h("section.card.wide")];
  const [dialog, asked] = ["link", "request"].map((id) => h("dialog", { id, "aria-labelledby": `${id}-title` }));
  root.append(heading, tiles, coming, foot, dialog, asked);
  const [paintTiles, paintComing, paintFoot] = [tiles, coming, foot].map(painter);
  const [link, request] = [mountLink(dialog, emit), mountRequest(asked, emit)];
  const action = mountActions(emit);
  /** @type {Month | null} Whose sums are told to the minute. */
  let exact = null;
  /** @param {ReturnType<typeof mineModel>} model @param {MineContext} context */
  function drawTiles(model, context) {
    /** @param {Month} month */
    const turn = (month) => () => {
      exact = exact === month ? null : month;
      drawTiles(model, context);
    };
    paintTiles([model.months, exact, context.lang], () => model.months.map((one) => monthTile(one, context, emit, exact === one.month, turn(one.month))));
  }
  return (context) => {
    const { t, lang, today, format } = context;
    heading.textContent = t("app.tab.mine");
    const model = mineModel({ ...context, mine: context.data });
    drawTiles(model, context);
    paintComing([model.shifts, model.away, today, lang, context.canAct, context.besides], () => [
      h("h2.label", t("app.mine.coming")),
      model.shifts.length === 0 && h("p.when", t("app.mine.nothing")),
      h("ul.list", model.shifts.map((shift) => h(shift.running ? "li.row.running" : "li.row",
        h("div.who",
          h("span.time", format(shift.zone).span(shift.start, shift.end, "")),
          besideLine(format(shift.zone).beside("", shift.start, shift.end), t),
          h("span.when", dots(shift.running && t("app.mine.running"), shift.roster, positionText(shift.position, t),
            t("app.day.hours", { hours: format(shift.zone).number(shift.hours) }))),
          shift.asked !== null && h("span.asked", dots(t("app.mine.asked"), askedPart(shift, format(shift.zone))))),
        context.canAct && h("div.acts",
          shiftActions(action, { ...shift, own: true }, { ...context, format: format(shift.zone), zone: shift.zone }),
          !shift.running && shift.asked === null && swapAction(action, emit, shift, format(shift.zone), t))))),
      model.away.length > 0 && h("h2.label.later", t("app.mine.away")),
      h("ul.list", model.away.map((one) => h("li.row", h(`span.mark.${one.type}`),
        h("div.who", h("span.time", format(one.zone).days(one.start, one.end)), h("span.when", t(`app.kind.${one.type}`))),
        context.canAct && backAction(action, one.id, t)))),
      context.canAct && awayAction(action, t, today),
    ]);
    paintFoot([lang, context.canAct], () => [
      context.canAct && remindersAction(action, t),
      h("p.when", t("app.link.text")),
      h("button.button", { "data-key": "link", onclick: (event) => askLink(emit, {}, event.currentTarget) }, t("app.link.open")),
    ]);
    link(context);
    request(context);
  };
}
