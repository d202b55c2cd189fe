// A lesson's questions, brought to life where they stand as folded text: a choice, then a reason
// for each of them, and the answer kept. A wrong answer puts its card among the cards to learn.

import { element, inline, page } from "./inline.js";
import { keep, kept } from "./kept.js";

const LETTERS = "ABCDEF";

export function show() {
  for (const place of document.querySelectorAll(".hls-lesson")) {
    const record = JSON.parse(place.dataset.record);
    const text = place.previousElementSibling;
    if (!["quiz", "test_out"].includes(record.kind) || !text || text.querySelector("form")) continue;
    const heading = text.querySelector("h3");
    text.replaceChildren(...(heading ? [heading] : []), ...questions(record));
    text.classList.add("hls-quiz");
  }
}

function questions({ kind, lesson, content }) {
  const end = element("div", { className: "hls-quiz-end" });
  const score = element("p", { role: "status" });
  const again = element("button", { type: "button", textContent: "Ask them all again" });
  const asked = content.map((item, index) => question(item, index, lesson, count));
  again.addEventListener("click", () => {
    asked.forEach((each) => each.ask());
    asked[0].form.querySelector("input").focus();
  });
  end.append(score, again);

  function count() {
    const answers = asked.map((each) => each.right()).filter((each) => each !== undefined);
    const right = answers.filter(Boolean).length;
    again.hidden = !answers.length;
    score.replaceChildren(...(answers.length ? [`${right} of ${asked.length} right. `] : []));
    if (answers.length === asked.length) score.append(...(kind === "quiz" ? after(right === asked.length) : onward(right === asked.length)));
  }

  count();
  const all = [...asked.map((each) => each.form), end];
  return kind === "quiz" ? all : [folded(all, asked.some((each) => each.right() !== undefined))];
}

// The test-out keeps out of the way of those who came to read.
function folded(inside, open) {
  const summary = element("summary", {}, "Know this already? Three questions");
  return element("details", { className: "hls-test-out", open }, summary, ...inside);
}

function after(all) {
  return all ? [] : ["The rest waits among ", link("your cards", page("practice/cards/")), "."];
}

function onward(all) {
  if (!document.getElementById("break")) return [];
  return all ? [link("Go on to Break", "#break"), "."] : ["Read on: the lesson answers what went wrong."];
}

function link(words, href) {
  return element("a", { href }, words);
}

function question(item, index, lesson, answered) {
  const id = `${lesson}: ${item.ask}`;
  const choices = item.choices.map((choice, place) => option(choice, LETTERS[place], `${lesson} ${item.ask}`));
  const says = element("p", { role: "status" });
  const button = element("button", { type: "submit" });
  const legend = element("legend", {}, `${index + 1}. `, ...inline(item.ask));
  const form = element("form", { className: "hls-item" }, element("fieldset", {}, legend, ...choices.map((each) => each.line)), element("div", { className: "hls-settle" }, button, says));
  let right;

  function ask() {
    right = undefined;
    choices.forEach((each) => each.open());
    button.textContent = "Answer";
    says.replaceChildren();
    answered();
  }

  function settle(chosen) {
    right = Boolean(chosen.right);
    choices.forEach((each) => each.close(each.text === chosen.text));
    button.textContent = "Ask me again";
    const letter = LETTERS[item.choices.findIndex((each) => each.right)];
    says.textContent = right ? "Right." : `Not this one: ${letter} is right. A card of it waits for you.`;
  }

  function answer() {
    const chosen = item.choices[choices.findIndex((each) => each.input.checked)];
    settle(chosen);
    const first = kept().quizzes[id]?.first ?? right;
    keep("quizzes", id, { chosen: chosen.text, right, first });
    if (!right) want(`${lesson}: ${item.card ?? item.ask}`);
    answered();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (right === undefined) return answer();
    ask();
    choices[0].input.focus();
  });
  button.textContent = "Answer";
  const before = item.choices.find((each) => each.text === kept().quizzes[id]?.chosen);
  if (before) settle(before);
  return { form, ask, right: () => right };
}

function option({ text, why, right }, letter, name) {
  const input = element("input", { type: "radio", name, required: true });
  const mark = element("strong", { className: "hls-mark" });
  const reason = element("p", { className: "hls-why", hidden: true }, ...inline(why));
  const label = element("label", { className: "hls-field" }, input, ` ${letter}. `, ...inline(text), mark);
  const line = element("div", { className: "hls-choice" }, label, reason);

  function open() {
    Object.assign(input, { checked: false, disabled: false });
    reason.hidden = true;
    mark.textContent = "";
    line.className = "hls-choice";
  }

  function close(chosen) {
    Object.assign(input, { checked: chosen, disabled: true });
    reason.hidden = false;
    mark.textContent = [right ? " right" : "", chosen ? " your answer" : ""].filter(Boolean).join(",");
    line.className = `hls-choice ${right ? "hls-choice--right" : chosen ? "hls-choice--wrong" : ""}`;
  }

  return { line, input, text, open, close };
}

// The card is due now, whatever it was before.
function want(id) {
  keep("cards", id, { ...kept().cards[id], wanted: new Date().toISOString() });
}
