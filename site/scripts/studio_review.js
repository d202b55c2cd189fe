// What an answer says, by its words: points with the sentence that made them, flags, a score. The
// twin of labs/studio/review.py; both return the same record for the same answer.
import { found, saidAgainst } from "./studio_phrases.js";
import { between, count, sentences } from "./studio_words.js";

const LEAST = 40; // words, before what an answer leaves out is held against it
const LEVELS = 4;
const ROOM = 4; // words in a clause, before it says more than a name
const LIST = 0.6; // of a sentence in such short clauses make it a list, if there are a few of them
const AFTER = "after"; // the text that answers a changed requirement

// asked: { points, flags, dimensions, cap }; texts: [[where, text], ...]; attached: sentences under
// which runs were kept; own: id of a point or a flag -> the reader's own judgement of it.
export function review(asked, texts, attached = [], own = {}) {
  const written = texts.flatMap(([where, text]) => sentences(text).map((sentence) => [where, sentence]));
  const later = written.filter(([where]) => where === AFTER);
  const points = {};
  for (const { id, heard, after } of asked.points) points[id] = quote(heard, after ? later : written);
  for (const [id, said] of evidence(attached, written)) if (id in points) points[id] = said;
  const held = new Set(Object.keys(points).filter((id) => own[id] ?? Boolean(points[id])));
  const words = texts.reduce((sum, [, text]) => sum + count(text), 0);
  const flags = {};
  for (const flag of asked.flags.filter(({ id }) => own[id] ?? true)) {
    const said = raised(flag, held, written, words);
    if (said) flags[flag.id] = said;
  }
  const named = new Set(Object.keys(points).filter((id) => points[id]?.bare && !own[id]));
  const scores = {};
  for (const name of asked.dimensions) scores[name] = score(name, asked.points, held, named);
  const sum = Object.values(scores).reduce((one, other) => one + other, 0);
  const capped = asked.flags.some(({ critical, id }) => critical && id in flags) && sum > asked.cap;
  return { points, flags, scores, sum, total: capped ? asked.cap : sum, capped, words };
}

// What says the earliest of these phrases, in a clause of its own rather than in a list.
function quote(heard, written) {
  let bare = null;
  for (const phrase of heard)
    for (const [where, sentence] of written) {
      const place = found(phrase, sentence);
      if (!place) continue;
      const said = quoted(where, sentence, place);
      if (!said.bare) return said;
      bare ??= said;
    }
  return bare;
}

function quoted(where, sentence, place) {
  const { words } = sentence;
  const [first, last] = [words[place.since].clause, words[place.until].clause];
  const lengths = new Map();
  for (const { clause } of words) lengths.set(clause, (lengths.get(clause) ?? 0) + 1);
  const sum = (kept) => [...lengths].filter(kept).reduce((all, [, length]) => all + length, 0);
  const room = sum(([clause]) => first <= clause && clause <= last);
  const listed = lengths.size >= ROOM && sum(([, length]) => length < ROOM) > LIST * words.length;
  const bare = room < ROOM && (listed || words.length < ROOM - 1);
  return { sentence: sentence.text, on: between(sentence, place.first, place.last), where, bare };
}

function raised(flag, held, written, words) {
  if (flag.without.length && (words < LEAST || flag.without.some((id) => held.has(id)))) return null;
  return said(flag, written);
}

// What says the earliest of the flag's phrases and does not take it back.
function said(flag, written) {
  if (flag.without.length) return quote(flag.unless, written) ? null : quote(flag.heard, written);
  for (const phrase of flag.heard)
    for (const [where, sentence] of written) {
      const place = found(phrase, sentence);
      if (!place || flag.unless.some((each) => found(each, sentence))) continue;
      if (flag.sure || !saidAgainst(phrase, place, sentence)) return quoted(where, sentence, place);
    }
  return null;
}

// What an attached run adds: that there is one, and that the answer has a number of it.
function* evidence(attached, written) {
  if (!attached.length) return;
  yield ["attached", { sentence: attached[0], on: attached[0], where: "evidence", bare: false }];
  const kept = attached.flatMap(sentences).flatMap(({ words }) => words.map(({ says }) => says));
  const numbers = new Set(kept.filter((word) => /^[0-9]/.test(word)));
  for (const [where, sentence] of written)
    for (const { says, start, end } of sentence.words)
      if (numbers.has(says)) {
        yield ["quoted", { sentence: sentence.text, on: sentence.text.slice(start, end), where, bare: false }];
        return;
      }
}

function score(dimension, points, held, named) {
  const ofIt = points.filter((point) => point.dimension === dimension && held.has(point.id));
  if (!ofIt.length) return 0;
  return Math.min(Math.max(...ofIt.map(({ id, level }) => (named.has(id) ? 1 : level))), ofIt.length + 1, LEVELS);
}
