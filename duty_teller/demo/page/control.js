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

export async function act(action, args = {}) {
  const response = await fetch(`/_control/${action}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(args),
  });
  const answer = await response.json();
  if (answer.error) throw new Error(answer.error);
  return answer.result;
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

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
    reader.onload = () => done(reader.result.slice(reader.result.indexOf(",") + 1));
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

// Calls `changed` at every change of the stand-in's state, `lost` while it does not answer.
export async function follow(changed, lost) {
  let version = -1;
  for (;;) {
    try {
      version = await act("wait", { version, timeout: 20 });
      await changed();
    } catch (error) {
      lost(error);
      await pause(1000);
    }
  }
}
