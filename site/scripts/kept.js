// What this browser keeps of a reader's practice: one record under the one key `hls-kept`.
//
//   version    1
//   exercises  "m6.heartbeat" -> attempts, last (bug or verdict), passed (when, or "")
//   quizzes    "m6: the question" -> chosen (its text), right, first (was the first answer right?)
//   cards      "m6: the front" -> state, step, stability, difficulty, due, last, began; wanted, when a wrong answer asked for it
//   lessons    "06_liveness" -> at, says: the heading at which the reader was last
//   settings   "new cards" -> value
//   practice   whatever else is practised here, by a name of its own
//
// Times are ISO text in UTC. Every entry has `when`, the time of its last change: where two records
// meet, the later entry holds. Where the browser keeps nothing (some private windows), the record
// lives as long as the page does.

export const KEY = "hls-kept";
const VERSION = 1;
const SECTIONS = ["exercises", "quizzes", "cards", "lessons", "settings", "practice"];
let fleeting; // the record of a browser that keeps nothing

export function kept() {
  return fleeting ?? stored() ?? empty();
}

// Does the record outlive the page?
export function lasts() {
  return !fleeting;
}

export function keep(section, name, entry) {
  const record = kept();
  record[section][name] = { ...entry, when: new Date().toISOString() };
  write(record);
}

export function drop(section, name) {
  const record = kept();
  delete record[section][name];
  write(record);
}

// A record from another browser is merged into this one; what is not one of ours is refused.
export function merge(text) {
  const [mine, other] = [kept(), read(text)];
  for (const section of SECTIONS)
    for (const [name, entry] of Object.entries(other[section]))
      if (!(mine[section][name]?.when > entry.when)) mine[section][name] = entry;
  write(mine);
}

// Everything that pages of this site keep, answers to predictions and edited cells too.
export function forget() {
  fleeting = undefined;
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("hls-")) localStorage.removeItem(key);
  } catch {
    // Nothing was kept.
  }
  changed();
}

// What a page keeps for itself under a key of its own: an edited cell. Without a text it is dropped.
export function remember(key, text) {
  try {
    if (text === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // The page still has it.
  }
}

export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// After a check in the tab: the verdict's record, as its MIME type has it.
export function keepVerdict({ exercise, verdict, bug }) {
  if (!["correct", "incorrect"].includes(verdict)) return;
  const { attempts = 0, passed = "" } = kept().exercises[exercise] ?? {};
  const now = verdict === "correct" ? new Date().toISOString() : "";
  keep("exercises", exercise, { attempts: attempts + 1, last: bug || verdict, passed: passed || now });
}

function empty() {
  return read(JSON.stringify({ version: VERSION }));
}

function stored() {
  try {
    return read(localStorage.getItem(KEY));
  } catch {
    return undefined;
  }
}

function read(text) {
  const given = JSON.parse(text);
  if (given?.version !== VERSION) throw new Error("This is not a record of this course");
  const ours = (section) => Object.entries(given[section] ?? {}).filter(([, entry]) => typeof entry?.when === "string");
  return { version: VERSION, ...Object.fromEntries(SECTIONS.map((each) => [each, Object.fromEntries(ours(each))])) };
}

function write(record) {
  fleeting = record;
  try {
    if (!later()) {
      localStorage.setItem(KEY, JSON.stringify(record));
      fleeting = undefined;
    }
  } catch {
    // It lives as long as the page does.
  }
  changed();
}

// Was the record there written by a later version of this script? Then it is not ours to replace.
function later() {
  return Number(localStorage.getItem(KEY)?.match(/"version":(\d+)/)?.[1]) > VERSION;
}

function changed() {
  document.dispatchEvent(new Event(KEY));
}

// Another tab of this site has kept something.
addEventListener("storage", ({ key }) => key === KEY && changed());
