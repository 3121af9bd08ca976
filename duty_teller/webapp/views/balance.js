/** The balance: who has worked how much in a span, as bars; exact numbers on tap, and as a file. */
import { METRICS, SPANS, balanceModel, csvOf, spanOf } from "../models/balance.js";
import { aria, dots, h, nameOf, painter } from "../ui.js";
import { mountRosters } from "../views/rosters.js";

/** @type {{span: string, own: {from: Day, to: Day} | null, metric: "hours" | "nights" | "weekend"}} */
const chosen = { span: "month", own: null, metric: "hours" };

/** What is asked of the server, from what is chosen. @param {Api} api @param {{today: Day, rosterId: number, rosters: Roster[]}} about */
export function load(api, { today, rosterId, rosters }) {
  const { from, to } = spanOf(chosen.span, today, chosen.own ?? undefined);
  return api.get(`/api/balance?from=${from}&to=${to}${rosters.length > 1 ? `&roster=${rosterId}` : ""}`);
}

/** @param {string} name @param {string} text */
function saveFile(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The view of the tab Balance. @param {HTMLElement} root @param {Emit} emit @returns {Update<BalanceContext>} */
export function mount(root, emit) {
  /** @type {BalanceContext} */
  let context;
  /** @type {number | null} */
  let openId = null;
  const heading = h("h1.title");
  const switcher = h("div.switch");
  const span = h("select", { "data-key": "span", onchange: () => choose({ span: span.value }) });
  const [from, to] = ["from", "to"].map((name) => h("input", { type: "date", "data-key": name, onchange: () => choose({}) }));
  const [fromLabel, toLabel] = [h("label"), h("label")];
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
      const known = chosen.own ?? spanOf("month", context.today);
      const wanted = change.span ? known : { from: from.value || known.from, to: to.value || known.to };
      chosen.own = wanted.from <= wanted.to ? wanted : { from: wanted.to, to: wanted.from };
    }
    own.hidden = chosen.span !== "own";
    chart.classList.add("old");
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
    return h("span.when", dots(t("app.people.shifts", { n: one.shifts }), t("app.sum.hours", { hours: format("UTC").number(one.hours) }),
      t("app.sum.nights", { n: one.nights }), t("app.sum.weekend", { hours: format("UTC").number(one.weekend) }),
      chosen.metric !== "nights" && Math.abs(one.beside) >= 0.05 && t(one.beside > 0 ? "app.balance.over" : "app.balance.under", beside)));
  }

  /** @param {Measured} one */
  function bar(one) {
    const fill = h(`span.fill.c${one.colour}`);
    fill.style.inlineSize = `${one.share * 100}%`;
    const button = h("button.measure", {
      "data-key": `p${one.id}`, "aria-expanded": String(openId === one.id),
      onclick: () => {
        openId = openId === one.id ? null : one.id;
        draw();
      },
    }, h("span.line", nameOf(one, context.t), h("strong.value", figure(chosen.metric, one[chosen.metric]))), h("span.bar", fill), openId === one.id && details(one));
    return h("li", button);
  }

  function draw() {
    const { t, lang, data, meId, format } = context;
    const model = balanceModel({ rows: data, metric: chosen.metric, meId });
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
    const mean = chosen.metric === "nights" ? format("UTC").number(model.average) : figure(chosen.metric, model.average);
    average.textContent = data.length ? t("app.balance.average", { value: mean }) : t("app.team.empty");
    paintFoot([data, lang], () => (data.length ? [
      h("button.action", { "data-key": "csv", onclick: () => saveFile("balance.csv", table()) }, t("app.balance.csv")),
      h("button.action", { "data-key": "copy-csv", onclick: () => emit("copy-text", table()) }, t("app.balance.copy")),
    ] : []));
  }

  function table() {
    const { t, data, language } = context;
    const heads = ["name", "shifts", "hours", "nights", "weekend"].map((name) => t(`app.balance.head.${name}`));
    return csvOf(data, heads, language.decimalMark);
  }

  return (given) => {
    context = given;
    const { t, lang } = context;
    rosters(context);
    heading.textContent = t("app.balance.title");
    aria(span, "label", t("app.balance.span"));
    paintSpans([lang], () => SPANS.map((name) => h("option", { value: name }, t(`app.balance.span.${name}`))));
    span.value = chosen.span;
    own.hidden = chosen.span !== "own";
    chart.classList.remove("old");
    if (chosen.own) [from.value, to.value] = [chosen.own.from, chosen.own.to];
    fromLabel.replaceChildren(t("app.balance.from"), from);
    toLabel.replaceChildren(t("app.balance.to"), to);
    aria(metrics, "label", t("app.balance.what"));
    draw();
  };
}
