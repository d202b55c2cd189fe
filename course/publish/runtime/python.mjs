// Python for the tab, and for the tests that run in Node: one interpreter, one namespace.
//
// `read(name)` gives the bytes of a file of the runtime, at once or as a promise. Packages and course
// are on their way while the interpreter starts.
const COURSE = "/course";
const LOCAL_HEADER = 0x04034b50; // APPNOTE.TXT 4.3.7: what each file of a zip begins with
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
  const whole = async (name) => unpacked(bytes(await read(name)));
  const coming = Promise.all(["packages.zip.gz", "labs.zip.gz", "tab.py"].map(whole));
  const pyodide = await interpreter({ indexURL, loadPyodide });
  const [packages, labs, tab] = await coming;
  const library = pyodide.runPython("import sysconfig; sysconfig.get_paths()['purelib']");
  place(pyodide.FS, library, stored(packages));
  place(pyodide.FS, COURSE, stored(labs));
  place(pyodide.FS, COURSE, [["tab.py", tab], ["notebooks/", null]]);
  // The course comes last: most of what is imported is not of it, and each look there costs.
  pyodide.runPython(`
import os, sys
sys.path.append(${JSON.stringify(COURSE)})
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

function place(FS, root, files) {
  const folders = new Set();
  for (const [name, content] of files) {
    const folder = `${root}/${name.slice(0, name.lastIndexOf("/") + 1)}`;
    if (!folders.has(folder)) FS.mkdirTree(folder);
    folders.add(folder);
    if (content) FS.writeFile(`${root}/${name}`, content, { canOwn: true }); // not copied
  }
}

// What is in gzip, unpacked by the browser; a server may have said that it is, and then it is done.
async function unpacked(content) {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content;
  const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The files of a zip that stores them as they are. Python's own unpacking takes five times as long.
function* stored(archive) {
  const view = new DataView(archive.buffer, archive.byteOffset);
  for (let at = 0; view.getUint32(at, true) === LOCAL_HEADER; ) {
    const [size, name, extra] = [view.getUint32(at + 18, true), view.getUint16(at + 26, true), view.getUint16(at + 28, true)];
    const from = at + 30 + name + extra;
    yield [new TextDecoder().decode(archive.subarray(at + 30, at + 30 + name)), archive.subarray(from, from + size)];
    at = from + size;
  }
}

function bytes(content) {
  return content.constructor === Uint8Array ? content : new Uint8Array(content); // Node has a Buffer
}
