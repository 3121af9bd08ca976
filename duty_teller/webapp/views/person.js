/** Somebody as an admin looks at them: how they are reached, and what can be done to them. */
import { badge, busy, dots, h, painter } from "../ui.js";
import { field, mountActions } from "../views/actions.js";
import { mountDialog } from "../views/sheet.js";

/** What an admin should know at a glance. @param {Managed} one @param {Translate} t */
export const standing = (one, t) => dots(
  !one.is_active && t("app.people.inactive"),
  one.is_admin && t("app.people.admin"),
  one.is_active && !one.has_account && t("app.people.no_account"),
  one.is_active && one.has_account && !one.reachable && t("app.people.unreachable"));

/**
 * The sheet of one person.
 * @param {HTMLDialogElement} dialog @param {Emit} emit @param {() => void} onClose
 * @returns {Update<{one: Managed | null, t: Translate, lang: string}>}
 */
export function mountPerson(dialog, emit, onClose) {
  const paint = painter(dialog);
  const action = mountActions(emit);
  /** By person: the link, or why there is none. @type {Map<number, {link?: string, wrong?: string}>} */
  const invited = new Map();
  /** Draws whose sheet it is by now. */
  let redraw = () => {};
  const sheet = mountDialog(dialog, onClose);

  /** @param {Managed} one @param {Translate} t */
  function invitation(one, t) {
    const mine = invited.get(one.id) ?? {};
    /** @param {{link?: string, wrong?: string}} answer */
    const take = (answer) => {
      invited.set(one.id, answer);
      redraw();
    };
    if (mine.link) {
      return h("div.fields",
        h("p.when", t("app.people.invited", { name: one.full_name })),
        h("div.copy",
          h("input", { readonly: "readonly", value: mine.link, "aria-label": t("app.people.link"), "data-key": "invitation", onfocus: (event) => event.target.select() }),
          h("button.pill", { "data-key": "copy-invitation", onclick: ({ currentTarget: copy }) =>
            emit("copy-text", { text: mine.link, done: () => { copy.textContent = t("app.link.copied"); } }) }, t("app.link.copy"))),
        h("a.action", {
          href: `https://t.me/share/url?url=${encodeURIComponent(mine.link)}`, target: "_blank", rel: "noopener noreferrer", "data-key": "share",
          onclick: (event) => emit("chat", { url: event.currentTarget.href, event }),
        }, t("app.people.share")));
    }
    const invite = h("button.button", { "data-key": "invite", onclick() {
      busy(invite, true); // a second link would end the first one
      emit("ask", {
        path: "/api/actions/invite", body: { user_id: one.id },
        after: (/** @type {{link: string}} */ { link }) => take({ link }),
        failed(/** @type {Refusal} */ { text }) {
          busy(invite, false);
          take({ wrong: text });
        },
      });
    } }, t("app.people.invite"));
    return h("div.fields", invite,
      mine.wrong && h("p.wrong", { role: "alert" }, mine.wrong));
  }

  /** @param {Managed} one @param {Translate} t */
  function actions(one, t) {
    const { id, full_name: name, is_active: isActive } = one;
    const text = (/** @type {string} */ key, /** @type {string | null} */ value) =>
      field(t(`app.people.${key}`), h("input", { name: key, value, maxlength: 100, autocomplete: "off" }));
    return [
      isActive && action(`rename-${id}`, {
        path: "rename", title: t("app.people.rename"), about: t("app.people.rename.text"), confirm: t("app.do.away.go"),
        fields: [text("name", name)], body: (values) => ({ user_id: id, name: values.name }), done: (answer) => t("app.people.renamed", { name: answer.full_name }),
      }),
      isActive && action(`phone-${id}`, {
        path: "phone", title: t("app.people.phone"), about: "", confirm: t("app.do.away.go"),
        fields: [text("phone", one.phone)], body: (values) => ({ user_id: id, phone: values.phone }), done: () => t("app.people.saved"),
      }),
      isActive && one.has_account && !one.admin_by_settings && action(`role-${id}-${one.is_admin}`, {
        path: "role", title: t(one.is_admin ? "app.people.to_user" : "app.people.to_admin"),
        about: t(one.is_admin ? "app.people.to_user.text" : "app.people.to_admin.text", { name }), confirm: t(one.is_admin ? "app.people.to_user" : "app.people.to_admin"),
        body: () => ({ user_id: id, role: one.is_admin ? "user" : "admin" }), done: () => t("app.people.saved"),
      }),
      isActive && !one.has_account && merging(one, t),
      action(`active-${id}-${isActive}`, {
        path: "active", title: t(isActive ? "app.people.off" : "app.people.on"),
        about: t(isActive ? "app.people.off.text" : "app.people.on.text", { name, n: one.coming }), confirm: t(isActive ? "app.people.off" : "app.people.on"),
        body: () => ({ user_id: id, active: !isActive }), done: () => t("app.people.saved"),
      }),
    ];
  }

  /** Two names that are one person: whom, then what that would do, then yes. @param {Managed} one @param {Translate} t */
  function merging(one, t) {
    const whom = h("select", { name: "other", required: "required" });
    const preview = h("p.when", { role: "status" });
    /** @type {MergePlan | null} */
    let plan = null;
    const box = action(`merge-${one.id}`, {
      path: "merge", title: t("app.people.merge"), about: t("app.people.merge.text", { name: one.full_name }), confirm: t("app.people.merge.go"),
      fields: [field(t("app.people.merge.whom"), whom), preview],
      body: () => ({ source_id: plan?.source_id ?? one.id, target_id: plan?.target_id ?? Number(whom.value), fingerprint: plan?.fingerprint ?? "" }),
      done: () => t("app.people.merged"),
    });
    if (box.dataset.ready) return box;
    box.dataset.ready = "yes";
    const failed = (/** @type {{text: string}} */ { text }) => { preview.textContent = text; };
    whom.addEventListener("change", () => {
      plan = null;
      preview.textContent = "";
      if (!whom.value) return;
      emit("ask", {
        path: `/api/people/${one.id}/merge?other=${whom.value}`, failed,
        after(/** @type {MergePlan} */ found) {
          if (String(found.source_id === one.id ? found.target_id : found.source_id) !== whom.value) return;
          plan = found;
          preview.textContent = dots(
            t("app.people.merge.plan", { source: found.source_name, target: found.target_name, n: found.moved }),
            found.twice > 0 && t("app.people.merge.twice", { n: found.twice }),
            found.overlaps.length > 0 && t("app.people.merge.overlaps", { n: found.overlaps.length }));
        },
      });
    });
    box.addEventListener("toggle", () => {
      if (!box.hasAttribute("open") || whom.childElementCount) return;
      emit("ask", {
        path: `/api/people/${one.id}/likely`, failed,
        after: (/** @type {{id: number, full_name: string}[]} */ people) => whom.replaceChildren(
          h("option", { value: "" }, ""), ...people.map(({ id, full_name: name }) => h("option", { value: id }, name))),
      });
    });
    return box;
  }

  return ({ one, t, lang }) => {
    if (!one) {
      redraw = () => {};
      return sheet.show(false);
    }
    redraw = () => paint([one, lang, invited.get(one.id)], () => [h("div.sheet",
      sheet.head(t, one.full_name),
      h("div.mate", badge({ name: one.full_name, colour: one.colour }), h("div.who", h("span.when", dots(one.phone, one.username && `@${one.username}`)), h("span.when", standing(one, t)))),
      one.is_active && !one.has_account && invitation(one, t),
      h("div.acts", actions(one, t)))]);
    redraw();
    return sheet.show(true);
  };
}
