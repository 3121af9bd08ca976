// The control door of the stand-in, and what the browser keeps.

/** What was chosen here once, or null; a browser that keeps nothing has nothing. */
export function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch { /* The choice ends with the page, nothing else. */ }
}

/** An answer that takes longer does not come any more; `wait` takes 20 s by itself. */
const LONGEST_MS = 40_000;

/** There was an answer, and it was no: what the stand-in says about it is for developers. */
export class Refused extends Error {}

export async function act(action, args = {}) {
  const response = await fetch(`/_control/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(args),
    signal: AbortSignal.timeout(LONGEST_MS),
  });
  const answer = await response.json();
  if (answer.error) throw new Refused(answer.error);
  return answer.result;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const TRIES = 4;

/**
 * Does what somebody wants once, however often an answer is lost on its way.
 * @param {string} action
 * @param {object} args
 * @param {string} [world] The demo it is meant for; another one refuses it.
 */
export async function actOnce(action, args, world) {
  const once = crypto.randomUUID();
  for (let turn = 1; ; turn += 1) {
    try {
      return await act(action, { ...args, once, world });
    } catch (error) {
      if (error instanceof Refused || turn === TRIES) throw error;
      await pause(400 * turn);
    }
  }
}

/** Tries until it works, or nobody wants it any more; `lost` hears of each failure, `found` of the success. */
export async function persist(task, { lost = () => {}, found = () => {}, isWanted = () => true } = {}) {
  while (isWanted()) {
    try {
      const result = await task();
      found();
      return result;
    } catch (error) {
      lost(error);
      await pause(1000);
    }
  }
  return null;
}

// What the bot said to a pressed button, null when it said nothing for ten seconds.
export async function answerTo(queryId) {
  for (let turn = 0; turn < 40; turn += 1) {
    const answer = await act("callback_answer", { query_id: queryId });
    if (answer) return answer;
    await pause(250);
  }
  return null;
}

export function readFile(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1] ?? "");
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

export async function saveFile(document_) {
  const content = await act("download", { file_id: document_.file_id });
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: document_.mime_type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = document_.file_name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

// Calls `changed` at every change of the stand-in's state, until it has worked; `hears` is told as by `persist`.
export async function follow(changed, hears) {
  let version = -1;
  for (;;) {
    await persist(async () => {
      const seen = version;
      version = -1; // what fails is asked for anew; and where the stand-in is another one, its numbers are others
      const next = await act("wait", { version: seen, timeout: 20 });
      await changed();
      version = next;
    }, hears);
  }
}
