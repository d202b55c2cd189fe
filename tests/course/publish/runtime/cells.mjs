// Runs a lesson's cells as the tab does, in Node: `node cells.mjs RUNTIME NOTEBOOK`.
// Prints one JSON line a cell: {cell, printed, bundles, error}.
import { readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, notebook] = process.argv.slice(2).map((each) => resolve(each));
const { start } = await import(pathToFileURL(join(runtime, "python.mjs")));
const read = (name) => readFileSync(join(runtime, name));
const python = await start({ indexURL: `${runtime}/`, read });
const data = notebook.replace(/ipynb$/, "yaml");
python.lesson(basename(data), readFileSync(data));
const cells = JSON.parse(readFileSync(notebook, "utf8")).cells;
for (const [index, cell] of cells.entries()) {
  if (cell.cell_type !== "code") continue;
  const tags = cell.metadata.tags ?? [];
  const source = [cell.source].flat().join("");
  if (tags.includes("real") || tags.includes("live")) {
    python.define(source);
    continue;
  }
  for (const name of python.needs(source)) python.add(read(`graders/${name}.zip`));
  const said = await python.run(`${index + 1}`, source);
  console.log(JSON.stringify({ cell: index + 1, ...said }));
}
