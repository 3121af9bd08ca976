/**
 * What is seen. Each component is `mount(root, emit)` and gives back an idempotent `update(props)`; events go up through
 * `emit(name, value)`. Data reach the page as text nodes only.
 */
import { monogram, wholeDays } from "/app/core.js";

/**
 * Makes an element: `h("li.person", {attributes}, ...children)`. Strings among the children become text nodes; false and null are
 * left out, of attributes too; functions become listeners (`onclick`).
 */
function h(selector, ...rest) {
  const [tag, ...classes] = selector.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  if (tag === "button") node.type = "button";
  if (rest[0]?.constructor === Object) {
    for (const [name, value] of Object.entries(rest.shift())) {
      if (typeof value === "function") node.addEventListener(name.slice(2), value);
      else if (value || value === 0) node.setAttribute(name, value);
    }
  }
  node.append(...rest.flat().filter((child) => child || child === ""));
  return node;
}

const aria = (node, name, value) => node.setAttribute(`aria-${name}`, value);

/** Rebuilds a root only when what it shows has changed, and puts the focus back on the same `data-key`. */
function painter(root) {
  let shown;
  return (key, build) => {
    const wanted = JSON.stringify(key);
    if (wanted === shown) return;
    shown = wanted;
    const held = root.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    root.replaceChildren(...build().filter(Boolean));
    if (held) root.querySelector(`[data-key="${CSS.escape(held)}"]`)?.focus();
  };
}

const badge = (entry) => h(`span.badge.c${entry.colour}`, { "aria-hidden": "true" }, monogram(entry.name));

const dots = (...parts) => parts.filter(Boolean).join(" · ");

function nameOf(entry, t) {
  return h("span.name", entry.name, entry.own && h("span.you", t("app.you")));
}

/** Call and write links; nothing when there is neither, or for oneself. */
function contacts(entry, t, emit, withNumber) {
  if (entry.own || (!entry.phone && !entry.chat)) return null;
  return h("div.contacts",
    entry.phone && h("a.action.call", {
      href: `tel:${entry.phone}`, "data-key": `call-${entry.id}`,
      "aria-label": t("app.call.who", { name: entry.name, phone: entry.phoneText }),
    }, withNumber ? entry.phoneText : t("app.call")),
    entry.chat && h("a.action.write", {
      href: entry.chat, target: "_blank", rel: "noopener noreferrer", "data-key": `write-${entry.id}`,
      "aria-label": t("app.write.who", { name: entry.name }), onclick: (event) => emit("chat", { url: entry.chat, event }),
    }, t("app.write")));
}

const positionText = (position, t) => {
  const key = `app.position.${(position ?? "").toLowerCase()}`;
  const known = t(key);
  return known === key ? position : known;
};

/** Who is on now and who is next. */
export function mountCard(root, emit) {
  const paint = painter(root);
  return ({ model, t, format, lang }) => {
    root.hidden = !model;
    if (!model) return;
    const moment = (instant) => format.moment(instant, model.today);
    paint([model, lang], () => {
      const { current, next, gap } = model;
      const title = t(current.length > 1 ? "app.now.several" : current[0]?.own ? "app.now.you" : "app.now");
      const on = current.map((entry) => h("li.person",
        badge(entry),
        h("div.who",
          nameOf(entry, t),
          h("span.when", dots(t("app.now.until", { moment: moment(entry.end) }), positionText(entry.position, t)))),
        contacts(entry, t, emit, false)));
      const gapText = gap && t(`app.gap.${gap.open ? "now" : "later"}${gap.end ? "" : ".open"}`, { start: moment(gap.start), end: gap.end && moment(gap.end) });
      return [
        model.nobody
          ? h(gap && (gap.open || !gap.end) ? "div.alarm" : "div", { role: "status" }, h("strong", t("app.now.nobody")), gap?.open && h("span", gapText))
          : h("h2.label", title),
        current.length > 0 && h("ul.people", on),
        gap && !gap.open && h("p.gap", gapText),
        next.length > 0 && h("div.next",
          h("h2.label", t("app.next")),
          h("ul", next.map((entry) => h("li",
            h(`span.dot.c${entry.colour}`),
            nameOf(entry, t),
            h("span.when", dots(t("app.next.from", { moment: moment(entry.start) }), positionText(entry.position, t))))))),
        next.length === 0 && !gap && h("p.when", t("app.next.nobody")),
      ];
    });
  };
}

/** The switch between rosters. */
export function mountRosters(root, emit) {
  const paint = painter(root);
  return ({ rosters, rosterId, t, lang }) => {
    root.hidden = rosters.length < 2;
    if (root.hidden) return;
    paint([rosters, lang], () => [
      h("select", { "data-key": "roster", "aria-label": t("app.roster"), onchange: (event) => emit("roster", Number(event.target.value)) },
        rosters.map((roster) => h("option", { value: roster.id }, roster.name || t("app.roster.default"))))]);
    root.querySelector("select").value = String(rosterId);
  };
}

const SWIPE_PX = 48;

