/**
 * A week of shifts, people down and days across. A shift is dragged to another person or day, or picked up by a tap or Enter and put
 * down by another one; what that would do is shown before it is applied.
 */
import { DAY_MS, addDays, colourOf, instantOf, usableZone } from "../core.js";
import { boardModel, dropEdit, weekStart } from "../models/board.js";
import { aria, busy, h, painter, positionText, touchOnly } from "../ui.js";
import { field } from "./actions.js";
import { mountRosters } from "./rosters.js";

const COUNT = 7;
/** How far a pointer goes before it drags. */
const DRAG_PX = 6;

/** The part of Admin with the week. @param {HTMLElement} root @param {Emit} emit @returns {Update<AdminContext>} */
export function mountBoard(root, emit) {
  /** @type {AdminContext} */
  let context;
  /** @type {Day} */
  let first = "";
  /** What the week holds, and for what it was asked. @type {{duties: Duty[], people: {id: number, full_name: string}[], of: string} | null} */
  let known = null;
  let asked = "";
  /** With each load of the tab it is asked for anew. @type {AdminContext["data"] | null} */
  let loaded = null;
  let asking = 0;
  /** @type {BoardShift | null} */
  let picked = null;
  /** The edit that is looked at, and what it would do. @type {{body: object, answer: PreviewAnswer | null} | null} */
  let looked = null;
  let [turn, key] = [0, ""];
  /** The cell that the keyboard is on. */
  let at = { user: 0, day: "" };

  const switcher = h("div.switch");
  const title = h("strong.board-title", { "aria-live": "polite" });
  const back = h("button.pill", { "data-key": "week-back", onclick: () => turnTo(-COUNT) }, "‹");
  const forth = h("button.pill", { "data-key": "week-forth", onclick: () => turnTo(COUNT) }, "›");
  const said = h("p.when", { role: "status" });
  const table = h("div.board");
  const outcome = h("div.outcome", { role: "status" });
  const wrong = h("p.wrong", { role: "alert", hidden: "hidden" });
  const reason = h("input", { name: "reason", maxlength: 200, autocomplete: "off" });
  const reasonLabel = field("", reason);
  const [go, leave] = [h("button.button", { "data-key": "board-apply" }), h("button.action", { "data-key": "board-cancel", onclick: () => drop() })];
  go.type = "submit";
  const form = h("form.fields.board-form", { onsubmit: apply }, outcome, wrong, reasonLabel, h("div.acts", go, leave));
  root.append(switcher, h("div.board-head", back, title, forth), said, table, form);
  const rosters = mountRosters(switcher, emit);
  const paint = painter(table);
  const roster = () => context.rosters.find(({ id }) => id === context.rosterId) ?? context.rosters[0];
  const zone = () => usableZone(roster().timezone);

  /** @param {number} days */
  function turnTo(days) {
    first = addDays(first, days);
    at = { user: at.user, day: at.day && addDays(at.day, days) };
    draw();
  }

  /** Asks for the week, where it is not known as it is now. */
  function askWeek() {
    const wanted = JSON.stringify([first, context.rosterId]);
    if (asked === wanted && loaded === context.data) return;
    [asked, loaded] = [wanted, context.data];
    asking += 1;
    const mine = asking;
    if (known?.of !== wanted) known = null; // another week is not shown as this one
    let found = /** @type {{duties?: Duty[], people?: {id: number, full_name: string}[]}} */ ({});
    /** @param {object} part */
    const take = (part) => {
      if (mine !== asking) return;
      found = { ...found, ...part };
      if (!found.duties || !found.people) return;
      known = { duties: found.duties, people: found.people, of: wanted };
      if (!looked) tell("");
      draw();
    };
    /** @param {Refusal} refusal */
    const failed = ({ text }) => {
      if (mine !== asking) return;
      asked = ""; // a tap asks again
      tell(text);
    };
    emit("ask", { path: `/api/duties?from=${first}&to=${addDays(first, COUNT - 1)}`, failed, after: (/** @type {Duty[]} */ duties) => take({ duties }) });
    emit("ask", { path: `/api/day?date=${first}&roster=${context.rosterId}`, failed, after: (/** @type {DayAnswer} */ { people }) => take({ people }) });
  }

  /** @param {string} text */
  function tell(text) {
    [wrong.textContent, wrong.hidden] = [text, !text];
    if (text) form.hidden = false;
  }

  /** Puts nothing anywhere. */
  function drop() {
    [picked, looked] = [null, null];
    turn += 1;
    reason.value = "";
    tell("");
    draw();
  }

  /** @param {BoardShift} shift */
  function pick(shift) {
    looked = null;
    turn += 1;
    tell("");
    picked = shift;
    draw();
  }

  /** Shows what it would do to put what was picked there. @param {number} userId @param {Day} day @param {number} [since] */
  function put(userId, day, since) {
    if (!picked) return;
    const body = dropEdit(picked, userId, day, zone(), context.rosterId);
    if (body) preview(body, since);
    else drop();
  }

  /** @param {object} body @param {number} [since] */
  function preview(body, since) {
    turn += 1;
    const mine = turn;
    key = crypto.randomUUID();
    looked = { body, answer: null };
    tell("");
    draw();
    emit("ask", {
      path: "/api/changes/preview", body: since === undefined ? body : { ...body, since },
      /** @param {PreviewAnswer} answer */
      after(answer) {
        if (mine !== turn) return;
        looked = { body, answer };
        draw();
        form.scrollIntoView({ block: "nearest" });
      },
      /** @param {Refusal} refusal */
      failed({ text }) {
        if (mine !== turn) return;
        looked = null;
        draw();
        tell(text);
      },
    });
  }

  /** @param {SubmitEvent} event */
  function apply(event) {
    event.preventDefault();
    if (!looked?.answer) return;
    const { body, answer: { fingerprint, revision } } = looked;
    const mine = turn;
    busy(go, true);
    emit("do", {
      path: "change", key, body: { ...body, fingerprint, revision, reason: reason.value },
      /** @param {Done} answer */
      done: ({ change_id: undo }) => ({ text: context.t("app.change.done"), undo }),
      /** @param {Refusal} [error] */
      after(error) {
        busy(go, false);
        if (mine !== turn) return; // something else was picked up meanwhile
        if (!error) drop();
        else if (error.kind === "moved") preview(body, revision);
        else {
          if (error.kind === "refused") key = crypto.randomUUID();
          tell(error.text);
        }
      },
    });
  }

  reason.addEventListener("input", () => { key = crypto.randomUUID(); });

  /** The cell of a node or a place. @param {EventTarget | null} target @returns {HTMLElement | null} */
  const cellOf = (target) => (target instanceof Element ? target.closest("td[data-day]") : null);

  /** @param {HTMLElement} cell */
  const placeOf = (cell) => ({ user: Number(cell.dataset.user), day: /** @type {string} */ (cell.dataset.day) });

  /** The shifts of a cell. @param {{user: number, day: Day}} place */
  const shiftsAt = ({ user, day }) => model().rows.find(({ id }) => id === user)?.cells.find((cell) => cell.day === day)?.shifts ?? [];

  /** Picks up what is in a cell (of several the next one), or puts down what was picked. @param {HTMLElement} cell @param {number} [wanted] */
  function press(cell, wanted) {
    at = placeOf(cell);
    const shifts = shiftsAt(at);
    const same = picked && picked.userId === at.user && picked.day === at.day;
    if (picked && !same && wanted === undefined) {
      put(at.user, at.day);
      return;
    }
    const index = shifts.findIndex(({ id }) => id === (wanted ?? picked?.id));
    const next = wanted === undefined ? shifts[same ? index + 1 : 0] : shifts[index];
    if (next && !(same && next.id === picked?.id)) pick(next);
    else drop();
  }

  let dragged = false;
  table.addEventListener("click", ({ target }) => {
    const cell = cellOf(target);
    if (!cell || dragged) return;
    const chip = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-shift]")) : null;
    const elsewhere = picked && (picked.userId !== Number(cell.dataset.user) || picked.day !== cell.dataset.day);
    press(cell, chip && !elsewhere ? Number(chip.dataset.shift) : undefined);
  });

  table.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    const row = cell?.closest("tr");
    if (!cell || !row) return;
    const index = [...row.cells].indexOf(/** @type {HTMLTableCellElement} */ (cell));
    const rows = [...table.querySelectorAll("tbody tr")];
    const line = rows.indexOf(row);
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], Home: [0, 1 - index], End: [0, COUNT - index] };
    const [down, right] = moves[event.key] ?? [0, 0];
    if (moves[event.key]) {
      const next = /** @type {HTMLTableRowElement | undefined} */ (rows[line + down])?.cells[index + right];
      if (next?.dataset.day) {
        at = placeOf(next);
        focusCell();
      }
    } else if (event.key === "Enter" || event.key === " ") press(cell);
    else if (event.key === "Escape" && picked) drop();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  table.addEventListener("pointerdown", (event) => {
    const chip = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-shift]")) : null;
    const cell = cellOf(event.target);
    dragged = false;
    if (!chip || !cell || event.pointerType === "touch" || event.button !== 0) return;
    const shift = shiftsAt(placeOf(cell)).find(({ id }) => id === Number(chip.dataset.shift));
    if (!shift) return;
    const ghost = /** @type {HTMLElement} */ (chip.cloneNode(true));
    ghost.className = `${chip.className} ghost`;
    aria(ghost, "hidden", true);
    const [left, top] = [event.clientX, event.clientY];
    /** @type {HTMLElement | null} */
    let over = null;
    /** @param {HTMLElement | null} cellThere */
    const mark = (cellThere) => {
      over?.classList.remove("over");
      over = cellThere;
      over?.classList.add("over");
    };
    const stop = new AbortController();
    const end = () => {
      stop.abort();
      mark(null);
      ghost.remove();
    };
    addEventListener("pointermove", (moving) => {
      const [across, down] = [moving.clientX - left, moving.clientY - top];
      if (!dragged && Math.hypot(across, down) < DRAG_PX) return;
      if (!dragged) {
        dragged = true;
        pick(shift);
        table.append(ghost);
      }
      moving.preventDefault();
      ghost.style.left = `${moving.clientX}px`;
      ghost.style.top = `${moving.clientY}px`;
      mark(cellOf(document.elementFromPoint(moving.clientX, moving.clientY)));
    }, { signal: stop.signal });
    addEventListener("pointerup", () => {
      const cellThere = over;
      end();
      if (dragged && cellThere) {
        at = placeOf(cellThere);
        put(at.user, at.day);
      } else if (dragged) drop();
      setTimeout(() => { dragged = false; });
    }, { signal: stop.signal });
    addEventListener("pointercancel", () => {
      end();
      drop();
    }, { signal: stop.signal });
    addEventListener("keydown", (pressed) => {
      if (pressed.key !== "Escape") return;
      end();
      drop();
    }, { signal: stop.signal });
  });

  function focusCell() {
    for (const cell of table.querySelectorAll("td[tabindex='0']")) cell.setAttribute("tabindex", "-1");
    const cell = /** @type {HTMLElement | null} */ (table.querySelector(`td[data-user="${at.user}"][data-day="${at.day}"]`));
    cell?.setAttribute("tabindex", "0");
    cell?.focus();
  }

  const model = () => boardModel({ duties: known?.duties ?? [], people: known?.people ?? [], first, count: COUNT, zone: zone(), rosterId: context.rosterId });

  function draw() {
    const { t, lang, format, today } = context;
    askWeek();
    const [formats, board] = [format(zone()), model()];
    rosters(context);
    title.textContent = formats.days(instantOf(first, "00:00", zone()), instantOf(addDays(first, COUNT), "00:00", zone()));
    aria(back, "label", t("app.board.back"));
    aria(forth, "label", t("app.board.forth"));
    const there = board.rows.flatMap(({ cells }) => cells).flatMap(({ shifts }) => shifts);
    if (picked && known && !there.some(({ id, userId }) => id === picked?.id && userId === picked.userId) && picked.day >= first && picked.day < addDays(first, COUNT)) {
      [picked, looked] = [null, null];
      tell(t("app.change.gone"));
    }
    said.textContent = picked ? t("app.board.picked", { name: picked.name, span: formats.span(picked.start, picked.end, "") }) : t(`app.board.help${touchOnly()}`);
    if (!board.rows.some(({ id }) => id === at.user) || !board.days.includes(at.day)) at = { user: board.rows[0]?.id ?? 0, day: first };
    paint([board, picked?.id, lang, today, Boolean(known)], () => (known ? [h("table", { role: "grid", "aria-label": t("app.admin.board.title") },
      h("thead", h("tr", h("td"), board.days.map((day, index) => h(day === today ? "th.today" : "th", { scope: "col" }, `${formats.weekdays[index].short} ${Number(day.slice(8))}`)))),
      h("tbody", board.rows.map((row) => h("tr", h("th", { scope: "row" }, row.name), row.cells.map((cell) => h("td", {
        "data-user": row.id, "data-day": cell.day, "data-key": `${row.id} ${cell.day}`,
        tabindex: row.id === at.user && cell.day === at.day ? "0" : "-1",
      },
      cell.away.map((kind) => h("span.away", h(`span.mark.${kind}`), t(`app.kind.${kind}`))),
      cell.shifts.map((shift) => h(`span.shift.c${colourOf(shift.userId)}${shift.id === picked?.id ? ".picked" : ""}`, { "data-shift": shift.id },
        `${formats.time(shift.start)}–${shift.end - shift.start > DAY_MS * 1.5 ? formats.moment(shift.end, cell.day) : formats.time(shift.end)}`, shift.position && h("small", positionText(shift.position, t)))))))))),
    ] : [h("div.bone.tall")]));
    drawOutcome();
  }

  function drawOutcome() {
    const { t } = context;
    const answer = looked?.answer ?? null;
    form.hidden = !looked && wrong.hidden;
    [go.hidden, reasonLabel.hidden] = [!answer, !answer];
    go.textContent = t("app.change.apply");
    leave.textContent = t("app.board.cancel");
    reason.required = Boolean(answer?.past);
    const label = reasonLabel.firstElementChild;
    if (label) label.textContent = t(answer?.past ? "app.change.reason.past" : "app.do.reason");
    /** @param {string} name @param {string[]} lines */
    const list = (name, lines) => lines.length > 0 && h(`ul.${name}`, lines.map((line) => h("li", line)));
    outcome.replaceChildren(.../** @type {Node[]} */ ((answer ? [
      answer.moved.length > 0 && h("p.gap", t("app.change.moved")), list("moved", answer.moved),
      list("becomes", answer.lines), list("causes", answer.warnings),
    ] : looked ? [h("div.bone")] : []).filter(Boolean)));
  }

  return (given) => {
    const before = context;
    context = given;
    first ||= weekStart(given.today, given.firstWeekday);
    if (before && before.rosterId !== given.rosterId) {
      known = null;
      drop();
    }
    if (!root.hidden) draw();
  };
}
