// A prediction on the page: commit or skip, then the run opens with your answer beside it.
// The question is read from the JSON that the notebook stored; without scripts it stands as text.

const KEPT = "hls-prediction-";

function build(box) {
  const record = next(box, ".hls-prediction");
  if (!record || box.querySelector("form")) return;
  const prediction = JSON.parse(record.dataset.record);
  const form = document.createElement("form");
  form.append(...fields(prediction), button("Commit", "submit"), button("Skip", "button"));
  box.querySelector("ul").replaceWith(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    settle(box, prediction, spoken(form, prediction));
  });
  form.querySelector("button[type=button]").addEventListener("click", () => settle(box, prediction, ""));
  const kept = recalled(KEPT + prediction.key);
  if (kept) say(box, kept);
}

function fields(prediction) {
  if (prediction.kind === "numbers") return prediction.numbers.map(number);
  if (prediction.kind === "order") return prediction.options.map((text) => place(text, prediction.options.length));
  const type = prediction.kind === "one of" ? "radio" : "checkbox";
  return prediction.options.map((text) => choice(text, type, prediction.key));
}

function number({ label, unit, low, high }) {
  const input = Object.assign(document.createElement("input"), { type: "number", step: "any", required: true });
  if (low !== null) input.min = low;
  if (high !== null) input.max = high;
  input.dataset.unit = unit;
  const range = low !== null && high !== null ? ` (${low} to ${high})` : "";
  return labelled([label ? `${label}: ` : "", input, ` ${unit}${range}`]);
}

function choice(text, type, name) {
  const input = Object.assign(document.createElement("input"), { type, name, value: text, required: type === "radio" });
  return labelled([input, ` ${text}`]);
}

function place(text, count) {
  const select = document.createElement("select");
  select.dataset.text = text;
  select.append(...Array.from({ length: count }, (_, index) => new Option(`${index + 1}.`, index + 1)));
  return labelled([select, ` ${text}`]);
}

function labelled(parts) {
  const line = document.createElement("label");
  line.className = "hls-field";
  line.append(...parts);
  return line;
}

function button(text, type) {
  return Object.assign(document.createElement("button"), { type, textContent: text });
}

function spoken(form, prediction) {
  const inputs = [...form.querySelectorAll("input, select")];
  if (prediction.kind === "numbers") return inputs.map((each) => `${each.value} ${each.dataset.unit}`.trim()).join(" and ");
  if (prediction.kind !== "order") return inputs.filter((each) => each.checked).map((each) => each.value).join("; ") || "none";
  return inputs.sort((a, b) => a.value - b.value).map((each) => each.dataset.text).join(", then ");
}

function settle(box, prediction, answer) {
  if (answer) say(box, answer);
  if (answer) keep(KEPT + prediction.key, answer);
  const reveal = next(box, "details.hls-reveal");
  if (!reveal) return;
  reveal.open = true;
  reveal.querySelector("summary").focus();
}

// Some browsers keep nothing: the answer then stands as long as the page does.
function recalled(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key, answer) {
  try {
    localStorage.setItem(key, answer);
  } catch {
    // It stands on the page.
  }
}

function say(box, answer) {
  for (const place of [box, next(box, "details.hls-reveal")?.querySelector("summary")]) {
    if (!place) continue;
    const line = place.querySelector(".hls-yours") ?? place.appendChild(document.createElement("span"));
    line.className = "hls-yours";
    line.textContent = ` You said: ${answer}`;
  }
}

// The first element of the kind that comes after `box` on the page.
function next(box, selector) {
  return [...document.querySelectorAll(selector)].find(
    (each) => box.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
}

document$.subscribe(() => document.querySelectorAll(".hls-ask").forEach(build));
