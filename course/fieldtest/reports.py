"""An outcome as text, as JUnit XML and as one HTML page."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from xml.etree import ElementTree as ET

from course.fieldtest.judging import Finding
from course.fieldtest.outcome import Outcome
from course.fieldtest.rules import RULES
from labs.diagram import diagram
from labs.journal import Journal, Sent

BYTES = 1_500  # of a message that a page shows
MESSAGES = 40


def text(of: Outcome) -> str:
    """The report for a terminal."""
    about = (
        f"{of.address} as {of.scheme}: {of.sent} deliveries in {of.seconds:.1f} s, seed {of.seed}"
    )
    found = [_said(number, each) for number, each in enumerate(of.findings, 1)]
    unclear = [f"  {name}: {why}" for name, why in of.unjudged]
    parts = [about, *found]
    if of.unclear:
        parts.append(f"Could not tell: {of.unclear}")
    if of.passed:
        parts.append(f"Passed ({len(of.passed)}): {', '.join(of.passed)}")
    if unclear:
        parts.append("\n".join(["Not judged:", *unclear]))
    parts.append(summary(of))
    return "\n\n".join(parts)


def summary(of: Outcome) -> str:
    """The last line."""
    number = len(of.findings)
    if number:
        return f"{number} finding{'s' if number > 1 else ''}."
    return "Could not tell." if of.unclear else "Clean: no findings."


def _said(number: int, each: Finding) -> str:
    return "\n".join(
        (
            f"{number}. {RULES[each.id].title} [{each.id}]",
            f"   sent    {each.sent}",
            f"   saw     {each.saw}",
            f"   rule    {each.rule}",
            f"   means   {each.means}",
            f"   lesson  {each.lesson}",
        )
    )


def junit(of: Outcome) -> bytes:
    """A case for each finding and each part that passed; what was not judged is skipped."""
    root = ET.Element("testsuites")
    unclear = [("storm", of.unclear)] if of.unclear and not of.findings else []
    counts = {
        "tests": len(of.findings) + len(of.passed) + len(of.unjudged) + len(unclear),
        "failures": len(of.findings),
        "errors": len(unclear),
        "skipped": len(of.unjudged),
    }
    when = of.when.isoformat(timespec="seconds")
    about = {"name": "storm", "timestamp": when, "time": f"{of.seconds:.3f}"}
    suite = ET.SubElement(
        root, "testsuite", {**about, **{name: str(count) for name, count in counts.items()}}
    )
    for number, each in enumerate(of.findings, 1):
        case = ET.SubElement(suite, "testcase", classname="storm", name=each.id)
        failure = ET.SubElement(case, "failure", message=_safe(each.saw))
        failure.text = _safe(_said(number, each))
    for name, why in unclear:
        case = ET.SubElement(suite, "testcase", classname="storm", name=name)
        ET.SubElement(case, "error", message=_safe(why))
    for name in of.passed:
        ET.SubElement(suite, "testcase", classname="storm", name=name)
    for name, why in of.unjudged:
        case = ET.SubElement(suite, "testcase", classname="storm", name=name)
        ET.SubElement(case, "skipped", message=_safe(why))
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def html(of: Outcome) -> str:
    """One page without scripts or outside requests: each finding with its exchanges."""
    page = files("course.fieldtest").joinpath("report.html").read_text("utf-8")
    findings = "".join(_section(number, each, of) for number, each in enumerate(of.findings, 1))
    values = {
        "address": escape(of.address),
        "scheme": escape(of.scheme),
        "summary": escape(of.unclear or summary(of)),
        "about": f"{of.sent} deliveries in {of.seconds:.1f} s, seed {of.seed}, "
        f"{of.when.isoformat(timespec='seconds')}",
        "findings": findings,
        "passed": "".join(f"<li><code>{escape(name)}</code></li>" for name in of.passed),
        "unjudged": "".join(
            f"<li><code>{escape(name)}</code>: {escape(why)}</li>" for name, why in of.unjudged
        ),
        "effects": "".join(
            f"<tr><td><code>{escape(name)}</code></td><td>{count}</td></tr>"
            for name, count in sorted(of.effects.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
    }
    for name, value in values.items():
        page = page.replace("{{" + name + "}}", value)
    return page


def _section(number: int, each: Finding, of: Outcome) -> str:
    rows = (
        ("Sent", escape(each.sent)),
        ("Saw", escape(each.saw)),
        ("Rule", escape(each.rule)),
        ("Means", escape(each.means)),
        ("Lesson", f'<a href="{escape(each.lesson)}">{escape(each.lesson)}</a>'),
    )
    listed = "".join(f"<dt>{name}</dt><dd>{said}</dd>" for name, said in rows)
    journal = (of.journals or {}).get(each.id)
    wire = _wire(journal, each.id) if journal else ""
    title = escape(RULES[each.id].title)
    return f'<section id="{each.id}"><h2>{number}. {title}</h2><dl>{listed}</dl>{wire}</section>'


def _wire(journal: Journal, name: str) -> str:
    """The picture of the exchanges, and their bytes."""
    picture = diagram(journal, f"What crossed the wire: {RULES[name].title}").svg()
    sent = [event for event in journal.events if isinstance(event, Sent)]
    messages = "".join(_bytes(event) for event in sent[:MESSAGES])
    more = f"<p>{len(sent) - MESSAGES} more.</p>" if len(sent) > MESSAGES else ""
    return (
        f"<figure>{picture}</figure><details><summary>The bytes of these exchanges</summary>"
        f"{messages}{more}</details>"
    )


def _bytes(event: Sent) -> str:
    shown = event.data[:BYTES].decode("utf-8", "backslashreplace")
    more = len(event.data) - BYTES
    cut = f"\n… {more} bytes more" if more > 0 else ""
    head = f"{event.time:.3f} s, connection {event.connection}, {event.sender} → {event.receiver}"
    return f"<p>{head}</p><pre>{escape(_safe(shown + cut))}</pre>"


def _safe(text: str) -> str:
    """Text that XML and a page can hold: control characters have no place in it."""
    return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text.replace("\r\n", "\n"))
