// The tutor's panel in JupyterLab: the same room as on the site. This page talks to the tutor's
// socket itself; its ticket and what takes a session come from the kernel, which shows the secret
// that only the learner's own processes can read. (A cookie would not do: cookies do not know ports,
// and this page is of another origin.) Bundled into one file when the site is built.
import wireView from "../../../labs/widgets/wire_view.js";
import { Chat } from "../../../site/scripts/tutor_chat.js";
import { Barred, Connection } from "../../../site/scripts/tutor_socket.js";
import { rendered } from "../../publish/tutor/markdown.mjs";
import tutorStyle from "../../../site/styles/tutor.css";
import wireStyle from "../../../labs/widgets/wire_view.css";
import ownStyle from "./panel.css";

class Notebook {
  constructor(model) {
    Object.assign(this, { model, rendered, asked: 0, waiting: new Map() });
    this.hear = (said) => this.answered(said);
    model.on("msg:custom", this.hear);
    this.past = {
      page: (search) => this.kernel("history", { search }),
      exported: () => this.kernel("export"),
      remove: () => this.kernel("delete"),
    };
  }

  // A question to the kernel: one of those that course/tutor/notebook/panel.py answers.
  kernel(wants, more = {}) {
    const n = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(n, { resolve, reject });
      this.model.send({ n, wants, ...more });
    });
  }

  answered({ n, said, refused, code }) {
    const { resolve, reject } = this.waiting.get(n) ?? {};
    this.waiting.delete(n);
    if (refused === undefined) resolve?.(said);
    else reject?.(code ? new Barred(refused, code) : new Error(refused));
  }

  status() {
    return this.kernel("status");
  }

  address() {
    return this.kernel("address");
  }

  talk(heard, changed) {
    return new Connection(this, heard, changed);
  }

  leads(url) {
    return { href: new URL(url, `${this.model.get("origin")}/`).href, target: "_blank" };
  }

  context() {
    const { words, given } = this.model.get("before");
    return { words, given, ticked: true };
  }

  async view() {
    return { default: wireView };
  }

  forget() {
    this.model.off("msg:custom", this.hear);
  }
}

function render({ model, el }) {
  const host = new Notebook(model);
  const chat = new Chat(host);
  const style = document.createElement("style");
  style.textContent = [ownStyle, tutorStyle, wireStyle].join("\n");
  const box = document.createElement("section");
  Object.assign(box, { className: "hls-tutor hls-tutor-cell", ariaLabel: "The tutor" });
  box.dataset.lmSuppressShortcuts = "true";
  box.append(style, chat.element);
  el.append(box);
  const offered = () => chat.offer();
  model.on("change:before", offered);
  chat.begin().catch((error) => (chat.says.textContent = error.message));
  return () => {
    model.off("change:before", offered);
    host.forget();
    chat.talk?.leave();
    box.remove();
  };
}

export default { render };
