// Lets the browser keep the site, where it is published. The course that serves itself on this
// machine stands at the root of a loopback address: there pages always come from the course.

const home = new URL("../", import.meta.url);
const served = ["127.0.0.1", "localhost", "[::1]"].includes(home.hostname) && home.pathname === "/";

if (!served && navigator.serviceWorker && !navigator.connection?.saveData) {
  // The page comes first: the rest of the site is fetched when it is there.
  const keep = () => navigator.serviceWorker.register(new URL("sw.js", home), { updateViaCache: "none" }).catch(() => {});
  document.readyState === "complete" ? keep() : addEventListener("load", keep, { once: true });
}
