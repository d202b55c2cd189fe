"""`m12.verify_standard`: solutions that nobody has on file, and what is said to wrong ones."""

import pytest

from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.matrix import bug_of
from labs.exercises.spot import spotted
from labs.exercises.submission import Submission

ABOUT = exercise("m12.verify_standard")

BLINDED = """
import os, hmac, base64, json
from labs.errors import InvalidSignature

def verify_standard(headers, raw, secrets, now):
    try:
        h = {}
        for k, v in headers:
            if k.lower() in h:
                raise KeyError(k)
            h[k.lower()] = v.encode("ascii")
        i, t, s = h["webhook-id"], h["webhook-timestamp"], h["webhook-signature"]
        if not t.isdigit() or abs(int(t[:15]) - now) > 300 or not i or b"." in i:
            raise ValueError
        blind = os.urandom(16)
        ok = set()
        for sec in secrets:
            key = base64.b64decode(sec[6:])
            if len(key) >= 8:
                mac = base64.b64encode(hmac.digest(key, b"%b.%b.%b" % (i, t, raw), "sha256"))
                ok.add(hmac.digest(blind, b"v1," + mac, "sha256"))
        if not any(hmac.digest(blind, x, "sha256") in ok for x in s.split()):
            raise ValueError
    except (KeyError, ValueError):
        raise InvalidSignature("no") from None
    return json.loads(raw)
"""
BY_THE_SCHEME = """
import json
from labs.errors import InvalidSignature, LabError
from labs.webhook.providers import PROVIDERS
from labs.webhook.schemes import verify
from labs.webhook.signed_text import Post

async def verify_standard(headers, raw, secrets, now):
    scheme = PROVIDERS["standard_webhooks"].signature[0]
    try:
        return json.loads(verify(scheme, Post(tuple(headers), raw), secrets, now).body)
    except LabError as error:
        raise InvalidSignature(error.says)
"""


def verdict_on(source):
    """The verdict on a source."""
    return judge(ABOUT, Submission(source, "<exercise m12.verify_standard>"))


@pytest.mark.parametrize("source", [BLINDED, BY_THE_SCHEME], ids=["blinded", "by the scheme"])
def test_solutions_that_nobody_thought_of_are_right(source):
    """Digests that are compared under a random key, and the lab's own verifier, are right."""
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
    verdict = verdict_on(ABOUT.solutions("wrong")["refuses_good__text_key"])
    assert "refused it" in verdict.saw
    assert "(#2, 0.075 s)" in verdict.saw


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("class verify_standard: ...", "is a class"),
        ("def verify_standard(request): return request", "with 4 arguments"),
        ("verify_standard = True", "is a bool"),
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
