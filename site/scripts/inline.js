// A line of Markdown as nodes: code, bold, italic. Everything else is text, and none of it is HTML.

const PARTS = /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*/g;

export function inline(text) {
  const nodes = [];
  let from = 0;
  for (const { 0: whole, 1: code, 2: bold, 3: italic, index } of text.matchAll(PARTS)) {
    nodes.push(text.slice(from, index), element(code ? "code" : bold ? "strong" : "em", {}, code ?? bold ?? italic));
    from = index + whole.length;
  }
  return [...nodes, text.slice(from)];
}

export function element(name, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...inside);
  return made;
}

// Was this page built by `python3 -m course start`, which then also knows progress and JupyterLab?
export function served() {
  return document.querySelector("meta[name=hls-course]") !== null;
}

// The address of this site's own page. The theme's configuration does not say it: after an instant
// navigation it still holds the way from the page that was loaded first.
export function page(path) {
  return new URL(path, new URL("../", import.meta.url)).href;
}
