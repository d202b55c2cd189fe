// One question and its answer, as the messages of the protocol say it, whoever sends them: the
// service, the tab's own Python, or what the history has kept.

import { element } from "./inline.js";

const SOURCES = { course: "Quoted from the course", model: "Written by a model from the passages it cites" };
const NO_MODEL = " (no AI model is configured)";
const STATES = { stopped: "Stopped.", interrupted: "The service stopped in the middle of this answer.", failed: "This answer could not be given." };
const REFUSALS = {
  off_topic: "That is outside this course, so there is nothing here to answer from.",
  unsure: "Not sure that the course answers this. The closest sections:",
  guarded: "The tutor does not give solutions or graders away, and takes no orders from what is pasted in. Ask for a hint instead.",
};
const MARK = /\[(\d{1,2})\]/g;

// `host` draws Markdown, says where a citation leads, and takes what is asked next.
export class Turn {
  constructor({ id, question, mode }, host) {
    Object.assign(this, { id, question, mode, host, text: "", citations: [], followups: [], state: "asked" });
    this.answer = element("div", { className: "hls-tutor-answer" });
    this.after = element("div");
    this.box = element("article", { ariaLabel: question, ariaBusy: "true" },
      element("p", { className: "hls-tutor-question" }, question), this.answer, this.after);
    this.draw();
  }

  get over() {
    return this.state === "over";
  }

  // What each message does to the answer; one that is over hears no more.
  heard(message) {
    if (this.over) return;
    HEARD[message.type]?.(this, message);
    if (!this.over) this.drawSoon();
  }

  ends(says = "") {
    this.state = "over";
    if (says) this.says = says;
    this.box.ariaBusy = "false";
    this.draw();
    this.host.ended(this);
  }

  // Once a frame, however many pieces came: the reader sees no more.
  drawSoon() {
    this.due ??= requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.due);
    this.due = undefined;
    const body = this.text ? this.host.rendered(this.text) : element("p", { className: "hls-tutor-quiet" }, this.over || this.refused ? "" : "Reading the course…");
    this.answer.replaceChildren(body);
    for (const node of marked(this.answer)) this.cite(node);
    for (const link of this.answer.querySelectorAll("a[href]:not([rel], .hls-tutor-cite)")) this.place(link);
    this.after.replaceChildren(...this.below());
  }

  // "[1]" in the running text becomes a link to the paragraph; in code it is code.
  cite(node) {
    const parts = [];
    let from = 0;
    for (const { 0: whole, 1: n, index } of node.data.matchAll(MARK)) {
      const cited = this.citations.find((each) => each.n === Number(n));
      parts.push(node.data.slice(from, index), cited ? this.link(cited, `[${n}]`, `Source ${n}: ${cited.title}`) : whole);
      from = index + whole.length;
    }
    node.replaceWith(...parts, node.data.slice(from));
  }

  // A path of the site, whichever page this is.
  place(link) {
    const { href, target = "" } = this.host.leads(link.getAttribute("href"));
    Object.assign(link, { href, target, className: "hls-tutor-cite" });
  }

  link({ url }, words, ariaLabel) {
    const { href, target } = this.host.leads(url);
    return element("a", { href, className: "hls-tutor-cite", ...(target && { target }), ...(ariaLabel && { ariaLabel }) }, words);
  }

  *below() {
    if (this.refused && !this.text) yield element("p", {}, REFUSALS[this.refused.reason] ?? this.refused.reason);
    if (this.citations.length) {
      const sources = this.citations.map((each) => element("li", { value: each.n }, this.link(each, each.title)));
      yield element("ol", { className: "hls-tutor-sources", ariaLabel: "Sources" }, ...sources);
    }
    if (this.says) yield element("p", { className: "hls-tutor-quiet" }, this.says);
    if (!this.over) return;
    if (this.source) yield element("p", { className: "hls-tutor-label" }, SOURCES[this.source] ?? this.source, this.host.model ? "" : NO_MODEL);
    const next = [...(this.refused?.suggestions ?? []), ...this.followups];
    if (next.length) yield this.chips(next);
    yield this.host.tools(this);
  }

  chips(questions) {
    const made = questions.map((question) => {
      const chip = element("button", { type: "button", onclick: () => this.host.ask(question, this.mode) }, question);
      return element("li", {}, chip);
    });
    return element("ul", { className: "hls-tutor-chips", ariaLabel: "Ask next" }, ...made);
  }

  // What Copy gives: the answer with its sources, as text.
  get copied() {
    const sources = this.citations.map(({ n, title, url }) => `[${n}] ${title}: ${this.host.leads(url).href}`);
    return [this.text, sources.join("\n")].filter(Boolean).join("\n\n");
  }
}

const HEARD = {
  start: (turn) => (turn.state = "begun"),
  delta: (turn, { text }) => (turn.text += text),
  citation: (turn, cited) => turn.citations.push(cited),
  refused: (turn, refused) => (turn.refused = refused),
  done: (turn, { usage = {}, followups = [], stopped }) => {
    Object.assign(turn, { followups, source: turn.text && !turn.refused && (usage.source ?? "course"), usage });
    turn.ends(stopped ? STATES.stopped : "");
  },
  error: (turn, { message, code, retry_after: wait }) => {
    const again = wait ? ` Try again in ${Math.ceil(wait)} s.` : "";
    turn.ends(`${message || `The tutor says: ${code}.`}${again}`);
  },
};

// An exchange of the history as the turn that it was.
export function recalled(exchange, host) {
  const { id, question, mode, answer, citations, followups, refusal, state, source } = exchange;
  const turn = new Turn({ id, question, mode }, host);
  Object.assign(turn, { text: answer ?? "", citations: citations ?? [], followups: followups ?? [], refused: refusal, source: answer && !refusal && source });
  turn.state = "over";
  turn.says = STATES[state] ?? "";
  turn.box.ariaBusy = "false";
  turn.draw();
  return turn;
}

function marked(root) {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const node = texts.currentNode;
    if (node.data.search(MARK) >= 0 && !node.parentElement.closest("code, pre, a")) found.push(node);
  }
  return found;
}
