// A run can be taken along: the picture as text or as SVG, and the address that brings a panel back to
// where its knobs stand, `#run=CELL&knob=position`. A cell is its number and the name that it keeps
// where it is moved: `16.0b5dd1c6`, or as older links have it `16`. An address is data: it turns knobs
// within their ranges, and no code comes from it.
import { element } from "./inline.js";

const KINDS = {
  number: (given, { low, high }) => (given !== "" && low <= Number(given) && Number(given) <= high ? Number(given) : undefined),
  switch: (given) => ({ on: true, off: false })[given],
  choice: (given, { options }) => (options.includes(given) ? given : undefined),
};
let watching;

export function show() {
  const content = document.querySelector(".md-content");
  if (!content || watching?.content === content) return;
  watching?.observer.disconnect();
  const observer = new MutationObserver(() => dress(content));
  watching = { content, observer };
  styles();
  dress(content);
  observer.observe(content, { childList: true, subtree: true }); // runs draw new pictures
  addEventListener("hashchange", follow);
  follow();
}

function dress(content) {
  for (const figure of content.querySelectorAll(".hls-figure:not(:has(> .hls-copies))")) if (figure.querySelector("svg")) figure.append(copies(figure));
  for (const panel of content.querySelectorAll(".hls-panel:not(:has(> .hls-copies))")) if (panel.positions) linked(panel);
  for (const kept of content.querySelectorAll(".hls-out:not(:has(> .hls-copies))")) if (kept.textContent.trimStart().startsWith("Kept: ")) kept.append(evidence(kept));
}

// Below a picture: the same as text, as SVG, and for a run of the page the way back to it.
function copies(figure) {
  const said = status();
  const text = button("Copy as text", () => copied(said, figure.querySelector(".hls-twin pre").textContent.trimEnd(), "The text is copied."));
  const svg = button("Copy as SVG", () => copied(said, picture(figure), "The SVG is copied."));
  const cell = figure.closest(".hls-outputs")?.dataset.of;
  const link = button("Copy link", () => copied(said, address(cell), "The link is copied."));
  return element("div", { className: "hls-copies" }, text, svg, ...(cell && !figure.closest(".hls-panel") ? [link] : []), said);
}

// A figure of another page's, with its picture and its text to take along.
export function copyable(figure) {
  styles();
  figure.append(copies(figure));
}

function linked(panel) {
  const said = status();
  const link = button("Copy link to this position", () => copied(said, address(cellOf(panel), turned(panel)), "The link is copied: it turns these knobs for whoever opens it."));
  panel.querySelector(":scope > button").after(element("div", { className: "hls-copies" }, link, said));
}

function evidence(kept) {
  const said = status();
  return element("div", { className: "hls-copies" }, button("Copy as evidence for the studio", () => copied(said, kept.querySelector("pre").textContent.trim(), "Copied: attach it to an answer in the studio.")), said);
}

function cellOf(panel) {
  return panel.closest(".hls-outputs").dataset.of;
}

// Where the knobs stand, as far as they have been turned.
function turned({ declared, positions }) {
  const now = positions();
  return declared.knobs.filter((knob) => now[knob.name] !== knob.default).map(({ name, kind }) => [name, kind === "switch" ? (now[name] ? "on" : "off") : now[name]]);
}

function address(cell, knobs = []) {
  const { id } = document.querySelector(`.hls-cell[data-cell="${cell}"]`)?.dataset ?? {};
  return `${location.href.split("#")[0]}#${new URLSearchParams([["run", id ? `${cell}.${id}` : cell], ...knobs])}`;
}

// Goes to the run that the address names and turns its knobs, when its panel is there.
function follow() {
  const given = new URLSearchParams(location.hash.slice(1));
  const place = placed(given.get("run"));
  if (!place) return;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  place.scrollIntoView({ block: "start" });
  if ([...given].length > 1) whenAlive(place, (panel) => turn(panel, given));
  else focused(place.querySelector(".hls-diagram, .hls-knob :is(input, select), pre") ?? place);
}

// The cell may have been moved, or edited where it stands; among equal ones the number decides.
function placed(run) {
  const [, number, id] = run?.match(/^(\d+)(?:\.([0-9a-f]{8}))?$/) ?? [];
  if (!number) return undefined;
  const named = (name, value) => [...document.querySelectorAll(`.hls-cell[data-${name}="${value}"]`)];
  const same = named("id", id);
  const cell = same.find((each) => each.dataset.cell === number) ?? same[0] ?? named("cell", number)[0];
  return cell && (document.querySelector(`.hls-outputs[data-of="${cell.dataset.cell}"]`) ?? cell);
}

function turn(panel, given) {
  const wanted = {};
  for (const knob of panel.declared.knobs) {
    const position = given.has(knob.name) ? KINDS[knob.kind](given.get(knob.name), knob) : knob.default;
    if (position !== undefined) wanted[knob.name] = position;
  }
  panel.moved(wanted);
  const now = panel.positions();
  const near = panel.declared.knobs.filter(({ name }) => name in wanted && now[name] !== wanted[name]).map(({ name, label }) => `${label} ${wanted[name]}`);
  if (near.length) panel.querySelector(".hls-copies [role=status]").textContent = `The link asks for ${near.join(", ")}; the nearest recorded position is shown. “Free the knobs” runs the exact one.`;
  focused(panel.querySelector("input, select"));
}

// A panel comes to life when its script has been fetched.
function whenAlive(place, act) {
  const alive = () => {
    const panel = place.querySelector(".hls-panel");
    if (!panel?.moved || !panel.querySelector(".hls-copies")) return false;
    act(panel);
    return true;
  };
  if (alive()) return;
  const observer = new MutationObserver(() => alive() && observer.disconnect());
  observer.observe(place, { childList: true, subtree: true });
}

function focused(part) {
  if (part.tabIndex < 0) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

// While it is stepped through, the picture lies in the wire view's shadow.
function picture(figure) {
  const svg = figure.querySelector(".hls-diagram > svg") ?? figure.querySelector(".hls-picture")?.shadowRoot?.querySelector("svg") ?? figure.querySelector("svg");
  return svg.outerHTML;
}

async function copied(said, text, words) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = words;
  } catch {
    said.textContent = old(text) ? words : "This browser does not let a page copy.";
  }
}

// Where the clipboard's own door is shut (plain http, elsewhere than on this machine).
function old(text) {
  const area = element("textarea", { value: text, className: "hls-unseen", ariaLabel: "To copy" });
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function button(words, act) {
  const made = element("button", { type: "button" }, words);
  made.addEventListener("click", act);
  return made;
}

function status() {
  const said = element("span", {});
  said.setAttribute("role", "status");
  return said;
}

function styles() {
  const href = new URL("../styles/links.css", import.meta.url).href;
  if (!document.querySelector(`link[href="${href}"]`)) document.head.append(element("link", { rel: "stylesheet", href }));
}
