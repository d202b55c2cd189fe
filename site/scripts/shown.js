// What a cell put out, as elements: the same MIME bundles that a notebook shows. Fetched when a cell
// is run; `turned` runs a panel's lab with other positions, `at` is where its knobs stand.
import { element, inline } from "./inline.js";
import { panel } from "./knobs.js";
import { stepped } from "./wire.js";

const OURS = "application/vnd.hook-line-socket.";
let drawn = 0;

export function rendered({ printed, bundles, error }, turned, at) {
  const parts = [];
  if (printed) parts.push(plain(printed));
  for (const bundle of bundles) parts.push(...shown(bundle, turned, at));
  if (error) parts.push(plain(error, "hls-error"));
  return parts;
}

function shown(bundle, turned, at) {
  const record = (kind) => bundle[`${OURS}${kind}+json`];
  if (record("panel")) return [panel(bundle, turned, picture, at)];
  const says = record("prediction")?.says;
  const before = says ? [element("p", { className: "hls-says", textContent: `${spoken(says)}.` })] : [];
  if (record("prediction") && !says) return []; // the question stands on the page
  const rest = { ...bundle, "text/plain": (bundle["text/plain"] ?? "").replace(says, "").trimStart() };
  return [...before, ...picture(rest)];
}

// The best form that a bundle has: a run to step through, a picture, HTML of ours, or text.
export function picture(bundle) {
  const text = bundle[`${OURS}verdict+json`]?.diagram || (bundle["text/plain"] ?? "");
  const svg = bundle["image/svg+xml"];
  const words = bundle["text/html"] ? [html(bundle["text/html"], svg)] : [];
  if (!svg) return words.length || !text ? words : [plain(text)];
  const figure = element("figure", { className: "hls-figure" }, frame(svg), twin(text));
  const wire = bundle[`${OURS}run+json`];
  if (wire) stepped(figure, { svg, wire });
  return [...words, figure];
}

// HTML that a cell put out; a picture in it stands below, where it can be stepped through.
function html(text, apart) {
  const box = element("div", { className: "hls-html", innerHTML: text });
  if (apart) box.querySelector("svg")?.remove();
  return box;
}

// A picture that brings a narrow form takes it where its frame, not the window, is narrow.
function frame(svg) {
  const box = element("div", { className: "hls-diagram", tabIndex: 0, innerHTML: alone(svg) });
  const narrow = svg.match(/<svg class="phone" viewBox="0 0 ([\d.]+) ([\d.]+)"/);
  if (!narrow) return box;
  box.classList.add("hls-diagram--two");
  box.style.setProperty("--hls-narrow", `${narrow[1]}/${narrow[2]}`);
  return box;
}

// The same picture may stand on the page twice; its ids may not.
function alone(svg) {
  const name = svg.match(/class="hls (hls-\w+)"/)?.[1];
  return name ? svg.replaceAll(name, `${name}-${++drawn}`) : svg;
}

function twin(text) {
  const summary = element("summary", {}, "Read this diagram as text");
  return element("details", { className: "hls-twin" }, summary, element("pre", { tabIndex: 0 }, text));
}

// Paragraphs, links and code of our own Markdown.
export function prose(markdown) {
  const parts = markdown.split(/^```\w*\n?/m); // every second one is code
  return parts.flatMap((part, index) => (index % 2 ? [plain(part)] : paragraphs(part)));
}

function paragraphs(text) {
  const blocks = text.trim().split(/\n\n+/).filter(Boolean);
  return blocks.map((block) => (block.startsWith("    ") ? plain(block) : element("p", {}, ...block.split(LINK).flatMap(linked))));
}

const LINK = /(\[[^\]]+\]\(https:[^)]+\))/;

function linked(text) {
  const [, words, href] = text.match(/^\[([^\]]+)\]\((.+)\)$/) ?? [];
  return href ? [element("a", { href }, ...inline(words))] : inline(text);
}

// "No prediction was made; the run says 40.0 s" without the part that is the page's to say.
function spoken(says) {
  const [, after] = says.split("; ");
  const words = after ?? says;
  return words[0].toUpperCase() + words.slice(1);
}

function plain(text, more = "") {
  const box = element("div", { className: `hls-out ${more}` });
  box.append(element("pre", { tabIndex: 0, textContent: text.trimEnd() }));
  return box;
}
