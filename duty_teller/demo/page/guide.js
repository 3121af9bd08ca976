// What leads through the demo: who one is, the clock, five steps that tick themselves off, sample files.
import { element } from "./messages.js";
import { t } from "./texts.js";

const place = (id) => document.getElementById(id);
const MOVES = [["handover", "toHandover"], ["hour", "toHour"], ["day", "toDay"]];

function button(text, className, act) {
  const node = Object.assign(element("button", className, text), { type: "button" });
  node.addEventListener("click", act);
  return node;
}

/** Fills a place anew; the keyboard stays at what has the same key, else at `instead`. */
function refill(node, made, instead) {
  const held = node.contains(document.activeElement) && document.activeElement !== node ? document.activeElement.dataset.key : null;
  node.replaceChildren(...made);
  if (held !== null) (node.querySelector(`[data-key="${held}"]`) ?? instead).focus();
}

/**
 * @param {object} doing `be(person)`, `move(to)`, `sample(key)`, `ask()`, `preview()`, `cover(as)`, `say(text)` to who cannot see.
 * @returns {(view: {state: object, me: number}) => void}
 */
export function mountGuide(doing) {
  /** Part of the guide → what it was drawn from. */
  const prints = {};
  let chosen = "";
  let behind = 0;
  let view = null;

  const named = (role) => view.state.people.find((one) => view.state.stage.roles[one.id] === role).first_name;
  const role = (person) => view.state.stage?.roles?.[person];
  const isNew = (part, ...from) => {
    const print = JSON.stringify([t("locale"), from]);
    const is = prints[part] !== print;
    prints[part] = print;
    return is;
  };

  function drawPeople() {
    const { state, me } = view;
    const people = state.people.map(({ id, first_name }) => [id, first_name, role(id)]);
    if (isNew("people", people)) {
      place("who").textContent = t("you");
      place("guide").setAttribute("aria-label", t("guide"));
      const labels = people.map(([id, name, is]) => {
        const label = element("label");
        const radio = Object.assign(element("input"), { type: "radio", name: "person", value: id });
        radio.dataset.key = id;
        radio.addEventListener("change", () => doing.be(id));
        label.append(radio, element("b", "", name), " ", is ? element("span", "quiet", t(is)) : "");
        return label;
      });
      refill(place("people"), labels, place("people"));
    }
    for (const radio of place("people").querySelectorAll("input")) radio.checked = Number(radio.value) === me;
  }

  /** The clock's time, with the day or without. */
  function clockText(isShort = false) {
    const { timezone } = view.state.stage;
    const day = isShort ? {} : { weekday: "short", day: "numeric", month: "short" };
    return new Date(Date.now() + behind).toLocaleString(t("locale"), { ...day, hour: "2-digit", minute: "2-digit", timeZone: timezone });
  }

  function tick() {
    if (!view?.state.stage?.ready) return;
    for (const time of place("guide").querySelectorAll("time")) {
      const text = clockText(time.classList.contains("short"));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  /** The clock's face and what moves it: beside the people where there is room, on a phone in its own step. */
  function clockParts(first) {
    const face = element("div", "face");
    face.append(element("span", "quiet"), element("time"));
    const moves = MOVES.map(([to, label], index) => {
      const node = button(t(label), index ? "" : first, () => doing.move(to));
      node.dataset.key = node.dataset.move = to;
      return node;
    });
    return [face, ...moves];
  }

  function drawClock() {
    const { moving } = view.state.stage;
    const clock = place("clock");
    if (isNew("clock")) {
      refill(clock, clockParts(""), clock);
      clock.setAttribute("aria-label", t("clock"));
      clock.hidden = false;
    }
    clock.setAttribute("aria-busy", String(moving));
  }

  function drawMoving() {
    const { moving } = view.state.stage;
    for (const node of place("guide").querySelectorAll(".face .quiet")) {
      node.textContent = moving ? `${t("clock")}: ${t("moving")}` : t("clock");
    }
    for (const node of place("guide").querySelectorAll("[data-move]")) node.setAttribute("aria-disabled", String(moving));
  }

  function samples() {
    return Object.entries(view.state.stage.files).map(([key, name]) => {
      const one = element("span", "sample");
      const send = button("", "main", () => doing.sample(key));
      send.append(element("span", "", t(key)), " ", element("span", "small", name));
      send.draggable = true;
      send.dataset.key = key;
      send.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/x-sample", key));
      const link = element("a", "plain", "⤓");
      Object.assign(link, { href: `samples/${encodeURIComponent(name)}`, download: name, title: t("download", name) });
      link.setAttribute("aria-label", t("download", name));
      link.dataset.key = `${key} file`;
      one.append(send, link);
      return one;
    });
  }

  /** Whoever is to be next for the request for cover is pressed first. */
  const covers = () => ["member", "admin"].map((as) => {
    const isNext = (role(view.me) === "member") === (as === "admin");
    const node = button(t("beMember", named(as)), isNext ? "main" : "", () => doing.cover(as));
    node.dataset.key = as;
    return node;
  });

  const tries = {
    ask: () => [button(t("writeDuty"), "main", doing.ask)],
    file: samples,
    apply: () => [button(t("showPreview"), "main", doing.preview)],
    handover: () => clockParts("main"),
    cover: covers,
  };

  function drawSteps(steps, at) {
    if (!isNew("steps", steps, at)) return;
    const items = Object.keys(steps).map((step, index) => {
      const item = element("li", steps[step] ? "done" : "");
      const node = button("", "", () => {
        chosen = step;
        drawTour();
      });
      node.dataset.key = step;
      const mark = element("span", "mark", steps[step] ? "✓" : String(index + 1));
      if (steps[step]) mark.append(element("span", "unseen", ` ${t("done")}`));
      node.append(mark, " ", element("span", "label", t(`step.${step}`)));
      if (step === "handover") node.append(Object.assign(element("time", "short"), { ariaHidden: "true" }));
      if (step === at) node.setAttribute("aria-current", "step");
      item.append(node);
      return item;
    });
    place("steps").setAttribute("aria-label", t("steps"));
    refill(place("steps"), items, place("hint"));
  }

  function drawTour() {
    const { steps, files } = view.state.stage;
    const open = Object.keys(steps).find((step) => !steps[step]) ?? "";
    const at = chosen || open;
    place("tour").hidden = false;
    drawSteps(steps, at);
    drawHint(at, files);
    drawMoving();
    tick();
  }

  function drawHint(at, files) {
    if (!isNew("hint", at, files, view.state.people, at === "cover" && role(view.me))) return;
    const said = element("p");
    if (at) said.append(element("b", "", `${t(`step.${at}`)}. `), t(`hint.${at}`, named("admin"), named("member")));
    else said.textContent = t("tourDone");
    const actions = element("div", "tries");
    if (at) actions.append(...tries[at]());
    actions.dataset.of = at;
    place("hint").setAttribute("aria-label", at ? t(`step.${at}`) : t("steps"));
    refill(place("hint"), [said, actions], place("hint"));
  }

  /** Tells what the eye sees by itself: steps ticked off, the clock that has arrived. */
  function tell(before, after) {
    const done = Object.keys(after.steps).filter((step) => after.steps[step] && !before.steps[step]);
    const next = Object.keys(after.steps).find((step) => !after.steps[step]);
    const heard = done.map((step) => t("stepDone", t(`step.${step}`)));
    if (done.length) heard.push(next ? t("stepNext", t(`step.${next}`)) : t("tourDone"));
    if (before.moving && !after.moving) heard.push(`${t("clock")}: ${clockText()}`);
    if (heard.length) doing.say(heard.join(" "));
  }

  setInterval(tick, 1000);
  return (next) => {
    const { stage } = next.state;
    const before = view?.state.stage;
    view = next;
    drawPeople();
    if (!stage?.ready) return;
    behind = Date.parse(stage.now) - Date.now();
    if (before?.ready && before.born === stage.born) {
      // What has just been done leads on, wherever one was looking.
      if (chosen && stage.steps[chosen] && !before.steps[chosen]) chosen = "";
      tell(before, stage);
    } else chosen = "";
    drawClock();
    drawTour();
  };
}
