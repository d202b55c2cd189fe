// The tutor of a course that serves itself: same origin, session cookie, a ticket for each socket.

import { Barred, Connection } from "./tutor_socket.js";

const NOT_HERE = { 404: "The tutor is not running here.", 401: "You are signed out. Sign in, then ask again.", 403: "The tutor does not answer to this page's address." };

// What the service says of itself and of whoever asks; nothing where there is no tutor.
export async function status(at) {
  try {
    const answer = await fetch(`${at}/tutor/status`, { headers: { Accept: "application/json" } });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}

export class Service {
  constructor(at) {
    this.at = at;
    this.past = {
      page: (search) => this.fetched(`/tutor/history${search ? `?search=${encodeURIComponent(search)}` : ""}`),
      exported: () => this.fetched("/tutor/export"),
      remove: () => this.fetched("/tutor/delete", { method: "POST" }),
    };
  }

  status() {
    return this.fetched("/tutor/status");
  }

  leave() {
    return this.fetched("/tutor/sign-out", { method: "POST" });
  }

  talk(heard, changed) {
    return new Connection(this, heard, changed);
  }

  // A ticket opens one socket, within half a minute: each attempt takes a new one.
  async address() {
    const { ticket } = await this.fetched("/tutor/ticket", { method: "POST" });
    return { url: `${this.at.replace(/^http/, "ws")}/tutor/socket?ticket=${encodeURIComponent(ticket)}` };
  }

  async fetched(path, more = {}) {
    const body = more.method === "POST" ? { body: "{}", headers: { "Content-Type": "application/json" } } : {};
    const answer = await fetch(this.at + path, { ...more, ...body });
    if (answer.ok) return answer.status === 204 ? {} : answer.json();
    const said = await answer.json().catch(() => ({}));
    const why = said.message ?? NOT_HERE[answer.status] ?? `The tutor answered ${answer.status}.`;
    if (answer.status >= 400 && answer.status < 500) throw new Barred(why, 4000 + answer.status);
    throw new Error(why);
  }
}
