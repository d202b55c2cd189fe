// Small repairs that only a script can make, on each page and after each instant navigation.

import { page, served } from "./inline.js";

const REPAIRS = {
  // A wide table scrolls by itself; without a tab stop the keyboard cannot scroll it.
  ".md-typeset__scrollwrap": (wrap) => (wrap.tabIndex = 0),
  "nav.md-code__nav": (nav) => nav.setAttribute("role", "none"),
  // The theme names the menu of a section by a label that holds an icon only.
  "nav[aria-labelledby^=__nav_]": (nav) => {
    nav.setAttribute("aria-label", nav.parentElement.querySelector("a").textContent.trim());
    nav.removeAttribute("aria-labelledby");
  },
};

function repair(root) {
  for (const [places, mend] of Object.entries(REPAIRS)) {
    if (root.matches(places)) mend(root);
    root.querySelectorAll(places).forEach(mend);
  }
}

// The theme wraps tables and adds its copy buttons late, hence the observer.
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const each of addedNodes) if (each.nodeType === Node.ELEMENT_NODE) repair(each);
}).observe(document.body, { childList: true, subtree: true });

// "Open in JupyterLab" leads there when `python3 -m course start` serves this page,
// and elsewhere to the page that says how to start it.
async function connect(link) {
  if (!(served() && (await lab(link.href)))) link.href = page("run-it/");
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
  repair(document.body);
  document.querySelectorAll("a[data-lesson]").forEach(connect);
});
