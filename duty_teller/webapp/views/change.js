/**
 * What an admin does to a shift: give it away, move or split it, remove it, note something, add one. What it would do is shown as soon as it can be
 * told; what is applied is what was shown. A form that is open outlives whatever others change, and says so.
 */
import { candidates, sentTime, wallTime } from "../models/changes.js";
import { aria, busy, h, painter } from "../ui.js";
import { field } from "../views/actions.js";

const WHATS = ["give", "move", "split", "remove", "note"];
/** How long nothing is typed before it is asked what it would do. */
const CALM_MS = 300;
const MINUTE_MS = 60_000;

/**
 * @typedef {{id: number, userId: number | null, name: string, note?: string | null, start: Instant, end: Instant}} Changed A shift; `id` 0: a new one.
 * @param {Emit} emit
 * @param {Changed} shift
 */
function mountForm(emit, shift) {
  const isNew = !shift.id;
  /** @type {ChangeContext} */
  let context;
  let what = isNew ? "add" : "give";
  let key = crypto.randomUUID();
  /** What the edit would do, and the edit. @type {PreviewAnswer & {body: object} | null} */
  let shown = null;
  let asking = 0;
  let timer = 0;
  let seenDay = "";
  let { start, end } = shift;

  const whats = h("div.segments", { role: "group", hidden: isNew });
  const spans = h("div.pills");
  const person = h("select", { name: "person", "data-key": `who-${shift.id}` });
  const position = h("select", { name: "position" });
  const [from, to, at] = ["from", "to", "at"].map((name) => h("input", { type: "datetime-local", name, required: "required" }));
  const note = h("textarea", { name: "note", rows: 3, maxlength: 500 });
  const reason = h("input", { name: "reason", maxlength: 200, autocomplete: "off" });
  const outcome = h("div.outcome", { role: "status" });
  const wrong = h("p.wrong", { role: "alert", hidden: "hidden" });
  const go = h("button.button", { disabled: "disabled" });
  go.type = "submit";
  const [personLabel, fromLabel, toLabel, atLabel, noteLabel, positionLabel, reasonLabel] =
    [person, from, to, at, note, position, reason].map((control) => field("", control));
  const fromNow = h("button.pill", { onclick: () => {
    start = Math.floor(context.now / MINUTE_MS) * MINUTE_MS;
    from.value = wallTime(start, context.zone);
    soon(0);
  } });
  const dates = h("div.dates", fromLabel, toLabel);
  const form = h("form", whats, personLabel, spans, dates, atLabel, noteLabel, fromNow, positionLabel, outcome, wrong, reasonLabel, go);
  const [paintWhats, paintSpans, paintPeople, paintPositions] = [painter(whats), painter(spans), painter(person), painter(position)];

  /** What the shift's note is by now. */
  const noteNow = () => context.cell.shifts.find(({ id }) => id === shift.id)?.note ?? "";
  /** @param {Instant} instant */
  const iso = (instant) => new Date(instant).toISOString();

  /** The edit as it is filled in; null: something is missing, or nothing would change. */
  function asked() {
    const body = { what, roster_id: context.rosterId, duty_id: shift.id };
    /** @param {HTMLInputElement} control @param {Instant} instant */
    const sent = (control, instant) => sentTime(control.value, instant, context.zone);
    if (what === "note") return note.value.trim() === noteNow() ? null : { ...body, note: note.value, start: iso(shift.start), end: iso(shift.end) };
    if (what === "split") return at.value ? { ...body, start: at.value } : null;
    if (!from.value || !to.value || (["give", "add"].includes(what) && !person.value)) return null;
    if (what === "move" && from.value === wallTime(shift.start, context.zone) && to.value === wallTime(shift.end, context.zone)) return null;
    const given = ["give", "add"].includes(what) ? { user_id: Number(person.value) } : {};
    return { ...body, ...given, ...(isNew && { duty_id: Number(position.value || 0) }), start: sent(from, start), end: sent(to, end) };
  }

  function forget() {
    shown = null;
    asking += 1;
    key = crypto.randomUUID();
    go.disabled = true;
    wrong.hidden = true;
    outcome.replaceChildren();
    outcome.classList.remove("old");
  }

  /** @param {number} [wait] */
  function soon(wait = CALM_MS) {
    clearTimeout(timer);
    go.disabled = true;
    outcome.classList.add("old");
    timer = setTimeout(() => look(shown?.revision), wait);
  }

  /** Asks what the edit would do; `since` a revision, it is told what others have changed after it. @param {number} [since] */
  function look(since) {
    const body = asked();
    const moved = shown?.moved ?? [];
    forget();
    if (!body) return;
    const turn = asking;
    /** @param {Refusal} refusal */
    const failed = ({ text }) => {
      if (turn !== asking) return;
      wrong.textContent = text;
      wrong.hidden = false;
    };
    emit("ask", {
      path: "/api/changes/preview", body: since === undefined ? body : { ...body, since }, failed,
      /** @param {PreviewAnswer} answer */
      after(answer) {
        if (turn !== asking) return;
        shown = { ...answer, body, moved: answer.moved.length ? answer.moved : moved };
        draw();
      },
    });
  }

  function draw() {
    const { t } = context;
    go.disabled = !shown;
    reason.required = Boolean(shown?.past);
    label(reasonLabel, t(shown?.past ? "app.change.reason.past" : "app.do.reason"));
    if (!shown) return;
    /** @param {string} name @param {string[]} lines */
    const list = (name, lines) => lines.length > 0 && h(`ul.${name}`, lines.map((line) => h("li", line)));
    outcome.replaceChildren(.../** @type {Node[]} */ ([
      shown.moved.length > 0 && h("p.gap", t("app.change.moved")), list("moved", shown.moved),
      list("becomes", shown.lines), list("causes", shown.warnings),
    ].filter(Boolean)));
  }

  form.addEventListener("input", (event) => {
    if (event.target === reason) key = crypto.randomUUID();
    else soon();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!shown) return;
    const { body, fingerprint, revision } = shown;
    const { t } = context;
    busy(go, true);
    wrong.hidden = true;
    emit("do", {
      path: "change", key, from: form, body: { ...body, fingerprint, revision, reason: reason.value },
      /** @param {Done} answer */
      done: ({ change_id: undo }) => ({ text: t("app.change.done"), undo }),
      /** @param {Refusal} [error] */
      after(error) {
        busy(go, false);
        if (!error) {
          box.open = false;
          return;
        }
        if (error.kind === "moved") {
          look(revision);
          return;
        }
        if (error.kind === "refused") key = crypto.randomUUID();
        wrong.textContent = error.text;
        wrong.hidden = false;
      },
    });
  });

  const title = h("summary.action", { "data-key": `change-${shift.id}` });
  const box = h("details.act", { ontoggle: () => box.open && !shown && soon(0) }, title, form);

  function fillTimes() {
    from.value = wallTime(start, context.zone);
    to.value = wallTime(end, context.zone);
  }

  /** @param {string} wanted */
  function choose(wanted) {
    what = wanted;
    ({ start, end } = shift);
    note.value = noteNow();
    fillTimes();
    drawForm();
    look();
  }

  function drawForm() {
    const { t, lang, format, facts, duties, cell } = context;
    title.textContent = t(isNew ? "app.change.add" : "app.change");
    personLabel.hidden = !["give", "add"].includes(what);
    [dates.hidden, atLabel.hidden, noteLabel.hidden] = [["split", "note"].includes(what), what !== "split", what !== "note"];
    from.disabled = to.disabled = dates.hidden;
    at.disabled = what !== "split";
    person.required = !personLabel.hidden;
    fromNow.hidden = isNew || !["give", "remove"].includes(what) || !(shift.start < context.now && context.now < shift.end);
    fromNow.textContent = t("app.change.from_now");
    go.textContent = t("app.change.apply");
    const part = ["give", "remove"].includes(what) ? ".part" : "";
    label(personLabel, t("app.change.who"));
    label(fromLabel, t(`app.change.from${part}`));
    label(toLabel, t(`app.change.to${part}`));
    label(atLabel, t("app.change.at"));
    label(noteLabel, t("app.change.note"));
    label(positionLabel, t("app.change.position"));
    aria(whats, "label", t("app.change"));
    paintWhats([what, lang], () => WHATS.map((name) =>
      h("button.segment", { "aria-pressed": String(name === what), "data-key": name, onclick: () => choose(name) }, t(`app.change.${name}`))));
    paintSpans([isNew && facts.spans, lang], () => (isNew ? facts.spans : []).map((span) => {
      const [first, last] = [Date.parse(span.start_at), Date.parse(span.end_at)];
      return h("button.pill", { "data-key": `span-${first}-${last}`, onclick: () => {
        [start, end] = [first, last];
        fillTimes();
        soon(0);
      } }, format.span(first, last, cell.day));
    }));
    positionLabel.hidden = !isNew || !facts.positions.length;
    paintPositions([facts.positions, lang], () => [h("option", { value: "" }, t("app.change.position.none")),
      ...facts.positions.map((one) => h("option", { value: one.duty_id }, one.position))]);
    const people = candidates({ people: facts.people, duties: duties ?? [], start, end, holder: shift.userId });
    const chosen = person.value;
    paintPeople([people, lang], () => [h("option", { value: "" }, t("app.change.choose")), ...people.map((one) =>
      h("option", { value: one.id }, one.busy ? t(`app.change.busy.${one.busy}`, { name: one.name }) : one.name))]);
    person.value = chosen;
  }

  return {
    box,
    /** @param {ChangeContext} given */
    update(given) {
      const first = !context;
      const day = JSON.stringify([given.duties?.length, given.cell?.shifts]);
      context = given;
      if (first) {
        fillTimes();
        at.value = wallTime(Math.round((start + end) / 2 / MINUTE_MS / 30) * MINUTE_MS * 30, context.zone);
      }
      drawForm();
      draw();
      if (!first && day !== seenDay && box.open && shown) look(shown.revision);
      seenDay = day;
    },
  };
}

