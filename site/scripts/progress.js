// How far you are, beside each lesson, and where you were: from the course on this machine when it
// serves the page and this browser has signed in, else from what this browser itself has kept.
// Brings the scripts of practice along where the page has a place for them: on a lesson when the
// reader begins to read, since the questions stand below what is seen first.

import { element, page, served } from "./inline.js";
import { KEY, keep, kept } from "./kept.js";

const PRACTICE = { ".hls-trainer": "./cards.js", ".hls-overview": "./overview.js", ".hls-studio": "./studio.js" };
const BEGINS = ["scroll", "pointerdown", "keydown"];
let course; // the standing that the course on this machine gave, asked for once a page

// The exercises with their states, as the course has them, else as this browser does.
export async function standing() {
  course ??= local();
  return (await course) ?? { exercises: Object.entries(kept().exercises).map(row) };
}

async function local() {
  if (!served()) return null;
  try {
    const answer = await fetch("/progress", { headers: { Accept: "application/json" } });
    return answer.status === 200 ? { ...(await answer.json()), local: true } : null;
  } catch {
    return null; // not served by the course
  }
}

function row([id, { attempts, last, passed }]) {
  return { id, lesson: lessonOf(id), attempts, last, state: passed ? "passed" : "tried" };
}

// The lesson whose notebook has the exercise, as far as this page knows.
function lessonOf(id) {
  const places = [...document.querySelectorAll("[data-exercises]")];
  const place = places.find((each) => each.dataset.exercises.split(" ").includes(id));
  return place?.dataset.progress ?? place?.dataset.lesson;
}

async function refresh() {
  const now = await standing();
  for (const place of document.querySelectorAll("[data-progress]")) passed(place, now.exercises);
  const summary = document.querySelector("[data-progress-summary]");
  if (summary) summary.replaceChildren(...onward(now));
  if (summary) summary.hidden = !summary.childNodes.length;
}

function passed(place, exercises) {
  const ids = place.dataset.exercises.split(" ").filter(Boolean);
  const mine = exercises.filter((each) => ids.includes(each.id));
  if (!mine.some((each) => each.attempts)) return;
  const changed = mine.filter((each) => each.state.startsWith("changed")).map((each) => each.id);
  const count = mine.filter((each) => each.state === "passed").length;
  const words = `${count} of ${ids.length} ${ids.length === 1 ? "exercise" : "exercises"} passed`;
  place.textContent = changed.length ? `${words}; changed since you passed: ${changed.join(", ")}` : words;
}

// Where to go on: the lesson that was read last, and the exercise that is next.
function onward({ exercises, following, says }) {
  const [lesson, last] = Object.entries(kept().lessons).sort(([, a], [, b]) => (a.when < b.when ? 1 : -1))[0] ?? [];
  const reading = last ? ["You were at ", element("a", { href: page(`lessons/${lesson}/#${last.at}`) }, last.says), ". "] : [];
  if (!says || !exercises.some((each) => each.attempts || each.hints)) return reading;
  const next = exercises.find((each) => each.id === following);
  return [...reading, says, ...(next ? [" ", element("a", { href: page(`lessons/${next.lesson}/#build`) }, next.title)] : [])];
}

// The heading under which the reader is, noted when scrolling has come to rest.
let resting;
function note() {
  const lesson = document.querySelector(".hls-open")?.dataset.lesson;
  const above = [...document.querySelectorAll(".md-content :is(h2, h3)[id]")].filter((each) => each.getBoundingClientRect().top < 160);
  const heading = above.at(-1);
  if (!lesson || !heading || kept().lessons[lesson]?.at === heading.id) return;
  const title = document.querySelector("h1").firstChild.textContent;
  keep("lessons", lesson, { at: heading.id, says: `${title}, ${heading.firstChild.textContent}` });
}
addEventListener("scroll", () => {
  clearTimeout(resting);
  resting = setTimeout(note, 1_000);
}, { passive: true });

document.addEventListener(KEY, refresh);
document$.subscribe(() => {
  course = undefined;
  if (document.querySelector("[data-progress], [data-progress-summary]")) refresh();
  for (const [place, script] of Object.entries(PRACTICE)) if (document.querySelector(place)) bring(script);
  // Where the page stands is asked with the next frame, which lays it out anyway; now, it would be laid out twice.
  if (document.querySelector(".hls-lesson")) requestAnimationFrame(begins);
});

async function bring(script) {
  const [{ show }] = await Promise.all([import(script), styles()]);
  show();
}

function styles() {
  const href = page("styles/practice.css");
  if ([...document.styleSheets].some((each) => each.href === href)) return undefined;
  const link = element("link", { rel: "stylesheet", href });
  document.head.append(link);
  return new Promise((settle) => (link.onload = link.onerror = settle));
}

// On a lesson: its questions, and what takes a run along.
function reading() {
  bring("./quiz.js");
  bring("./links.js");
}

function begins() {
  if (location.hash || scrollY) return reading();
  const once = new AbortController();
  const begun = () => once.abort(reading());
  for (const sign of BEGINS) addEventListener(sign, begun, { passive: true, signal: once.signal });
}
