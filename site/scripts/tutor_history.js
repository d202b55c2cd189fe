// What the learner asked before: searched, looked at again, carried away, deleted.

import { element } from "./inline.js";

const SURE = "Delete this account, every question, answer and vote? This cannot be taken back.";

export async function history(chat) {
  const { past } = chat.host;
  const list = element("ul", { className: "hls-tutor-past", ariaLabel: "Earlier questions" });
  const said = element("p", { className: "hls-tutor-quiet", role: "status" });
  const search = element("input", { type: "search", ariaLabel: "Search in questions and answers", placeholder: "Search" });
  const form = element("form", { className: "hls-tutor-row", role: "search", ariaLabel: "History" }, search, element("button", { type: "submit" }, "Search"));

  async function show() {
    const { exchanges } = await past.page(search.value.trim());
    list.replaceChildren(...exchanges.map((each) => entry(each, chat)));
    said.textContent = exchanges.length ? `${exchanges.length} ${exchanges.length === 1 ? "question" : "questions"}, the newest first.` : "Nothing yet.";
  }

  async function carry() {
    const text = JSON.stringify(await past.exported(), null, 2);
    const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    element("a", { href, download: "tutor-history.json" }).click();
    URL.revokeObjectURL(href);
  }

  async function remove() {
    if (!confirm(SURE)) return;
    await past.remove();
    list.replaceChildren();
    chat.log.replaceChildren();
    said.textContent = "Everything that was kept of you is deleted.";
    await chat.begin();
  }

  const trying = (act) => () => act().catch((error) => (said.textContent = error.message));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    trying(show)();
  });
  const button = (words, act) => element("button", { type: "button", onclick: trying(act) }, words);
  await trying(show)();
  return element("div", {}, form, said, list, element("div", { className: "hls-tutor-row" }, button("Export as JSON", carry), button("Delete everything", remove)));
}

function entry(exchange, chat) {
  const when = new Date(exchange.asked).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  const again = element("button", { type: "button", onclick: () => chat.recall(exchange) }, exchange.question);
  return element("li", {}, again, element("small", {}, ` ${when}`));
}
