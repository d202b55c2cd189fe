// A design in the look of the course's diagrams: a lane for each machine, an arrow for each link,
// numbered in the order in which they were written. As SVG, and the same as text.

const CAST = {
  circle: [/^(bidder|browser|client|page|customer|device|app|user|phone|tab)/i, "#0f766e", "#2dd4bf"],
  square: [/^(auction|server|receiver|shop|product|web|conversation|service|backend|api)/i, "#6d28d9", "#c4b5fd"],
  hexagon: [/^(bank|provider|psp|host|card|payment)/i, "#1d4ed8", "#93c5fd"],
  diamond: [/^(gateway|edge|egress|endpoint|lane)/i, "#be185d", "#f9a8d4"],
  shield: [/^(proxy|load balancer|lb|nginx|balancer)/i, "#4d6210", "#bef264"],
  octagon: [/^(bus|redis|queue|kafka|nats|relay|pub)/i, "#0e6580", "#67e8f9"],
  stadium: [/^(database|db|log|ledger|inbox|outbox|store|table|history|dead)/i, "#854d0e", "#fde047"],
  house: [/./, "#475569", "#cbd5e1"],
};
const GROUND = { ground: ["#ffffff", "#10151f"], ink: ["#1b2130", "#eef1f6"], soft: ["#586174", "#a9b2c3"], line: ["#c6ccd8", "#414a5c"] };
const POLYGONS = { hexagon: [6, 0, 1.12], diamond: [4, 0, 1.3], octagon: [8, 22.5, 1.08], house: [5, 90, 1.18] };
const [LANE, TOP, LETTER] = [118, 74, 6.7]; // pixels: between lanes, above the first arrow, of a letter

// The drawing of a design (studio_sketch.js) as the text of an SVG element.
export function drawn({ parts, links }, title) {
  const width = Math.max(360, 16 + LANE * parts.length);
  const lane = (name) => (width - LANE * parts.length) / 2 + LANE * (parts.indexOf(name) + 0.5);
  const rows = [];
  let y = TOP;
  for (const link of links) {
    const row = laid(link, lane, width, y);
    rows.push(row.svg);
    y += row.height;
  }
  const height = y + 18;
  const looks = parts.map((name) => Object.keys(CAST).find((shape) => CAST[shape][0].test(name)));
  const lanes = parts.map((name, at) => `<g class="h${at}">${head(name, looks[at], lane(name))}<path class="lane" d="M${lane(name)} 58V${height - 10}"/></g>`);
  const told = `${parts.length} machines and ${links.length} links, as they were written.`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="hls hls-sketched" role="img" aria-labelledby="hls-sketch-t hls-sketch-d" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
    `<title id="hls-sketch-t">${safe(title)}</title><desc id="hls-sketch-d">${told}</desc><style>${style(looks)}</style>` +
    `<rect class="g" width="${width}" height="${height}" rx="10"/>${lanes.join("")}${rows.map((row) => colour(row, parts)).join("")}</svg>`
  );
}

// The same as text.
export function twin({ parts, links }) {
  if (!parts.length) return "Nothing is drawn yet.";
  const names = links.map(({ source, target, both }) => `${source} ${both ? "<->" : "-->"} ${target}`);
  const wide = Math.max(0, ...names.map(({ length }) => length));
  const lines = links.map(({ number, says }, at) => `${String(number).padStart(3)}  ${names[at].padEnd(wide)}  ${says}`.trimEnd());
  return [`Machines: ${parts.join(", ")}`, ...lines].join("\n");
}

// One arrow with its number and its words, which break where the lanes are too near for them.
function laid({ number, source, target, says, both }, lane, width, y) {
  const [from, to] = [lane(source), lane(target)];
  const middle = Math.min(Math.max((from + to) / 2, 90), width - 90);
  const room = Math.max(Math.abs(to - from) - 30, 170);
  const lines = broken(says, Math.floor(room / LETTER));
  const at = y + 16 * Math.max(lines.length, 1) + 6;
  const text = lines.map((line, index) => `<text class="l" x="${middle}" y="${y + 12 + 16 * index}" text-anchor="middle">${safe(line)}</text>`).join("");
  const svg = { source, target, body: `${text}${source === target ? loop(from, at) : arrow(from, to, at, both)}`, bead: [from, at, number] };
  return { svg, height: at - y + 20 };
}

