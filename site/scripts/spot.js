// A program with a wrong line: choose the line, or write another one in its place, and ask. What
// the right answer is, is not on the page: Python and the grader are fetched for the first question.

import { element } from "./inline.js";
import { styled } from "./wire.js";

// `asked(source)` runs source in the tab and promises what came out as elements.
export function spot(place, asked) {
  if (place.querySelector(".hls-listing")) return;
  const { exercise, program } = JSON.parse(place.parentElement.querySelector(".hls-spot-record").dataset.record);
  styled("styles/cells.css");
  const lines = program.split("\n");
  const question = place.querySelector(".hls-question");
  const listing = element("div", { className: "hls-listing highlight", role: "radiogroup", ariaLabel: "The lines of the program" });
  const repair = element("input", { type: "text", spellcheck: false, autocomplete: "off", disabled: true });
  const says = element("div", { className: "hls-said", role: "status" });
  let chosen;

  async function ask(more) {
    buttons.forEach((button) => (button.disabled = true));
    says.replaceChildren("Asking…");
    says.replaceChildren(...(await asked(`import labs\nlabs.spot(${JSON.stringify(exercise)}, ${more})`)));
    buttons.forEach((button) => (button.disabled = false));
  }

  const buttons = [
    asks("It is this line", () => ask(`line=${chosen + 1}`)),
    asks("Try this repair", () => ask(`repair={${chosen + 1}: ${JSON.stringify(repair.value)}}`)),
  ];
  const choose = (index) => {
    chosen = index;
    repair.value = lines[index];
    [repair, ...buttons].forEach((each) => (each.disabled = false));
  };
  listing.append(...coloured(place.querySelector("code"), lines).map((inside, index) => row(inside, index, exercise, choose)));
  place.querySelector(".highlight").replaceWith(listing);
  question.replaceChildren("Which line is wrong? Choose it, then repair it with the fewest edits.");
  question.after(buttons[0], element("label", { className: "hls-repair" }, "Repair ", repair), buttons[1], says);
}

function asks(words, act) {
  const button = element("button", { type: "button", disabled: true }, words);
  button.addEventListener("click", act);
  return button;
}

function row(inside, index, name, choose) {
  const number = element("span", { className: "hls-nth" }, `${index + 1}`);
  if (!inside.length || inside.join("") === "") return element("div", {}, number);
  const input = element("input", { type: "radio", name: `spot-${name}` });
  input.addEventListener("change", () => choose(index));
  return element("label", {}, input, number, element("code", {}, ...inside));
}

// The lines as the page coloured them. A token never goes over the end of a line.
function coloured(code, lines) {
  const found = [[]];
  for (const node of [...code.childNodes].filter((each) => each.className !== "linenos")) {
    if (node.nodeType !== Node.TEXT_NODE) {
      found.at(-1).push(node);
      continue;
    }
    const [first, ...more] = node.textContent.split("\n");
    found.at(-1).push(first);
    found.push(...more.map((text) => [text]));
  }
  const whole = lines.every((line, at) => words(found[at]) === line);
  return whole ? found.slice(0, lines.length) : lines.map((line) => [line]);
}

function words(nodes) {
  return (nodes ?? []).map((node) => node.textContent ?? node).join("");
}
