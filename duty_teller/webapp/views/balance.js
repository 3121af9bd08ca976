/** The balance: who has worked how much in a span, as bars; exact numbers on tap, and as a file. */
import { METRICS, SPANS, balanceModel, csvOf, spanOf } from "../models/balance.js";
import { aria, h, nameOf, painter } from "../ui.js";
import { exactFigures, saveCsv, saverOf } from "../views/figures.js";
import { mountRosters } from "../views/rosters.js";

/** @type {{span: string, own: {from: Day, to: Day} | null, metric: Metric}} */
const chosen = { span: "month", own: null, metric: "hours" };

/** What is asked of the server, from what is chosen. @param {{today: Day, rosterId: number, rosters: Roster[]}} about */
function question({ today, rosterId, rosters }) {
  const { from, to } = spanOf(chosen.span, today, chosen.own ?? undefined);
  return `?from=${from}&to=${to}${rosters.length > 1 ? `&roster=${rosterId}` : ""}`;
}

/** @param {Api} api @param {{today: Day, rosterId: number, rosters: Roster[]}} about @returns {Promise<BalanceContext["data"]>} */
export async function load(api, about) {
  const asked = question(about);
  return { asked, rows: await api.get(`/api/balance${asked}`) };
}

/** The view of the tab Balance. @param {HTMLElement} root @param {Emit} emit @returns {Update<BalanceContext>} */
export function mount(root, emit) {
  /** @type {BalanceContext} */
  let context;
  /** The days that are shown, in the fields too. */
  let shown = { from: "", to: "" };
  /** @type {number | null} */
  let openId = null;
  const heading = h("h1.title");
  const switcher = h("div.switch");
  const span = h("select", { "data-key": "span", onchange: () => choose({ span: span.value }) });
  const [from, to] = ["from", "to"].map((name) => h("input", { type: "date", min: "1970-01-01", max: "2200-12-31", "data-key": name,
    // Each key of a date that is typed makes another one; a year of one figure is on its way.
    onchange: ({ target }) => target.validity.valid && choose({ span: "own" }), onblur: () => showDays() }));
  const [fromText, toText] = ["", ""].map((text) => document.createTextNode(text));
  const [fromLabel, toLabel] = [h("label", fromText, from), h("label", toText, to)];
  const own = h("div.dates", fromLabel, toLabel);
  const metrics = h("div.segments", { role: "group" });
  const chart = h("ul.bars");
  const [average, foot] = [h("p.when"), h("div.contacts")];
  root.append(switcher, h("section.card.wide", heading, h("div.select", span), own, metrics, chart, average, foot));
  const [rosters, paintChart, paintMetrics, paintSpans, paintFoot] = [mountRosters(switcher, emit), painter(chart), painter(metrics), painter(span), painter(foot)];

  /** @param {{span?: string}} change */
  function choose(change) {
    Object.assign(chosen, change);
    if (chosen.span === "own") {
      const wanted = { from: from.value || shown.from, to: to.value || shown.to };
      chosen.own = wanted.from <= wanted.to ? wanted : { from: wanted.to, to: wanted.from };
    }
    draw();
    emit("reload");
  }

  /** @param {string} metric @param {number} value */
  function figure(metric, value) {
    const { t, format } = context;
    return metric === "nights" ? t("app.sum.nights", { n: value }) : t("app.sum.hours", { hours: format("UTC").number(value) });
  }

  /** @param {Measured} one */
  function details(one) {
    const { t, format } = context;
    const beside = { hours: format("UTC").number(Math.abs(one.beside)) };
    const told = chosen.metric !== "nights" && Math.abs(one.beside) >= 0.05 && t(one.beside > 0 ? "app.balance.over" : "app.balance.under", beside);
    return exactFigures(one, t, `exact-${one.id}`, told && h("p.when", told));
  }

  /** @param {Measured} one */
  function bar(one) {
    const fill = h(`span.fill.c${one.colour}`);
    fill.style.inlineSize = `${one.share * 100}%`;
    const button = h("button.measure", {
      "data-key": `p${one.id}`, "aria-expanded": String(openId === one.id), "aria-controls": openId === one.id && `exact-${one.id}`,
      onclick: () => {
        openId = openId === one.id ? null : one.id;
        draw();
      },
    }, h("span.line", nameOf(one, context.t), h("strong.value", figure(chosen.metric, one[chosen.metric]))), h("span.bar", fill));
    return h("li", button, openId === one.id && details(one));
  }

  function draw() {
    const { t, lang, data: { asked, rows }, meId, format } = context;
    const isOld = asked !== question(context); // what was chosen since is on its way
    const model = balanceModel({ rows, metric: chosen.metric, meId });
    paintMetrics([chosen.metric, lang], () => METRICS.map((name) => h("button.segment", {
      "aria-pressed": String(name === chosen.metric), "data-key": name,
      onclick: () => {
        chosen.metric = name;
        draw();
      },
    }, t(`app.balance.${name}`))));
    paintChart([model, openId, lang], () => model.people.map(bar));
    chart.style.setProperty("--average", `${model.averageShare * 100}%`);
    chart.classList.toggle("measured", model.averageShare > 0);
    chart.classList.toggle("old", isOld);
    aria(chart, "busy", isOld);
    const mean = chosen.metric === "nights" ? format("UTC").number(model.average) : figure(chosen.metric, model.average);
    average.textContent = isOld ? "" : rows.length ? t("app.balance.average", { value: mean }) : t("app.do.away.free");
    paintFoot([rows, isOld, lang], () => (rows.length ? [
      h("button.action", { "data-key": "csv", "aria-disabled": isOld && "true", onclick: () => saveCsv("balance.csv", table()) }, t("app.balance.csv")),
      h("button.action", {
        "data-key": "xlsx", "aria-disabled": isOld && "true",
        onclick: () => emit("file", { path: `/api/balance.xlsx${question(context)}`, save: saverOf("balance.xlsx") }),
      }, t("app.balance.xlsx")),
      h("button.action", { "data-key": "copy-csv", "aria-disabled": isOld && "true", onclick: () => emit("copy-text", { text: table() }) }, t("app.balance.copy")),
    ] : []));
  }

  /** Fills in the days that are shown; not while one of them is written. */
  function showDays() {
    if (document.activeElement !== from && document.activeElement !== to) [from.value, to.value] = [shown.from, shown.to];
  }

  const table = () => csvOf(context.data.rows.map((row) => [row.full_name, row]), context.t, "name", context.language.decimalMark);

  return (given) => {
    context = given;
    const { t, lang } = context;
    rosters(context);
    heading.textContent = t("app.balance.title");
    aria(span, "label", t("app.balance.span"));
    paintSpans([lang], () => SPANS.map((name) => h("option", { value: name }, t(`app.balance.span.${name}`))));
    span.value = chosen.span;
    shown = spanOf(chosen.span, context.today, chosen.own ?? undefined);
    [fromText.data, toText.data] = [t("app.balance.from"), t("app.balance.to")];
    showDays();
    aria(metrics, "label", t("app.balance.what"));
    draw();
  };
}
