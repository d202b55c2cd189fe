"""The reference is made of the lessons and of dated tables: complete, sourced, no gap."""

import json
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from course.publish import notebook
from course.publish.reference import asked, choices, lines, parts, senders, words
from course.publish.reference.places import places
from course.publish.reference.tables import code, read_on, span, table
from labs.choosing import TREE, paths
from labs.facts import FACTS
from labs.glossary import TERMS
from labs.lessons import lesson
from labs.webhook.providers import PROVIDERS

SITE = Path(__file__).resolve().parents[3] / "site"
SAMPLE = Path(__file__).parent / "sample"
INCLUDED = re.compile(r'--8<-- "(reference/[^"]+)"')


def read(folder):
    """The lessons of a folder, as the site hands them over."""
    return {path: lesson(path.stem, folder) for path in notebook.files(folder)}


@pytest.fixture(scope="module")
def where():
    """The places of the course's own lessons."""
    return places(read(notebook.NOTEBOOKS))


@pytest.fixture(scope="module")
def sample():
    """The places of a course whose only lesson is the sample."""
    return places(read(SAMPLE))


def test_each_part_stands_on_a_page_and_each_page_has_its_parts():
    """Nothing is made in vain, and no frame waits for what nobody makes."""
    frames = [path.read_text("utf-8") for path in (SITE / "reference").glob("*.md")]
    included = [name for text in frames for name in INCLUDED.findall(text)]
    assert sorted(included) == sorted(parts(read(notebook.NOTEBOOKS)))


def test_parts_depend_on_the_lessons_that_there_are(sample):
    """A course of one lesson links to that lesson only; what is to come is said, not linked."""
    made = parts(read(SAMPLE))
    pages = {page for text in made.values() for page in re.findall(r"lessons/(\w+)\.md", text)}
    assert pages == {"90_sample"}
    assert "M6 (to come)" in made["reference/glossary.md"]
    assert "## Elsewhere" in made["reference/symptoms.md"]
    assert parts({})["reference/symptoms.md"] == "\n"


def test_a_link_is_named_after_its_heading(sample):
    """Whoever follows it knows where it leads."""
    assert sample.link("m90", "silence-looks-like-health") == (
        "[M90: Silence looks like health](../lessons/90_sample.md#silence-looks-like-health)"
    )
    assert sample.link("m90") == "[M90: Who heard the last bid?](../lessons/90_sample.md)"
    assert sample.link("m3", "anything") == "M3 (to come)"
    assert (sample.number("m90"), sample.number("m3")) == ("[M90](../lessons/90_sample.md)", "M3")


def test_every_symptom_has_its_causes_in_order(where):
    """All lessons' symptoms, the likeliest cause first, and the heading that explains."""
    text = asked.symptoms(where)
    for about in where.lessons:
        for number, entry in enumerate(about.content.get("symptoms", ()), 1):
            part = text.partition(f"{{ #symptom-{about.id}-{number} }}")[2].partition("###")[0]
            found = re.findall(r"^\d+\. (.*?)\.?$", part, re.MULTILINE)
            assert [each.lower() for each in found] == [
                cause.removesuffix(".").lower() for cause in entry["causes"]
            ]
            assert f"#{entry['anchor']})" in part


def test_what_people_say_leads_to_a_symptom(where):
    """The words in which somebody asks at night all have an entry."""
    text = asked.symptoms(where)
    for said in asked.SAID:
        assert (found := re.search(rf"\[{re.escape(said)}\]\(#([\w-]+)\)", text)), said
        assert f"{{ #{found[1]} }}" in text


def test_the_monday_lists_are_whole(where):
    """Five things a lesson, under the lesson's name."""
    text = asked.monday(where)
    lessons = [about for about in where.lessons if "monday" in about.content]
    assert len(re.findall(r"^\d\. \*\*", text, re.MULTILINE)) == 5 * len(lessons)
    assert "On Monday: five" not in text


def test_a_myth_is_a_sentence_over_its_answer(where, sample):
    """Each belief of each lesson once, folded; and the quiz's wrong choices behind a warning."""
    text = asked.myths(where)
    believed = sum(len(about.content.get("questions", ())) for about in where.lessons)
    assert text.count('<summary markdown="span">“') == believed
    assert "“That " not in text
    assert "“The parsed JSON can be signed again.”" in text
    assert "(this gives it away)" in asked.myths(sample)
    assert "*50* Only a reset would make them raise." in asked.myths(sample)
    assert "*0* The kernel takes them all." not in asked.myths(sample)


def test_what_is_left_out_is_gathered(sample):
    """Each lesson's own words on its limits."""
    assert asked.left_out(sample).endswith("- TLS and DNS.")


def test_every_sender_has_a_row_and_a_section():
    """With the source and the day of each of its contracts."""
    overview, sections = senders.overview(), senders.contracts().split("### ")[1:]
    for provider, section in zip(PROVIDERS.values(), sections, strict=True):
        assert f"[{provider.name}](#" in overview
        assert section.startswith(provider.name)
        for part in (*provider.signature, provider.delivery, provider.proof):
            assert part is None or read_on(part.source, part.checked) in section
        for unsure in provider.unconfirmed:
            assert f"**not confirmed** {unsure}" in section


