"""The studio reads the same in Python and in the site's JavaScript, on the same answers."""

import json
import random
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml

from course.publish.runtime import node
from labs.lessons import lesson
from labs.studio.prompts import prompt, prompts
from labs.studio.questions import questions
from labs.studio.review import review
from labs.studio.sketch import design, missing
from labs.studio.words import sentences

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
ANSWERS = yaml.safe_load((HERE / "answers.yaml").read_text("utf-8"))
LINES = [
    "browser <-> gateway: ws\ngateway -> auction -> redis: bid with id # comment\n\nbank",
    "Browser → Gateway: ws\nbrowser ← gateway: price\r\nBROWSER ↔ gateway\n => a\nx: y\na -> b",
    "a <- b: one: two\nc --> d\ne <=> f\ng <== h\n" + "a very long name that nobody can read -> b",
    "\n".join(f"m{n} -> m{n + 1}" for n in range(15)),
    "a->b\n\u00a0 spaced \t out  ->  b :  says \u00a0 this  ",
]
ODD = [
    "“Full jitter”, he said; don’t ping every 20s e.g. at 6,700 or 40.0 — 2,000,000 back-offs. OK!",
    "1) First\n- second... third?! (fourth.) “fifth.” 50k 3.5M 99% v2 p99 x_z’s\u00a0Ünïcode İ",
    "",
    "\n\n...  \t\n",
]


@pytest.fixture(scope="module")
def in_javascript(tmp_path_factory):
    """Runs jobs with the site's scripts under Node.js."""
    there = node.found()
    if there is None:
        reason = "no Node.js of version 20 or newer: the JavaScript half was not run"
        print(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("scripts")
    for script in (ROOT / "site" / "scripts").glob("studio_*.js"):
        shutil.copy(script, folder)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")

    def done(jobs):
        run = subprocess.run(
            [*there.node, str(HERE / "both.mjs"), str(folder)],
            input=json.dumps(jobs),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        return json.loads(run.stdout)

    return done


def job(asked, texts, attached=(), own=None):
    """A review as the script is asked for it."""
    return {
        "does": "review",
        "asked": asdict(asked),
        "texts": list(texts.items()),
        "attached": list(attached),
        "own": own or {},
    }


def reviewed(jobs):
    """The same jobs done in Python."""
    for each in jobs:
        asked, texts, attached, own = each
        yield json.loads(json.dumps(review(asked, texts, attached, own).record()))


def agree(in_javascript, jobs):
    """Both halves say the same to every job, word for word."""
    theirs = in_javascript([job(*each) for each in jobs])
    for ours, other in zip(reviewed(jobs), theirs, strict=True):
        assert ours == other


def test_text_is_cut_the_same_way(in_javascript):
    """Sentences, words, their places and their clauses."""
    texts = [*ODD, *(each["answer"] for each in ANSWERS)]
    ours = [[asdict(one) for one in sentences(text)] for text in texts]
    theirs = in_javascript([{"does": "words", "text": text} for text in texts])
    assert json.loads(json.dumps(ours)) == theirs


def test_answers_are_read_the_same_way(in_javascript):
    """Every answer against its prompt, with a change, a run, and one's own judgement."""
    jobs = []
    for each in ANSWERS:
        about = prompt(each["prompt"])
        texts = {"answer": each["answer"], "sketch": about.content["drawing"]["example"]}
        jobs.append((about.asked(), texts, [], {}))
        for change in about.changes:
            later = {**texts, "after": change.answer}
            jobs.append((about.asked(change.id), later, ["found after 40.0 s, told at 50"], {}))
        own = {point.id: n % 3 > 0 for n, point in enumerate(about.points) if n % 2}
        own |= {flag.id: False for flag in about.flags[::2]}
        jobs.append((about.asked(), texts, [], own))
    agree(in_javascript, jobs)


def test_shuffled_answers_are_read_the_same_way(in_javascript):
    """Words of all prompts in any order, with the odd negation and comma thrown in."""
    rng = random.Random(4)
    words = " ".join(each["answer"] for each in ANSWERS).split()
    jobs = []
    for about in prompts():
        for _ in range(3):
            picked = rng.choices([*words, "not", "never", ",", ";", "without", "the"], k=150)
            jobs.append((about.asked(), {"answer": " ".join(picked)}, [], {}))
    agree(in_javascript, jobs)


def test_questions_are_read_the_same_way(in_javascript):
    """Every lesson's own answer against its question."""
    jobs = []
    for path in sorted((ROOT / "notebooks").glob("*.yaml")):
        about = lesson(path.stem, path.parent)
        for each in questions(about.name, about.id, about.content.get("interview", ())):
            jobs.append((each.asked, {"answer": each.content["answer"]}, [], {}))
    agree(in_javascript, jobs)


def test_drawings_are_read_the_same_way(in_javascript):
    """Machines, links, troubles, and what is missing."""
    texts = [*LINES, *(about.content["drawing"]["example"] for about in prompts())]
    jobs = [
        {"does": "sketch", "text": text, "needs": [asdict(need) for need in about.needs]}
        for about in prompts()
        for text in texts
    ]
    theirs = in_javascript(jobs)
    for about in prompts():
        for text in texts:
            drawn = design(text)
            ours = {**asdict(drawn), "missing": [need.id for need in missing(drawn, about.needs)]}
            assert json.loads(json.dumps(ours)) == theirs.pop(0)
