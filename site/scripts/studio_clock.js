// A clock that is started and paused, counts down in sight, and speaks only at its marks: a screen
// reader hears those, never the seconds. It goes on where it stood when the page is opened again.
import { element } from "./inline.js";

// marks: [{ at: seconds, says, act }], in order. spent: seconds that have gone already. changed is
// called when it starts, pauses or reaches a mark. Returns { box, spent(), pause(), say() }.
export function clock({ minutes, marks, spent = 0, changed, waits = "The clock waits for you." }) {
  const whole = minutes * 60;
  const left = element("span", { className: "hls-time", role: "timer" });
  left.setAttribute("aria-label", "Time left");
  const said = element("p", { className: "hls-pace", role: "status" }, spent ? "" : waits);
  const button = element("button", { type: "button", className: "hls-main" });
  const box = element("div", { className: "hls-clock" }, left, button, said);
  let [before, since, timer] = [spent, 0, 0];

  const now = () => Math.min(before + (since ? (Date.now() - since) / 1000 : 0), whole);

  function draw() {
    const rest = Math.ceil(whole - now());
    left.textContent = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
    button.textContent = since ? "Pause" : rest === whole ? "Start the clock" : "Go on";
    button.hidden = !rest;
  }

  function tick() {
    if (!box.isConnected) return pause(); // another page has taken this one's place
    const reached = now();
    for (const mark of marks) if (!mark.passed && mark.at <= reached) pass(mark);
    draw();
    if (reached >= whole) pause();
  }

  function pass(mark) {
    mark.passed = true;
    said.textContent = mark.says;
    mark.act?.();
    changed();
  }

  function start() {
    since = Date.now();
    timer = setInterval(tick, 250);
    tick();
    changed();
  }

  function pause() {
    before = now();
    since = 0;
    clearInterval(timer);
    draw();
    changed();
  }

  for (const mark of marks.filter(({ at }) => spent > 0 && at <= spent)) {
    mark.passed = true;
    said.textContent = mark.says;
  }
  button.addEventListener("click", () => (since ? pause() : start()));
  addEventListener("pagehide", () => since && pause());
  draw();
  return { box, spent: now, pause, say: (words) => (said.textContent = words) };
}
