// The cards of all lessons, asked again when they are about to be forgotten. The schedule is made
// in the page and kept in this browser; the page lists the cards for those without scripts.

import { deck } from "./deck.js";
import { rated } from "./fsrs.js";
import { element, inline, page } from "./inline.js";
import { drop, keep, kept } from "./kept.js";

const RATINGS = ["Again", "Hard", "Good", "Easy"];
const NEW_A_DAY = 10;

export async function show() {
  const place = document.querySelector(".hls-trainer");
  if (!place || place.childElementCount) return;
  const answer = await fetch(page("assets/cards/cards.json"));
  if (answer.ok) trainer(place, await answer.json());
}

function trainer(place, cards) {
  const card = element("section", { className: "hls-card", ariaLabel: "Card" });
  const standing = element("p", { className: "hls-due", role: "status" });
  const lesson = lessons(cards);
  const daily = element("input", { type: "number", min: 0, max: 99, value: newADay() });
  const undo = button("Undo", () => undone?.());
  const table = button("Cards and schedule as CSV", () => saved("cards.csv", "text/csv", csv(cards)));
  let undone, timer;
  let more = 0; // new cards beyond the day's, asked for on this visit

  const standingNow = () => deck(chosen(), kept().cards, new Date(), newADay() + more);
  const chosen = () => cards.filter((each) => !lesson.value || each.lesson === lesson.value);

  function next(focus) {
    clearTimeout(timer);
    const now = standingNow();
    standing.textContent = words(now);
    undo.hidden = !undone;
    if (now.next) front(now.next, focus);
    else rest(now, focus);
  }

  function front(one, focus) {
    const ask = element("p", { className: "hls-front", tabIndex: -1 }, ...inline(one.front));
    const turn = button("Show the answer", () => back(one));
    card.replaceChildren(from(one), ask, ...options(one), turn);
    card.onkeydown = (event) => {
      if (event.target !== ask || ![" ", "Enter"].includes(event.key)) return;
      event.preventDefault();
      back(one);
    };
    if (focus) ask.focus();
  }

  function back(one) {
    const now = Date.now();
    const said = element("div", { className: "hls-back", tabIndex: -1 }, element("p", {}, ...inline(one.back)), source(one));
    const choices = RATINGS.map((name, index) => rating(name, after(one, index + 1, now), () => settle(one, index + 1)));
    card.querySelector("button").replaceWith(said, element("div", { className: "hls-ratings" }, ...choices));
    card.onkeydown = ({ key, ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey || choices[key - 1]?.click();
    said.focus();
  }

  // Between two cards nothing is learnt; the page says when it goes on.
  function rest(now, focus) {
    const done = element("p", { className: "hls-front", tabIndex: -1 }, now.begun ? "Done for now." : "No cards here yet.");
    const further = Math.min(NEW_A_DAY, now.waiting);
    const on = button(`${further} more new cards`, () => {
      more += further;
      next(true);
    });
    const comes = now.comes ? [element("p", {}, `The next card comes ${moment(now.comes)}.`)] : [];
    card.replaceChildren(done, ...comes, ...(further ? [on] : []));
    card.onkeydown = null;
    if (focus) done.focus();
    if (now.comes - Date.now() < 86_400_000) timer = setTimeout(() => place.isConnected && next(), now.comes - Date.now() + 1_000);
  }

  function settle(one, value) {
    const before = kept().cards[one.id];
    undone = () => {
      if (before) keep("cards", one.id, before);
      else drop("cards", one.id);
      undone = undefined;
      standing.textContent = words(standingNow());
      undo.hidden = true;
      front(one, true);
    };
    keep("cards", one.id, after(one, value, Date.now()));
    next(true);
  }

  daily.addEventListener("change", () => {
    if (!daily.reportValidity()) return;
    keep("settings", "new cards", { value: Number(daily.value) });
    next();
  });
  lesson.addEventListener("change", () => next());
  const controls = element("div", { className: "hls-controls" }, labelled("Lesson", lesson), labelled("New cards a day", daily));
  place.append(controls, standing, card, element("div", { className: "hls-controls" }, undo, table));
  next();
}

// What is kept of the card after this rating.
function after(one, value, now) {
  const before = kept().cards[one.id];
  const begun = before?.due && { ...before, last: Date.parse(before.last) };
  const { due, last, ...memory } = rated(begun ? memoryOf(begun) : {}, value, now);
  const iso = (time) => new Date(time).toISOString();
  return { ...memory, due: iso(due), last: iso(last), began: before?.began ?? iso(now) };
}

function memoryOf({ state, step, stability, difficulty, last }) {
  return { state, step, stability, difficulty, last };
}

function words({ due, fresh, begun, learnt }) {
  const parts = [`${due} due`, `${fresh} new`, `${learnt} learnt`];
  return due + fresh + begun ? `Today: ${parts.join(" · ")}` : "";
}

function from({ name, title }) {
  return element("p", { className: "hls-from" }, element("a", { href: page(`lessons/${name}/`) }, title));
}

function source(one) {
  return element("p", { className: "hls-source" }, one.source);
}

function options({ choices }) {
  return choices ? [element("ul", {}, ...choices.map((each) => element("li", {}, ...inline(each))))] : [];
}

function rating(name, { due, last }, act) {
  const made = button(name, act);
  made.append(element("small", {}, span(Date.parse(due) - Date.parse(last))));
  return made;
}

export function span(wait) {
  const minutes = wait / 60_000;
  if (minutes < 60) return `${Math.round(minutes)} min`;
  const days = Math.round(minutes / 1440);
  if (days < 31) return days === 1 ? "1 day" : `${days} days`;
  return days < 365 ? `${(days / 30.4).toFixed(1)} months` : `${(days / 365.25).toFixed(1)} years`;
}

function moment(due) {
  const wait = due - Date.now();
  if (wait < 3_600_000) return `in ${Math.max(1, Math.round(wait / 60_000))} min`;
  return `on ${new Date(due).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" })}`;
}

function lessons(cards) {
  const made = element("select", {});
  const titles = new Map(cards.map(({ lesson, title }) => [lesson, title]));
  made.append(new Option("All lessons", ""), ...[...titles].map(([id, title]) => new Option(title, id)));
  return made;
}

function newADay() {
  const value = kept().settings["new cards"]?.value;
  return Number.isInteger(value) && value >= 0 ? value : NEW_A_DAY;
}

function csv(cards) {
  const states = kept().cards;
  const head = ["lesson", "front", "back", "source", "state", "due", "stability"];
  const rows = cards.filter((each) => !each.asked || states[each.id]).map((each) => {
    const { state = "new", due = "", stability = "" } = states[each.id] ?? {};
    return [each.title, each.front, each.back, each.source, state, due, stability];
  });
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value) {
  return /[",\r\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
}

export function saved(name, type, text) {
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type })), download: `hook-line-socket-${name}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function labelled(words, control) {
  return element("label", {}, `${words} `, control);
}

function button(words, act) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}
