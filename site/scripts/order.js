// The wire in order: events of a run as lines to move, by their buttons, by the arrow keys or by
// dragging; then they are compared with the run, whose order came with the page.

import { element } from "./inline.js";
import { styled } from "./wire.js";

export function order(place) {
  const record = place.parentElement.querySelector(".hls-prediction");
  const { options, right } = JSON.parse(record.dataset.record);
  if (place.querySelector(".hls-lines")) return;
  styled("styles/cells.css");
  const list = element("ol", { className: "hls-lines" });
  const says = element("p", { className: "hls-said", role: "status" });
  list.ariaLabel = "The events, in your order";
  const moved = (line) => (says.textContent = `“${text(line)}” is now line ${[...list.children].indexOf(line) + 1} of ${options.length}.`);
  list.append(...options.map((option) => line(option, list, moved)));
  const compare = element("button", { type: "button" }, "Is this the order?");
  compare.addEventListener("click", () => (says.textContent = verdict([...list.children].map(text), right)));
  place.querySelector("ul").replaceWith(list);
  list.after(compare, says);
}

function text(line) {
  return line.querySelector("span").textContent;
}

function verdict(given, right) {
  const wrong = given.findIndex((line, at) => line !== right[at]);
  if (wrong < 0) return "That is the order in which they happened.";
  const before = wrong ? `The first ${wrong} ${wrong === 1 ? "stands" : "stand"} right. ` : "";
  return `${before}Something else happens before line ${wrong + 1}, “${given[wrong]}”.`;
}

function line(option, list, moved) {
  const made = element("li", {});
  const step = (by) => {
    const to = by < 0 ? made.previousElementSibling : made.nextElementSibling;
    if (!to) return moved(made); // said again: it is the first already, or the last
    by < 0 ? to.before(made) : to.after(made);
    moved(made);
  };
  const mover = (sign, words, by) => {
    const button = element("button", { type: "button", ariaLabel: `${words}: ${option}` }, sign);
    button.addEventListener("click", () => {
      step(by);
      button.focus(); // moving an element takes the focus from what is in it
    });
    return button;
  };
  const handle = element("i", { ariaHidden: "true" });
  made.append(handle, element("span", {}, option), mover("↑", "Earlier", -1), mover("↓", "Later", 1));
  made.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const held = document.activeElement;
    step(by);
    held.focus();
  });
  dragged(handle, made, list, moved);
  return made;
}

// A finger or a mouse takes a line by its handle and drops it between two others.
// Moving an element ends what it has captured, so the page listens meanwhile.
function dragged(handle, made, list, moved) {
  const move = ({ clientY }) => {
    const over = [...list.children].find((each) => each !== made && clientY < middle(each));
    if (over !== made.nextElementSibling) list.insertBefore(made, over ?? null);
  };
  handle.addEventListener("pointerdown", (event) => {
    const held = new AbortController();
    const drop = () => {
      held.abort();
      made.classList.remove("hls-held");
      moved(made);
    };
    event.preventDefault();
    made.classList.add("hls-held");
    document.addEventListener("pointermove", move, { signal: held.signal });
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, drop, { signal: held.signal });
  });
}

function middle(line) {
  const { top, height } = line.getBoundingClientRect();
  return top + height / 2;
}
