// The wire view: a run's diagram, stepped through event by event, with the bytes of each message.
//
// One plain ES module for two hosts: anywidget in JupyterLab, and any web page that brings a
// model with `get`, `on` and `off`. It reads from the model: `svg` (the diagram), `wire` (the run
// as JSON), `compact` (the diagram alone), `text` (where there is no diagram) and `noticed` (lines
// about what went wrong). It imports nothing, sends nothing back, and what `render` returns
// undoes everything it did.

const SPEEDS = [0.5, 1, 2, 4, 8]; // events a second
const CHANGES = ["change:svg", "change:wire", "change:text", "change:noticed"];
const DARK = /@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g;
const UP_TO = /@media\s*\(\s*max-width\s*:\s*(\d+)px\s*\)/g;
const PHONE = 560; // pixels of width from which the diagram is drawn wide

export default { render };

function render({ model, el }) {
  const view = { model, step: 0, events: [], timer: 0, speed: 1, width: PHONE + 1 };
  view.root = element("div", { class: "hls-wire", "data-lm-suppress-shortcuts": "true" });
  view.picture = element("div", { class: "hls-picture" });
  view.shadow = view.picture.attachShadow({ mode: "open" });
  view.shadow.addEventListener("click", (click) => chooseIn(view, click));
  view.noticed = element("div", { class: "hls-noticed" });
  view.root.append(view.picture, view.noticed);
  if (model.get("compact")) view.root.classList.add("hls-compact");
  else addControls(view);
  el.append(view.root);
  const redraw = () => draw(view);
  const undo = [followScheme(view, redraw), followWidth(view, redraw)];
  for (const name of CHANGES) model.on(name, redraw);
  redraw();
  return () => {
    pause(view);
    undo.forEach((stop) => stop());
    for (const name of CHANGES) model.off(name, redraw);
    view.root.remove();
  };
}

// ---- what happened, as one numbered list -------------------------------------------------

// What an event of each type is called in the list, and what a reader is told about it.
const TITLES = {
  message: (event) => event.name,
  belief: (event) => `${event.host}: ${event.says || event.state}`,
  fault: (event) => event.name,
  note: (event) => `${event.host}: ${event.says}`,
  refused: () => "connection refused",
  ended: (event) => (event.how === "RST" ? "reset" : "end of the stream"),
  unopened: () => "connection never opened",
};

function eventsOf(wire) {
  return (wire.events ?? []).map((event) => ({
    ...event,
    title: TITLES[event.type]?.(event) ?? event.name ?? event.says ?? "",
    more: ["fault", "refused"].includes(event.type) ? event.says : "",
    harm: Boolean(event.lost || ["fault", "refused", "unopened"].includes(event.type)),
  }));
}

function sentence(event) {
  const route = event.from && event.to ? `${event.from} → ${event.to}` : "";
  const told = ["note", "belief"].includes(event.type) && event.title.endsWith(event.says ?? "");
  const says = told ? "" : event.detail || event.says;
  const size = event.size === undefined ? "" : `${event.size} B`;
  return [route, says, size, fate(event)].filter(Boolean).join(" · ");
}

function fate(event) {
  if (event.lost) return `never arrives: ${event.lost}`;
  if (event.type === "fault" && event.until) return `until ${seconds(event.until)}`;
  const late = event.held ? "held back, " : "";
  return typeof event.arrived === "number" ? `${late}arrives at ${seconds(event.arrived)}` : "";
}

const seconds = (time) => `${Number(time).toFixed(3)} s`;

// ---- drawing ------------------------------------------------------------------------------

function draw(view) {
  view.events = eventsOf(view.model.get("wire") ?? {});
  drawPicture(view);
  view.noticed.replaceChildren(...(view.model.get("noticed") ?? []).map((line) => element("p", {}, line)));
  helpNeighbours(view.root);
  if (!view.bar) return;
  const hosts = (view.model.get("wire")?.hosts ?? []).map((host) => host.name).join(", ");
  view.root.setAttribute("aria-label", `Wire view: ${view.events.length} events, ${hosts}`);
  view.list.replaceChildren(...view.events.map((event, i) => row(view, event, i + 1)));
  goTo(view, Math.min(view.step, view.events.length));
}

