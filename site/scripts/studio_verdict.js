// What was read in an answer: flags first, then point by point with the sentence that made it, then
// what comes next. Each point can be overruled, and the figures follow.
import { element, inline, page } from "./inline.js";

const WHERE = { answer: "", after: "To the change: ", sketch: "In your drawing: ", evidence: "Attached: " };

// about: the record of a prompt or a question; seen: its review; own: id -> the reader's judgement,
// changed in place; again: called after a change; lacks: what is missing from the drawing.
export function verdict(about, asked, seen, { own, again, lacks = [], kept = "" }) {
  const title = element("h3", { tabIndex: -1, className: "hls-read-title" }, "What was read");
  const parts = [title, sum(about, asked, seen, own), element("p", { className: "hls-hint" }, about.lead)];
  if (kept) parts.push(element("p", { className: "hls-hint" }, kept));
  const raised = asked.flags.filter(({ id }) => seen.flags[id]);
  parts.push(...flags(raised, seen, own, again), ...lifted(asked, own, again), ...unread(asked));
  for (const group of groups(about, asked)) parts.push(dimension(group, about, seen, own, again));
  if (lacks.length) parts.push(element("h4", {}, "Missing from the drawing"), list(lacks.map(({ says }) => [says])));
  parts.push(...onward(about, seen, own), ...levels(about));
  return element("section", { className: "hls-verdict-of", ariaLabel: "What was read in your answer" }, ...parts);
}

export function held(id, seen, own) {
  return own[id] ?? Boolean(seen.points[id]);
}

function sum({ dimensions }, { points, cap, flags }, seen, own) {
  const made = points.filter(({ id }) => held(id, seen, own)).length;
  const words = `${made} of ${points.length} points in ${seen.words} words`;
  if (!dimensions) return element("p", { className: "hls-total" }, element("b", {}, words));
  const capped = flags.filter(({ id, critical }) => critical && seen.flags[id]).map(({ says }) => says);
  const line = element("p", { className: "hls-total" }, element("b", {}, `${seen.total} of ${4 * dimensions.length}`), ` · ${words}`);
  if (seen.capped) line.append(element("span", { className: "hls-capped" }, `Capped at ${cap}, where ${seen.sum} stood: ${capped.join(" ")}`));
  return line;
}

function flags(raised, seen, own, again) {
  if (!raised.length) return [];
  const items = raised.map((flag) => [
    element("b", {}, ...inline(flag.says)), flag.critical ? " It caps the whole. " : " ", ...inline(flag.why), " ", ...lesson(flag.lesson), quote(seen.flags[flag.id], flag.without?.length ? "It stands here, and nothing more is said of it: " : "You wrote: "),
    judge(flag.id, "Not what I meant", false, own, again),
  ]);
  return [element("h4", { className: "hls-harm" }, raised.length === 1 ? "A red flag" : `${raised.length} red flags`), list(items, "hls-flags")];
}

// Flags that the reader has taken down stay in sight, and can be put up again.
function lifted({ flags: all }, own, again) {
  const down = all.filter(({ id }) => own[id] === false);
  if (!down.length) return [];
  return [element("h4", {}, "Taken down by you"), list(down.map(({ id, says }) => [element("p", {}, ...inline(says)), judge(id, "It was right", true, own, again)]), "hls-points")];
}

// What no phrase can find stands there to be judged by eye.
function unread({ flags: all }) {
  const mute = all.filter(({ heard }) => !heard.length);
  return mute.length ? [element("p", { className: "hls-hint" }, `Look for yourself: ${mute.map(({ says }) => says.replace(/\.$/, "")).join("; ")}.`)] : [];
}

function groups({ dimensions }, { points }) {
  if (!dimensions) return [{ title: "A strong answer says", points }];
  return dimensions.map((each) => ({ ...each, points: points.filter(({ dimension: of }) => of === each.id) }));
}

function dimension({ id, title, asks, points }, { levels: names }, seen, own, again) {
  const score = seen.scores[id];
  const heading = element("h4", {}, score === undefined ? title : `${title}: ${score} of 4, ${names[score]}`);
  const sorted = [...points].sort((one, other) => one.level - other.level);
  const found = sorted.filter((point) => held(point.id, seen, own));
  const rest = sorted.filter((point) => !held(point.id, seen, own));
  const bar = score === undefined ? [] : [element("div", { className: "hls-score" })];
  if (bar.length) bar[0].style.setProperty("--part", score / 4);
  const all = [...found.map((point) => made(point, seen, own, again)), ...rest.map((point) => left(point, seen, own, again))];
  return element("div", { className: "hls-dimension" }, heading, ...bar, ...(asks ? [element("p", { className: "hls-hint" }, asks)] : []), list(all, "hls-points"));
}

function made(point, seen, own, again) {
  const said = seen.points[point.id];
  if (!said) return [line("yours", point), judge(point.id, "I did not say it", false, own, again)];
  const bare = said.bare && !own[point.id];
  const mine = judge(point.id, bare ? "I explained it" : "Not what I meant", bare, own, again);
  return [line("found", point), mine, quote(said, bare ? "Named in a list, so it counts as level 1: " : "")];
}

function left(point, seen, own, again) {
  const said = seen.points[point.id] ? "It was right" : "I said it";
  return [line(point.heard.length ? "not found" : "yours to judge", point), judge(point.id, said, true, own, again)];
}

function line(word, point) {
  const missing = word.includes("not") ? [" ", ...lesson(point.lesson)] : [];
  const kind = word === "found" || word === "yours" ? "hls-heard" : "hls-heard hls-heard--not";
  return element("p", {}, element("b", { className: kind }, word), " ", ...inline(point.says), ...also(point), ...missing);
}

function also({ level, dimension: of, after }) {
  return of ? [element("small", {}, ` level ${level}${after ? ", to the change" : ""}`)] : [];
}

function judge(id, words, to, own, again) {
  const button = element("button", { type: "button", className: "hls-judge" }, words);
  button.dataset.point = id;
  button.addEventListener("click", () => {
    own[id] = to;
    again(id);
  });
  return button;
}

// The sentence, with the words in it that count.
function quote({ sentence, on, where }, lead) {
  const at = sentence.indexOf(on);
  const text = [sentence.slice(0, at), element("mark", {}, on), sentence.slice(at + on.length)];
  const before = lead || WHERE[where] ? [element("small", {}, lead || WHERE[where])] : [];
  return element("blockquote", {}, ...before, ...text);
}

function onward({ follow_ups: nexts = [] }, seen, own) {
  if (!nexts.length) return [];
  const open = (next) => next.missing && !held(next.missing, seen, own);
  const sorted = [...nexts].sort((one, other) => Number(Boolean(open(other))) - Number(Boolean(open(one))));
  return [element("h4", {}, "Asked next"), list(sorted.map(next))];
}

function next(each) {
  if (typeof each === "string") return inline(each);
  const parts = [...inline(each.ask), " ", ...lesson(each.lesson)];
  if (each.turn) parts.push(" ", element("a", { href: page(each.turn) }, "Turn it yourself"), ". ", element("small", {}, ...inline(each.look)));
  return parts;
}

function levels({ heard_as: names }) {
  return [element("h4", {}, "What a level is heard by"), list(Object.entries(names).map(([level, says]) => [element("b", {}, `${level}: `), ...inline(says)]))];
}

function lesson(place) {
  return place ? [element("a", { href: page(place.address) }, place.says), /[.?!]$/.test(place.says) ? "" : "."] : [];
}

function list(items, className = "") {
  return element("ul", { className }, ...items.map((parts) => element("li", {}, ...parts)));
}
