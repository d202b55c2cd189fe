// The desk of the interview studio: a clock, an answer, a drawing, a run as evidence, and the reading.
// Everything is kept in this browser under `studio <what is asked>`.
import { element, page } from "./inline.js";
import { drop, keep, kept, lasts } from "./kept.js";
import { copyable } from "./links.js";
import { clock } from "./studio_clock.js";
import { evidence } from "./studio_evidence.js";
import { drawn, twin } from "./studio_picture.js";
import { review } from "./studio_review.js";
import { design, missing } from "./studio_sketch.js";
import { verdict } from "./studio_verdict.js";
import { voice } from "./studio_voice.js";
import { count } from "./studio_words.js";

const CHANGES_AT = 18 * 60;

export async function show() {
  for (const place of document.querySelectorAll(".hls-studio:not([data-open])")) {
    place.dataset.open = "";
    const answer = await fetch(page(`assets/studio/${place.dataset.asks}.json`));
    if (!answer.ok) return;
    const about = await answer.json();
    if (about.questions) (await import("./studio_questions.js")).desk(place, about);
    else place.replaceChildren(...prompt(place, about));
  }
}

// What a desk keeps: the entry, and a way to keep it after a pause in writing.
export function keeping(name, empty) {
  const key = `studio ${name}`;
  const state = { ...structuredClone(empty), ...kept().practice[key] };
  let waiting;
  const now = () => {
    clearTimeout(waiting);
    keep("practice", key, state);
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(now, 400);
  };
  const clear = () => {
    clearTimeout(waiting);
    Object.assign(state, structuredClone(empty));
    drop("practice", key);
  };
  return { state, now, soon, clear };
}

export function field(words, value, rows, written, more = {}) {
  const area = element("textarea", { value, rows, ...more });
  area.addEventListener("input", () => written(area.value));
  return { area, box: element("label", { className: "hls-writes" }, element("span", {}, ...[words].flat()), area) };
}

export function button(words, act, className = "") {
  const made = element("button", { type: "button", className }, words);
  made.addEventListener("click", act);
  return made;
}

// A button that asks once more before it does what cannot be undone.
export function sure(words, again, act) {
  const made = button(words, () => {
    if (made.dataset.sure) act();
    made.dataset.sure = made.dataset.sure ? "" : "yes";
    made.textContent = made.dataset.sure ? again : words;
  });
  return made;
}

export function whereKept() {
  return lasts() ? "" : "This browser keeps nothing for this site: your answer lasts until you close the page.";
}

