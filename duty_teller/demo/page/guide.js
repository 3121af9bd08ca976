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

/**
 * @param {object} doing `be(person)`, `move(to)`, `sample(key)`, `ask()`, `preview()`, `cover(as)`.
 * @returns {(view: {state: object, me: number}) => void}
 */
export function mountGuide(doing) {
  let print = "";
  let chosen = "";
  let behind = 0;
  let view = null;

  const named = (role) => view.state.people.find((one) => view.state.stage.roles[one.id] === role).first_name;

  function drawPeople() {
    const { state, me } = view;
    place("who").textContent = t("you");
    place("guide").setAttribute("aria-label", t("guide"));
    place("people").replaceChildren(
      ...state.people.map((person) => {
        const label = element("label");
        const radio = Object.assign(element("input"), { type: "radio", name: "person", value: person.id, checked: person.id === me });
        radio.addEventListener("change", () => doing.be(person.id));
        const role = state.stage?.roles[person.id];
        label.append(radio, element("b", "", person.first_name), role ? element("span", "quiet", t(role)) : "");
        return label;
      }),
    );
  }

  function clockText() {
    const { timezone } = view.state.stage;
    const format = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: timezone };
    return new Date(Date.now() + behind).toLocaleString(t("locale"), format);
  }

  function tick() {
    const time = document.querySelector("#clock time");
    if (time && view?.state.stage?.ready && time.textContent !== clockText()) time.textContent = clockText();
  }

  function drawClock() {
    const { stage } = view.state;
    const moves = MOVES.map(([to, label]) => {
      const node = button(t(label), to === "handover" ? "main" : "", () => doing.move(to));
      node.id = `to-${to}`;
      node.setAttribute("aria-disabled", String(stage.moving));
      return node;
    });
    const face = element("div", "face");
    face.append(element("span", "quiet", stage.moving ? `${t("clock")}: ${t("moving")}` : t("clock")), element("time", "", clockText()));
    place("clock").replaceChildren(face, ...moves);
    place("clock").setAttribute("aria-busy", String(stage.moving));
    place("clock").hidden = false;
  }

  function samples() {
    return Object.entries(view.state.stage.files).map(([key, name]) => {
      const one = element("span", "sample");
      const send = button("", "main", () => doing.sample(key));
      send.append(element("span", "", t(key)), element("span", "small", name));
      send.draggable = true;
      send.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/x-sample", key));
      const link = element("a", "plain", "⤓");
      Object.assign(link, { href: `samples/${encodeURIComponent(name)}`, download: name, title: t("download", name) });
      link.setAttribute("aria-label", t("download", name));
      one.append(send, link);
      return one;
    });
  }

  const tries = {
    ask: () => [button(t("writeDuty"), "main", doing.ask)],
    file: samples,
    apply: () => [button(t("showPreview"), "main", doing.preview)],
    handover: () => [button(t("toHandover"), "main", () => doing.move("handover"))],
    cover: () => ["member", "admin"].map((role) => button(t("beMember", named(role)), role === "member" ? "main" : "", () => doing.cover(role))),
  };

  function drawTour() {
    const { steps } = view.state.stage;
    const open = Object.keys(steps).find((step) => !steps[step]) ?? "";
    const at = chosen || open;
    place("tour").hidden = false;
    place("steps").setAttribute("aria-label", t("steps"));
    place("steps").replaceChildren(
      ...Object.keys(steps).map((step, index) => {
        const item = element("li", steps[step] ? "done" : "");
        const node = button("", "", () => {
          chosen = step;
          redraw();
          document.querySelector(`#steps li:nth-child(${index + 1}) button`).focus();
        });
        const mark = element("span", "mark", steps[step] ? "✓" : String(index + 1));
        if (steps[step]) mark.append(element("span", "unseen", ` ${t("done")}`));
        node.append(mark, " ", element("span", "label", t(`step.${step}`)));
        if (step === at) node.setAttribute("aria-current", "step");
        item.append(node);
        return item;
      }),
    );
    const said = element("p");
    if (at) said.append(element("b", "", `${t(`step.${at}`)}. `), t(`hint.${at}`, named("admin"), named("member")));
    else said.textContent = t("tourDone");
    const actions = element("div", "tries");
    if (at) actions.append(...tries[at]());
    place("hint").replaceChildren(said, actions);
  }

  function redraw() {
    const held = document.activeElement?.closest("#guide") && document.activeElement;
    const again = held && (held.id ? `#${held.id}` : held.value ? `[value="${held.value}"]` : "");
    drawPeople();
    if (view.state.stage?.ready) {
      drawClock();
      drawTour();
    }
    if (again) document.querySelector(again)?.focus();
    else if (held && !held.isConnected) document.querySelector("#steps [aria-current]")?.focus();
  }

  setInterval(tick, 1000);
  return (next) => {
    const { stage } = next.state;
    const before = view?.state.stage?.steps;
    view = next;
    if (stage?.ready) {
      behind = Date.parse(stage.now) - Date.now();
      // What has just been done leads on, wherever one was looking.
      if (before && chosen && stage.steps[chosen] && !before[chosen]) chosen = "";
    }
    const { now, ...rest } = stage ?? {};
    const seen = JSON.stringify([t("locale"), next.me, next.state.people, rest, chosen]);
    if (seen !== print) redraw();
    print = seen;
    tick();
  };
}