def test_what_is_not_confirmed_says_so():
    """A proof, or a timer, that nobody could read again is marked where it stands."""
    assert "**not confirmed** POST of a SubscriptionConfirmation" in senders.contracts()
    assert re.search(r"\| Cloudflare \| \*\*not confirmed\*\*", lines.idle())
    assert lines.idle().count("not confirmed") == sum(not row.confirmed for row in FACTS.idle)


def test_every_table_names_its_sources():
    """One row a fact, each with where and when."""
    for text, rows in (
        (lines.idle(), FACTS.idle),
        (lines.heartbeats(), FACTS.heartbeat),
        (lines.kernel(), FACTS.kernel),
        (lines.close_codes(), FACTS.close_code),
        (lines.agreed_codes(), FACTS.agreed),
        (senders.raw_bodies(), FACTS.raw_body),
    ):
        assert text.count("<time>") == len(rows)
        for row in rows:
            assert read_on(row.source, row.checked) in text
    assert lines.returns().count("<time>2026-11-23</time>") == 5


def test_codes_that_never_travel_have_no_sender():
    """1005, 1006 and 1015 are told by one's own library."""
    text = lines.close_codes()
    told = re.findall(r"`(\d+)` \| [^|]+ \| \*\*nobody\*\*: your library", text)
    assert told == ["1005", "1006", "1015"]


def test_the_shortest_timer_comes_first():
    """Whoever looks for the smallest number finds it on top."""
    row = "^\\| [^|]+ \\| (?:\\*\\*[\\w ]+\\*\\* )?(\\d+)\N{NO-BREAK SPACE}(s|min)"
    closes = re.findall(row, lines.idle(), re.MULTILINE)
    seconds = [int(number) * (60 if unit == "min" else 1) for number, unit in closes]
    assert seconds == sorted(seconds)
    assert len(seconds) == sum(row.closes is not None for row in FACTS.idle)


def test_the_chart_stands_beside_its_text():
    """The schedules as a picture with its twin."""
    text = senders.schedules()
    assert "Read this diagram as text" in text
    assert "attempt 10, after 75:35:05" in text


def test_the_glossary_can_be_jumped_into(where):
    """Each word is a place on the page, with its section and its lesson."""
    text = words.glossary(where)
    for term in TERMS.values():
        assert f"(#{term.id})" in text
        assert f'<dt id="{term.id}"' in text
        assert term.section in text


def test_the_list_is_the_tree():
    """One line a path, down to the link to its leaf, in the order of the answers."""
    found = re.findall(r"^( *)- (.+): \[.+\]\(#(.+)\)$", choices.tree(), re.MULTILINE)
    assert [(len(indent) // 4, says, leaf) for indent, says, leaf in found] == [
        (len(path) - 1, path[-1][1].says, choices.leaf_id(path[-1][1].to)) for path in paths()
    ]


def test_a_script_gets_the_same_tree():
    """What is asked one after the other is what stands in the list."""
    record = re.search(r"data-record='([^']*)'", choices.guide())[1]
    guide = json.loads(unescape(record))
    assert guide["start"] == "start"
    assert {name: [a["to"] for a in fork["answers"]] for name, fork in guide["forks"].items()} == {
        name: [answer.to for answer in fork.answers] for name, fork in TREE.forks.items()
    }


def test_each_leaf_and_each_product_stand_on_the_page(where):
    """Mechanism, cost, fallback and sentence; each product with its answers and its leaf."""
    leaves = choices.leaves(where)
    for leaf in TREE.leaves.values():
        section = leaves.partition(f'id="{choices.leaf_id(leaf.id)}"')[2].partition("</section>")[0]
        for says in (leaf.mechanism, leaf.because, leaf.fallback, leaf.interview):
            assert says in section
        assert all(cost.says in section for cost in leaf.costs)
    for case in TREE.cases:
        assert f'data-answers="{",".join(case.answers)}">{case.name}<' in choices.cases()


def test_a_table_keeps_its_cells():
    """A bar or a line end in a cell ends nothing; long cells ask for room."""
    made = table(("a", "source, read on"), [("x | y\nz", "RFC"), ("w" * 61, "RFC")])
    assert made.splitlines() == [
        "| a { .hls-prose } | source, read on { .hls-phrase } |",
        "| --- | --- |",
        "| x \\| y z | <small>RFC</small> |",
        f"| {'w' * 61} | <small>RFC</small> |",
    ]
    assert code("{id}|<b>") == "<code>{id}&#124;&lt;b&gt;</code>"
    assert read_on("nginx.org", date(2026, 11, 23)) == "nginx.org, <time>2026-11-23</time>"


def test_times_are_said_as_people_say_them():
    """Seconds while they are few, then the units of a clock."""
    said = [span(each).replace("\N{NO-BREAK SPACE}", " ") for each in (60, 300, 924.6, 7875, 86400)]
    assert said == ["60 s", "5 min", "924.6 s", "2 h 11 min 15 s", "1 day"]
    assert span(272_105, rough=True).replace("\N{NO-BREAK SPACE}", " ") == "3 days 3 h"
    assert span(None, "never") == "never"


def test_the_raw_body_is_told_for_what_people_use():
    """Each framework that people ask for has its section, and gateways that hand over base64."""
    sections = re.findall(r"^### (.+)$", senders.raw_bodies(), re.MULTILINE)
    for name in ("Express", "Next.js", "FastAPI", "Flask", "Django", "Rails", "Spring"):
        assert any(section.startswith(name) for section in sections), name
    assert senders.raw_bodies().count("decoded from base64") >= 3