function drawPicture(view) {
  // The diagram asks the screen for its colours and width; here the view itself knows better.
  const dark = view.root.dataset.scheme === "dark";
  const width = view.root.clientWidth || view.width;
  const svg = (view.model.get("svg") ?? "")
    .replace(DARK, dark ? "@media all" : "@media not all")
    .replace(UP_TO, (_, most) => (width <= Number(most) ? "@media all" : "@media not all"));
  const drawn = svg && new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const shown = drawn ? document.importNode(drawn, true) : element("pre", {}, view.model.get("text") ?? "");
  view.shadow.replaceChildren(element("style", {}, PICTURE_STYLE), shown);
}

function chooseIn(view, click) {
  const drawn = click.target.closest("[data-number]");
  const found = view.events.findIndex((event) => String(event.number) === drawn?.dataset.number);
  if (view.bar && found >= 0) goTo(view, found + 1);
}

const PICTURE_STYLE = `
  pre { margin: 8px; font: 13px/1.5 ui-monospace, "DejaVu Sans Mono", Menlo, monospace; }
  svg:not(svg svg) { display: block; margin: 0 auto; }
  [data-number] { cursor: pointer; }
  .later { opacity: 0.12; }
  .past { opacity: 0.55; }
  .now .s { stroke-width: 3.2; }
  .now .b { stroke: var(--ink); stroke-width: 2.5; }
  @media (prefers-reduced-motion: no-preference) { [data-number] { transition: opacity 0.2s; } }
`;

function row(view, event, step) {
  const button = element("button", { type: "button", tabindex: "-1" }, [
    element("span", { class: "hls-number" }, `${event.number ?? ""}`),
    element("span", { class: event.harm ? "hls-harm" : "" }, [
      event.title, element("span", { class: "hls-soft" }, ` ${event.detail ?? event.more ?? ""}`),
    ]),
    element("span", { class: "hls-time" }, seconds(event.time)),
  ]);
  button.onclick = () => goTo(view, step);
  return element("li", {}, [button]);
}

// ---- stepping -----------------------------------------------------------------------------

function goTo(view, step) {
  view.step = Math.max(0, Math.min(step, view.events.length));
  const event = view.events[view.step - 1];
  view.detail.hidden = !event;
  view.now.replaceChildren(...status(view, event));
  [view.first, view.back].forEach((button) => (button.disabled = view.step === 0));
  [view.next, view.last].forEach((button) => (button.disabled = view.step === view.events.length));
  markPicture(view, event);
  markList(view);
  if (event) view.inspect.replaceChildren(...inspect(view, event));
  if (view.step === view.events.length) pause(view);
}

function status(view, event) {
  if (!event) return [`${view.events.length} events. Step with ← and →, play with the space bar.`];
  const place = `Event ${event.number ?? view.step} of ${view.events.length}, ${seconds(event.time)}: `;
  return [place, element("b", {}, event.title), ` ${sentence(event)}`];
}

function markPicture(view, event) {
  const shown = new Set(view.events.slice(0, view.step).map((each) => String(each.number)));
  for (const drawn of view.shadow.querySelectorAll("[data-number]")) {
    const number = drawn.dataset.number;
    const now = Boolean(event) && number === String(event.number);
    drawn.classList.toggle("now", now);
    drawn.classList.toggle("past", Boolean(event) && !now && shown.has(number));
    drawn.classList.toggle("later", Boolean(event) && !shown.has(number));
  }
  keepInSight(view.picture, view.shadow.querySelector(".now"));
}

function markList(view) {
  const buttons = [...view.list.querySelectorAll("button")];
  const focused = view.list.contains(document.activeElement);
  buttons.forEach((button, i) => {
    const current = i === view.step - 1;
    button.tabIndex = current ? 0 : -1;
    current ? button.setAttribute("aria-current", "step") : button.removeAttribute("aria-current");
    if (current && focused) button.focus({ preventScroll: true });
  });
  keepInSight(view.list, buttons[view.step - 1]);
}

function keepInSight(box, part) {
  // Scrolls the box alone: the page must stay where the reader left it.
  if (!part || box.scrollHeight <= box.clientHeight) return;
  const [outer, inner] = [box.getBoundingClientRect(), part.getBoundingClientRect()];
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top + 24;
  if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom + 24;
}

function play(view) {
  if (view.step === view.events.length) goTo(view, 0);
  view.timer = setInterval(() => goTo(view, view.step + 1), 1000 / view.speed);
  view.playing.textContent = "Pause";
}

function pause(view) {
  clearInterval(view.timer);
  view.timer = 0;
  if (view.playing) view.playing.textContent = "Play";
}

// ---- the bytes of one event -----------------------------------------------------------------

