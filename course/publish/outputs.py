"""What a cell put out, as the Markdown of a page.

A picture stands in the page itself, so that it follows the page's light and dark; its text twin
folds beside it. What a script may bring to life (runs, knobs, predictions) is embedded as JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from course.publish.links import for_site
from labs.prediction import in_full

OURS = re.compile(r"application/vnd\.hook-line-socket\.(\w+)\+json")
SHOWN_AS_HTML = ("verdict", "spot", "progress", "panel")  # their HTML bears hls-verdict ...
NARROW = re.compile(r'<svg class="phone" viewBox="0 0 ([\d.]+) ([\d.]+)"')
WHICH = "Which line is wrong, and what should stand there?"
MARKUP = re.compile(r"^([ \t]*)([`~](?=``|~~)|\{)", re.MULTILINE)  # a fence; attributes
ID = re.compile(r"""\bid=["']([^"']+)["']""")


def blocks(outputs: list[Any], cell: int, known: frozenset[str]) -> Iterator[str]:
    """Each output of the cell with this number as a block of Markdown."""
    for number, output in enumerate(outputs, 1):
        if output.output_type == "stream":
            yield printed(output.text)
        else:
            yield block(output.data, f"c{cell}o{number}", known)


def block(bundle: Mapping[str, Any], prefix: str, known: frozenset[str]) -> str:
    """A bundle in the best form that it has, with its JSON beside it."""
    records = {m[1]: bundle[m.string] for m in map(OURS.fullmatch, bundle) if m}
    plain = str(bundle.get("text/plain", ""))
    if says := records.get("prediction", {}).get("says"):
        plain = plain.removeprefix(str(says)).lstrip(".\n")
    prediction = records.get("prediction", {})
    if "spot" in records:
        shown = spotted(records["spot"], plain, str(bundle.get("image/svg+xml", "")), prefix)
    elif "right" in prediction:
        shown = ordered(prediction)
    elif "question" in prediction:
        shown = asked(prediction)
    elif "text/markdown" in bundle:
        shown = prose(str(bundle["text/markdown"]), known)
    elif "image/svg+xml" in bundle:
        shown = picture(str(bundle["image/svg+xml"]), plain, prefix)
        shown = f"{controls(records['panel'])}\n\n{shown}" if "panel" in records else shown
    else:
        shown = printed(plain)
    if "reveals" in prediction:
        shown = f"{said(prediction)}\n\n{shown}"
    if records.get("lesson", {}).get("kind") == "interview":
        shown = f"{shown}\n\n{rehearsed(records['lesson'])}"
    return "\n\n".join([shown, *(embedded(kind, each) for kind, each in records.items())])


def printed(text: str) -> str:
    """Text as it was printed; it scrolls by itself when it is wide."""
    return f'<div class="hls-out"><pre tabindex="0">{preformatted(text)}</pre></div>'


def preformatted(text: str) -> str:
    """The text inside a `<pre>`: no row of it is taken for a fence or for attributes."""
    # Fences are looked for before HTML is, so also inside of it; `{...}` at the end would be eaten.
    return MARKUP.sub(lambda row: f"{row[1]}&#{ord(row[2])};", escape(text.rstrip(), quote=False))


def fenced(source: str, head: str = "python") -> str:
    """The source as a code block, whose fence is longer than any that stands in it."""
    longest = max(map(len, re.findall(r"`{3,}", source)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{head}\n{source}\n{fence}"


def prose(markdown: str, known: frozenset[str]) -> str:
    """Markdown that a cell put out; what it folds is folded here too."""
    folded = markdown.replace("<details>", '<details class="hls-answer" markdown="1">')
    return f'<div class="hls-shown" markdown="1">\n\n{for_site(folded, known)}\n\n</div>'


def rehearsed(interview: Mapping[str, Any]) -> str:
    """The way from a lesson's interview questions to the studio, where each is asked."""
    links = (
        f'<a href="../../studio/questions/#{interview["lesson"]}-{number}">question {number}</a>'
        for number, _ in enumerate(interview["content"], 1)
    )
    return f"<p>Answer them against the clock, and be quoted: {', '.join(links)}.</p>"


def picture(svg: str, twin: str, prefix: str) -> str:
    """An SVG in the page, its ids made unique, and under it the same as text."""
    body = re.sub(r"^\s*<\?xml.*?\?>|<!DOCTYPE[^>]*>", "", unique(svg, prefix), flags=re.DOTALL)
    text = preformatted(twin)
    # A picture that brings a narrow form takes it where its frame, not the window, is narrow.
    small = NARROW.search(body)
    form = f' style="--hls-narrow:{small[1]}/{small[2]}"' if small else ""
    frame = "hls-diagram hls-diagram--two" if small else "hls-diagram"
    return (
        f'<figure class="hls-figure" data-search-exclude>'
        f'<div class="{frame}"{form} tabindex="0">{body.strip()}</div>'
        f'<details class="hls-twin"><summary>Read this diagram as text</summary>'
        f'<pre tabindex="0">{text}</pre></details></figure>'
    )