/** The month's head and its grid of days. */
export function mountMonth(root, emit) {
  const title = h("h1.month-title", { "aria-live": "polite" });
  const [previous, next] = [-1, 1].map((step) =>
    h(`button.arrow.${step < 0 ? "back" : "forth"}`, { onclick: () => emit("step", step) }));
  const today = h("button.pill", { onclick: () => emit("today") });
  const mine = h("button.pill", { onclick: () => emit("mine") });
  const sum = h("p.sum");
  const filters = h("div.filters", sum, mine);
  const blank = h("div.blank", { role: "status" });
  const paintBlank = painter(blank);
  const heads = [...Array(7)].map(() => h("div.weekday", { role: "columnheader" }));
  const days = [...Array(42)].map(() => h("button.day", { onclick: (event) => emit("day", event.currentTarget.dataset.day) }));
  const rows = [...Array(6).keys()].map((week) => h("div.week", { role: "row" },
    days.slice(week * 7, week * 7 + 7).map((day) => h("div.cell", { role: "gridcell" }, day))));
  const grid = h("div.grid", { role: "grid" }, h("div.week", { role: "row" }, heads), rows);
  root.replaceChildren(
    h("div.month-head", title, h("div.arrows", today, previous, next)),
    filters, blank, grid);

  let touch;
  grid.addEventListener("touchstart", ({ touches }) => { touch = touches.length === 1 && touches[0]; }, { passive: true });
  grid.addEventListener("touchend", ({ changedTouches: [end] }) => {
    if (!touch) return;
    const [x, y] = [end.clientX - touch.clientX, end.clientY - touch.clientY];
    touch = null;
    if (Math.abs(x) > SWIPE_PX && Math.abs(x) > Math.abs(y) * 1.5) emit("step", x < 0 ? 1 : -1);
  }, { passive: true });
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    emit("focus", { day: event.target.dataset.day, step });
  });

  const drawn = new Map();
  return ({ model, t, format, lang, focusDay, onlyMine, canFilter, admin, failed }) => {
    const waiting = model.loading && !failed;
    title.textContent = format.month(model.month);
    aria(previous, "label", t("app.month.previous"));
    aria(next, "label", t("app.month.next"));
    today.textContent = t("app.today");
    today.hidden = model.today.startsWith(model.month);
    mine.textContent = t("app.mine");
    aria(mine, "pressed", onlyMine);
    filters.hidden = !canFilter || model.empty || failed;
    const { count: n, hours } = model.own;
    sum.textContent = waiting ? "" : t(n ? "app.mine.sum" : "app.mine.none", { n, hours: format.number(hours) });
    grid.hidden = failed;
    blank.hidden = !model.empty && !failed;
    paintBlank([model.empty, failed, admin, lang], () => (failed
      ? [h("strong", t("app.month.failed")), h("button.button", { "data-key": "month-retry", onclick: () => emit("retry") }, t("app.retry"))]
      : [h("strong", t("app.empty.title")), h("span", t(admin ? "app.empty.admin" : "app.empty.user"))]));
    format.weekdays.forEach(({ short, long }, index) => {
      heads[index].textContent = short;
      aria(heads[index], "label", long);
    });
    aria(grid, "label", format.month(model.month));
    aria(grid, "busy", waiting);
    const tabStop = [focusDay, model.today].find((day) => day?.startsWith(model.month)) ?? `${model.month}-01`;
    rows.forEach((row, week) => { row.hidden = week * 7 >= model.cells.length; });
    days.forEach((button, index) => {
      const cell = model.cells[index];
      if (!cell) {
        delete button.dataset.day;
        drawn.delete(button);
        return;
      }
      button.tabIndex = cell.day === tabStop ? 0 : -1;
      const key = JSON.stringify([cell, waiting, lang]);
      if (drawn.get(button) !== key) drawDay(button, cell, waiting, t, format);
      drawn.set(button, key);
    });
    if (focusDay && days.includes(document.activeElement) && document.activeElement.dataset.day !== focusDay) {
      days.find((button) => button.dataset.day === focusDay && !button.disabled)?.focus();
    }
  };
}

const MOST_CHIPS = 2;
const MOST_MARKS = 4;

function drawDay(button, cell, loading, t, format) {
  button.dataset.day = cell.day;
  button.disabled = !cell.inMonth;
  button.className = `day${cell.today ? " today" : ""}${loading && cell.inMonth ? " waiting" : ""}`;
  aria(button, "current", cell.today ? "date" : "false");
  const said = (entry) => `${t(`app.kind.${entry.works ? entry.kind : entry.type}`)}: ${entry.name}${entry.own ? ` (${t("app.you")})` : ""}`;
  const all = cell.inMonth ? [...cell.shifts, ...cell.away] : [];
  aria(button, "label", [format.day(cell.day), cell.today && t("app.day.today"), ...all.map(said)].filter(Boolean).join("; "));
  const number = h("span.number", String(Number(cell.day.slice(8))));
  if (!cell.inMonth) return button.replaceChildren(number);
  const fits = cell.shifts.length > MOST_CHIPS ? MOST_CHIPS - 1 : MOST_CHIPS;
  const chips = cell.shifts.slice(0, fits).map((shift) =>
    h(`span.chip.c${shift.colour}${shift.own ? ".own" : ""}`,
      shift.kind === "night" && h("span.moon"), h("span.chip-name", shift.short)));
  const rest = cell.shifts.length - chips.length;
  const marks = cell.away.slice(0, MOST_MARKS).map((entry) => h(`span.mark.${entry.type}.c${entry.colour}`));
  return button.replaceChildren(
    h("span.day-head", number, marks.length > 0 && h("span.marks", marks)),
    h(`span.chips${cell.shifts.length === 1 ? ".solo" : ""}`, chips, rest > 0 && h("span.rest", t("app.more", { n: rest }))));
}

