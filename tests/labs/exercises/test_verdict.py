"""A verdict as text and as HTML: the same parts, nothing cut short, nothing told by colour."""

import pytest
from sample import RIGHT, SMALL, STARTER, sample

from labs.exercises.judge import judge
from labs.exercises.submission import Submission
from labs.exercises.verdict import Verdict, from_record, inline, prose


def verdict_on(source):
    """The verdict of the sample exercise."""
    return judge(sample(), Submission(source, "<exercise m0.answer>"))


def test_text_and_html_have_the_same_parts():
    """Four labels, their words, the link to the contract, the outcome as a word."""
    verdict = verdict_on(SMALL)

    for part in ("What we did", "What we saw", "The contract", "Look next at"):
        assert f"\n{part}" in verdict.text
        assert f"<dt>{part}</dt>" in verdict.words_html()
    assert "incorrect (small)" in verdict.text
    assert "incorrect (small)" in verdict.words_html()
    assert '<a href="https://example.org/">https://example.org/</a>' in verdict.words_html()
    assert "<svg" in verdict.html()


@pytest.mark.parametrize("source", [RIGHT, SMALL, STARTER], ids=["right", "wrong", "starter"])
def test_a_record_brings_the_verdict_back(source):
    """What `check --json` prints is the whole verdict, but for its run."""
    verdict = verdict_on(source)

    assert from_record(verdict.record()).text == verdict.text


def test_lines_of_code_stay_as_they_are():
    """A raised error is shown with its lines, indented in a terminal and as code in a page."""
    verdict = verdict_on("def answer(question):\n    return {}[question]\n")

    assert "\n                  line 2, in answer\n" in verdict.text
    assert '<pre tabindex="0">line 2, in answer\n    return {}[question]\nKeyError' in (
        verdict.words_html()
    )


def test_html_is_escaped():
    """What a learner wrote cannot become part of the page."""
    verdict = verdict_on("def answer(question):\n    print('<b>')\n    return '<script>'\n")

    assert "<b>" not in verdict.words_html()
    assert "<script>" not in verdict.words_html()
    assert "&lt;script&gt;" in verdict.words_html()


@pytest.mark.parametrize(
    ("says", "html"),
    [
        ("`a < b`, or not", "<code>a &lt; b</code>, or not"),
        ("[ws#1](https://example.org/1)", '<a href="https://example.org/1">ws#1</a>'),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("a [list] (of things)", "a [list] (of things)"),
    ],
)
def test_of_markdown_there_is_code_and_links(says, html):
    """Only what our own texts use, and no address but https."""
    assert inline(says) == html


def test_prose_has_paragraphs_lists_and_code():
    """Lines that belong together are one; an empty line parts them."""
    assert prose("One\nline.\n\n- a\n  b\n- c\n\n    x = 1\n      y") == (
        '<p style="white-space: pre-line">One line.</p><ul><li>a b</li><li>c</li></ul>'
        '<pre tabindex="0">x = 1\n  y</pre>'
    )


def test_a_report_has_what_somebody_needs():
    """Words, scenario, seed, versions, code, picture; without a run, what there is."""
    report = verdict_on(SMALL).report()

    assert "scenario: one question, seed: 1, Python 3." in report
    assert f"```python\n{SMALL.strip()}\n```" in report
    assert "server --> client" in report
    assert Verdict("m0.answer", "unclear", says="We failed.").report().endswith("(no code)\n```\n")
