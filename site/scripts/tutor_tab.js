// The tutor of the purely static site: the course's own Python answers in this tab, from the course's
// text, without an account. Nothing of it is fetched before the first question; the messages are
// those of the protocol, so that the room above cannot tell.

import { page } from "./inline.js";

export class Tab {
  constructor(about) {
    this.about = about;
    this.size = `${(about.transfer / 1e6).toFixed(0)} MB`;
  }

  async status() {
    const label = `Answers come from the course's own text, worked out in this tab; the first question fetches ${this.size} once.`;
    return { signed_in: true, user: null, model: null, quota: null, label };
  }

  talk(heard, changed) {
    return new Talk(this.about, heard, changed);
  }
}

class Talk {
  constructor(about, heard, changed) {
    Object.assign(this, { about, heard, changed });
  }

  // The worker with the passages in it; made for the first question and after each Stop.
  ask(message) {
    this.asked = message.id;
    this.worker ??= this.started();
    this.worker.postMessage(message);
  }

  started() {
    this.changed("opening", this);
    const worker = new Worker(page(this.about.worker), { type: "module" });
    worker.onmessage = ({ data }) => this.told(data);
    worker.onerror = (event) => this.failed(event.message || "Python could not be started here");
    return worker;
  }

  told(data) {
    if (data.ready) this.changed("open", this);
    else if (data.failed) this.failed(data.failed);
    else this.heard(data);
  }

  failed(why) {
    this.worker = undefined;
    this.heard({ type: "error", id: this.asked, code: "failed", message: `${why}.` });
  }

  say({ type }) {
    if (type !== "stop") return;
    this.worker?.terminate();
    this.worker = undefined;
    this.heard({ type: "start", id: this.asked });
    this.heard({ type: "done", stopped: true, usage: {} });
  }

  leave() {}
}
