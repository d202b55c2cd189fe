// A design from memory, written as lines such as `browser -> gateway: ws`: the twin of
// labs/studio/sketch.py.
import { found } from "./studio_phrases.js";
import { trimmed, words } from "./studio_words.js";

const ARROW = /<->|<=>|<-+|<=+|-+>|=+>|↔|←|→/g;
const BOTH = ["<->", "<=>", "↔"];
const LONGEST = 28; // letters of a name
const MOST = 12; // machines in one picture

// { parts: [name], links: [{ number, source, target, says, both }], troubles: [sentence] }
export function design(text) {
  const [parts, links, troubles] = [new Map(), [], []];
  text.split(/\r\n|\r|\n/).forEach((line, index) => {
    try {
      for (const [from, to, says, both] of read(line)) {
        const [source, target] = [from, to].map((name) => name && part(parts, name));
        if (target) links.push({ number: links.length + 1, source, target, says, both });
      }
    } catch (trouble) {
      troubles.push(`Line ${index + 1}: ${trouble.message}`);
    }
  });
  if (parts.size > MOST) troubles.push(`${parts.size} machines are more than one picture holds: draw ${MOST}.`);
  const shown = [...parts.values()].slice(0, MOST);
  const within = links.filter(({ source, target }) => shown.includes(source) && shown.includes(target));
  return { parts: shown, links: within, troubles };
}

// What a design for this prompt has and this one has not, in the author's order.
export function missing(drawn, needs) {
  return needs.filter((need) => !has(drawn, need));
}

export function arrow({ both }) {
  return both ? "<->" : "->";
}

function part(parts, name) {
  const key = name.toLowerCase();
  if (!parts.has(key)) parts.set(key, name);
  return parts.get(key);
}

// Each link of a line: source, target, what travels, both ways; a machine alone has none.
function* read(whole) {
  const line = trimmed(whole.split("#")[0]);
  if (!line) return;
  const colon = line.includes(":") ? line.indexOf(":") : line.length;
  const [chain, says] = [line.slice(0, colon), trimmed(line.slice(colon + 1))];
  const arrows = chain.match(ARROW) ?? [];
  const names = chain.split(ARROW).map((name) => trimmed(name).split(/[ \t\u00a0]+/).join(" "));
  readable(line, names, arrows);
  if (!arrows.length) yield [names[0], "", "", false];
  for (const [at, mark] of arrows.entries()) {
    const both = BOTH.includes(mark);
    const back = !both && /^[<←]/.test(mark);
    yield back ? [names[at + 1], names[at], says, both] : [names[at], names[at + 1], says, both];
  }
}

function readable(line, names, arrows) {
  if (line.includes(":") && !arrows.length)
    throw new Error("no arrow before the colon. Write it so: browser -> gateway: ws");
  if (names.some((name) => !name)) throw new Error("an arrow needs a machine on either side.");
  const long = names.find((name) => [...name].length > LONGEST);
  if (long) throw new Error(`“${[...long].slice(0, LONGEST).join("")}…” is too long for a name; say the rest after a colon.`);
}

function has(drawn, need) {
  if (need.part.length) return drawn.parts.some((name) => says(need.part, name));
  return drawn.links.some((link) => is(link, need));
}

function is(link, need) {
  const ways = [[link.source, link.target]];
  if (need.either_way || link.both) ways.push([link.target, link.source]);
  const fits = ways.some(([one, other]) => says(need.source, one) && says(need.target, other));
  return fits && says(need.label, link.says);
}

function says(phrases, text) {
  const sentence = { text, words: words(text) };
  return !phrases.length || phrases.some((phrase) => found(phrase, sentence));
}
