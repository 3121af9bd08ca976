// What the page itself says: to who cannot see, to everybody for a while, and as a question.
import { element } from "./messages.js";

const $ = (id) => document.getElementById(id);

/** Tells who cannot see; the one live region of the page beside the chats. What comes at one time is read as one. */
const unsaid = new Set();
export function say(text) {
  if (!unsaid.size) {
    $("said").textContent = "";
    setTimeout(() => {
      $("said").textContent = [...unsaid].join(" ");
      unsaid.clear();
    }, 50);
  }
  unsaid.add(text);
}

/** Text of a toast → its timer; each stays for as long as it takes to be read, beside the others. */
const toasts = new Map();
export function toast(text) {
  const last = toasts.get(text);
  if (last) clearTimeout(last.timer);
  else say(text);
  const node = last?.node ?? $("toast").appendChild(element("p", "", text));
  const timer = setTimeout(() => {
    node.remove();
    toasts.delete(text);
  }, 3000 + 70 * text.length);
  toasts.set(text, { node, timer });
}

/** Takes a toast away that is not true any more. */
export function untoast(text) {
  clearTimeout(toasts.get(text)?.timer);
  toasts.get(text)?.node.remove();
  toasts.delete(text);
}

function pose([text, yes, no], instead) {
  const dialog = $("alert");
  const [second, first] = dialog.querySelectorAll("button");
  dialog.querySelector("p").textContent = text;
  first.textContent = yes;
  second.textContent = no;
  second.hidden = !no;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    const end = () => {
      if (document.activeElement === document.body) instead();
      answer(dialog.returnValue === "yes");
    };
    dialog.addEventListener("close", end, { once: true });
  });
}

let asking = Promise.resolve();

/**
 * Asks one question after the other.
 * @param {string[]} question The text, the word for yes and, where it is more than something to be read, the one for no.
 * @param {() => boolean} isMeant Asked when its turn has come; one that is not meant any more is answered with no.
 * @param {() => void} instead Takes the keyboard somewhere, when where it was has gone.
 * @returns {Promise<boolean>}
 */
export function inTurn(question, isMeant, instead) {
  asking = asking.then(() => isMeant() && pose(question, instead));
  return asking;
}
