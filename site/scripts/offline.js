// Lets the browser keep the site, where it is published. The course that serves itself on this
// machine stands at the root of a loopback address: there pages always come from the course.

const { base } = JSON.parse(document.getElementById("__config").textContent);
const home = new URL(`${base}/`, location.href);
const served = ["127.0.0.1", "localhost", "[::1]"].includes(home.hostname) && home.pathname === "/";

if (!served && navigator.serviceWorker && !navigator.connection?.saveData) {
  // The page comes first: the rest of the site is fetched when it is there.
  const keep = () => navigator.serviceWorker.register(new URL("sw.js", home), { updateViaCache: "none" }).catch(() => {});
  document.readyState === "complete" ? keep() : addEventListener("load", keep, { once: true });
}
