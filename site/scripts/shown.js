// What a cell put out, as elements: the same MIME bundles that a notebook shows.
// Fetched when a cell is run; `turned` runs a panel's lab with other positions.
import { panel } from "./knobs.js";
import { stepped } from "./wire.js";

const OURS = "application/vnd.hook-line-socket.";

export function rendered({ printed, bundles, error }, turned) {
  const parts = [];
  if (printed) parts.push(plain(printed));
  for (const bundle of bundles) parts.push(...shown(bundle, turned));
  if (error) parts.push(plain(error, "hls-error"));
  return parts;
}

export function shown(bundle, turned) {
  const record = (kind) => bundle[`${OURS}${kind}+json`];
  const declared = record("panel");
  if (declared && turned) return [panel(declared, bundle, turned, picture)];
  const says = record("prediction")?.says;
  const before = says ? [element("p", { className: "hls-says", textContent: `${spoken(says)}.` })] : [];
  if (record("prediction") && !says) return []; // the question stands on the page
  const rest = { ...bundle, "text/plain": (bundle["text/plain"] ?? "").replace(says, "").trimStart() };
  return [...before, ...picture(rest)];
}

// The best form that a bundle has: a run to step through, a picture, HTML of ours, or text.
export function picture(bundle) {
  const text = bundle["text/plain"] ?? "";
  const html = bundle["text/html"];
  if (html) return [element("div", { className: "hls-html", innerHTML: html })];
  const svg = bundle["image/svg+xml"];
  if (!svg) return text ? [plain(text)] : [];
  const frame = element("div", { className: "hls-diagram", tabIndex: 0, innerHTML: svg });
  const twin = element("details", { className: "hls-twin" });
  twin.append(element("summary", { textContent: "Read this diagram as text" }), element("pre", { tabIndex: 0, textContent: text }));
  const figure = element("figure", { className: "hls-figure" });
  figure.append(frame, twin);
  const wire = bundle[`${OURS}run+json`];
  if (wire) stepped(figure, { svg, wire });
  return [figure];
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

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
