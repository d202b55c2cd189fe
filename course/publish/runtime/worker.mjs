// The worker behind a page's Run buttons. It is ended to stop a cell, and started anew.
// The interpreter's two scripts are named here so that they are fetched at once, not one by one.
import "./pyodide.asm.mjs";
import { loadPyodide } from "./pyodide.mjs";
import { start } from "./python.mjs";

const indexURL = new URL("./", import.meta.url).href;
const read = async (name) => {
  const answer = await fetch(indexURL + name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
};
const ready = start({ indexURL, read, loadPyodide });
ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data }) => {
  const python = await ready;
  const answer = { id: data.id };
  try {
    if (data.lesson) python.lesson(data.lesson.name, new TextEncoder().encode(data.lesson.text));
    if (data.definitions !== undefined) python.define(data.definitions);
    if (data.source !== undefined) {
      for (const name of python.needs(data.source)) python.add(await read(`graders/${name}.zip`));
      answer.said = await python.run(data.cell, data.source);
    } else if (data.positions) {
      answer.bundle = python.turn(data.cell, data.positions);
    }
  } catch (error) {
    answer.failed = String(error);
  }
  postMessage(answer);
};
