// Was an answer of use? Two buttons, and a place to say why.

import { element } from "./inline.js";

export function votes(turn, say) {
  const place = element("span");
  const made = [["Helpful", "up"], ["Not helpful", "down"]].map(([words, vote]) => {
    const button = element("button", { type: "button", ariaPressed: `${turn.vote === vote}` }, words);
    button.addEventListener("click", () => {
      turn.vote = vote;
      for (const each of made) each.ariaPressed = `${each === button}`;
      say({ type: "feedback", id: turn.id, vote, reason: "" });
      place.replaceChildren(why(turn, say, place));
      place.querySelector("input").focus();
    });
    return button;
  });
  return [...made, place];
}

function why(turn, say, place) {
  const reason = element("input", { ariaLabel: "Why, in a few words", placeholder: "Why? (optional)", maxLength: 1000 });
  const form = element("form", { className: "hls-tutor-row" }, reason, element("button", { type: "submit" }, "Send"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say({ type: "feedback", id: turn.id, vote: turn.vote, reason: reason.value });
    place.replaceChildren(element("span", { className: "hls-tutor-quiet", role: "status" }, "Thank you; it is kept beside the answer."));
  });
  return form;
}
