// "Show frames": the tutor's own socket in the wire view, message by message.
//
// A page sees messages, never frames. What the tutor sends is one frame a message, unmasked and, where
// no extension was agreed on, uncompressed: its bytes follow from RFC 6455 5.2. What this page sends is
// masked by the browser with a key that the page is not told, so there the payload is shown.

import { element } from "./inline.js";

const [LEFT, RIGHT, WIDTH, ROW, TOP] = [90, 400, 450, 34, 56]; // where the two stand, in units of the picture
const HONEST = "noticed: a page sees messages, not frames. Frames from the tutor are put together as RFC 6455 5.2 says; of the page's own, which the browser masks, the payload is shown.";
const LONGEST = 256; // bytes of a message that are shown

export async function frames(talk, host) {
  const place = element("div", { className: "hls-tutor-frames" });
  const redraw = async () => {
    const { default: view } = await host.view();
    const run = recorded(talk.log, !talk.extensions);
    place.replaceChildren(again);
    view.render({ model: model(run), el: place });
  };
  const again = element("button", { type: "button", onclick: redraw }, "Up to now");
  await redraw();
  return place;
}

// The log as the record of a run, which is what the wire view reads.
export function recorded(log, plain) {
  const events = log.map(({ at, way, name, text }, index) => {
    const event = { number: index + 1, time: at };
    if (way === "note") return { ...event, type: "note", host: "page", says: name };
    const [from, to] = way === "up" ? ["page", "tutor"] : ["tutor", "page"];
    const payload = new TextEncoder().encode(text);
    const { bytes, fields } = way === "down" && plain ? framed(payload) : { bytes: [...payload] };
    return { ...event, type: "message", connection: 1, from, to, arrived: null, kind: "frame", name, detail: short(text), size: bytes.length, hex: hex(bytes.slice(0, LONGEST)), fields };
  });
  const wire = { version: 1, mode: "real", hosts: [{ name: "page", serves: [] }, { name: "tutor", serves: [] }], events, left_out: 0 };
  return { wire, svg: drawn(events), noticed: [HONEST] };
}

// An unmasked text frame: two bytes, then two or eight more for a length that does not fit (5.2).
function framed(payload) {
  const size = payload.length;
  const more = size < 126 ? 0 : size < 65536 ? 2 : 8;
  const length = [...Array(more)].map((_, index) => Number((BigInt(size) >> BigInt(8 * (more - 1 - index))) & 255n));
  const bytes = [0x81, more ? (more === 2 ? 126 : 127) : size, ...length, ...payload];
  const start = 16 + 8 * more;
  const fields = [
    [0, 0, "FIN", "1", "the message ends here"],
    [1, 3, "RSV1-3", "000", "no extension uses them"],
    [4, 7, "opcode", "0x1", "text, in UTF-8"],
    [8, 8, "MASK", "0", "not masked: from the server"],
    [9, start - 1, "length", `${size}`, "bytes"],
    [start, start + 8 * size - 1, "payload", `${size} bytes`, "JSON, one message of the protocol"],
  ];
  return { bytes, fields };
}

const short = (text) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
const hex = (bytes) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");

function model({ wire, svg, noticed }) {
  const values = { wire, svg, noticed, compact: false, text: "" };
  return { get: (name) => values[name], on() {}, off() {}, set() {}, save_changes() {} };
}

// Two lanes and an arrow for each message, in the wire view's own terms (`data-number`, `s`, `b`).
function drawn(events) {
  const height = TOP + ROW * events.length + 20;
  const rows = events.map((event, index) => arrow(event, TOP + ROW * index + 14)).join("");
  const lanes = [LEFT, RIGHT].map((x) => `<path class="lane" d="M${x} ${TOP - 12}V${height}"/>`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"><title>The tutor's socket</title><desc>${events.length} events between this page and the tutor, from top to bottom</desc><style>${STYLE}</style><text class="top" x="${LEFT}" y="34">page</text><text class="top" x="${RIGHT}" y="34">tutor</text>${lanes}${rows}</svg>`;
}

function arrow({ number, time, type, name, from, says, size }, y) {
  const clock = `<text class="time" x="${LEFT - 14}" y="${y + 4}">${time.toFixed(3)} s</text>`;
  if (type === "note") return `<g data-number="${number}">${clock}<circle class="b" cx="${LEFT}" cy="${y}" r="6"/><text class="soft" x="${LEFT + 16}" y="${y + 4}">${escaped(says)}</text></g>`;
  const [x1, x2] = from === "page" ? [LEFT, RIGHT] : [RIGHT, LEFT];
  const tip = x2 > x1 ? -9 : 9;
  return `<g data-number="${number}" class="${from}">${clock}<path class="s" d="M${x1} ${y}H${x2}"/><path class="tip" d="M${x2} ${y}l${tip} -5v10z"/><circle class="b" cx="${x1}" cy="${y}" r="6"/><text class="name" x="${(LEFT + RIGHT) / 2}" y="${y - 5}">${escaped(name)}<tspan class="soft"> ${size} B</tspan></text></g>`;
}

const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

const STYLE = `
svg { --ink: #1b2130; --soft: #586174; --line: #c6ccd8; --ours: #0f766e; --theirs: #6d28d9; width: 100%; max-width: 450px; height: auto; font: 14px system-ui, "DejaVu Sans", sans-serif; }
@media (prefers-color-scheme: dark) { svg { --ink: #eef1f6; --soft: #a9b2c3; --line: #414a5c; --ours: #2dd4bf; --theirs: #c4b5fd; } }
g { --c: var(--ours); } g.tutor { --c: var(--theirs); }
.lane { stroke: var(--line); stroke-width: 2; } .s { stroke: var(--c); stroke-width: 1.9; } .tip, .b { fill: var(--c); }
.top { fill: var(--ink); font-weight: 650; text-anchor: middle; } .name { fill: var(--ink); text-anchor: middle; } .time { fill: var(--soft); text-anchor: end; font-size: 12px; } .soft { fill: var(--soft); font-size: 12px; }
`;
