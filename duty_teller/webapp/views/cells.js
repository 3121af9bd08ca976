/** What a day of the month's grid shows: who, as the room allows, who is away, what the day is. */
import { monogram } from "../core.js";
import { CROWD, barLength, fitting, signsOf } from "../models/month.js";
import { h, positionText } from "../ui.js";

/** The room that names have in a day, and how wide texts are there. @param {HTMLElement} grid @param {HTMLElement} day @returns {Room} */
export function measured(grid, day) {
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

/** The room that the signs of absences want beside a day's number. */
const MARKS_PX = 22;
const MOST_CHIPS = 2;
/** Width of a day → how many shifts have room in it: wide days are high enough for more. */
const ROOMS = [[150, 6], [110, 3]];
/** Lines of names that a wide day has the height for, and that one name may take. */
const LINES = 6;
const MOST_LINES = [3, 2];
const MOST_MARKS = 2;
/** A night's moon and the space after it. */
const MOON_PX = 10;

/** The space around the sign of a position. */
const POST_PX = 6;

/** Position → its sign in the grid, of those that have one. @param {string[]} positions @param {Translate} t @returns {Map<string, string>} */
export function postSigns(positions, t) {
  const signs = signsOf(positions.map((position) => positionText(position, t) ?? position));
  return new Map(positions.map((position, index) => [position, signs[index]]));
}

/** What a shift's signs leave of its room for the name. @param {Shown} shift @param {Room} room @param {string | undefined} post */
const roomBeside = (shift, room, post) => (shift.kind === "night" ? MOON_PX : 0) + (post ? room.measure(post) + POST_PX : 0);

/** A shift's name in the room there is. @param {Shown} shift @param {number} lines @param {Room | null} room @param {string | undefined} post */
function chipName(shift, lines, room, post) {
  const width = room ? room.name - roomBeside(shift, room, post) : 0;
  const { text, cut } = room ? fitting(shift.name, shift.short, width, lines, room.measure) : { text: monogram(shift.name), cut: false };
  return h(cut ? "span.chip-name.cut" : "span.chip-name", wholeName(shift, text), text);
}

/**
 * How many lines each name of a wide day may take; 0: the day is none, or has bars, which keep level with those beside it.
 * @param {Shown[]} shifts @param {number[]} lengths @param {Room} room @param {Map<string, string>} posts
 */
function linesEach(shifts, lengths, room, posts) {
  if (room.cell < ROOMS[0][0] || lengths.some(Boolean)) return 0;
  return MOST_LINES.find((most) => shifts.reduce((sum, shift) => sum + fitting(shift.name, shift.short,
    room.name - roomBeside(shift, room, posts.get(shift.position ?? "")), most, room.measure).lines, 0) <= LINES) ?? 0;
}

/** What is shown of a name that has no room, when the pointer rests on it: all of it. @param {Shown} shift @param {string} text */
const wholeName = (shift, text) => (text === shift.name ? {} : { title: shift.name });

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
 * @param {Shown} shift @param {number} length @param {boolean} first @param {number} lines That a name may take. @param {Room | null} room
 * @param {string | undefined} post The sign of its position.
 */
function chip(shift, length, first, lines, room, post) {
  if (post && room && room.measure(monogram(shift.name)) > room.name - roomBeside(shift, room, post)) return chip(shift, length, first, lines, room, undefined); // who goes before what
  const classes = `span.chip.c${shift.colour}${shift.own ? ".own" : ""}${shift.joins ? ".joins" : ""}${shift.joined ? ".joined" : ""}`;
  const moon = shift.kind === "night" && h("span.moon");
  const sign = post && h("span.post", post);
  if (!length) return h(classes, moon, sign, chipName(shift, lines, room, post));
  if (shift.joined && !first) return h(classes, "\u00a0");
  const width = room ? room.name + (length - 1) * room.cell - roomBeside(shift, room, post) : 0;
  const text = room ? fitting(shift.name, shift.short, width, 1, room.measure).text : monogram(shift.name);
  const name = h("span.bar-name", wholeName(shift, text), text);
  name.style.maxInlineSize = `${width}px`;
  return h(classes, moon, sign, name);
}

/** Where nobody is planned: all of a day, or a part beside others. @param {Cell} cell @param {Translate} t @param {Room | null} room */
function hole(cell, t, room) {
  const part = cell.shifts.length > 0;
  const words = t(part ? "app.gap.part" : "app.gap.cell");
  return h(part ? "span.chip.hole.part" : "span.chip.hole", room && room.measure(words) <= room.name - 2 ? words : "!");
}

/** What is heard of a day. @param {Cell} cell @param {MonthContext} context */
function heard(cell, { t, format }) {
  /** @param {Shown} entry */
  const said = (entry) => {
    const what = [t(`app.kind.${entry.works ? entry.kind : entry.type}`), positionText(entry.position, t)].filter(Boolean).join(", ");
    return `${what}: ${entry.name}${entry.own ? ` (${t("app.you")})` : ""}`;
  };
  const all = cell.inMonth ? [...cell.shifts, ...cell.away] : [];
  const open = cell.inMonth ? cell.gaps.map((gap) => t("app.day.gap", { span: format.span(gap.start, gap.end, cell.day) })) : [];
  const notes = cell.inMonth ? cell.notes.map((note) => note.text) : [];
  return [format.day(cell.day), cell.today && t("app.day.today"), ...notes, ...open, ...all.map(said)].filter(Boolean).join("; ");
}

/**
 * What a day shows, made once: it can be made before its month is shown, and is the same when the month is shown again.
 * @param {Piece} piece @param {number} index Of the day in its grid. @param {MonthContext} context @param {Room | null} room @param {Map<string, string>} posts
 */
function draw({ cell, lengths }, index, { t }, room, posts) {
  const number = h("span.number", String(Number(cell.day.slice(8))));
  /** @param {...Child} parts */
  const picture = (...parts) => [h("span.hidden"), h("span.picture", { "aria-hidden": "true" }, ...parts)];
  if (!cell.inMonth) return picture(number);
  const gap = cell.gaps.length > 0;
  const solo = cell.shifts.length === 1 && !gap;
  const most = (ROOMS.find(([width]) => (room?.cell ?? 0) >= width)?.[1] ?? MOST_CHIPS) - Number(gap);
  const fits = cell.shifts.length > most ? Math.max(most - 1, 1) : most;
  // One of many says nothing, unless it is one's own: a crowd in a narrow day is counted.
  const counts = cell.shifts.length > CROWD && fits < CROWD;
  const shown = cell.shifts.map((shift, row) => ({ shift, row })).filter(({ shift }) => !counts || shift.own)
    .sort((a, b) => Number(cell.shifts.length > most) * (Number(b.shift.own) - Number(a.shift.own))).slice(0, fits);
  const lines = (room && linesEach(shown.map(({ shift }) => shift), lengths, room, posts)) || (solo ? 2 : 1);
  const first = index % 7 === 0 || cell.day.endsWith("-01");
  const chips = shown.map(({ shift, row }) => chip(shift, lengths[row], first, lines, room, posts.get(shift.position ?? "")));
  if (gap) chips.push(hole(cell, t, room));
  const rest = cell.shifts.length - shown.length;
  return picture(
    h("span.day-head", number, !room?.tight && dayMarks(cell)),
    h(`span.chips${solo ? ".solo" : ""}${lines > 1 ? ".wraps" : ""}`, chips, counts ? crowd(cell) : rest > 0 && h("span.rest", `+${rest}`)),
    room?.tight && dayMarks(cell));
}

/** How many are on duty by day (or all day), and how many at night. @param {Cell} cell */
function crowd({ shifts }) {
  const nights = shifts.filter(({ kind }) => kind === "night").length;
  return h("span.crowd", shifts.length > nights && h("span.many", String(shifts.length - nights)), nights > 0 && h("span.many", h("span.moon"), String(nights)));
}

/** @param {Piece} one @param {Piece} other */
const alike = (one, other) => one.look === other.look && JSON.stringify([one.cell, one.lengths]) === JSON.stringify([other.cell, other.lengths]);

/** The days of months, made once each: before their turn while there is time, else when they are shown. */
export function dayPieces() {
  /** @type {WeakMap<MonthModel, {look: string, pieces: Piece[]}>} */
  const made = new WeakMap();
  /** @type {WeakMap<Element, Piece>} What each button showed last. */
  const shown = new WeakMap();

  /** @param {MonthContext} context @param {Room | null} room @returns {Generator<undefined, Piece[]>} */
  function* make(context, room) {
    const { model, t, lang } = context;
    const look = JSON.stringify([lang, room, model.positions, model.loading]);
    let known = made.get(model);
    if (known?.look !== look) made.set(model, known = { look, pieces: [] });
    const { pieces } = known;
    const posts = postSigns(model.positions, t);
    for (let index = pieces.length; index < model.cells.length; index += 1) {
      const cell = model.cells[index];
      const lengths = cell.shifts.map((shift, row) => (shift.joins || shift.joined ? barLength(model.cells, index, row) : 0));
      /** @type {Piece} */
      const piece = { look, cell, lengths, nodes: [], say() {
        piece.nodes[0].textContent = heard(cell, context);
        piece.say = () => {};
      } };
      piece.nodes = draw(piece, index, context, room, posts);
      pieces.push(piece);
      yield;
    }
    return pieces;
  }

  /** Lets a button show a day. @param {HTMLButtonElement} button @param {Piece[]} pieces @param {number} index @param {boolean} loading */
  function put(button, pieces, index, loading) {
    const [piece, known] = [pieces[index], shown.get(button)];
    const before = known?.nodes[0].parentNode === button ? known : null; // a month that is laid out anew takes its days along
    if (piece === before) return;
    if (before?.cell.day === piece.cell.day && alike(before, piece)) {
      pieces[index] = before;
      return;
    }
    const { cell } = piece;
    shown.set(button, piece);
    button.disabled = !cell.inMonth;
    button.className = `day${cell.today ? " today" : ""}${loading && cell.inMonth ? " waiting" : ""}`;
    button.replaceChildren(...piece.nodes);
  }
  return { make, put };
}
