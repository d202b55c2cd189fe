// A lesson's Python and its cells: run, stopped, edited, reset. Fetched at the first press of a
// button. Python comes from this site, once. One namespace a page: Run first runs the cells above
// that have not run yet, in order.

import { element, page } from "./inline.js";
import { keepVerdict, remember, remembered } from "./kept.js";
import { styled } from "./wire.js";

const VERDICT = "application/vnd.hook-line-socket.verdict+json";

export class Page {
  constructor(runtime) {
    styled("styles/cells.css");
    this.box = runtime;
    this.runtime = page(`assets/runtime/${runtime.dataset.folder}/`);
    this.lesson = runtime.dataset.lesson;
    this.size = `${(runtime.dataset.transfer / 1e6).toFixed(0)} MB`;
    this.cells = [...document.querySelectorAll(".hls-cell")].map((box) => new Cell(this, box));
    this.asked = 0;
    this.waiting = new Map();
  }

  // The worker, with the lesson's data in it; made at the first Run and after each Stop.
  async python() {
    this.worker ??= this.started();
    return this.worker;
  }

  async started() {
    const worker = new Worker(`${this.runtime}worker.mjs`, { type: "module" });
    import("./shown.js"); // by the time that there is something to show
    const text = fetch(page(`lessons/${this.lesson}.yaml`)).then((answer) => answer.text());
    worker.onmessage = ({ data }) => this.heard(data);
    this.current = worker;
    const ready = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
    worker.onerror = (event) => this.reject(new Error(event.message || "Python could not be started here"));
    await ready;
    await this.ask(worker, { lesson: { name: `${this.lesson}.yaml`, text: await text } });
    return worker;
  }

  heard(data) {
    if (data.ready) this.resolve();
    else if (data.failed && data.id === undefined) this.reject(new Error(data.failed));
    else this.waiting.get(data.id)?.(data);
  }

  ask(worker, question) {
    const id = ++this.asked;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      worker.postMessage({ id, ...question });
    }).finally(() => this.waiting.delete(id));
  }

  // The cells above that have not run, then this one; not beyond one that raises.
  async run(wanted, shows = true) {
    for (const cell of this.cells) {
      if (cell === wanted) return void (await cell.run(shows));
      if (!cell.done && !cell.alone && !(await cell.run(true))) return;
    }
  }

  stop() {
    this.current?.terminate();
    this.current = this.worker = undefined;
    for (const resolve of this.waiting.values()) resolve({ stopped: true });
    for (const cell of this.cells) cell.done = false;
  }
}

class Cell {
  constructor(page, box) {
    Object.assign(this, { page, box, done: false });
    this.number = box.dataset.cell;
    this.runs = box.dataset.runs === "tab";
    this.code = box.querySelector("code");
    this.stored = box.dataset.source ?? this.code?.textContent.replace(/\n$/, "") ?? "";
    this.place = document.querySelector(`.hls-outputs[data-of="${this.number}"]`);
    this.go = box.querySelector(".hls-bar button");
    this.status = box.querySelector(".hls-status");
    this.key = box.dataset.kept; // by which an edited cell is kept
    const kept = this.key ? remembered(this.key) : null;
    if (kept !== null && kept !== this.stored) this.take(kept);
  }

  get source() {
    return this.edited ?? this.stored;
  }

