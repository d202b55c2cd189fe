// A tutor's answer as a fragment of a page: Markdown in, elements out, none of them of the answer's
// own making. Bundled into one file that is fetched with the tutor's panel.
import { classHighlighter, highlightTree } from "@lezer/highlight";
import { parser } from "@lezer/python";
import DOMPurify from "dompurify";
import { Marked } from "marked";

// HTML in an answer is text to be read, and a picture is its words: an address to fetch would tell
// somebody that this page was read.
const marked = new Marked({
  gfm: true,
  breaks: false,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ text }) => escaped(text),
  },
});
const TAGS = ["p", "br", "hr", "em", "strong", "del", "code", "pre", "ul", "ol", "li", "blockquote", "a", "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"];
const PYTHON = new Set(["python", "py", "json"]); // as far as colours go, JSON is Python

export function rendered(markdown) {
  const fragment = DOMPurify.sanitize(marked.parse(markdown), {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "start", "align", "class"],
    ALLOWED_URI_REGEXP: /^(https?:|mailto:|[^:]*$)/i,
    RETURN_DOM_FRAGMENT: true,
  });
  // What leads out of the course opens beside it; what leads into it is the panel's to place.
  for (const link of fragment.querySelectorAll("a[href*=':']")) Object.assign(link, { rel: "noopener noreferrer", target: "_blank" });
  for (const table of fragment.querySelectorAll("table, pre")) table.tabIndex = 0; // they scroll by themselves
  for (const code of fragment.querySelectorAll("pre > code")) coloured(code);
  return fragment;
}

// The page's own colours: `tok-keyword` and its like are classes of the tutor's style sheet.
function coloured(code) {
  const language = code.className.replace("language-", "");
  code.removeAttribute("class");
  if (!PYTHON.has(language)) return;
  const text = code.textContent;
  const parts = [];
  let from = 0;
  highlightTree(parser.parse(text), classHighlighter, (start, end, className) => {
    parts.push(text.slice(from, start), Object.assign(document.createElement("span"), { className, textContent: text.slice(start, end) }));
    from = end;
  });
  code.replaceChildren(...parts, text.slice(from));
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
