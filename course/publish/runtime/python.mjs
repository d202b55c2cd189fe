// Python for the tab, and for the tests that run in Node: one interpreter, one namespace.
//
// `read(name)` gives the bytes of a file of the runtime, at once or as a promise. The order is the
// order of need: the interpreter and its library first, then packages and course.
const COURSE = "/course";
const ASKS = /\b(check|hint|solution|spot)\(\s*["']([\w.]+)["']/g;
const BRINGS = { check: "", hint: "", solution: ".right", spot: ".wrong" };

// The interpreter with its library and nothing besides.
export async function interpreter({ indexURL, loadPyodide }) {
  loadPyodide ??= (await import(new URL("pyodide.mjs", import.meta.url))).loadPyodide;
  return loadPyodide({
    indexURL,
    stdLibURL: `${indexURL}stdlib.zip`,
    lockFileContents: { info: { abi_version: "2026_0", arch: "wasm32", platform: "emscripten_5_0_3", python: "3.14.2", version: "314.0.7" }, packages: {} },
  });
}

export async function start({ indexURL, read, loadPyodide }) {
  const [packages, labs, tab] = await Promise.all(["packages.zip", "labs.zip", "tab.py"].map(read));
  const pyodide = await interpreter({ indexURL, loadPyodide });
  const library = pyodide.runPython("import sysconfig; sysconfig.get_paths()['purelib']");
  pyodide.FS.mkdirTree(library);
  pyodide.FS.writeFile(`${library}/packages.zip`, bytes(packages));
  pyodide.FS.mkdirTree(`${COURSE}/notebooks`);
  pyodide.FS.writeFile(`${COURSE}/tab.py`, bytes(tab));
  pyodide.unpackArchive(bytes(labs), "zip", { extractDir: COURSE });
  pyodide.runPython(`
import os, sys
sys.path[:0] = [${JSON.stringify(COURSE)}, ${JSON.stringify(`${library}/packages.zip`)}]
sys.dont_write_bytecode = True
os.chdir(${JSON.stringify(`${COURSE}/notebooks`)})
`);
  const tabs = pyodide.pyimport("tab");
  const here = new Set();
  return {
    // A lesson's YAML, beside where its cells run.
    lesson: (name, content) => pyodide.FS.writeFile(`${COURSE}/notebooks/${name}`, bytes(content)),
    // Which archives of graders this source needs that are not here yet.
    needs: (source) => [...wanted(source)].filter((name) => !here.has(name) && here.add(name)),
    add: (archive) => tabs.add(pyodide.toPy(bytes(archive))),
    define: (source) => tabs.define(source),
    run: async (cell, source) => JSON.parse(await tabs.run_cell(cell, source)),
    turn: (cell, positions) => JSON.parse(tabs.turn(cell, JSON.stringify(positions))),
  };
}

function wanted(source) {
  const names = new Set();
  for (const [, verb, id] of source.matchAll(ASKS)) {
    const folder = id.replaceAll(".", "_");
    names.add(folder);
    if (BRINGS[verb]) names.add(folder + BRINGS[verb]);
  }
  return names;
}

function bytes(content) {
  return content.constructor === Uint8Array ? content : new Uint8Array(content); // Node has a Buffer
}