function prompt(place, about) {
  const { state, now, soon, clear } = keeping(about.id, { answer: "", after: "", sketch: "", change: "", spent: 0, own: {}, attached: [], sat: 0, last: null });
  const changed = element("section", { className: "hls-changed", hidden: true });
  const result = element("div", { className: "hls-reading" });
  const answer = field("Your answer", state.answer, 16, (text) => write("answer", text));
  const counted = element("p", { className: "hls-hint" });
  const lines = sketch(about, state.sketch, (text) => write("sketch", text));
  const runs = evidence(state.attached, now);
  const pace = about.pace.map(({ from, says }) => ({ at: 60 * from, says, act: 60 * from === CHANGES_AT ? () => tell() : undefined }));
  const marks = [...pace, { at: 34 * 60, says: "One minute left." }, { at: 35 * 60, says: "Time is up. Finish the sentence, then have it read." }];
  const time = clock({ minutes: about.minutes, marks, spent: state.spent, changed: () => timed() });
  const early = button("Change the requirement now", () => tell(true));
  const read = button("Read my answer", () => reading(), "hls-main");
  const again = sure("Begin a new sitting", "Press again: this answer goes", () => begin());

  function timed() {
    state.spent = time?.spent() ?? state.spent;
    now();
  }

  function write(name, text) {
    state[name] = text;
    said();
    soon();
  }

  function said() {
    const words = count(state.answer) + count(state.after);
    counted.textContent = `${words} ${words === 1 ? "word" : "words"}. ${whereKept()}`;
  }

  // The requirement changes: by the clock, or because the reader asks for it.
  function tell(asked = false) {
    if (changed.hidden) {
      state.change ||= about.changes[state.sat % about.changes.length].id;
      changes();
      now();
    }
    if (asked) changed.querySelector("textarea").focus();
  }

  function changes() {
    const { title, says } = about.changes.find(({ id }) => id === state.change);
    const later = field("What still holds, and what you change", state.after, 8, (text) => write("after", text));
    changed.replaceChildren(element("h3", {}, `The requirement changes: ${title.toLowerCase()}`), element("blockquote", {}, says), later.box);
    changed.hidden = false;
    early.hidden = true;
    time.say(`The requirement has changed: ${title.toLowerCase()}. It stands below your answer.`);
  }

  function asked() {
    const more = about.changes.find(({ id }) => id === state.change)?.points ?? [];
    return { ...about.asked, points: [...about.asked.points, ...more] };
  }

  function reading(focus = ".hls-read-title") {
    time.pause();
    const held = asked();
    const texts = [["answer", state.answer], ["after", state.after], ["sketch", state.sketch]];
    const seen = review(held, texts, state.attached.map(({ says }) => says), state.own);
    const lacks = state.sketch.trim() ? missing(design(state.sketch), about.needs) : [];
    const before = state.last === null ? "" : `Last sitting: ${state.last} of 32.`;
    const options = { own: state.own, lacks, kept: before, again: (id) => reading(`[data-point="${id}"]`) };
    result.replaceChildren(verdict(about, held, seen, options), element("div", { className: "hls-row" }, model(), again));
    state.total = seen.total;
    now();
    result.querySelector(focus)?.focus();
  }

  function begin() {
    const [sat, last] = [state.sat + 1, state.total ?? null];
    clear();
    Object.assign(state, { sat, last, own: {}, attached: [] });
    now();
    place.replaceChildren(...prompt(place, about));
    place.querySelector("button").focus();
  }

  const box = element("div", { className: "hls-desk" });
  time.box.append(early);
  const told = element("p", {}, "Write it as you would say it: whole sentences, reasons, figures. Draw as you go.");
  box.append(time.box, told, answer.box, counted, ...voice(), changed, lines, runs.box, element("div", { className: "hls-row" }, read));
  if (state.change) changes();
  said();
  return [box, result];
}

function model() {
  return button("Now the model answer", () => {
    const fold = document.querySelector("details.hls-model");
    fold.open = true;
    fold.querySelector("summary").focus();
    fold.scrollIntoView({ block: "start" });
  });
}

// The design in lines, drawn while it is written.
function sketch(about, text, written) {
  const figure = element("figure", { className: "hls-figure", hidden: true });
  const frame = element("div", { className: "hls-diagram hls-sketch", tabIndex: 0 });
  const words = element("pre", { tabIndex: 0 });
  figure.append(frame, element("details", { className: "hls-twin" }, element("summary", {}, "Read this drawing as text"), words));
  copyable(figure);
  const troubles = element("div", { className: "hls-troubles" });
  troubles.setAttribute("role", "status");
  let resting;
  const lead = ["From memory, one line a link: ", element("code", {}, "browser -> gateway: ws")];
  const { box, area } = field(lead, text, 7, (now) => (written(now), draw(now)), { spellcheck: false, className: "hls-code" });
  area.autocapitalize = "off";

  function draw(now) {
    const made = design(now);
    figure.hidden = !made.parts.length;
    if (!figure.hidden) frame.innerHTML = drawn(made, "Your design");
    words.textContent = twin(made);
    clearTimeout(resting); // nobody is told of a line that is still being written
    resting = setTimeout(() => troubles.replaceChildren(...made.troubles.map((each) => element("p", {}, each))), 900);
  }

  draw(text);
  return element("section", { className: "hls-drawing", ariaLabel: "Your drawing" }, element("h3", {}, "Draw it from memory"), box, troubles, figure);
}