/** Under the grid: who is who, what the signs mean, whose time it is. */
export function mountLegend(root) {
  const paint = painter(root);
  return ({ model, t, format, lang, now }) => paint([model.people, model.away, model.night, model.zone, model.loading, lang], () => {
    const sign = (node, text) => h("li", node, text);
    const signs = [
      model.own.count > 0 && sign(h("span.sample.own"), t("app.legend.mine")),
      model.night && sign(h("span.moon"), t("app.legend.night")),
      ...model.away.map((type) => sign(h(`span.mark.${type}`), t(`app.kind.${type}`))),
    ].filter(Boolean);
    return [
      model.people.length > 0 && h("h2.label", t("app.people")),
      model.people.length > 0 && h("ul.roll", model.people.map((person) => h("li",
        h(`span.dot.c${person.colour}`), nameOf(person, t),
        h("span.when", t("app.people.shifts", { n: person.count }))))),
      signs.length > 0 && h("ul.signs", signs),
      !model.loading && h("p.zone", t("app.zone", { zone: format.zone(now) })),
    ];
  });
}

/** The sheet of one day: a modal dialog, closed by Esc, the backdrop, its button or Telegram's back button. */
export function mountSheet(dialog, emit) {
  const paint = painter(dialog);
  dialog.addEventListener("close", () => emit("day", null));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  return ({ cell, zone, onlyMine, t, format, lang }) => {
    if (!cell) {
      if (dialog.open) dialog.close();
      return;
    }
    paint([cell, zone, onlyMine, lang], () => [h("div.sheet",
      h("header",
        h("h2", { id: "sheet-title" }, format.day(cell.day), cell.today && h("span.you", t("app.day.today"))),
        h("button.x", { "data-key": "close", "aria-label": t("app.day.close"), onclick: () => dialog.close() })),
      cell.shifts.length === 0 && h("p.when", t(onlyMine ? "app.day.empty.mine" : "app.day.empty")),
      h("ul.people", cell.shifts.map((entry) => h("li.person",
        badge(entry),
        h("div.who",
          nameOf(entry, t),
          h("span.time", `${format.moment(entry.start, cell.day)} – ${format.moment(entry.end, cell.day)}`),
          h("span.when", dots(t(`app.kind.${entry.kind}`), positionText(entry.position, t), t("app.day.hours", { hours: format.number(entry.hours) }))),
          entry.note && h("span.note", entry.note)),
        contacts(entry, t, emit, true)))),
      cell.away.length > 0 && h("h3.label", t("app.day.away")),
      cell.away.length > 0 && h("ul.roll", cell.away.map((entry) => h("li",
        h(`span.mark.${entry.type}.c${entry.colour}`), nameOf(entry, t),
        h("span.when", dots(t(`app.kind.${entry.type}`), format.days(entry.start, entry.end), t("app.day.days", { n: wholeDays(entry, zone) }))),
        entry.note && h("span.note", entry.note)))))]);
    if (!dialog.open) {
      dialog.showModal();
      dialog.querySelector(".x").focus({ focusVisible: false });
    }
  };
}

/** The line that says the data shown are old. */
export function mountNotice(root, emit) {
  const paint = painter(root);
  return ({ stale, t, format, today, lang }) => {
    root.hidden = !stale;
    paint([stale, lang], () => (stale ? [
      h("span", t(stale.kind === "offline" ? "app.stale.offline" : "app.stale.server", { moment: format.moment(stale.since, today) })),
      h("button.pill", { "data-key": "retry", onclick: () => emit("retry") }, t("app.retry")),
    ] : []));
  };
}

/** A page instead of the calendar. `kind`: outside, expired, denied, offline or server. */
export function mountTrouble(root, emit) {
  const paint = painter(root);
  return ({ trouble, t, lang, canClose }) => {
    root.hidden = !trouble;
    paint([trouble, lang, canClose], () => {
      if (!trouble) return [];
      const { kind, message } = trouble;
      const again = kind === "offline" || kind === "server";
      return [
        h(`div.emblem.${kind}`),
        h("h1", t(`app.error.${kind}.title`)),
        h("p", (kind === "denied" || kind === "server") && message ? message : t(`app.error.${kind}.text`)),
        again && h("button.button", { "data-key": "again", onclick: (event) => {
          event.currentTarget.disabled = true;
          emit("retry");
        } }, t("app.retry")),
        kind === "expired" && canClose && h("button.button", { "data-key": "leave", onclick: () => emit("leave") }, t("app.close")),
      ];
    });
  };
}
