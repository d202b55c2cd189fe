// Lecture mode: the wire view over the whole screen, in letters that the last row can read. The arrow
// keys step, the space bar plays, Escape returns to the page.

export function lecture(figure, root, back) {
  styles();
  root.focus({ preventScroll: true });
  const again = (event) => !event.target.closest("button, select") && root.focus({ preventScroll: true });
  figure.addEventListener("click", again); // the keys belong to the view, wherever one clicks
  document.addEventListener("fullscreenchange", function left() {
    if (document.fullscreenElement === figure) return;
    document.removeEventListener("fullscreenchange", left);
    figure.removeEventListener("click", again);
    back.focus();
  });
}

function styles() {
  const href = new URL("../styles/lecture.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
}
