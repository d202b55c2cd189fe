// "Step through this run" below a picture: the wire view of JupyterLab, in its place, also full
// screen. The view is fetched when it is asked for; the run was embedded when the page was made.

import { page } from "./inline.js";

export function stepped(figure, run) {
  let view; // promised once it is asked for
  const seen = () => (view ??= viewed(figure, run, step));
  const step = button("Step through this run, byte by byte", async () => (await seen()).focus());
  figure.append(step);
  if (!document.fullscreenEnabled) return;
  const room = button("Full screen, for a room", async () => {
    const full = figure.requestFullscreen(); // at once: the browser asks for a press of a button
    const [{ lecture }, root] = await Promise.all([import("./lecture.js"), seen(), full]);
    lecture(figure, root, room);
  });
  figure.append(room);
}

async function viewed(figure, run, step) {
  step.disabled = true;
  const { default: view } = await import(new URL("../assets/wire/wire_view.js", import.meta.url).href);
  styled("assets/wire/wire_view.css");
  const [place, shown] = [document.createElement("div"), model(run)];
  figure.querySelector(".hls-diagram").replaceWith(place);
  step.remove();
  view.render({ model: shown, el: place });
  return place.querySelector(".hls-wire");
}

function button(textContent, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "hls-step", textContent });
  made.addEventListener("click", act);
  return made;
}

// What anywidget would give: values to read, and changes to listen for.
function model(run) {
  const values = { svg: run.svg, wire: run.wire, compact: false, text: "", noticed: run.noticed ?? [] };
  return { get: (name) => values[name], on() {}, off() {}, set() {}, save_changes() {} };
}

// A style sheet of this site, fetched when what it is for is.
export function styled(path) {
  const href = page(path);
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}
