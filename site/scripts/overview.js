// The page of one's own progress: what this browser has kept, lesson by lesson, and its export,
// import and deletion. The rows stand in the page with what there is; this fills in how far one is.

import { saved } from "./cards.js";
import { deck } from "./deck.js";
import { element, page } from "./inline.js";
import { KEY, forget, kept, lasts, merge } from "./kept.js";
import { standing } from "./progress.js";

const NOUNS = { exercises: "exercises", quiz: "questions", cards: "cards" };

export async function show() {
  const place = document.querySelector(".hls-overview");
  if (!place || place.querySelector(".hls-keeping")) return;
  place.append(keeping());
  const answer = await fetch(page("assets/cards/cards.json"));
  const cards = answer.ok ? await answer.json() : [];
  const left = new AbortController(); // this page may be gone while the script stays
  const fill = async () => (place.isConnected ? filled(place, cards, await standing()) : left.abort());
  document.addEventListener(KEY, fill, { signal: left.signal });
  fill();
}

function filled(place, cards, { exercises, local }) {
  const record = kept();
  const sums = {};
  for (const row of place.querySelectorAll("[data-lesson]")) {
    const { lesson, id } = row.dataset;
    const mine = exercises.filter((each) => each.lesson === lesson);
    const deckOf = deck(cards.filter((each) => each.lesson === id), record.cards, new Date(), 0);
    say(sums, row, "exercises", mine.filter((each) => each.state === "passed").length, "passed");
    say(sums, row, "quiz", right(record, row.querySelector("[data-part=quiz]")), "right");
    say(sums, row, "cards", deckOf.learnt, "learnt", deckOf.due ? `, ${deckOf.due} due` : "");
    row.querySelector(".hls-each").replaceChildren(...mine.filter((each) => each.state !== "not started").map(tried));
    row.querySelector(".hls-read").replaceChildren(...read(record.lessons[lesson], lesson));
  }
  place.querySelector(".hls-sum").textContent = Object.entries(sums).map(([part, [count, whole, words]]) => `${count} of ${whole} ${NOUNS[part]} ${words}`).join(" · ");
  place.querySelector(".hls-source-of").textContent = local
    ? "Exercises as the course on this machine has them: the same as in JupyterLab."
    : lasts() ? "All of this is kept in this browser, and nowhere else." : "This browser keeps nothing for this site: what you do here lasts until you close the page.";
}

// "2 of 5 right", and a bar as long as that.
function say(sums, row, part, count, words, more = "") {
  const place = row.querySelector(`[data-part=${part}]`);
  if (!place) return;
  const whole = Number(place.dataset.whole);
  const [before, all] = sums[part] ?? [0, 0];
  sums[part] = [before + count, all + whole, words];
  place.querySelector("span").textContent = `${count} of ${whole} ${words}${more}`;
  place.style.setProperty("--part", whole ? count / whole : 0);
}

function right({ quizzes }, place) {
  const asked = JSON.parse(place?.dataset.asked ?? "[]");
  return asked.filter((id) => quizzes[id]?.right).length;
}

function tried({ id, state, attempts, last }) {
  const tries = `${attempts} ${attempts === 1 ? "check" : "checks"}`;
  return element("li", {}, `${id}: ${state}, ${tries}${state === "tried" && last ? `, last ${last.replaceAll("_", " ")}` : ""}`);
}

function read(entry, lesson) {
  if (!entry) return [];
  return ["Read last: ", element("a", { href: page(`lessons/${lesson}/#${entry.at}`) }, entry.says)];
}

function keeping() {
  const said = element("p", { role: "status" });
  const file = element("input", { type: "file", accept: "application/json,.json", hidden: true, ariaLabel: "A record to import" });
  const out = button("Export", () => saved("progress.json", "application/json", JSON.stringify(kept(), null, 1)));
  const away = button("Delete", () => {
    if (away.dataset.sure) forget();
    said.textContent = away.dataset.sure ? "Deleted: this browser has kept nothing of you." : "This deletes all progress, predictions and edited cells of this site in this browser. Press again to delete.";
    away.textContent = away.dataset.sure ? "Delete" : "Delete all of it";
    away.dataset.sure = away.dataset.sure ? "" : "yes";
  });
  file.addEventListener("change", async () => {
    try {
      merge(await file.files[0].text());
      said.textContent = "Imported: where both had an entry, the later one holds.";
    } catch {
      said.textContent = "This file is no record of this course; nothing was changed.";
    }
    file.value = "";
  });
  const controls = element("div", { className: "hls-controls" }, out, button("Import", () => file.click()), file, away);
  return element("div", { className: "hls-keeping" }, controls, said);
}

function button(words, act) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}
