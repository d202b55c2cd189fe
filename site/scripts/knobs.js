// A panel's knobs as HTML controls. Turning one asks for that turn of the lab and draws it anew;
// the last turn asked for wins.

export function panel(declared, bundle, turned, picture) {
  const box = element("div", { className: "hls-panel" });
  const controls = declared.knobs.map((knob) => control(knob, () => turn()));
  const figures = element("p", { className: "hls-figures" });
  const goals = element("ul", { className: "hls-goals", ariaLive: "polite" });
  const shown = element("div", { className: "hls-shown-turn" });
  const ever = declared.goals.map(() => false);
  let latest = 0;

  async function turn() {
    const mine = ++latest;
    box.setAttribute("aria-busy", "true");
    const answer = await turned(Object.fromEntries(controls.map(({ name, value }) => [name, value()])));
    if (mine !== latest || !answer) return;
    box.removeAttribute("aria-busy");
    draw(answer);
  }

  function draw(now) {
    const record = now["application/vnd.hook-line-socket.panel+json"];
    figures.replaceChildren(...record.figures.map(([name, value]) => figure(name, value)));
    record.reached.forEach((reached, index) => (ever[index] ||= reached));
    goals.replaceChildren(...record.goals.map((text, index) => goal(text, record.reached[index], ever[index])));
    if (record.trouble) shown.replaceChildren(element("p", { className: "hls-trouble", textContent: record.trouble }));
    else shown.replaceChildren(...picture(now));
  }

  box.append(...controls.map(({ line }) => line), figures, goals, shown);
  draw(bundle);
  return box;
}

function control(knob, turned) {
  const line = element("label", { className: "hls-knob" });
  const name = element("span", { textContent: knob.label });
  if (knob.kind === "number") {
    const input = element("input", { type: "range", min: knob.low, max: knob.high, step: knob.step, value: knob.default });
    const said = element("output", { textContent: spoken(knob, knob.default) });
    input.addEventListener("input", () => {
      said.textContent = spoken(knob, input.value);
      input.setAttribute("aria-valuetext", said.textContent);
      turned();
    });
    line.append(name, input, said);
    return { name: knob.name, line, value: () => Number(input.value) };
  }
  if (knob.kind === "switch") {
    const input = element("input", { type: "checkbox", checked: knob.default });
    input.addEventListener("change", turned);
    line.append(name, input);
    return { name: knob.name, line, value: () => input.checked };
  }
  const select = element("select", {});
  select.append(...knob.options.map((option) => new Option(option, option, false, option === knob.default)));
  select.addEventListener("change", turned);
  line.append(name, select);
  return { name: knob.name, line, value: () => select.value };
}

function spoken(knob, value) {
  return `${Number(value)} ${knob.unit ?? ""}`.trim();
}

function figure(name, value) {
  const box = element("span", {});
  box.append(`${name}: `, element("b", { textContent: value }), " ");
  return box;
}

function goal(text, reached, before) {
  const word = reached ? "reached" : before ? "reached earlier" : "not yet";
  const line = element("li", { className: reached ? "hls-reached" : "" });
  line.append(element("b", { textContent: `${word} ` }), text);
  return line;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
