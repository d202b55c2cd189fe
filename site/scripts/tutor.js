// The tutor's button, on every page. What it opens is fetched at the first press.

const button = document.createElement("button");
Object.assign(button, { type: "button", className: "md-header__button hls-tutor-button", textContent: "Ask", ariaLabel: "Ask the tutor", title: "Ask the tutor (Ctrl+/)", ariaKeyShortcuts: "Control+/" });
const toggle = async () => (await import("./tutor_panel.js")).toggle(button);
button.addEventListener("click", toggle);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  event.preventDefault();
  toggle();
});
document.querySelector(".md-header__inner").append(button);
