// What the site's scripts find in a browser, as far as those need it that compute: a storage that
// may be full, a document, and for the test what it is given and a way to answer.
import { readFileSync } from "node:fs";

export const storage = { full: false };
export const given = JSON.parse(readFileSync(0, "utf8"));
export const answer = (value) => console.log(JSON.stringify(value));

class Storage {
  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    if (storage.full) throw new Error("The quota has been exceeded");
    this[key] = String(value);
  }

  removeItem(key) {
    delete this[key];
  }
}

class Node {
  constructor(name) {
    this.name = name;
  }

  append(...inside) {
    this.inside = inside;
  }
}

globalThis.localStorage = new Storage();
globalThis.document = { dispatchEvent() {}, createElement: (name) => new Node(name) };
globalThis.addEventListener = () => {};
