/** The month: a grid of days, who is who under it, and the sheet of one day. */
import { DAY_MS, addDays, addMonths, monogram } from "../core.js";
import { CROWD, barLength, fitting, monthModel, signsOf, slotsOf } from "../models/month.js";
import { aria, besideLine, dots, h, icon, mountZoneSwitch, nameOf, painter, positionText } from "../ui.js";
import { mountDay } from "../views/day.js";
import { mountRosters } from "../views/rosters.js";

const SWIPE_PX = 48;

/** The day of another month with the same number, or that month's last. @param {Day} day @param {number} months */
function sameDay(day, months) {
  const month = addMonths(day.slice(0, 7), months);
  const last = addDays(`${addMonths(month, 1)}-01`, -1);
  const same = `${month}-${day.slice(8)}`;
  return same > last ? last : same;
}

/** The room that names have in a day, and how wide texts are there. @param {HTMLElement} grid @param {HTMLElement} day @returns {Room} */
function measured(grid, day) {
  const [style, sample] = [getComputedStyle(day), h("span.chip.own", h("span.chip-name", "x"))];
  grid.append(sample);
  const [chip, font] = [getComputedStyle(sample), getComputedStyle(/** @type {Element} */ (sample.firstChild))];
  const ink = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  ink.font = `${font.fontWeight} ${font.fontSize} ${font.fontFamily}`;
  const sides = [style.paddingLeft, style.paddingRight, chip.paddingLeft, chip.paddingRight].map(parseFloat);
  sample.remove();
  /** @type {Map<string, number>} */
  const widths = new Map();
  /** @param {string} text */
  function measure(text) {
    const known = widths.get(text) ?? ink.measureText(text).width;
    widths.set(text, known);
    return known;
  }
  const text = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { grid: grid.clientWidth, tight: day.clientWidth < text * 1.25 + MARKS_PX, cell: grid.clientWidth / 7, name: day.clientWidth - sides.reduce((sum, side) => sum + side) - 0.5, measure };
}

