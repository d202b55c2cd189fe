// A run of the reader's own beside the answer: the file that `run.keep(...)` wrote, the line that it
// printed, or a link to a run on this site. Only what it says is taken, never the run itself.
import { element, page } from "./inline.js";

const PRINTED = /Kept:\s*(.+?)\s*\(seed (-?\d+), (\d+) messages, ([\d.]+) s, digest ([0-9a-f]+)\)/s;
const LINK = /\/lessons\/(\w+)\/#run=(\d+(?:\.[0-9a-f]{8})?)((?:&\w+=[\w.,+%-]*)*)$/;

// attached: a list that is changed in place; changed is called after each change.
export function evidence(attached, changed) {
  const said = element("p", { role: "status" });
  const list = element("ul", { className: "hls-attached" });
  const file = element("input", { type: "file", accept: "application/json,.json", multiple: true });
  const line = element("input", { type: "text", placeholder: "Kept: half-open, found at 40.0 s (seed 6, …)" });
  const add = element("button", { type: "button" }, "Attach");

  function take(text, name) {
    const run = read(text);
    if (!run) return (said.textContent = `${name} is neither a kept run nor a link to one; nothing was attached.`);
    const before = attached.findIndex((each) => each.says === run.says);
    attached.splice(before < 0 ? attached.length : before, before < 0 ? 0 : 1, run);
    said.textContent = "Attached. Now quote its number in your answer.";
    draw();
    changed();
  }

  function draw() {
    list.replaceChildren(...attached.map((run, index) => {
      const away = element("button", { type: "button" }, "Remove");
      away.setAttribute("aria-label", `Remove: ${run.says}`);
      away.addEventListener("click", () => {
        attached.splice(index, 1);
        said.textContent = "Removed.";
        draw();
        changed();
        (list.querySelector("button") ?? file).focus();
      });
      return element("li", {}, ...shown(run), " ", away);
    }));
    list.hidden = !attached.length;
  }

  file.addEventListener("change", async () => {
    for (const each of file.files) take(await each.text(), each.name);
    file.value = "";
  });
  add.addEventListener("click", () => {
    if (!line.value.trim()) return line.focus();
    take(line.value, "This");
    line.value = "";
  });
  draw();
  const summary = element("summary", {}, "Attach a run of your own");
  const lead = element("p", {}, "The file that ", element("code", {}, 'run.keep("…")'), " wrote into ", element("code", {}, ".course/evidence"), ", the line that it printed, or the link of a panel on this site.");
  const chosen = element("label", {}, "A kept run ", file);
  const pasted = element("label", {}, "or its line, or a link ", line);
  const fold = element("details", { className: "hls-evidence", open: attached.length > 0 }, summary, lead, element("div", { className: "hls-row" }, chosen, pasted, add), said, list);
  return { box: fold, draw };
}

// What a text says of a run, or nothing.
export function read(text) {
  const link = text.trim().match(LINK);
  if (link) return ofLink(link);
  const printed = text.match(PRINTED);
  if (printed) return run(printed[1], Number(printed[2]), Number(printed[4]), Number(printed[3]), printed[5]);
  try {
    const { says, seed, seconds, messages, digest } = JSON.parse(text);
    return run(says, seed, seconds, messages, digest);
  } catch {
    return undefined;
  }
}

function run(says, seed, seconds, messages, digest) {
  const whole = typeof says === "string" && [seed, seconds, messages].every(Number.isFinite) && /^[0-9a-f]{8,64}$/.test(digest);
  return whole ? { says: says.replace(/\s+/g, " ").slice(0, 200), seed, seconds, messages, digest: digest.slice(0, 12) } : undefined;
}

function ofLink([, lesson, cell, knobs]) {
  const turned = [...new URLSearchParams(knobs.slice(1))].map(([name, value]) => `${name} ${value}`).join(", ");
  const says = `${lesson.replaceAll("_", " ")}, run ${cell}${turned ? `, ${turned}` : ""}`;
  return { says: says.slice(0, 200), address: `lessons/${lesson}/#run=${cell}${knobs}` };
}

function shown({ says, seed, seconds, messages, digest, address }) {
  if (address) return [element("a", { href: page(address) }, says)];
  return [element("b", {}, says), element("small", {}, ` seed ${seed}, ${messages} messages, ${seconds.toFixed(3)} s, digest ${digest}`)];
}
