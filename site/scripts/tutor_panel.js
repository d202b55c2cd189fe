// The tutor's panel beside a page, fetched at the first press of its button. It finds out which
// tutor there is: the course that serves this page, else the one in the tab.

import { element, page, served } from "./inline.js";
import { styled } from "./wire.js";
import { Chat } from "./tutor_chat.js";
import { work } from "./tutor_work.js";
import { Service, status } from "./tutor_service.js";
import { Tab } from "./tutor_tab.js";

let panel;

export async function toggle(button) {
  panel ??= new Panel(button);
  panel.element.hidden ? await panel.open() : panel.close();
}

class Panel {
  constructor(button) {
    styled("styles/tutor.css");
    this.button = button;
    this.room = element("div", { className: "hls-tutor-room" });
    const close = element("button", { type: "button", className: "hls-tutor-close", ariaLabel: "Close the tutor", onclick: () => this.close() }, "Close");
    const head = element("div", { className: "hls-tutor-head" }, element("h2", { id: "hls-tutor-name" }, "The tutor"), close);
    this.element = element("aside", { className: "hls-tutor md-typeset", hidden: true }, head, this.room);
    this.element.setAttribute("aria-labelledby", "hls-tutor-name");
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.element.addEventListener("click", ({ target }) => this.followed(target.closest("a")));
    document.body.append(this.element);
  }

  async open() {
    this.element.hidden = false;
    this.button.ariaExpanded = "true";
    this.opened ??= this.begun();
    const chat = await this.opened;
    (chat?.form.hidden ?? true) ? this.element.querySelector("button").focus() : chat.box.focus();
  }

  close() {
    this.element.hidden = true;
    this.button.ariaExpanded = "false";
    this.button.focus();
  }

  // A citation opens its paragraph; where the panel covers the page, it makes room.
  followed(link) {
    if (link?.classList.contains("hls-tutor-cite") && matchMedia("(max-width: 60rem)").matches) this.close();
  }

  async begun() {
    try {
      const [host, more] = await found();
      if (more) this.room.append(more);
      if (!host) return undefined;
      const chat = new Chat(Object.assign(host, await answers()));
      this.room.append(chat.element);
      await chat.begin();
      return chat;
    } catch (error) {
      this.opened = undefined;
      this.room.replaceChildren(element("p", { role: "alert" }, `The tutor could not be opened: ${error.message}.`));
      return undefined;
    }
  }
}

// What the build of this site put beside it: course/publish/tutor says what may stand there.
async function built() {
  const answer = await fetch(page("assets/tutor.json"));
  return answer.ok ? answer.json() : {};
}

// Which tutor there is, and what is to be said about it.
async function found() {
  const about = await built();
  const elsewhere = about.hosted && new URL(about.hosted).origin !== location.origin;
  const asks = served() || (about.hosted && !elsewhere);
  if (asks && (await status(location.origin))) return [serviced()];
  const hosted = elsewhere && element("p", {}, element("a", { href: about.hosted, rel: "noopener" }, "The tutor with an account"), " keeps your history and may use a model.");
  if (about.worker) return [new Tab(about), hosted];
  return [undefined, hosted || element("p", {}, "This copy of the site was built without the tutor. ", element("a", { href: page("run-it/") }, "Start the course"), " and it is there.")];
}

function serviced() {
  return Object.assign(new Service(location.origin), { view: wireView, resumes: true });
}

// What both of them need of the page.
async function answers() {
  const { markdown } = await built();
  const { rendered } = markdown ? await import(page(markdown)) : await import("./tutor_plain.js");
  return { rendered, leads: (url) => ({ href: new URL(url.replace(/^\//, ""), page("")).href }), context: work };
}

function wireView() {
  styled("assets/wire/wire_view.css");
  return import(page("assets/wire/wire_view.js"));
}