/** What a field is called. @param {Element} of @param {string} text */
function label(of, text) {
  if (of.firstElementChild) of.firstElementChild.textContent = text;
}

/** The forms of a day: each is kept while it is open, whatever happens to its shift meanwhile. @param {Emit} emit */
export function mountChanges(emit) {
  /** @type {Map<string, {name: string, form: ReturnType<typeof mountForm>}>} */
  const kept = new Map();
  return {
    /** The form of a shift. @param {Changed} shift @param {ChangeContext} context */
    of(shift, context) {
      const name = `${context.rosterId} ${context.cell.day} ${shift.id}`;
      const known = kept.get(name) ?? { name: shift.name, form: mountForm(emit, shift) };
      kept.set(name, known);
      const { form } = known;
      form.update(context);
      return form.box;
    },
    /** Forms that are open though their shift is not of the day any more. @param {number[]} ids Of those that are. @param {ChangeContext} context */
    orphans(ids, context) {
      const ours = `${context.rosterId} ${context.cell.day} `;
      return [...kept].filter(([name, { form }]) => name.startsWith(ours) && form.box.open && !ids.includes(Number(name.slice(ours.length))))
        .map(([, { name, form }]) => {
          form.update(context);
          return h("li.person", h("div.who", h("span.name", name), h("p.gap", context.t("app.change.gone"))), form.box);
        });
    },
    /** Forgets what was filled in: the day is closed. */
    clear: () => kept.clear(),
  };
}
