// "Step through this run" below a picture: the wire view of JupyterLab, in its place.
// The view is fetched when it is asked for; the run was embedded when the page was made.

export function stepped(figure, run) {
  const open = Object.assign(document.createElement("button"), {
    type: "button",
    className: "hls-step",
    textContent: "Step through this run, byte by byte",
  });
  open.addEventListener("click", async () => {
    open.disabled = true;
    const { default: view } = await import(new URL("../assets/wire/wire_view.js", import.meta.url).href);
    styles();
    const place = document.createElement("div");
    figure.querySelector(".hls-diagram").replaceWith(place);
    open.remove();
    view.render({ model: model(run), el: place });
    place.querySelector("button, [tabindex]")?.focus();
  });
  figure.append(open);
}

// What anywidget would give: values to read, and changes to listen for.
function model(run) {
  const values = { svg: run.svg, wire: run.wire, compact: false, text: "", noticed: run.noticed ?? [] };
  return { get: (name) => values[name], on() {}, off() {}, set() {}, save_changes() {} };
}

function styles() {
  const href = new URL("../assets/wire/wire_view.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}