/** The month's head and its grid of days. @param {HTMLElement} root @param {Emit} emit @returns {Update<MonthContext>} */
function mountGrid(root, emit) {
  const title = h("h1.month-title", { "aria-live": "polite" });
  const [previous, next] = [-1, 1].map((step) =>
    h(`button.arrow.${step < 0 ? "back" : "forth"}`, { onclick: () => emit("step", step) }));
  const today = h("button.arrow.plain", { "data-key": "today", onclick: () => emit("today") }, icon("today"));
  const mine = h("button.pill", { onclick: () => emit("mine") });
  const layout = h("button.arrow.layout", { "data-key": "layout", onclick: () => emit("layout", layout.dataset.next) });
  const sum = h("p.sum");
  const filters = h("div.filters", sum, mine);
  const blank = h("div.blank", { role: "status" });
  const paintBlank = painter(blank);
  const heads = [...Array(7)].map(() => h("div.weekday", { role: "columnheader" }));
  const days = [...Array(42)].map(() => h("button.day", { onclick: (event) => emit("day", event.currentTarget.dataset.day) }));
  const rows = [...Array(6).keys()].map((week) => h("div.week", { role: "row" },
    days.slice(week * 7, week * 7 + 7).map((day) => h("div.cell", { role: "gridcell" }, day))));
  const grid = h("div.grid", { role: "grid" }, h("div.week", { role: "row" }, heads), rows);
  const list = h("div.days");
  const drawList = mountList(list, emit);
  root.replaceChildren(
    h("div.month-head", title, h("div.arrows", layout, today, previous, next)),
    filters, grid, list, blank);

  /** @type {Touch | null} */
  let touch = null;
  for (const swiped of [grid, list]) {
    swiped.addEventListener("touchstart", ({ touches }) => { touch = touches.length === 1 ? touches[0] : null; }, { passive: true });
    swiped.addEventListener("touchend", ({ changedTouches: [end] }) => {
      if (!touch) return;
      const [x, y] = [end.clientX - touch.clientX, end.clientY - touch.clientY];
      touch = null;
      if (Math.abs(x) > SWIPE_PX && Math.abs(x) > Math.abs(y) * 1.5) emit("step", x < 0 ? 1 : -1);
    }, { passive: true });
  }
  grid.addEventListener("keydown", (event) => {
    const button = days.find((one) => one === event.target);
    const day = button?.dataset.day;
    if (!button || !day || event.ctrlKey || event.altKey || event.metaKey) return;
    const index = days.indexOf(button) % 7;
    /** @type {Record<string, () => Day>} */
    const keys = {
      ArrowLeft: () => addDays(day, -1), ArrowRight: () => addDays(day, 1), ArrowUp: () => addDays(day, -7), ArrowDown: () => addDays(day, 7),
      Home: () => addDays(day, -index), End: () => addDays(day, 6 - index),
      PageUp: () => sameDay(day, -1), PageDown: () => sameDay(day, 1),
    };
    const target = keys[event.key];
    if (!target) return;
    event.preventDefault();
    event.stopPropagation();
    emit("focus", target());
  });

  /** @type {Room | null} */
  let room = null;
  new ResizeObserver(() => {
    if (grid.clientWidth === (room?.grid ?? 0) || !grid.clientWidth) return;
    room = measured(grid, days[15]);
    emit("resize");
  }).observe(grid);

  const drawn = new Map();
  let crowded = false;
  return (context) => {
    const { model, t, format, lang, focusDay, onlyMine, canFilter, admin, failed } = context;
    if (!room && grid.clientWidth) room = measured(grid, days[15]);
    const waiting = model.loading && !failed;
    title.textContent = format.month(model.month);
    aria(previous, "label", t("app.month.previous"));
    aria(next, "label", t("app.month.next"));
    aria(today, "label", t("app.today"));
    today.title = t("app.today");
    today.classList.toggle("kept", model.today.startsWith(model.month)); // its room stays: nothing moves when months turn
    mine.textContent = t("app.mine");
    aria(mine, "pressed", onlyMine);
    filters.hidden = !canFilter;
    filters.classList.toggle("kept", model.empty || failed);
    if (!waiting) crowded = model.crowded; // a month on its way looks like the one before it
    const asList = context.layout ? context.layout === "list" : crowded;
    const other = asList ? "grid" : "list";
    if (layout.dataset.next !== other) layout.replaceChildren(icon(other));
    layout.dataset.next = other;
    aria(layout, "label", t(`app.month.${other}`));
    layout.classList.toggle("kept", model.empty || failed);
    list.hidden = !asList || failed || model.empty;
    const { count: n, hours } = model.own;
    sum.textContent = waiting ? "" : t(n ? "app.mine.sum" : "app.mine.none", { n, hours: format.number(hours) });
    grid.hidden = failed || (asList && !model.empty);
    list.classList.toggle("old", waiting);
    if (!list.hidden && !waiting) drawList(context);
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
    const posts = postSigns(model.positions, t);
    rows.forEach((row, week) => { row.hidden = week * 7 >= model.cells.length; });
    days.forEach((button, index) => {
      const cell = model.cells[index];
      if (!cell) {
        delete button.dataset.day;
        drawn.delete(button);
        return;
      }
      button.tabIndex = cell.day === tabStop ? 0 : -1;
      if (grid.hidden) return;
      const lengths = cell.shifts.map((shift, row) => (shift.joins || shift.joined ? barLength(model.cells, index, row) : 0));
      const key = JSON.stringify([cell, lengths, waiting, lang, room?.name, model.positions]);
      if (drawn.get(button) !== key) drawDay(button, cell, lengths, index % 7 === 0, waiting, t, format, room, posts);
      drawn.set(button, key);
    });
    const held = days.find((button) => button === document.activeElement);
    if (focusDay && held && held.dataset.day !== focusDay) {
      days.find((button) => button.dataset.day === focusDay && !button.disabled)?.focus();
    }
  };
}

/** The room that the signs of absences want beside a day's number. */
const MARKS_PX = 22;
const MOST_CHIPS = 2;
/** Width of a day → how many shifts have room in it: wide days are high enough for more. */
const ROOMS = [[150, 6], [110, 3]];
const MOST_MARKS = 2;
/** A night's moon and the space after it. */
const MOON_PX = 10;

/** The space around the sign of a position. */
const POST_PX = 6;

