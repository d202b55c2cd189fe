// Text as sentences, and sentences as words that can be compared: the twin of labs/studio/words.py,
// rule by rule. A test runs both on the same answers.

const BLANK = /^[ \t\u00a0]+|[ \t\u00a0]+$/g;
const LINES = /[\r\n]+/;
const BULLET = /^(?:[-*•>#]+|[0-9]{1,2}[.)])[ \t\u00a0]+/;
const END = /[.!?]+["'”’)\]]*[ \t\u00a0]+/g;
const SHORT = ["e.g", "i.e", "vs", "etc", "cf", "approx", "resp"]; // end in a full stop, end no sentence
const WORD = /[0-9]+(?:[.,][0-9]+)*(?:[kKM](?![A-Za-z]))?|[A-Za-z][A-Za-z0-9]*(?:['’][A-Za-z]+)?|%/g;
const THOUSANDS = /^[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$/;
const BORDER = /[,;:()—–"“”]/;
export const PASSED_OVER = new Set("a an the my our your their its".split(" "));

// A word: what it says, where it stands in its sentence, in which clause.
export function words(text) {
  const made = [];
  let [clause, before] = [0, 0];
  for (const found of text.matchAll(WORD)) {
    const [start, end] = [found.index, found.index + found[0].length];
    if (BORDER.test(text.slice(before, start))) clause += 1;
    before = end;
    const says = plain(found[0]);
    if (!PASSED_OVER.has(says)) made.push({ says, start, end, clause });
  }
  return made;
}

export function sentences(text) {
  const lines = text.split(LINES).map((line) => trimmed(line).replace(BULLET, ""));
  const parts = lines.flatMap(cut).map(trimmed);
  return parts.map((part) => ({ text: part, words: words(part) })).filter((each) => each.words.length);
}

// What was written from the first of these words to the last.
export function between(sentence, first, last) {
  return sentence.text.slice(sentence.words[first].start, sentence.words[last].end);
}

export function count(text) {
  return [...text.matchAll(WORD)].length;
}

export function trimmed(text) {
  return text.replace(BLANK, "");
}

function cut(line) {
  const parts = [];
  let start = 0;
  for (const end of line.matchAll(END)) {
    const said = line.slice(start, end.index).toLowerCase();
    if (SHORT.some((short) => said.endsWith(short))) continue;
    parts.push(line.slice(start, end.index + end[0].length));
    start = end.index + end[0].length;
  }
  return [...parts, line.slice(start)];
}

// 6,700 is 6700, 40.0 is 40, % is percent, the peer's is the peer.
function plain(word) {
  if (word === "%") return "percent";
  if (THOUSANDS.test(word)) word = word.replaceAll(",", "");
  if (/^[0-9]/.test(word) && word.split(".").length === 2) word = word.replace(/0+$/, "").replace(/\.+$/, "");
  return word.toLowerCase().replaceAll("’", "'").replace(/'s$/, "");
}
