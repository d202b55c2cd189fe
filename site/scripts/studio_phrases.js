// Phrases, and where they stand in a sentence: the twin of labs/studio/phrases.py, which explains
// how they are written.
import { PASSED_OVER } from "./studio_words.js";

const GAPS = { "..": 8, ".": 2 }; // words that may be skipped
const BEFORE = 3; // words before a phrase among which a "not" turns it round
const TOKEN = /[()|]|[^ ()|]+/g;
const NUMBERS = new Set(
  "one two three four five six seven eight nine ten twelve fifteen twenty thirty forty fifty sixty hundred thousand million half twice".split(" "),
);
const NEGATIONS = new Set("not no never cannot nor neither avoid skip nobody nothing".split(" "));
const DOUBTS = new Set([
  ...NEGATIONS,
  ..."wrong myth impossible mistake unless instead rather without refuse refuses reject rejects unlike trap tempting naive".split(" "),
]);
const read = new Map();

// Where the sentence says this, or nothing; a part that stands behind a "not" does not count.
export function found(phrase, sentence) {
  const places = [];
  for (const part of parts(phrase)) {
    const place = first(standing(part, sentence.words), ([at]) => !denied(at, sentence.words));
    if (!place) return undefined;
    places.push(place);
  }
  const since = Math.min(...places.map(([at]) => at));
  const until = Math.max(...places.map(([, to]) => to));
  return { first: places[0][0], last: places[0][1], since, until };
}

// Does the sentence doubt what the phrase says, or say it across two clauses?
export function saidAgainst(phrase, place, { words }) {
  if (words[place.first].clause !== words[place.last].clause) return true;
  const own = phrase.match(/[a-z]+/g) ?? [];
  return words.some(({ says }) => (DOUBTS.has(says) && !own.includes(says)) || says.endsWith("n't"));
}

function parts(phrase) {
  if (!read.has(phrase)) read.set(phrase, phrase.split(" & ").map((part) => items(part.match(TOKEN))));
  return read.get(phrase);
}

function items(tokens) {
  const made = [];
  while (tokens.length && tokens[0] !== ")" && tokens[0] !== "|") {
    const token = tokens.shift();
    if (token === "(") made.push(alternatives(tokens));
    else if (!PASSED_OVER.has(token)) made.push(GAPS[token] ?? token);
  }
  return made;
}

function alternatives(tokens) {
  const made = [items(tokens)];
  while (tokens.shift() === "|") made.push(items(tokens));
  return made;
}

// Their first and last word, wherever the items stand; of several ends the first.
function* standing(wanted, words) {
  for (let at = 0; at < words.length; at += 1) {
    const end = first(ends(wanted, 0, words, at), (each) => each > at);
    if (end) yield [at, end - 1];
  }
}

function* ends(wanted, item, words, at) {
  if (item === wanted.length) yield at;
  else for (const middle of behind(wanted[item], words, at)) yield* ends(wanted, item + 1, words, middle);
}

function* behind(item, words, at) {
  if (typeof item === "number") for (let to = at; to <= Math.min(at + item, words.length); to += 1) yield to;
  else if (Array.isArray(item)) for (const each of item) yield* ends(each, 0, words, at);
  else {
    const many = taken(item, words, at);
    if (many) yield at + many;
  }
}

// How many words the atom takes here: one, or two that were written apart.
function taken(atom, words, at) {
  if (at >= words.length) return 0;
  const one = words[at].says;
  if (atom === "#") return /^[0-9]/.test(one) || NUMBERS.has(one) ? 1 : 0;
  if (is(atom, one)) return 1;
  const two = at + 1 < words.length && one.length < atom.replace(/\*+$/, "").length;
  return two && is(atom, one + words[at + 1].says) ? 2 : 0;
}

function is(atom, word) {
  return atom.endsWith("*") ? word.startsWith(atom.slice(0, -1)) : word === atom;
}

function denied(at, words) {
  const before = words.slice(Math.max(0, at - BEFORE), at).filter(({ clause }) => clause === words[at].clause);
  return before.some(({ says }) => NEGATIONS.has(says) || says.endsWith("n't"));
}

function first(values, wanted) {
  for (const value of values) if (wanted(value)) return value;
  return undefined;
}
