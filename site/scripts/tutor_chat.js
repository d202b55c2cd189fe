// The tutor's room: questions, answers, what can be done with them. It knows no page and no
// notebook: a host gives it
//
//   status()              who is signed in, the model, what is left of the quota
//   talk(heard, changed)  what questions are said to: ask(message), say(message), leave()
//   rendered(markdown)    an answer as a node            leads(url)  where a citation leads
//   context()             the page, and the learner's own work: { page, words, given, ticked }
//   past                  the history: page(search), exported(), remove()   (where there is one)
//   leave()               signs out                      (where people sign in with a name)
//   view()                the wire view's module         (where there is a socket to look at)
//   resumes               whether an answer goes on after the page was loaded anew

import { element } from "./inline.js";
import { Turn, recalled } from "./tutor_turn.js";
import { votes } from "./tutor_votes.js";

const MODES = [["explain", "Explain"], ["hint", "Only a hint"], ["interview", "Interview me"]];
const SAID = { opening: "Connecting…", waiting: "The connection was lost; coming back…", barred: "" };
const KEPT = "hls-tutor"; // the question that this tab waits for, while its page is loaded anew

export class Chat {
  constructor(host) {
    Object.assign(this, { host, turns: [] });
    this.says = element("p", { className: "hls-tutor-says" });
    this.heard = element("p", { className: "hls-tutor-heard", role: "status" });
    this.log = element("div", { className: "hls-tutor-log", role: "log", ariaLive: "off", ariaLabel: "Questions and answers", tabIndex: 0 });
    this.form = this.asking();
    this.more = element("div", { className: "hls-tutor-more" });
    this.element = element("div", { className: "hls-tutor-chat" }, this.says, this.more, this.log, this.heard, this.form);
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  asking() {
    this.box = element("textarea", { rows: 3, maxLength: 4000, placeholder: "Why does a dead peer look alive?", ariaLabel: "Your question" });
    this.mode = element("select", { ariaLabel: "How to be helped" }, ...MODES.slice(0, this.host.past ? 3 : 2).map(([value, words]) => element("option", { value }, words)));
    this.go = element("button", { type: "submit", className: "hls-tutor-go" }, "Ask");
    this.along = element("label", { className: "hls-tutor-along", hidden: true });
    const row = element("div", { className: "hls-tutor-row" }, this.mode, this.go);
    const form = element("form", { className: "hls-tutor-form", ariaLabel: "Ask the tutor", hidden: true }, this.box, this.along, row);
    this.box.addEventListener("focus", () => this.offer());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.turn ? this.stop() : this.ask(this.box.value, this.mode.value);
    });
    return form;
  }

  // Says who is here and takes up what was left; comes again when the learner has signed in.
  async begin() {
    const status = await this.host.status();
    this.status = status;
    this.form.hidden = !status.signed_in;
    this.more.replaceChildren();
    if (!status.signed_in) return this.guest(status.sign_in);
    this.tell();
    this.offer();
    this.talk ??= this.host.talk((message) => this.hear(message), (state, talk) => this.changed(state, talk));
    this.takeUp();
    this.bar();
    this.box.focus();
  }

  guest({ says, url }) {
    const again = element("button", { type: "button", onclick: () => this.begin() }, "I have signed in");
    this.says.replaceChildren("The tutor answers who has signed in. ", url ? element("a", { href: this.host.leads(url).href }, says) : says, " ", again);
  }

  tell() {
    const { user, model, quota, label } = this.status;
    const parts = [label ?? `Signed in as ${user}.`, model ? `Answers come from ${model}, held to the course.` : label ? "" : "No AI model is configured: answers are quoted from the course."];
    if (quota) parts.push(`${quota.left} of ${quota.of} model calls left, all of them again at ${new Date(quota.resets).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}.`);
    this.says.textContent = parts.filter(Boolean).join(" ");
  }

  // The learner's own work goes along only when it is ticked.
  offer() {
    const { words = "", ticked = false } = this.host.context?.() ?? {};
    this.along.hidden = !words;
    this.tick ??= element("input", { type: "checkbox", checked: ticked });
    this.along.replaceChildren(this.tick, ` ${words}`);
  }

  ask(text, mode) {
    const question = text.trim();
    if (!question || this.turn) return;
    const message = { type: "ask", id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`.replace("0.", ""), question, mode };
    const { page, given } = this.host.context?.() ?? {};
    const context = { ...page, ...(!this.along.hidden && this.tick.checked && given) };
    if (Object.keys(context).length) message.context = context;
    this.follow(message);
    this.talk.ask(message);
    this.box.value = "";
  }

  follow(message) {
    this.turn = new Turn(message, this);
    this.turns.push(this.turn);
    this.log.append(this.turn.box);
    this.log.scrollTop = this.log.scrollHeight;
    this.go.textContent = "Stop";
    this.announce("");
    this.messages = [message];
    this.keep();
  }

  // From its `start` on everything belongs to one answer; an error may name another.
  hear(message) {
    const named = this.turns.find((each) => each.id === message.id);
    if (message.type === "start") this.speaking = named;
    const turn = message.type === "error" ? (named ?? this.turn) : this.speaking;
    if (!turn) return void (message.type === "error" && this.announce(message.message ?? message.code));
    if (turn === this.turn) this.messages.push(message);
    turn.heard(message);
    this.keep();
  }

  // For who listens: said once, by the polite live region.
  announce(words) {
    this.heard.textContent = words;
  }

  stop() {
    this.talk.say({ type: "stop", id: this.turn.id });
    this.announce("Stopping.");
  }

  // What a turn needs of its host.
  get model() {
    return this.status.model;
  }

  rendered(text) {
    return this.host.rendered(text);
  }

  leads(url) {
    return this.host.leads(url);
  }

  ended(turn) {
    if (turn !== this.turn) return;
    this.turn = this.messages = undefined;
    this.keep();
    this.go.textContent = "Ask";
    if (turn.usage?.left !== undefined && this.status.quota) {
      Object.assign(this.status.quota, { left: turn.usage.left, of: turn.usage.of ?? this.status.quota.of });
      this.tell();
    }
    // The answer is announced once, whole; the pieces were not.
    this.announce(turn.text ? "The answer is ready." : turn.refused ? "The tutor has no answer to this; there are suggestions." : (turn.says ?? ""));
  }

  tools(turn) {
    const again = element("button", { type: "button", onclick: () => this.ask(turn.question, turn.mode) }, "Regenerate");
    const copy = element("button", { type: "button", onclick: () => this.copy(turn) }, "Copy");
    const row = element("div", { className: "hls-tutor-row" }, ...(turn.text ? [copy] : []), again);
    if (this.host.past && turn.text) row.append(...votes(turn, (message) => this.talk.say(message)));
    return row;
  }

  async copy(turn) {
    await navigator.clipboard.writeText(turn.copied);
    this.announce("Copied, with its sources.");
  }

  changed(state, talk) {
    this.element.dataset.state = state;
    if (state === "open") this.tell();
    else if (SAID[state]) this.says.textContent = SAID[state];
    if (state !== "barred") return;
    this.says.textContent = talk.why;
    this.turn?.ends(talk.why);
    talk.unanswered?.clear();
    if (talk.code === 4401) this.begin();
  }

  // Esc stops an answer; what is left to close is closed by whoever opened it.
  key(event) {
    if (event.key === "Escape" && this.turn) {
      event.preventDefault();
      event.stopPropagation();
      this.stop();
    }
    if (event.key === "Enter" && !event.shiftKey && event.target === this.box && !event.isComposing) {
      event.preventDefault();
      this.form.requestSubmit();
    }
  }

  // History and frames, each fetched when it is asked for.
  bar() {
    const views = [];
    if (this.host.past) views.push(["History", async () => (await import("./tutor_history.js")).history(this)]);
    if (this.host.view) views.push(["Show frames", async () => (await import("./tutor_frames.js")).frames(this.talk, this.host)]);
    const room = element("div");
    const out = this.status.sign_in?.url && element("button", { type: "button", onclick: () => this.host.leave().then(() => this.begin()) }, "Sign out");
    const buttons = views.map(([words, made]) => {
      const button = element("button", { type: "button", ariaExpanded: "false" }, words);
      button.addEventListener("click", () => this.show(button, buttons, room, made));
      return button;
    });
    this.more.replaceChildren(...(buttons.length ? [element("div", { className: "hls-tutor-row" }, ...buttons, out || ""), room] : []));
  }

  async show(button, buttons, room, made) {
    const opens = button.ariaExpanded === "false";
    for (const each of buttons) each.ariaExpanded = `${opens && each === button}`;
    room.replaceChildren(...(opens ? [await made()] : []));
  }

  // An exchange of the history, put before the reader again.
  recall(exchange) {
    const turn = this.turns.find((each) => each.id === exchange.id) ?? recalled(exchange, this);
    if (!this.turns.includes(turn)) this.turns.push(turn);
    this.log.append(turn.box);
    turn.box.scrollIntoView({ block: "nearest" });
  }

  // The page may be loaded anew while an answer comes: the next one goes on after what was heard.
  keep() {
    if (!this.host.resumes) return;
    try {
      if (this.turn) sessionStorage.setItem(KEPT, JSON.stringify({ messages: this.messages, lastSeq: this.talk?.lastSeq ?? 0 }));
      else sessionStorage.removeItem(KEPT);
    } catch {
      // Nothing is kept here: the history has it.
    }
  }

  takeUp() {
    if (!this.host.resumes || this.turns.length) return;
    let left;
    try {
      left = JSON.parse(sessionStorage.getItem(KEPT));
    } catch {
      // Nothing was kept.
    }
    if (!left) return;
    const [ask, ...heard] = left.messages;
    this.follow(ask);
    this.talk.lastSeq = left.lastSeq;
    for (const message of heard) this.hear(message);
    if (heard.length) this.talk.step("wanted");
    else this.talk.ask(ask);
  }
}
