// Compiles Python with the very interpreter that will run it: `node compile.mjs OUT`.
//
// OUT holds packages.zip and labs.zip; the standard library comes with Pyodide. Library code keeps
// only its compiled form. The course keeps its source beside it, so that tracebacks show lines.
// Python reads its library out of the zip; the two others store their files, to be packed as a whole.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadPyodide } from "pyodide";

const out = process.argv[2];
const python = await loadPyodide();
const stdlib = new URL("python_stdlib.zip", import.meta.resolve("pyodide"));
python.FS.writeFile("/stdlib.zip", readFileSync(stdlib));
for (const name of ["packages.zip", "labs.zip"]) python.FS.writeFile(`/${name}`, readFileSync(join(out, name)));

python.runPython(`
import importlib.util, marshal, zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)
LIBRARY = "/lib/python3.14/"
# Of the standard library, what no lab can use: screens, processes, installers, other formats.
LEFT_OUT = (
    "_pyrepl", "compression/zstd", "concurrent/interpreters", "curses", "dbm", "ensurepip", "idlelib",
    "lib2to3", "multiprocessing", "pydoc_data", "sqlite3/__main__", "test", "tkinter", "turtledemo",
    "unittest", "venv", "wsgiref", "xmlrpc", "zoneinfo",
    "antigravity.py", "doctest.py", "ftplib.py", "imaplib.py", "mailbox.py", "nturl2path.py",
    "pdb.py", "plistlib.py", "poplib.py", "pstats.py", "pydoc.py", "smtplib.py", "this.py",
    "turtle.py", "webbrowser.py", "zipapp.py", "_pydecimal.py", "_android_support.py",
    "_apple_support.py", "_ios_support.py", "_osx_support.py", "cProfile.py", "profile.py", "trace.py",
    "tabnanny.py", "tracemalloc.py",
)

def pyc(source, name):
    code = compile(source, name, "exec", dont_inherit=True)
    # Flags 0b01: checked by hash, never: the archive is the whole truth.
    return importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8) + marshal.dumps(code)

def entries(path):
    with zipfile.ZipFile(path) as archive:
        yield from ((entry.filename, archive.read(entry)) for entry in archive.infolist())

def write(path, files, packing=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", compresslevel=9) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, packing)

def libraries(path, keep=lambda name: True):
    for name, content in entries(path):
        if not keep(name) or name.endswith("/"):
            continue
        if name.endswith(".py"):
            yield name + "c", pyc(content, LIBRARY + name)
        else:
            yield name, content

def kept(name):
    return not any(name == each or name.startswith(each + "/") for each in LEFT_OUT)

def course(path):
    for name, content in entries(path):
        yield name, content
        if name.endswith(".py"):
            folder, _, file = name.rpartition("/")
            yield f"{folder}/__pycache__/{file[:-3]}.cpython-314.pyc", pyc(content, "/course/" + name)

write("/stdlib.out", libraries("/stdlib.zip", kept), zipfile.ZIP_DEFLATED)
write("/packages.out", libraries("/packages.zip"))
write("/labs.out", course("/labs.zip"))
`);
for (const [from, to] of [["stdlib.out", "stdlib.zip"], ["packages.out", "packages.zip"], ["labs.out", "labs.zip"]]) {
  writeFileSync(join(out, to), python.FS.readFile(`/${from}`));
}
