"""Claims are judged in the notebook's own names and must stand on the page."""

import json
from types import SimpleNamespace

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.publish.claims import judged, page_text, request, stale, unclaimed


def page(prose="It took 40.0\nseconds.", printed=""):
    """A notebook that says these words."""
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    cells = [new_markdown_cell("# T\n\n10 min"), new_markdown_cell(prose)]
    return new_notebook(cells=[*cells, new_code_cell("", outputs=outputs)])


def test_a_claim_that_holds_leaves_no_sentence():
    """True words that stand on the page are nobody's business."""
    claim = {"says": "40.0 seconds", "is": "decided == 40.0"}
    verdicts = judged([claim["is"]], {"decided": 40.0})
    assert list(stale([claim], page(), verdicts)) == []


def test_a_claim_that_fails_says_what_it_is_instead():
    """The author learns the value without opening the notebook."""
    found = SimpleNamespace(x=41)
    (verdict,) = json.loads(judged(["found.x == 40.0 and True"], {"found": found}))
    assert verdict == "`found.x == 40.0 and True` does not hold: found.x is 41"


def test_a_claim_on_a_missing_name_says_so():
    """A renamed variable is not a passing claim."""
    (verdict,) = json.loads(judged(["gone == 1"], {}))
    assert verdict == "`gone == 1` raises NameError: name 'gone' is not defined"


def test_a_value_that_is_not_a_comparison_may_be_false():
    """A plain expression is judged by its truth."""
    assert json.loads(judged(["[]", "not x"], {"x": 0})) == ["`[]` does not hold", ""]


def test_what_a_cell_prints_may_bear_a_claim():
    """The words may stand in prose or in an output."""
    claim = {"says": "0 arrived", "is": "True"}
    assert list(stale([claim], page(printed="0 arrived\n"), '[""]')) == []


def test_words_that_stand_nowhere_are_refused():
    """A sentence that was edited must take its claim along."""
    claim = {"says": "50.0 seconds", "is": "True"}
    (sentence,) = stale([claim], page(), '[""]')
    assert sentence == (
        "the claim '50.0 seconds' stands nowhere on the page: correct `says`, or the page"
    )


def test_a_claim_that_was_not_judged_is_refused():
    """Silence from the kernel is not consent."""
    (sentence,) = stale([{"says": "40.0", "is": "True"}], page(), "")
    assert sentence.endswith("is not borne out: was not judged")


def test_claims_with_sources_ask_nothing_of_the_kernel():
    """No request is sent when there is nothing to evaluate."""
    assert request([{"says": "a", "source": {}}]) == ""
    assert "['x == 1']" in request([{"says": "a", "is": "x == 1"}])


def test_numbers_that_nobody_claims_are_listed():
    """Code, links, RFC numbers and event numbers are not claims; the rest is for the author."""
    prose = "At 40.0 s and 1,000 clients, `x = 7`, see #12 and RFC 6455, 5.5.2 ([a](http://b/9))."
    assert unclaimed([{"says": "40.0 s"}], page(prose)) == ["1,000"]


def test_all_that_can_be_read_is_page_text():
    """Prose and outputs."""
    assert "printed" in page_text(page(printed="printed"))
