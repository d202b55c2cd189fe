// What stands below a lesson's cells before Python is there: buttons, runs to step through, knobs,
// orders, a program to spot. What more it takes is fetched when a button is pressed, or when its
// place comes near the screen.

import { element } from "./inline.js";
import { remembered } from "./kept.js";
import { stepped } from "./wire.js";

const BUTTONS = [
  ["Run", "Run this cell", (cell) => cell.pressed()],
  ["Edit", "Edit this cell", (cell) => cell.edit()],
  ["Reset", "Back to what the lesson holds", (cell) => cell.reset()],
];
const HELP = [
  ["Hint", "One rung higher each time", (cell) => cell.helped("hint")],
  ["Solution", "The official one", (cell) => cell.helped("solution")],
];
const ELSEWHERE = "Runs on real sockets, in JupyterLab. Below stands what it printed there.";
let lab; // the page's cells and their Python

async function cell(number) {
  const { Page } = await import("./tab.js");
  lab ??= new Page(document.querySelector(".hls-runtime"));
  return lab.cells.find((each) => each.number === number);
}

function dress(box, lesson, size) {
  const code = box.querySelector("code");
  if (!code || box.querySelector(".hls-bar")) return;
  const bar = element("div", { className: "hls-bar" });
  box.append(bar);
  if (box.dataset.runs !== "tab") return void bar.append(element("span", {}, ELSEWHERE));
  const { cell: number } = box.dataset;
  box.dataset.kept = `hls-cell-${lesson}-${number}`;
  const more = code.textContent.startsWith("check(") ? HELP : [];
  for (const [words, says, act] of [...BUTTONS, ...more]) {
    const title = words === "Run" ? `${says} (fetches ${size} once)` : says;
    const button = element("button", { type: "button", title }, words);
    button.addEventListener("click", async () => {
      box.ariaBusy = "true";
      await cell(number).then(act).finally(() => (box.ariaBusy = "false"));
    });
    bar.append(button);
  }
  bar.append(element("span", { className: "hls-status", role: "status" }));
  if (remembered(box.dataset.kept) !== null) cell(number);
}

// A run that the notebook recorded can be stepped through at once.
function steps() {
  for (const record of document.querySelectorAll(".hls-run")) {
    const figure = [...record.parentElement.querySelectorAll(".hls-figure")].at(-1);
    if (!figure?.querySelector("svg") || figure.querySelector(".hls-step")) continue;
    stepped(figure, stored(figure, record));
  }
}

// Read when somebody wants to step: a lesson has many runs.
function stored(figure, record) {
  return {
    get svg() {
      return figure.querySelector("svg").outerHTML;
    },
    get wire() {
      return JSON.parse(record.dataset.record);
    },
  };
}

// Does something with each of these places once it is near the screen.
function near(places, act) {
  const seen = (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      watcher.unobserve(target);
      act(target);
    }
  };
  const watcher = new IntersectionObserver(seen, { rootMargin: "1000px" });
  for (const place of places) if (place) watcher.observe(place);
}

function recorded() {
  const grid = document.querySelector(".hls-grid");
  if (!grid) return;
  const cells = Object.keys(JSON.parse(grid.dataset.stops));
  near(cells.map((each) => document.querySelector(`.hls-outputs[data-of="${each}"]`)), async (place) => (await import("./knobs.js")).recorded(place, grid));
}

function asking() {
  near(document.querySelectorAll(".hls-order"), async (place) => (await import("./order.js")).order(place));
  if (!document.querySelector(".hls-runtime")) return; // nobody is there to answer
  near(document.querySelectorAll(".hls-spot"), async (place) => {
    const asked = async (source) => (await cell(place.parentElement.dataset.of)).told(source);
    (await import("./spot.js")).spot(place, asked);
  });
}

document.addEventListener("hls-run", async ({ target }) => (await cell(target.closest(".hls-outputs").dataset.of)).pressed());

document$.subscribe(() => {
  if (lab && !lab.box.isConnected) {
    lab.stop();
    lab = undefined;
  }
  steps();
  recorded();
  asking();
  const runtime = document.querySelector(".hls-runtime");
  if (!runtime) return;
  const size = `${(runtime.dataset.transfer / 1e6).toFixed(0)} MB`;
  for (const box of document.querySelectorAll(".hls-cell")) dress(box, runtime.dataset.lesson, size);
});
