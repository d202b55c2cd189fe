// A panel's knobs as HTML controls. Turning one asks for that turn of the lab and draws it; while
// one is asked for, only the latest wish waits.
//
// Before Python is there, a number has the stops for which the site recorded the turns
// (course/publish/grids.py); when it runs here, every position is free.

import { element } from "./inline.js";
import { styled } from "./wire.js";

const MIME = "application/vnd.hook-line-socket.panel+json";

// The panel of a bundle that Python put out, its knobs standing `at` these positions;
// `turned(positions)` promises the bundle of another turn, `picture(bundle)` draws one.
export function panel(bundle, turned, picture, at = {}) {
  const said = (now) => ({ ...now[MIME], parts: picture(now) });
  const { box, draw, moved } = built(bundle[MIME], async (positions) => said(await turned(positions)));
  draw(said(bundle));
  moved(at);
  return box;
}

// A panel whose turns were recorded, as controls in the place of its table.
export function recorded(place, grid) {
  const folder = new URL(`../assets/grids/${grid.dataset.folder}/`, import.meta.url);
  const stops = JSON.parse(grid.dataset.stops)[place.dataset.of];
  const record = place.querySelector(".hls-panel-record");
  if (!record || place.querySelector(".hls-knob")) return;
  const declared = JSON.parse(record.dataset.record);
  const { box, draw } = built(declared, reader(folder, place.dataset.of, declared, stops), stops);
  draw({ ...declared, parts: [place.querySelector(".hls-figure")] });
  box.append(note(declared, stops));
  place.querySelector(".hls-panel").replaceWith(box);
}

function reader(folder, cell, { knobs }, stops) {
  let turns;
  return async (positions) => {
    turns ??= unpacked(new URL(`${cell}.turns`, folder));
    const turn = (await turns)[knobs.reduce((at, { name }) => at * stops[name].length + stops[name].indexOf(positions[name]), 0)];
    if (!turn.picture) return turn;
    const [{ picture }, bundle] = await Promise.all([import("./shown.js"), unpacked(new URL(`${turn.picture}.picture`, folder))]);
    return { ...turn, parts: picture(bundle) };
  };
}

async function unpacked(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).json();
}

// What the stops are, and the way to all the other positions.
function note({ knobs }, stops) {
  const count = knobs.reduce((product, { name }) => product * stops[name].length, 1);
  const line = element("p", { className: "hls-hint" }, `Recorded at ${count} positions, with the code as the lesson has it. `);
  const runtime = document.querySelector(".hls-runtime");
  if (!runtime || knobs.every(({ kind }) => kind !== "number")) return line;
  const size = `${(runtime.dataset.transfer / 1e6).toFixed(0)} MB`;
  const free = element("button", { type: "button" }, "Free the knobs");
  free.addEventListener("click", () => free.dispatchEvent(new CustomEvent("hls-run", { bubbles: true })));
  line.append(free, ` to run any position in this tab (${size}, once).`);
  return line;
}

function built(declared, turned, stops) {
  styled("styles/cells.css");
  const box = element("div", { className: "hls-panel", role: "group", ariaLabel: "Knobs" });
  const controls = declared.knobs.map((knob) => control(knob, stops?.[knob.name], turn));
  const figures = element("p", { className: "hls-figures", role: "status" });
  const goals = element("ul", { className: "hls-goals" });
  const shown = element("div", { className: "hls-turn" });
  const back = element("button", { type: "button" }, "Back to the defaults");
  const ever = declared.goals.map(() => false);
  let [asking, again] = [false, false];

  async function turn() {
    again = true;
    if (asking) return;
    asking = true;
    box.ariaBusy = "true";
    while (again) {
      again = false;
      await turned(positions()).then(draw, (error) => trouble(`This position could not be had: ${error.message}.`));
    }
    asking = false;
    box.ariaBusy = "false";
  }

  function draw(now) {
    if (now.trouble) return trouble(now.trouble);
    figures.replaceChildren(...now.figures.map(([name, value]) => element("span", {}, `${name} `, element("b", {}, value))));
    now.reached.forEach((reached, index) => (ever[index] ||= reached));
    goals.replaceChildren(...declared.goals.map((text, index) => goal(text, now.reached[index], ever[index])));
    shown.replaceChildren(...now.parts);
  }

  function trouble(sentence) {
    figures.replaceChildren(element("span", { className: "hls-trouble" }, sentence));
  }

  function positions() {
    return Object.fromEntries(controls.map(({ name, value }) => [name, value()]));
  }

  function moved(to) {
    const before = JSON.stringify(positions());
    for (const each of controls) if (each.name in to) each.move(to[each.name]);
    if (JSON.stringify(positions()) !== before) turn();
  }

  back.addEventListener("click", () => moved(Object.fromEntries(declared.knobs.map((knob) => [knob.name, knob.default]))));
  box.append(...controls.map(({ line }) => line), back, figures, goals, shown);
  // So that a run of the cell can leave the knobs where they stand, and a link can turn them.
  Object.assign(box, { positions, moved, declared });
  return { box, draw, moved };
}

const KINDS = { number, switch: onOff, choice };

function control(knob, stops, turned) {
  const line = element("label", { className: "hls-knob" }, element("span", {}, knob.label));
  return { name: knob.name, line, ...KINDS[knob.kind](knob, line, turned, stops) };
}

function number(knob, line, turned, stops) {
  const steps = { min: knob.low, max: knob.high, step: knob.step };
  const input = element("input", { type: "range", ...(stops ? { min: 0, max: stops.length - 1, step: 1 } : steps) });
  const words = element("output", {});
  const value = () => (stops ? stops[input.value] : Number(input.value));
  const move = (to) => {
    input.value = stops ? nearest(stops, to) : to;
    words.textContent = `${value()}${["%", "°"].includes(knob.unit) ? "" : " "}${knob.unit}`.trim();
    input.setAttribute("aria-valuetext", words.textContent);
  };
  move(knob.default);
  input.addEventListener("input", () => {
    move(value());
    turned();
  });
  line.append(input, words);
  return { value, move };
}

function nearest(stops, value) {
  const away = stops.map((stop) => Math.abs(stop - value));
  return away.indexOf(Math.min(...away));
}

function onOff(knob, line, turned) {
  const input = element("input", { type: "checkbox", checked: knob.default });
  input.addEventListener("change", turned);
  line.append(input);
  return { value: () => input.checked, move: (to) => (input.checked = to) };
}

function choice(knob, line, turned) {
  const select = element("select", {}, ...knob.options.map((option) => new Option(option, option, false, option === knob.default)));
  select.addEventListener("change", turned);
  line.append(select);
  return { value: () => select.value, move: (to) => knob.options.includes(to) && (select.value = to) };
}

function goal(text, reached, before) {
  const word = reached ? "reached" : before ? "reached earlier" : "not yet";
  return element("li", { className: reached || before ? "hls-reached" : "" }, element("b", {}, word), ` ${text}`);
}