/** Position → its sign in the grid, of those that have one. @param {string[]} positions @param {Translate} t @returns {Map<string, string>} */
function postSigns(positions, t) {
  const signs = signsOf(positions.map((position) => positionText(position, t) ?? position));
  return new Map(positions.map((position, index) => [position, signs[index]]));
}

/** What a shift's signs leave of its room for the name. @param {Shown} shift @param {Room} room @param {string | undefined} post */
const roomBeside = (shift, room, post) => (shift.kind === "night" ? MOON_PX : 0) + (post ? room.measure(post) + POST_PX : 0);

/** A shift's name in the room there is. @param {Shown} shift @param {number} lines @param {Room | null} room @param {string | undefined} post */
function chipName(shift, lines, room, post) {
  const width = room ? room.name - roomBeside(shift, room, post) : 0;
  const { text, cut } = room ? fitting(shift.name, shift.short, width, lines, room.measure) : { text: monogram(shift.name), cut: false };
  return h(cut ? "span.chip-name.cut" : "span.chip-name", text);
}

/** What a day is, then who is away: a sign each while two have room; else one of each, or of people one and how many. @param {Cell} cell */
function dayMarks({ away, notes }) {
  if (!away.length && !notes.length) return null;
  /** @param {Shown} entry */
  const sign = (entry) => h(`span.mark.${entry.type}.c${entry.colour}`);
  const one = away.length > 0 && h(`span.mark.${away[0].type}`);
  if (notes.length) return h("span.marks", h(`span.sign.${notes[0].kind}`), away.length > 1 ? one : away.map(sign));
  return h("span.marks", away.length > MOST_MARKS ? [one, h("span.rest", String(away.length))] : away.map(sign));
}

/**
 * One shift in a day. Of a bar over several days (`length`) the first of a week bears the name, as wide as the bar.
 * @param {Shown} shift @param {number} length @param {boolean} first @param {boolean} solo @param {Room | null} room
 * @param {string | undefined} post The sign of its position.
 */
function chip(shift, length, first, solo, room, post) {
  const classes = `span.chip.c${shift.colour}${shift.own ? ".own" : ""}${shift.joins ? ".joins" : ""}${shift.joined ? ".joined" : ""}`;
  const moon = shift.kind === "night" && h("span.moon");
  const sign = post && h("span.post", post);
  if (!length) return h(classes, moon, sign, chipName(shift, solo ? 2 : 1, room, post));
  if (shift.joined && !first) return h(classes, "\u00a0");
  const width = room ? room.name + (length - 1) * room.cell - roomBeside(shift, room, post) : 0;
  const name = h("span.bar-name", room ? fitting(shift.name, shift.short, width, 1, room.measure).text : monogram(shift.name));
  name.style.maxInlineSize = `${width}px`;
  return h(classes, moon, sign, name);
}

/** Where nobody is planned: all of a day, or a part beside others. @param {Cell} cell @param {Translate} t @param {Room | null} room */
function hole(cell, t, room) {
  const part = cell.shifts.length > 0;
  const words = t(part ? "app.gap.part" : "app.gap.cell");
  return h(part ? "span.chip.hole.part" : "span.chip.hole", room && room.measure(words) <= room.name - 2 ? words : "!");
}

/**
 * @param {HTMLButtonElement} button @param {Cell} cell @param {number[]} lengths @param {boolean} first @param {boolean} loading
 * @param {Translate} t @param {Formats} format @param {Room | null} room @param {Map<string, string>} posts
 */
