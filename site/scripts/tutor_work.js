// The learner's own work on this page, as a question may take it along: the exercise that was checked
// last, its code and what the grader said. It is offered, and goes along when it is ticked.

import { kept } from "./kept.js";

const EXERCISE = /^# exercise: ([\w.]+)/;

export function work() {
  const lesson = document.querySelector(".hls-runtime")?.dataset.lesson;
  const page = { ...(lesson && { lesson }), page: location.pathname };
  const done = kept().exercises;
  const cells = [...document.querySelectorAll(".hls-cell")].map((box) => box.querySelector(".cm-content") ?? box.querySelector("code"));
  const codes = cells.filter(Boolean).map((code) => text(code));
  const here = codes.flatMap((code) => (EXERCISE.test(code) ? [{ code, id: code.match(EXERCISE)[1] }] : []));
  const [last] = here.filter(({ id }) => done[id]).sort((a, b) => (done[a.id].when < done[b.id].when ? 1 : -1));
  if (!last) return { page };
  const { attempts, last: found, passed } = done[last.id];
  const verdict = passed ? "correct" : "incorrect";
  const given = { exercise: last.id, code: last.code.slice(0, 12_000), verdict, attempts, ...(!passed && found !== verdict && { bug: found }) };
  return { page, words: `Take my code of ${last.id} along, and what the grader said`, given };
}

function text(code) {
  return [...code.querySelectorAll(".cm-line")].map((line) => line.textContent).join("\n") || code.textContent;
}
