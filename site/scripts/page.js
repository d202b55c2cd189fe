// Small repairs that only a script can make, on each page and after each instant navigation.

// A wide table scrolls by itself; without a tab stop the keyboard cannot scroll it.
// The theme wraps tables and adds its copy buttons late, hence the observer.
function repair(root) {
  for (const wrap of root.querySelectorAll(".md-typeset__scrollwrap")) wrap.tabIndex = 0;
  for (const nav of root.querySelectorAll("nav.md-code__nav")) nav.setAttribute("role", "none");
  // Markdown makes a heading of the corner of a table that has none.
  for (const corner of root.querySelectorAll("th:empty")) corner.replaceWith(document.createElement("td"));
  // The theme names the menu of a section by a label that holds an icon only.
  for (const nav of root.querySelectorAll("nav[aria-labelledby^=__nav_]")) {
    nav.setAttribute("aria-label", nav.parentElement.querySelector("a").textContent.trim());
    nav.removeAttribute("aria-labelledby");
  }
}

// "Open in JupyterLab" leads there when `python3 -m course start` serves this page,
// and elsewhere to the page that says how to start it.
const pageScript = document.currentScript.src;
async function connect(link) {
  const local = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);
  const answers = local && (await lab(link.href));
  if (!answers) link.href = new URL("../run-it/", pageScript).href;
}

async function lab(address) {
  try {
    const answer = await fetch(address, { method: "HEAD", redirect: "manual" });
    return answer.ok || answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}

document$.subscribe(() => {
  repair(document);
  for (const link of document.querySelectorAll("a[data-lesson]")) connect(link);
});
new MutationObserver(() => repair(document)).observe(document.body, { childList: true, subtree: true });