function inspect(view, event) {
  const parts = [];
  const { head = [], fields = [], hex = "" } = event;
  const light = (first, last) => lightUp(view.inspect, first, last);
  const beliefs = beliefsAt(view);
  if (beliefs.length) parts.push(heading("What each machine believes now"), element("ul", { class: "hls-beliefs" }, beliefs));
  if (hex) parts.push(heading(bytesHeading(event)), hexDump(hex, view.size === "wide" ? 16 : 8));
  if (head.length) parts.push(heading("Head"), element("pre", { class: "hls-head" }, head.join("\n")));
  if (fields.length) parts.push(heading("Bit by bit"), bitStrip(fields, hex, light), fieldTable(fields, light));
  if (!parts.length) parts.push(element("p", {}, event.says || sentence(event)));
  return parts;
}

function bitStrip(fields, hex, light) {
  // The first two bytes of a frame, cut where the fields are.
  const bits = parseInt(hex.slice(0, 4).padEnd(4, "0"), 16).toString(2).padStart(16, "0");
  const inside = fields.filter(([, last]) => last < Math.min(16, 4 * hex.length));
  const cells = inside.map(([first, last, name]) =>
    lit(element("span", { "data-first": first, "data-last": last }, [
      element("b", {}, bits.slice(first, last + 1)), element("small", {}, name),
    ]), light, first, last));
  return element("div", { class: "hls-bits" }, cells);
}

function lit(part, light, first, last) {
  part.onmouseenter = () => light(first, last);
  part.onmouseleave = () => light();
  return part;
}

function bytesHeading(event) {
  const shown = event.hex.length / 2;
  return shown < event.size ? `The first ${shown} of ${event.size} bytes` : `${shown} bytes`;
}

const heading = (text) => element("h4", {}, text);

function fieldTable(fields, light) {
  const rows = fields.map(([first, last, name, value, meaning]) => {
    const bits = first === last ? `${first}` : `${first}–${last}`;
    const cells = [
      element("td", { class: "hls-mono hls-where" }, bits),
      element("th", { scope: "row" }, name),
      element("td", { class: "hls-mono" }, value),
      element("td", {}, meaning),
    ];
    return lit(element("tr", { "data-first": first, "data-last": last }, cells), light, first, last);
  });
  return element("table", { class: "hls-fields" }, [element("tbody", {}, rows)]);
}

function hexDump(hex, width) {
  const bytes = hex.replace(/\s/g, "").match(/../g) ?? [];
  const lines = [];
  for (let at = 0; at < bytes.length; at += width) {
    const part = bytes.slice(at, at + width);
    const cells = part.flatMap((byte, i) => [element("span", { "data-at": at + i }, byte), " "]);
    const chars = part.map((byte) => printable(parseInt(byte, 16))).join("");
    lines.push(
      element("span", { class: "hls-offset" }, at.toString(16).padStart(4, "0") + "  "),
      ...cells, "   ".repeat(width - part.length) + " ",
      element("span", { class: "hls-chars" }, chars), "\n");
  }
  return element("div", { class: "hls-hex", tabindex: "0", role: "group", "aria-label": "Bytes in hexadecimal" }, lines);
}

const printable = (code) => (code > 31 && code < 127 ? String.fromCharCode(code) : "·");

function lightUp(box, first, last) {
  // A field is lit wherever it stands: in the strip of bits, in the table, in the bytes.
  for (const cell of box.querySelectorAll("[data-at]")) {
    const bit = 8 * Number(cell.dataset.at);
    cell.classList.toggle("hls-lit", first !== undefined && bit + 7 >= first && bit <= last);
  }
  for (const part of box.querySelectorAll("[data-first]"))
    part.classList.toggle("hls-lit", Number(part.dataset.first) === first);
}

function beliefsAt(view) {
  // The last word of each machine about each connection, up to the event that is shown.
  const said = new Map();
  for (const { type, host, connection, state, says } of view.events.slice(0, view.step))
    if (type === "belief") said.set(`${host} ${connection}`, { host, connection, words: says || state });
  const lines = new Set([...said.values()].map((belief) => belief.connection)).size > 1;
  return [...said.values()].map(({ host, connection, words }) =>
    element("li", {}, [element("b", {}, lines ? `${host} (line ${connection})` : host), ` ${words}`]));
}

// ---- controls -------------------------------------------------------------------------------

