// The worker in which the tutor of the static site answers. Questions in, the protocol's messages out.
const here = new URL("./", import.meta.url);
const runtime = new URL(`../../runtime/${new URL(import.meta.url).searchParams.get("runtime")}/`, here).href;

const fetched = async (name) => {
  const answer = await fetch(new URL(name, here));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.arrayBuffer();
};

async function started() {
  const { interpreter } = await import(`${runtime}python.mjs`);
  const [python, archive, passages] = await Promise.all([interpreter({ indexURL: runtime }), fetched("answering.zip"), fetched("passages.json")]);
  python.unpackArchive(archive, "zip", { extractDir: "/tutor" });
  python.FS.writeFile("/tutor/passages.json", new Uint8Array(passages));
  python.runPython("import sys; sys.path.insert(0, '/tutor'); sys.dont_write_bytecode = True");
  return python.pyimport("tab").Tutor("/tutor/passages.json");
}

const ready = started();
ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data }) => {
  const tutor = await ready.catch(() => undefined);
  if (!tutor) return; // said above
  try {
    for (const message of JSON.parse(tutor.messages(JSON.stringify(data)))) postMessage(message);
  } catch (error) {
    postMessage({ type: "error", id: data.id, code: "failed", message: String(error).slice(0, 300) });
  }
};