function arrow(from, to, y, both) {
  const way = Math.sign(to - from);
  const start = both ? from + 12 * way : from;
  const tips = tip(to, y, way) + (both ? tip(from + 10 * way, y, -way) : "");
  return `<path class="s" d="M${start + 10 * way} ${y}H${to - 9 * way}"/>${tips}`;
}

function tip(x, y, way) {
  return `<polygon class="tip" points="${x - way},${y} ${x - 11 * way},${y - 5} ${x - 11 * way},${y + 5}"/>`;
}

function loop(x, y) {
  return `<path class="s" d="M${x + 9} ${y - 4}h22v12H${x + 10}"/>${tip(x + 1, y + 8, -1)}`;
}

function colour({ source, body, bead: [x, y, number] }, parts) {
  const form = Object.keys(CAST).find((shape) => CAST[shape][0].test(source));
  return `<g class="h${parts.indexOf(source)}">${body}${bead(form, x, y, 9.5, "b")}<text class="n" x="${x}" y="${y + 4}" text-anchor="middle">${number}</text></g>`;
}

function head(name, shape, x) {
  const lines = broken(name, 15).slice(0, 2);
  const text = lines.map((line, at) => `<text class="top" x="${x}" y="${40 + 14 * at - 7 * (lines.length - 1) + 3}" text-anchor="middle">${safe(line)}</text>`);
  return bead(shape, x, 13, 6.5, "b") + text.join("");
}

function bead(shape, x, y, radius, kind) {
  if (POLYGONS[shape]) {
    const [count, turn, grow] = POLYGONS[shape];
    const corners = Array.from({ length: count }, (_, at) => (turn * Math.PI) / 180 + (2 * Math.PI * at) / count);
    return polygon(corners.map((angle) => [Math.cos(angle) * grow, Math.sin(angle) * grow]), x, y, radius, kind);
  }
  if (shape === "shield") return polygon([[-1, -0.95], [1, -0.95], [1, 0.35], [0, 1.15], [-1, 0.35]], x, y, radius, kind);
  if (shape === "circle") return `<circle class="${kind}" cx="${x}" cy="${y}" r="${radius}"/>`;
  const [wide, tall] = [radius * (shape === "stadium" ? 1.2 : 0.95), radius * (shape === "stadium" ? 0.85 : 0.95)];
  return `<rect class="${kind}" x="${n(x - wide)}" y="${n(y - tall)}" width="${n(2 * wide)}" height="${n(2 * tall)}" rx="${n(shape === "stadium" ? tall : 3)}"/>`;
}

function polygon(corners, x, y, radius, kind) {
  return `<polygon class="${kind}" points="${corners.map(([a, b]) => `${n(x + a * radius)},${n(y + b * radius)}`).join(" ")}"/>`;
}

// Colours by the page's light and dark, else by the reader's system, as in every picture of the course.
function style(looks) {
  const pairs = [...Object.entries(GROUND), ...looks.map((shape, at) => [`h${at}`, CAST[shape].slice(1)])];
  const of = (scheme) => pairs.map(([name, pair]) => `--${name}:${pair[scheme]}`).join(";");
  const me = ".hls-sketched";
  const rules = ["text{fill:var(--ink);font-size:12.5px}", ".g{fill:var(--ground)}", ".lane{stroke:var(--line);stroke-width:2}", ".s{stroke:var(--c);stroke-width:1.9;fill:none}", ".tip{fill:var(--c)}", ".b{fill:var(--c);stroke:var(--ground);stroke-width:1.5}", ".n{fill:var(--ground);font-weight:700;font-size:11px}", ".top{font-weight:650;font-size:13px}", ".l{paint-order:stroke;stroke:var(--ground);stroke-width:6;stroke-linejoin:round}"];
  return [
    `${me}{${of(0)};font-family:ui-sans-serif,system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif}`,
    `@media(prefers-color-scheme:dark){${me}{${of(1)}}}`,
    `[data-md-color-scheme=default] ${me}{${of(0)}}[data-md-color-scheme=slate] ${me}{${of(1)}}`,
    ...rules.map((rule) => `${me} ${rule}`),
    ...looks.map((_, at) => `${me} .h${at}{--c:var(--h${at})}`),
  ].join("");
}

function broken(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length <= most || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.filter(Boolean);
}

function safe(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function n(value) {
  return Number(value.toFixed(1));
}