function addControls(view) {
  const button = (text, label, act, name = "") => {
    const made = element("button", { type: "button", "aria-label": label, title: label, class: name }, text);
    made.onclick = act;
    return made;
  };
  view.first = button("⇤", "First event (Home)", () => goTo(view, 0));
  view.back = button("←", "Event before (left arrow)", () => goTo(view, view.step - 1));
  view.playing = button("Play", "Play or pause (space bar)", () => toggle(view), "hls-play");
  view.next = button("→", "Next event (right arrow)", () => goTo(view, view.step + 1));
  view.last = button("⇥", "Last event (End)", () => goTo(view, view.events.length));
  view.now = element("p", { class: "hls-now", "aria-live": "polite" });
  const buttons = [view.first, view.back, view.playing, view.next, view.last];
  view.bar = element("div", { class: "hls-bar", role: "toolbar", "aria-label": "Step through the run" },
    [...buttons, speedOf(view), view.now]);
  view.list = element("ol", { class: "hls-events", "aria-label": "Events" });
  view.inspect = element("section", { class: "hls-inspect", "aria-label": "The event's bytes" });
  view.detail = element("div", { class: "hls-detail", hidden: "" }, [view.list, view.inspect]);
  view.root.append(view.bar, view.detail);
  Object.assign(view.root, { tabIndex: 0, onkeydown: (event) => onKey(view, event) });
  view.root.setAttribute("role", "group");
}

function speedOf(view) {
  const options = SPEEDS.map((speed) => element("option", { value: speed }, `${speed} a second`));
  const select = element("select", {}, options);
  select.value = view.speed;
  select.onchange = () => {
    view.speed = Number(select.value);
    if (view.timer) pause(view), play(view);
  };
  return element("label", {}, ["Speed", select]);
}

const toggle = (view) => (view.timer ? pause(view) : play(view));

function onKey(view, event) {
  const own = event.target.closest("select, .hls-hex");
  if (own || event.ctrlKey || event.metaKey || event.altKey) return;
  const onButton = event.target.closest("button");
  const moves = {
    ArrowRight: () => goTo(view, view.step + 1),
    ArrowDown: () => goTo(view, view.step + 1),
    ArrowLeft: () => goTo(view, view.step - 1),
    ArrowUp: () => goTo(view, view.step - 1),
    Home: () => goTo(view, 0),
    End: () => goTo(view, view.events.length),
    " ": onButton ? null : () => toggle(view),
  };
  if (!moves[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  moves[event.key]();
}

// ---- the page around it -----------------------------------------------------------------------

function followScheme(view, redraw) {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const scheme = schemeOf(query);
    if (view.root.dataset.scheme === scheme) return;
    view.root.dataset.scheme = scheme;
    redraw();
  };
  const watcher = new MutationObserver(follow);
  const attributes = ["data-jp-theme-light", "data-md-color-scheme"];
  watcher.observe(document.body, { attributes: true, attributeFilter: attributes });
  query.addEventListener("change", follow);
  view.root.dataset.scheme = schemeOf(query);
  return () => (watcher.disconnect(), query.removeEventListener("change", follow));
}

function schemeOf(query) {
  const { jpThemeLight, mdColorScheme } = document.body.dataset;
  if (jpThemeLight !== undefined) return jpThemeLight === "false" ? "dark" : "light";
  if (mdColorScheme !== undefined) return mdColorScheme === "slate" ? "dark" : "light";
  return query.matches ? "dark" : "light";
}

function followWidth(view, redraw) {
  const watcher = new ResizeObserver(([entry]) => {
    const width = entry.contentRect.width;
    const size = width <= PHONE ? "phone" : width < 700 ? "narrow" : "wide";
    if (!width || view.size === size) return; // no width: the view is hidden, or not yet shown
    view.width = width;
    view.size = size;
    view.root.classList.toggle("hls-narrow", size !== "wide");
    redraw();
  });
  watcher.observe(view.root);
  return () => watcher.disconnect();
}

function helpNeighbours(root) {
  // In a knob panel: JupyterLab's shortcuts must leave the arrow keys to the sliders, and the
  // handle of a slider needs the name that stands beside it.
  const panel = root.closest(".hls-panel");
  panel?.setAttribute("data-lm-suppress-shortcuts", "true");
  for (const handle of panel?.querySelectorAll(".noUi-handle") ?? []) {
    const label = handle.closest(".widget-inline-hbox")?.querySelector(".widget-label");
    if (label) handle.setAttribute("aria-label", label.textContent);
  }
}

function element(name, attributes = {}, children = []) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...[].concat(children));
  return made;
}
