// The decision guide, one question at a time. The nested list on the same page is the same tree.
// The answers stand in the address (#decide=page,both): a link leads to a decision, and the
// browser's Back takes an answer back. A decision is shown with the words of its own section.
(() => {
  const MARK = "#decide=";
  const KEEP = "The address of the page leads here again.";
  const root = document.querySelector(".hls-guide[hidden]");
  if (!root) return;
  const { start, forks } = JSON.parse(root.dataset.record);
  const trail = made("ol", { className: "hls-trail" });
  const place = made("div");
  const status = made("p", { className: "hls-status", role: "status" });

  function made(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function button(text, answers, more = {}) {
    const goes = () => (location.hash = MARK + answers.join(","));
    return made("button", { type: "button", onclick: goes, ...more }, text);
  }

  function mine() {
    return location.hash.startsWith(MARK);
  }

  // The answers in the address, as far as they lead, and the fork or leaf at which they end.
  function walked() {
    const given = mine() ? decodeURIComponent(location.hash.slice(MARK.length)).split(",") : [];
    const steps = [];
    let at = start;
    for (const id of given) {
      const answer = forks[at]?.answers.find((each) => each.id === id);
      if (!answer) break;
      steps.push({ asks: forks[at].asks, ...answer });
      at = answer.to;
    }
    return { steps, at };
  }

  // The most questions that may still come.
  function deep(at) {
    return forks[at] ? 1 + Math.max(...forks[at].answers.map((answer) => deep(answer.to))) : 0;
  }

  function heading(text) {
    return made("h2", { tabIndex: -1 }, text);
  }

  function question(fork, ids) {
    const answers = fork.answers.map((each) => made("li", {}, button(each.says, [...ids, each.id])));
    return [heading(fork.asks), made("p", {}, fork.why), made("ul", {}, ...answers)];
  }

  function decision(leaf) {
    const section = document.getElementById(`choose-${leaf.replaceAll("_", "-")}`).cloneNode(true);
    section.querySelector(".headerlink")?.remove();
    const title = section.querySelector("h3");
    title.remove();
    return [heading(title.textContent), ...section.childNodes];
  }

  function taken(step, number, ids) {
    const back = button("change", ids.slice(0, number), { ariaLabel: `Change: ${step.says}` });
    return made("li", {}, made("span", {}, step.asks), ` ${step.says} `, back);
  }

  function shown() {
    const { steps, at } = walked();
    const ids = steps.map((step) => step.id);
    trail.replaceChildren(...steps.map((step, number) => taken(step, number, ids)));
    trail.hidden = !steps.length;
    place.replaceChildren(...(forks[at] ? question(forks[at], ids) : decision(at)));
    const most = steps.length + deep(at);
    status.textContent = forks[at]
      ? `Question ${steps.length + 1} of at most ${most}`
      : `Decided after ${steps.length} question${steps.length > 1 ? "s" : ""}`;
    if (!forks[at]) place.append(made("p", {}, button("Start again", []), made("small", {}, KEEP)));
  }

  function turned() {
    if (!root.isConnected) return removeEventListener("hashchange", turned);
    if (location.hash && !mine()) return; // a link to another place of the page
    shown();
    place.firstChild.focus({ preventScroll: true });
    root.scrollIntoView({ block: "nearest" });
  }

  for (const product of document.querySelectorAll("[data-answers]")) {
    const walk = button(product.textContent, product.dataset.answers.split(","));
    walk.title = "Walk through the questions";
    product.replaceChildren(walk);
  }
  root.append(status, trail, place);
  root.hidden = false;
  shown();
  if (mine()) root.scrollIntoView({ block: "nearest" });
  addEventListener("hashchange", turned);
})();