  // A hint climbs one rung each time; the official solution is fetched when it is asked for.
  async helped(verb) {
    const [, exercise] = this.stored.match(/"([\w.]+)"/);
    const { prose } = await import("./shown.js");
    const said = await this.trying(() => this.asked(`import labs\nlabs.${verb}("${exercise}")`));
    const words = said?.bundles[0]?.["text/markdown"] ?? said?.error ?? "";
    this.help ??= element("div", { className: "hls-help", role: "status" });
    (this.place ?? this.box).after(this.help);
    this.help.replaceChildren(...prose(words.replace(/\n+`hint\(.*climbs on\.$/, "")));
  }

  async pressed() {
    if (this.busy) return this.page.stop();
    await this.trying(() => this.page.run(this));
  }

  // Does nothing below need this one? Then it runs when it is asked for.
  get alone() {
    return /^(check|spot)\(/.test(this.source);
  }

  // Does something that takes Python, and says what became of it.
  async trying(act) {
    this.say(this.page.worker ? "" : `Fetching Python, ${this.page.size}, once…`);
    this.box.ariaBusy = "true";
    try {
      await this.page.python();
      this.say("");
      return await act();
    } catch (error) {
      this.page.stop();
      this.say(`${error.message}.`);
    } finally {
      this.box.ariaBusy = "false";
    }
  }

  // Runs the cell and says whether it went through.
  async run(shows) {
    if (!this.runs) return this.defined();
    const said = await this.asked(this.source);
    this.done = !said.error;
    for (const { [VERDICT]: verdict } of said.bundles) if (verdict) keepVerdict(verdict);
    if (shows || said.error) await this.show(said);
    if (said.error) this.say("This cell raised an error; it is shown below.");
    return this.done;
  }

  // What a cell of real sockets defines is known to those below it.
  async defined() {
    await this.page.ask(await this.page.python(), { definitions: this.source });
    return (this.done = true);
  }

  async asked(source) {
    const worker = await this.page.python();
    this.working(true);
    const answer = await this.page.ask(worker, { cell: this.number, source });
    this.working(false);
    if (answer.stopped) throw new Error("Stopped: Python starts afresh at the next Run");
    if (answer.failed) throw new Error(answer.failed);
    return answer.said;
  }

  working(busy) {
    this.busy = busy;
    if (!this.go) return;
    this.go.textContent = busy ? "Stop" : "Run";
    this.say(busy ? "Running…" : "");
  }

  async show(said) {
    const { rendered } = await import("./shown.js");
    const at = this.place?.querySelector(".hls-panel")?.positions?.();
    const parts = rendered(said, (positions) => this.turned(positions), at);
    if (!this.place) {
      if (!parts.length || !this.code) return;
      this.place = element("div", { className: "hls-outputs" });
      this.place.dataset.of = this.number;
      this.box.after(this.place);
    }
    if (!said.error && this.stands) return;
    this.before ??= [...this.place.childNodes];
    this.place.replaceChildren(...parts);
    const fold = this.place.closest("details.hls-reveal");
    if (fold && parts.length) fold.open = true;
  }

  // What only places content, and a program to spot, stand as the page has them.
  get stands() {
    return !this.code || (!this.edited && this.place.querySelector(".hls-listing"));
  }

  async turned(positions) {
    if (!this.done) await this.page.run(this, false);
    const worker = await this.page.python();
    const { bundle, stopped, failed } = await this.page.ask(worker, { cell: this.number, positions });
    if (!bundle) throw new Error(failed ?? (stopped && "Python was stopped"));
    return bundle;
  }

  // What source of its own puts out, for a program to spot.
  async told(source) {
    const { rendered } = await import("./shown.js");
    const said = await this.trying(() => this.asked(source));
    return said ? rendered(said) : [];
  }

  async edit() {
    if (this.editor) return;
    this.say("Fetching the editor…");
    const { edit } = await import(`${this.page.runtime}editor.js`);
    this.say("");
    const frame = element("div", { className: "hls-editor" });
    this.code.closest("pre").hidden = true;
    this.box.prepend(frame);
    this.editor = edit(frame, this.source, "The code of this cell", (text) => this.take(text));
  }

  take(text) {
    this.edited = text === this.stored ? undefined : text;
    this.done = false; // what ran with the old code has not run with the new one
    remember(this.key, this.edited);
    this.painted ??= [...this.code.childNodes]; // the page's colours, for when the code is the page's again
    if (!this.editor) this.code.replaceChildren(...(this.edited === undefined ? this.painted : [text]));
  }

  reset() {
    this.editor?.close();
    this.editor = undefined;
    this.box.querySelector(".hls-editor")?.remove();
    this.code.closest("pre").hidden = false;
    this.take(this.stored);
    if (this.before) this.place.replaceChildren(...this.before);
    this.page.stop();
    this.say("As the lesson holds it; Python starts afresh at the next Run.");
  }

  say(words) {
    if (this.status) this.status.textContent = words;
  }
}