function drawDay(button, cell, lengths, first, loading, t, format, room, posts) {
  button.dataset.day = cell.day;
  button.disabled = !cell.inMonth;
  button.className = `day${cell.today ? " today" : ""}${loading && cell.inMonth ? " waiting" : ""}`;
  aria(button, "current", cell.today ? "date" : "false");
  /** @param {Shown} entry */
  const said = (entry) => {
    const what = [t(`app.kind.${entry.works ? entry.kind : entry.type}`), positionText(entry.position, t)].filter(Boolean).join(", ");
    return `${what}: ${entry.name}${entry.own ? ` (${t("app.you")})` : ""}`;
  };
  const all = cell.inMonth ? [...cell.shifts, ...cell.away] : [];
  const open = cell.inMonth ? cell.gaps.map((gap) => t("app.day.gap", { span: format.span(gap.start, gap.end, cell.day) })) : [];
  const notes = cell.inMonth ? cell.notes.map((note) => note.text) : [];
  const name = [format.day(cell.day), cell.today && t("app.day.today"), ...notes, ...open, ...all.map(said)].filter(Boolean).join("; ");
  const number = h("span.number", String(Number(cell.day.slice(8))));
  /** @param {...Child} parts */
  const picture = (...parts) => button.replaceChildren(h("span.hidden", name), h("span.picture", { "aria-hidden": "true" }, ...parts));
  if (!cell.inMonth) return picture(number);
  const gap = cell.gaps.length > 0;
  const solo = cell.shifts.length === 1 && !gap;
  const most = (ROOMS.find(([width]) => (room?.cell ?? 0) >= width)?.[1] ?? MOST_CHIPS) - Number(gap);
  const fits = cell.shifts.length > most ? Math.max(most - 1, 1) : most;
  // One of many says nothing, unless it is one's own: a crowd in a narrow day is counted.
  const counts = cell.shifts.length > CROWD && fits < CROWD;
  const shown = cell.shifts.map((shift, row) => ({ shift, row })).filter(({ shift }) => !counts || shift.own)
    .sort((a, b) => Number(cell.shifts.length > most) * (Number(b.shift.own) - Number(a.shift.own))).slice(0, fits);
  const chips = shown.map(({ shift, row }) => chip(shift, lengths[row], first || cell.day.endsWith("-01"), solo, room, posts.get(shift.position ?? "")));
  if (gap) chips.push(hole(cell, t, room));
  const rest = cell.shifts.length - shown.length;
  return picture(
    h("span.day-head", number, !room?.tight && dayMarks(cell)),
    h(`span.chips${solo ? ".solo" : ""}`, chips, counts ? crowd(cell) : rest > 0 && h("span.rest", `+${rest}`)),
    room?.tight && dayMarks(cell));
}

/** How many are on duty by day (or all day), and how many at night. @param {Cell} cell */
function crowd({ shifts }) {
  const nights = shifts.filter(({ kind }) => kind === "night").length;
  return h("span.crowd", shifts.length > nights && h("span.many", String(shifts.length - nights)), nights > 0 && h("span.many", h("span.moon"), String(nights)));
}

/** So many days of the list are more than a screen. */
const SEEN_FIRST = 10;

/** The month day by day: times, and who has them; from today on in the month that is running. @param {HTMLElement} root @returns {Update<MonthContext>} @param {Emit} emit */
function mountList(root, emit) {
  const paint = painter(root);
  let shown = "";
  /** @type {Cell[]} Days that are not drawn yet. */
  let later = [];
  return ({ model, t, format, lang, besides }) => {
    /** @param {Cell} cell @param {Instant} start @param {Instant} end */
    const times = (cell, start, end) => (format.isOn(start, cell.day) && end - start <= DAY_MS
      ? `${format.time(start)}–${format.time(end)}` : t("app.now.until", { moment: format.moment(end, cell.day) }));
    /** @param {Cell} cell @param {ReturnType<typeof slotsOf>[0]} slot */
    const slot = (cell, { start, end, kind, posts }) => h("div.slot",
      h("div", h("span.when", kind === "night" && h("span.moon"), times(cell, start, end)), besideLine(format.beside(cell.day, start, end), t)),
      h("div.posts", posts.map(([position, people]) => h("div",
        position && h("span.when", `${positionText(position, t)}: `),
        h("ul.names", people.map((one) => h(`li.c${one.colour}${one.own ? ".own" : ""}`, one.note ? [h("bdi", one.name), ` · ${one.note}`] : one.name)))))));
    /** @param {Cell} cell */
    const section = (cell) => h(cell.today ? "section.list-day.today" : "section.list-day",
      h("h2", h("button.list-title", { "data-list-day": cell.day, "data-key": `l${cell.day}`, onclick: () => emit("day", cell.day) },
        dots(format.day(cell.day), cell.today && t("app.day.today")))),
      ...cell.notes.map((note) => h("span.day-note", h(`span.sign.${note.kind}`), note.text)),
      ...cell.gaps.map((gap) => h("span.gap", t("app.day.gap", { span: format.span(gap.start, gap.end, cell.day) }))),
      ...slotsOf(cell).map((one) => slot(cell, one)),
      cell.shifts.length === 0 && !cell.gaps.length && h("span.when", t("app.day.empty")),
      cell.away.length > 0 && h("ul.names", cell.away.map((one) =>
        h("li.off", h(`span.mark.${one.type}.c${one.colour}`), h("span.when", `${one.name}: ${t(`app.kind.${one.type}`)}`)))));
    const cells = model.cells.filter((cell) => cell.inMonth);
    const turned = shown !== model.month && !model.loading;
    const today = cells.findIndex((cell) => cell.today);
    // Of another month what is seen first comes first, the days below it when that is painted.
    const first = turned ? Math.max(today, 0) + SEEN_FIRST : cells.length;
    paint([model.cells, lang, besides], () => {
      later = cells.slice(first);
      return cells.slice(0, first).map(section);
    });
    // What lies under the list shows when all of it is there: it does not move before one's eyes.
    const partly = () => root.parentElement?.classList.toggle("partly", later.length > 0);
    partly();
    if (!turned) return;
    shown = model.month;
    const to = () => {
      const target = root.querySelector(".list-day.today") ?? (root.getBoundingClientRect().top < 0 ? root : null);
      target?.scrollIntoView({ block: "start" });
    };
    to();
    const rest = later;
    requestAnimationFrame(() => {
      to(); // once more, when what lies above has its real height
      setTimeout(() => {
        if (rest !== later) return;
        root.append(...later.splice(0).map(section));
        partly();
      });
    });
  };
}

