// The tutor's protocol as its client: one socket, opened with a ticket, resumed after a cut.
// What each type of message holds stands on the page "The tutor's protocol".
//
// `host` says where the tutor is: `address()` gives the socket's with a new ticket in it, or throws
// Barred. `heard(message)` gets every message, `changed(state)` every step of the lifecycle below.

export const SUBPROTOCOL = "tutor.v1";
const BACKOFF = { first: 500, longest: 30_000 }; // ms
const LOG = 400; // messages that "show frames" can look back on

// state -> what happens -> state; what is not in the table changes nothing.
export const LIFECYCLE = {
  idle: { wanted: "opening" },
  opening: { opened: "open", lost: "waiting", barred: "barred", left: "idle" },
  open: { lost: "waiting", barred: "barred", left: "idle" },
  waiting: { due: "opening", left: "idle" },
  barred: { wanted: "opening", left: "idle" }, // only the learner's next wish
};

// A refusal that coming again by itself would not change: signed out, wrong origin, too many.
export class Barred extends Error {
  constructor(message, code = 4401) {
    super(message);
    this.code = code;
  }
}

const WHY = {
  4401: "You are signed out. Sign in, then ask again.",
  4403: "The tutor does not answer to this page's address.",
  4429: "That was too much at once. Wait a moment, then ask again.",
};

export class Connection {
  constructor(host, heard, changed, chance = Math.random) {
    Object.assign(this, { host, heard, changed, chance, state: "idle", lastSeq: 0, failures: 0, log: [], why: "" });
    this.unanswered = new Map(); // id -> the ask, until its `start` has come
    this.unsent = [];
    this.began = performance.now();
  }

  // The same id again, after a cut, is the same question: the tutor does not ask it twice.
  ask(message) {
    this.unanswered.set(message.id, message);
    this.say(message);
  }

  say(message) {
    if (this.state === "open") this.send(message);
    else if (message.type !== "ask") this.unsent.push(message);
    this.step("wanted");
  }

  leave() {
    clearTimeout(this.timer);
    this.step("left");
    this.socket?.close(1000);
  }

  step(happened) {
    const next = LIFECYCLE[this.state][happened];
    if (!next) return;
    this.state = next;
    this.changed(next, this);
    if (next === "opening") this.open();
    if (next === "waiting") this.wait();
  }

  async open() {
    try {
      const { url, protocols = [SUBPROTOCOL] } = await this.host.address();
      if (this.state !== "opening") return;
      this.socket = new WebSocket(url, protocols);
      this.listen(this.socket);
    } catch (error) {
      this.why = error.message;
      this.step(error instanceof Barred ? "barred" : "lost");
    }
  }

  listen(socket) {
    const current = (act) => (event) => socket === this.socket && act(event);
    socket.onopen = current(() => this.opened(socket));
    socket.onmessage = current(({ data }) => this.received(data));
    socket.onclose = current((event) => this.closed(event));
  }

  opened({ protocol, extensions }) {
    this.failures = 0;
    this.extensions = extensions;
    this.note(`open: ${protocol || "no subprotocol"}, ${extensions || "no extensions"}`);
    this.step("opened");
    if (this.lastSeq) this.send({ type: "resume", last_seq: this.lastSeq });
    for (const ask of this.unanswered.values()) this.send(ask);
    for (const message of this.unsent.splice(0)) this.send(message);
  }

  closed({ code, reason }) {
    this.socket = undefined;
    this.note(`closed: ${code} ${reason}`.trim());
    this.why = WHY[code] ?? "The connection was lost.";
    // From 4400 to 4499 the tutor said why; asking again would get the same answer.
    this.step(code >= 4400 && code < 4500 ? "barred" : "lost");
  }

  // Full jitter, so that those who were cut off together do not come back together.
  wait() {
    const most = Math.min(BACKOFF.longest, BACKOFF.first * 2 ** this.failures++);
    this.timer = setTimeout(() => this.step("due"), this.chance() * most);
  }

  send(message) {
    const text = JSON.stringify(message);
    this.record("up", message.type, text);
    this.socket.send(text);
  }

  received(data) {
    const message = parsed(data);
    this.record("down", message?.type ?? "unreadable", data);
    if (!message || message.seq <= this.lastSeq) return; // what came twice was heard once
    if (message.seq) this.lastSeq = message.seq;
    if (message.code === "gap") this.lastSeq = 0; // the next `seq` is taken as it comes
    if (message.id && ["start", "error"].includes(message.type)) this.unanswered.delete(message.id);
    this.heard(message);
  }

  note(says) {
    this.record("note", says, "");
  }

  record(way, name, text) {
    this.log.push({ at: (performance.now() - this.began) / 1000, way, name, text });
    if (this.log.length > LOG) this.log.shift();
  }
}

function parsed(data) {
  try {
    const message = JSON.parse(data);
    return typeof message?.type === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
