/**
 * What is seen. Each component is `mount(root, emit)` and gives back an idempotent `update(props)`; events go up through
 * `emit(name, value)`. Data reach the page as text nodes only.
 */
import { monogram, wholeDays } from "/app/core.js";

/**
 * Makes an element. Strings among the children become text nodes; false and null are left out.
 * @param {string} tag
 * @param {Object<string, any>} attributes `on…` functions become listeners; null and false are left out.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false && value !== undefined) node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== false && child !== undefined));
  return node;
}

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

const badge = (entry) => h("span", { class: `badge c${entry.colour}`, "aria-hidden": "true" }, monogram(entry.name));

function nameOf(entry, t) {
  return h("span", { class: "name" }, entry.name, entry.own && h("span", { class: "you" }, t("app.you")));
}

/** Call and write links; nothing when there is neither. */
function contacts(entry, t, emit, withNumber) {
  if (!entry.phone && !entry.chat) return null;
  const write = (event) => emit("chat", { url: entry.chat, event });
  return h("div", { class: "contacts" },
    entry.phone && h("a", {
      class: "action call", href: `tel:${entry.phone}`, "data-key": `call-${entry.id}`,
      "aria-label": t("app.call.who", { name: entry.name, phone: entry.phoneText }),
    }, withNumber ? entry.phoneText : t("app.call")),
    entry.chat && h("a", {
      class: "action write", href: entry.chat, target: "_blank", rel: "noopener noreferrer", "data-key": `write-${entry.id}`,
      "aria-label": t("app.write.who", { name: entry.name }), onclick: write,
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
  return ({ model, t, format, lang, now }) => {
    root.hidden = !model;
    if (!model) return;
    const moment = (instant) => format.moment(instant, model.today);
    paint([model, lang, Math.floor(now / 60_000)], () => {
      const { current, next, gap } = model;
      const alone = current.length === 1 && current[0].own;
      const title = t(current.length > 1 ? "app.now.several" : alone ? "app.now.you" : "app.now");
      const on = current.map((entry) => h("li", { class: "person" },
        badge(entry),
        h("div", { class: "who" },
          nameOf(entry, t),
          h("span", { class: "when" }, [t("app.now.until", { moment: moment(entry.end) }), positionText(entry.position, t)].filter(Boolean).join(" · "))),
        contacts(entry, t, emit, false)));
      const progress = current.length === 1 && h("div", { class: "progress", "aria-hidden": "true" }, h("span"));
      if (progress) {
        const share = (now - current[0].start) / (current[0].end - current[0].start);
        progress.firstChild.style.width = `${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}%`;
      }
      const gapText = () => {
        if (gap.open) return gap.end ? t("app.gap.now", { end: moment(gap.end) }) : t("app.gap.now.open");
        return gap.end
          ? t("app.gap.later", { start: moment(gap.start), end: moment(gap.end) })
          : t("app.gap.later.open", { start: moment(gap.start) });
      };
      return [
        model.nobody
          ? h("div", { class: "alarm", role: "status" }, h("strong", {}, t("app.now.nobody")), gap?.open && h("span", {}, gapText()))
          : h("h2", { class: "label" }, title),
        current.length > 0 && h("ul", { class: "people" }, on),
        progress || null,
        gap && !gap.open && h("p", { class: "gap" }, gapText()),
        next.length > 0 && h("div", { class: "next" },
          h("h2", { class: "label" }, t("app.next")),
          h("ul", {}, next.map((entry) => h("li", {},
            h("span", { class: `dot c${entry.colour}`, "aria-hidden": "true" }),
            nameOf(entry, t),
            h("span", { class: "when" }, [t("app.next.from", { moment: moment(entry.start) }), positionText(entry.position, t)].filter(Boolean).join(" · ")))))),
        next.length === 0 && !gap && h("p", { class: "when" }, t("app.next.nobody")),
      ];
    });
  };
}

/** The switch between rosters, shown only when there is a choice. */
export function mountRosters(root, emit) {
  const paint = painter(root);
  return ({ rosters, rosterId, t, lang }) => {
    root.hidden = rosters.length < 2;
    if (root.hidden) return;
    paint([rosters, lang], () => [h("label", {}, h("span", { class: "visually-hidden" }, t("app.roster")),
      h("select", { "data-key": "roster", onchange: (event) => emit("roster", Number(event.target.value)) },
        rosters.map((roster) => h("option", { value: roster.id }, roster.name || t("app.roster.default")))))]);
    root.querySelector("select").value = String(rosterId);
  };
}

const SWIPE_PX = 48;

/** The month's head and its grid of days. */
export function mountMonth(root, emit) {
  const title = h("h1", { class: "month-title", "aria-live": "polite" });
  const [previous, next] = [-1, 1].map((step) =>
    h("button", { type: "button", class: `arrow ${step < 0 ? "back" : "forth"}`, onclick: () => emit("step", step) }));
  const today = h("button", { type: "button", class: "pill", onclick: () => emit("today") });
  const mine = h("button", { type: "button", class: "pill", onclick: () => emit("mine") });
  const sum = h("p", { class: "sum" });
  const heads = [...Array(7)].map(() => h("div", { role: "columnheader", class: "weekday" }));
  const days = [...Array(42)].map(() => h("button", { type: "button", class: "day", onclick: (event) => emit("day", event.currentTarget.dataset.day) }));
  const rows = [...Array(6).keys()].map((week) => h("div", { role: "row", class: "week" },
    days.slice(week * 7, week * 7 + 7).map((day) => h("div", { role: "gridcell", class: "cell" }, day))));
  const grid = h("div", { role: "grid", class: "grid" }, h("div", { role: "row", class: "week" }, heads), rows);
  root.replaceChildren(
    h("div", { class: "month-head" }, title, h("div", { class: "arrows" }, today, previous, next)),
    h("div", { class: "filters" }, sum, mine), grid);

  let touch = null;
  grid.addEventListener("touchstart", (event) => {
    touch = event.touches.length === 1 ? { x: event.touches[0].clientX, y: event.touches[0].clientY } : null;
  }, { passive: true });
  grid.addEventListener("touchend", (event) => {
    if (!touch) return;
    const [x, y] = [event.changedTouches[0].clientX - touch.x, event.changedTouches[0].clientY - touch.y];
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
  return ({ model, t, format, lang, focusDay, onlyMine, canFilter }) => {
    title.textContent = format.month(model.month);
    previous.setAttribute("aria-label", t("app.month.previous"));
    next.setAttribute("aria-label", t("app.month.next"));
    today.textContent = t("app.today");
    today.hidden = model.today.startsWith(model.month);
    mine.textContent = t("app.mine");
    mine.hidden = !canFilter;
    mine.setAttribute("aria-pressed", String(onlyMine));
    sum.textContent = !canFilter || model.loading || model.empty ? ""
      : model.hasOwn ? t("app.mine.sum", { n: model.own.count, hours: format.number(model.own.hours) }) : t("app.mine.none");
    sum.parentElement.hidden = !canFilter;
    format.weekdays.forEach(({ short, long }, index) => {
      heads[index].textContent = short;
      heads[index].setAttribute("aria-label", long);
    });
    grid.setAttribute("aria-label", format.month(model.month));
    grid.setAttribute("aria-busy", String(model.loading));
    const tabStop = focusDay?.startsWith(model.month) ? focusDay : model.today.startsWith(model.month) ? model.today : `${model.month}-01`;
    rows.forEach((row, week) => { row.hidden = week * 7 >= model.cells.length; });
    days.forEach((button, index) => {
      const cell = model.cells[index];
      if (!cell) return;
      button.tabIndex = cell.day === tabStop ? 0 : -1;
      const key = JSON.stringify([cell, model.loading, lang]);
      if (drawn.get(button) === key) return;
      drawn.set(button, key);
      drawDay(button, cell, model.loading, t, format);
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
  button.className = ["day", cell.today && "today", loading && cell.inMonth && "waiting", cell.shifts.some((shift) => shift.own) && "mine"]
    .filter(Boolean).join(" ");
  if (cell.today) button.setAttribute("aria-current", "date");
  else button.removeAttribute("aria-current");
  const number = h("span", { class: "number" }, String(Number(cell.day.slice(8))));
  if (!cell.inMonth) {
    button.removeAttribute("aria-label");
    button.replaceChildren(number);
    return;
  }
  const said = (entry) => `${t(`app.kind.${entry.type === "duty" ? entry.kind : entry.type}`)}: ${entry.name}${entry.own ? ` (${t("app.you")})` : ""}`;
  button.setAttribute("aria-label", [format.day(cell.day), cell.today && t("app.day.today"), ...[...cell.shifts, ...cell.away].map(said)].filter(Boolean).join("; "));
  const fits = cell.shifts.length > MOST_CHIPS ? MOST_CHIPS - 1 : MOST_CHIPS;
  const chips = cell.shifts.slice(0, fits).map((shift) =>
    h("span", { class: `chip c${shift.colour}${shift.own ? " own" : ""}${shift.kind === "night" ? " night" : ""}` },
      shift.kind === "night" && h("span", { class: "moon" }), h("span", { class: "chip-name" }, shift.short)));
  const rest = cell.shifts.length - chips.length;
  const marks = cell.away.slice(0, MOST_MARKS).map((entry) => h("span", { class: `mark ${entry.type} c${entry.colour}` }));
  button.replaceChildren(
    h("span", { class: "day-head" }, number, marks.length > 0 && h("span", { class: "marks" }, marks)),
    h("span", { class: `chips${cell.shifts.length === 1 ? " solo" : ""}` }, chips, rest > 0 && h("span", { class: "rest" }, t("app.more", { n: rest }))));
}

/** What stands under the grid: an empty or failed month, or who is who. */
export function mountLegend(root, emit) {
  const paint = painter(root);
  return ({ model, admin, failed, t, format, lang, now }) => paint([model.people, model.empty, model.away, model.night, model.zone, admin, failed, lang], () => {
    if (failed) {
      return [h("div", { class: "blank", role: "status" }, h("strong", {}, t("app.month.failed")),
        h("button", { type: "button", class: "button", "data-key": "month-retry", onclick: () => emit("retry") }, t("app.retry")))];
    }
    const sign = (node, text) => h("li", {}, node, text);
    const signs = [
      model.hasOwn && sign(h("span", { class: "sample own" }), t("app.legend.mine")),
      model.night && sign(h("span", { class: "moon" }), t("app.legend.night")),
      ...model.away.map((type) => sign(h("span", { class: `mark ${type}` }), t(`app.legend.${type}`))),
    ].filter(Boolean);
    return [
      model.empty && h("div", { class: "blank", role: "status" },
        h("strong", {}, t("app.empty.title")), h("span", {}, t(admin ? "app.empty.admin" : "app.empty.user"))),
      model.people.length > 0 && h("h2", { class: "label" }, t("app.people")),
      model.people.length > 0 && h("ul", { class: "roll" }, model.people.map((person) => h("li", {},
        h("span", { class: `dot c${person.colour}`, "aria-hidden": "true" }), nameOf(person, t),
        person.count > 0 && h("span", { class: "when" }, t("app.people.shifts", { n: person.count }))))),
      signs.length > 0 && h("ul", { class: "signs" }, signs),
      !model.loading && h("p", { class: "zone" }, t("app.zone", { zone: format.zone(now) })),
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
    paint([cell, zone, onlyMine, lang], () => [h("div", { class: "sheet" },
      h("header", {},
        h("h2", { id: "sheet-title" }, format.day(cell.day), cell.today && h("span", { class: "you" }, t("app.day.today"))),
        h("button", { type: "button", class: "x", "data-key": "close", "aria-label": t("app.day.close"), onclick: () => dialog.close() })),
      cell.shifts.length === 0 && h("p", { class: "when" }, t(onlyMine ? "app.day.empty.mine" : "app.day.empty")),
      h("ul", { class: "people" }, cell.shifts.map((entry) => h("li", { class: "person" },
        badge(entry),
        h("div", { class: "who" },
          nameOf(entry, t),
          h("span", { class: "time" }, `${format.moment(entry.start, cell.day)} – ${format.moment(entry.end, cell.day)}`),
          h("span", { class: "when" }, [t(`app.kind.${entry.kind}`), positionText(entry.position, t), t("app.day.hours", { hours: format.number(entry.hours) })]
            .filter(Boolean).join(" · ")),
          entry.note && h("span", { class: "note" }, entry.note)),
        contacts(entry, t, emit, true)))),
      cell.away.length > 0 && h("h3", { class: "label" }, t("app.day.away")),
      cell.away.length > 0 && h("ul", { class: "roll" }, cell.away.map((entry) => h("li", {},
        h("span", { class: `mark ${entry.type} c${entry.colour}`, "aria-hidden": "true" }), nameOf(entry, t),
        h("span", { class: "when" }, [t(`app.kind.${entry.type}`), format.days(entry.start, entry.end), t("app.day.days", { n: wholeDays(entry, zone) })].join(" · ")),
        entry.note && h("span", { class: "note" }, entry.note)))))]);
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
      h("span", {}, t(stale.kind === "offline" ? "app.stale.offline" : "app.stale.server", { moment: format.moment(stale.since, today) })),
      h("button", { type: "button", class: "pill", "data-key": "retry", onclick: () => emit("retry") }, t("app.retry")),
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
        h("div", { class: `emblem ${kind}`, "aria-hidden": "true" }),
        h("h1", {}, t(`app.error.${kind}.title`)),
        h("p", {}, (kind === "denied" || kind === "server") && message ? message : t(`app.error.${kind}.text`)),
        again && h("button", { type: "button", class: "button", "data-key": "again", onclick: (event) => {
          event.currentTarget.disabled = true;
          emit("retry");
        } }, t("app.retry")),
        kind === "expired" && canClose && h("button", { type: "button", class: "button", "data-key": "leave", onclick: () => emit("leave") }, t("app.close")),
      ];
    });
  };
}