def unique(svg: str, prefix: str) -> str:
    """The SVG with every id, and every reference to one, behind the prefix."""
    names = sorted(set(ID.findall(svg)), key=len, reverse=True)
    for name in names:
        mine, old = f"{prefix}-{name}", re.escape(name)
        svg = re.sub(rf"""(\bid=["']){old}(?=["'])""", rf"\g<1>{mine}", svg)
        svg = re.sub(rf"""((?:url\(["']?|href=["'])#){old}(?=["')])""", rf"\g<1>{mine}", svg)
    return re.sub(r'(aria-(?:labelledby|describedby)=)"([^"]+)"', renamed(names, prefix), svg)


def renamed(names: list[str], prefix: str) -> Callable[[re.Match[str]], str]:
    """What puts the prefix before each of these names in a list of references."""

    def references(found: re.Match[str]) -> str:
        listed = (f"{prefix}-{each}" if each in names else each for each in found[2].split())
        return f'{found[1]}"{" ".join(listed)}"'

    return references


def controls(panel: Mapping[str, Any]) -> str:
    """A panel's knobs where they stand, its figures and its goals, as a table and a list."""
    rows = [f"| {k['label']} | {_position(k)} | {_range(k)} |" for k in panel.get("knobs", ())]
    table = ["| knob | stands at | can be |", "|---|---|---|", *rows]
    goals = [f"- {goal}" for goal in panel.get("goals", ())]
    figures = " · ".join(f"{name}: **{value}**" for name, value in panel["figures"])
    lead = "Turn these in JupyterLab; the run below stands where they stand at first."
    parts = [lead, "\n".join(table), figures, "**Reach this:**" if goals else "", "\n".join(goals)]
    return '<div class="hls-panel" markdown="1">\n\n{}\n\n</div>'.format(
        "\n\n".join(filter(None, parts))
    )


def asked(prediction: Mapping[str, Any]) -> str:
    """A prediction's question; a script puts the controls in, and without one it is read."""
    options = "".join(f"<li>{escape(str(each))}</li>" for each in prediction.get("options", ()))
    numbers = "".join(f"<li>{_number(each)}</li>" for each in prediction.get("numbers", ()))
    items = options or numbers
    return (
        f'<div class="hls-ask"><p class="hls-question">{escape(prediction["question"])}</p>'
        f'<ul>{items}</ul><p class="hls-hint">Settle on an answer before you read on.</p></div>'
    )


def ordered(question: Mapping[str, Any]) -> str:
    """Events to put in order, and the order, folded; a script lets the lines be moved."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in question["options"])
    pairs = zip(question["right"], question["moments"], strict=True)
    order = "".join(f"<li>{escape(f'{line} ({moment})')}</li>" for line, moment in pairs)
    fold = f'<details class="hls-answer"><summary>The order</summary><ol>{order}</ol></details>'
    asks = f'<p class="hls-question">{escape(question["question"])}</p>'
    return f'<div class="hls-order">{asks}<ul>{lines}</ul>{fold}</div>'


def spotted(spot: Mapping[str, Any], plain: str, svg: str, prefix: str) -> str:
    """A program with its line numbers, what was seen of it, the question, and the run."""
    listing = fenced(spot["program"], '{ .python linenums="1" }')
    question = f'<p class="hls-question">{WHICH}</p>'
    words = f"<p>{_with_code(spot['says'])}</p>\n\n{question}"
    words = f'<div class="hls-spot" markdown="1">\n\n{listing}\n\n{words}\n\n</div>'
    twin = plain.partition("Which line is wrong?")[2].partition("\n\n")[2]
    return f"{words}\n\n{picture(svg, twin, prefix)}" if svg else words


def said(reveal: Mapping[str, Any]) -> str:
    """What the run says to a prediction; nobody has made one when a notebook is stored."""
    says = str(reveal["says"]).partition("; ")[2] or str(reveal["says"])
    return f'<p class="hls-says">{escape(says[:1].upper() + says[1:])}.</p>'


def embedded(kind: str, record: Any) -> str:
    """A record for scripts, in an attribute: `JSON.parse(element.dataset.record)`."""
    name = f"{kind}-record" if kind in SHOWN_AS_HTML else kind
    # The theme runs every <script> of a page again after instant navigation, JSON ones too.
    return f"<div hidden class=\"hls-{name}\" data-record='{attribute(record)}'></div>"


def attribute(record: Any) -> str:
    """JSON that can stand between single quotes in HTML."""
    text = json.dumps(record, separators=(",", ":"), sort_keys=True)
    return escape(text, quote=False).replace("'", "&#39;")


def _with_code(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))


def _position(knob: Mapping[str, Any]) -> str:
    if knob["kind"] == "switch":
        return "on" if knob["default"] else "off"
    return f"{knob['default']} {knob.get('unit', '')}".strip()


def _range(knob: Mapping[str, Any]) -> str:
    if knob["kind"] == "number":
        span = f"{in_full(knob['low'])} to {in_full(knob['high'])}"
        return f"{span} {knob.get('unit', '')}".strip()
    return " \\| ".join(knob.get("options", ("on", "off")))


def _number(number: Mapping[str, Any]) -> str:
    span = ""
    if number.get("low") is not None and number.get("high") is not None:
        span = f"{in_full(number['low'])} to {in_full(number['high'])}"
    label = f"{number['label']}: " if number.get("label") else ""
    return escape(f"{label}{span} {number.get('unit', '')}".strip())