/** Under the grid: who is who, what the signs mean, whose time it is. @param {HTMLElement} root @param {Emit} emit @returns {Update<MonthContext>} */
function mountLegend(root, emit) {
  const [body, foot] = [h("div"), h("div.zones")];
  root.append(body, foot);
  const [paint, zones] = [painter(body), mountZoneSwitch(foot, emit)];
  return (context) => {
    const { model, t, format, lang, now } = context;
    root.classList.toggle("kept", model.loading); // it lies elsewhere when the days above it are there
    zones(context);
    const holes = ["", ".part"].filter((part) => model.cells.some((cell) => cell.inMonth && cell.gaps.length && Boolean(cell.shifts.length) === Boolean(part)));
    const counted = model.cells.some((cell) => cell.shifts.length > CROWD);
    paint([model.people, model.away, model.night, model.notes, holes, counted, model.positions, model.zone, model.loading, lang], () => {
    /** @param {HTMLElement} node @param {string} text */
    const sign = (node, text) => h("li", node, text);
    const signs = [
      model.own.count > 0 && sign(h("span.sample.own"), t("app.legend.mine")),
      counted && sign(h("span.many", "7"), t("app.legend.crowd")),
      model.night && sign(h("span.moon"), t("app.legend.night")),
      ...model.notes.map((kind) => sign(h(`span.sign.${kind}`), t(`app.legend.${kind}`))),
      ...holes.map((part) => sign(h(`span.sample.hole${part}`), t(part ? "app.legend.gap.part" : "app.legend.gap"))),
      ...[...postSigns(model.positions, t)].map(([position, letters]) => sign(h("span.post", letters), positionText(position, t) ?? position)),
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
    root.hidden = foot.hidden && !body.childElementCount;
  };
}

/** The view of the tab Month. @param {HTMLElement} root @param {Emit} emit @returns {Update<MonthContext>} */
export function mount(root, emit) {
  const [switcher, month, legend] = [h("div.switch", { id: "rosters" }), h("section.month"), h("section.legend", { id: "legend" })];
  root.append(switcher, month, legend);
  const [rosters, grid, under] = [mountRosters(switcher, emit), mountGrid(month, emit), mountLegend(legend, emit)];
  const sheet = mountDay(/** @type {HTMLDialogElement} */ (document.getElementById("sheet")), emit);
  return (context) => {
    const model = monthModel(context);
    for (const update of [rosters, grid, under]) update({ ...context, model });
    const cell = model.loading ? null : model.cells.find(({ day }) => day === context.openDay) ?? null;
    sheet({ ...context, cell, zone: model.zone });
  };
}
