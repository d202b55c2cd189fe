// An answer without its Markdown drawn, where the site was built without Node.js: paragraphs and code.

import { element } from "./inline.js";
import { prose } from "./shown.js";

export function rendered(markdown) {
  return element("div", {}, ...prose(markdown));
}
