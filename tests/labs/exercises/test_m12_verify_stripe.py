"""`m12.verify_stripe`: solutions that nobody has on file, and what is said to wrong ones."""

import pytest

from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.matrix import bug_of
from labs.exercises.spot import spotted
from labs.exercises.submission import Submission

ABOUT = exercise("m12.verify_stripe")

IN_A_CLASS = """
import hmac, hashlib, json
from secrets import compare_digest
from labs.errors import InvalidSignature

class Header:
    def __init__(self, text):
        self.t, self.v1 = [], []
        for item in text.split(","):
            k, eq, v = item.partition("=")
            if eq and k in ("t", "v1"):
                getattr(self, k).append(v)

def verify_stripe(headers, raw, ring, now):
    sigs = [v for k, v in headers if k.casefold() == "stripe-signature"]
    if len(sigs) - 1:
        raise InvalidSignature("header")
    h = Header(sigs[0])
    try:
        [t] = h.t
        if str(int(t)) != t or not -301 < now - int(t) < 301:
            raise ValueError
    except ValueError:
        raise InvalidSignature("time") from None
    for d in ring:
        if d.secret and d.since <= now and now < d.until:
            want = hmac.new(d.secret.encode(), t.encode() + b"." + raw, hashlib.sha256).hexdigest()
            for got in h.v1:
                if got.isascii() and compare_digest(want, got):
                    return json.loads(raw)
    raise InvalidSignature("nobody")
"""
BY_THE_SCHEME = """
import json
from labs.errors import InvalidSignature, LabError
from labs.webhook.providers import PROVIDERS
from labs.webhook.rotation import good
from labs.webhook.schemes import verify
from labs.webhook.signed_text import Post

async def verify_stripe(headers, raw, ring, now):
    scheme, post = PROVIDERS["stripe"].signature[0], Post(tuple(headers), raw)
    try:
        return json.loads(verify(scheme, post, good(ring, now), now).body)
    except LabError as error:
        raise InvalidSignature(error.says)
"""


def verdict_on(source):
    """The verdict on a source."""
    return judge(ABOUT, Submission(source, "<exercise m12.verify_stripe>"))


@pytest.mark.parametrize("source", [IN_A_CLASS, BY_THE_SCHEME], ids=["in a class", "by the scheme"])
def test_solutions_that_nobody_thought_of_are_right(source):
    """A header as a class, and the lab's own verifier, are right."""
    verdict = verdict_on(source)
    assert verdict.passed, verdict.text


@pytest.mark.parametrize("name", ABOUT.solutions("wrong"))
def test_each_wrong_solution_is_met_by_its_name(name):
    """The first seed names the mistake, and the text says at which answer and when."""
    verdict = verdict_on(ABOUT.solutions("wrong")[name])
    assert (verdict.verdict, verdict.bug) == ("incorrect", bug_of(name))
    assert verdict.saw.endswith(" s)")
    assert "(#" in verdict.saw


def test_the_event_is_the_answer_that_went_wrong():
    """The picture's mark stands at the answer to the very delivery that the text speaks of."""
    verdict = verdict_on(ABOUT.solutions("wrong")["refuses_good__prefix_cut"])
    assert "refused it" in verdict.saw
    assert "(#2, 0.075 s)" in verdict.saw


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("class verify_stripe: ...", "is a class"),
        ("def verify_stripe(request): return request", "with 4 arguments"),
        ("verify_stripe = True", "is a bool"),
    ],
)
def test_another_form_gets_a_sentence(source, says):
    """A class, another signature or a value is told by what it is."""
    verdict = verdict_on(source)
    assert verdict.bug == "not_asked"
    assert says in verdict.saw


def test_the_spot_is_repaired_by_its_line():
    """The line of the YAML is the wrong one, and its repair passes."""
    spot = spotted(ABOUT, ABOUT.spot["line"], {})
    assert ABOUT.spot["why"].strip()[:30] in spot.answer
