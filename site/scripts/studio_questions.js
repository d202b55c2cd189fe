// The desk for the questions of the lessons: five minutes, one question, what a strong answer says.
import { element, inline, page } from "./inline.js";
import { button, field, keeping, sure, whereKept } from "./studio.js";
import { clock } from "./studio_clock.js";
import { evidence } from "./studio_evidence.js";
import { review } from "./studio_review.js";
import { verdict } from "./studio_verdict.js";
import { voice } from "./studio_voice.js";
import { count } from "./studio_words.js";

const MARKS = [
  { at: 0, says: "Five minutes. Begin with the answer, then the number." },
  { at: 150, says: "Half of the time is left. Say the price of it." },
  { at: 240, says: "One minute left. Say what you would watch, and what would change your mind." },
  { at: 300, says: "Time is up. Finish the sentence, then have it read." },
];

export function desk(place, { lead, minutes, questions }) {
  const choose = element("select", {}, ...lessons(questions));
  const another = button("Another one", () => open(questions[(at() + 1) % questions.length].id, true));
  const asked = element("div", {});
  place.replaceChildren(element("div", { className: "hls-row" }, element("label", {}, "Question ", choose), another), asked);

  const at = () => questions.findIndex(({ id }) => id === choose.value);

  function open(id, focus = false) {
    choose.value = id;
    const about = { ...questions.find((each) => each.id === id), lead };
    const now = one(about, minutes, () => open(id, true));
    asked.replaceChildren(...now);
    if (focus) asked.querySelector("h3").focus();
  }

  function fromAddress() {
    const id = location.hash.slice(1);
    if (!place.isConnected) return removeEventListener("hashchange", fromAddress);
    if (questions.some((each) => each.id === id)) open(id, true);
  }

  choose.addEventListener("change", () => open(choose.value));
  addEventListener("hashchange", fromAddress);
  const wanted = questions.find(({ id }) => `#${id}` === location.hash) ?? questions[0];
  if (wanted) open(wanted.id, `#${wanted.id}` === location.hash);
}

function lessons(questions) {
  const groups = new Map();
  for (const { id, ask, lesson } of questions) {
    if (!groups.has(lesson.says)) groups.set(lesson.says, element("optgroup", { label: lesson.says }));
    groups.get(lesson.says).append(new Option(ask.replaceAll("`", ""), id));
  }
  return groups.values();
}

function one(about, minutes, fresh) {
  const { state, now, soon, clear } = keeping(about.id, { answer: "", spent: 0, own: {}, attached: [] });
  const counted = element("p", { className: "hls-hint" });
  const result = element("div", { className: "hls-reading" });
  const marks = MARKS.map((mark) => ({ ...mark }));
  const time = clock({ minutes, marks, spent: state.spent, changed: () => timed() });
  const answer = field("Your answer", state.answer, 9, (text) => {
    state.answer = text;
    said();
    soon();
  });
  const runs = evidence(state.attached, now);
  const read = button("Read my answer", () => reading(), "hls-main");
  const again = sure("Begin again", "Press again: this answer goes", () => (clear(), fresh()));

  function timed() {
    state.spent = time?.spent() ?? state.spent;
    now();
  }

  function said() {
    const words = count(state.answer);
    counted.textContent = `${words} ${words === 1 ? "word" : "words"}; a minute of speech holds about 130. ${whereKept()}`;
  }

  function reading(focus = ".hls-read-title") {
    time.pause();
    const seen = review(about.asked, [["answer", state.answer]], state.attached.map(({ says }) => says), state.own);
    state.made = about.asked.points.filter(({ id }) => state.own[id] ?? seen.points[id]).length;
    now();
    const options = { own: state.own, again: (id) => reading(`[data-point="${id}"]`) };
    const model = element("details", { className: "hls-answer" }, element("summary", {}, "One way to say it"), element("p", {}, ...inline(about.answer)), element("p", { className: "hls-hint" }, "Its evidence: ", ...about.evidence.flatMap((run, index) => [index ? ", " : "", element("code", {}, run)]), ", a run of the lesson."));
    result.replaceChildren(verdict(about, about.asked, seen, options), model, element("div", { className: "hls-row" }, again));
    result.querySelector(focus)?.focus();
  }

  said();
  const from = element("p", { className: "hls-hint" }, "From ", element("a", { href: page(about.lesson.address) }, about.lesson.says));
  const box = element("div", { className: "hls-desk" }, element("h3", { tabIndex: -1, ariaLevel: "2" }, ...inline(about.ask)), from, time.box, answer.box, counted, ...voice(), runs.box, element("div", { className: "hls-row" }, read));
  return [box, result];
}
