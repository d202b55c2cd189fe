"""The tables of storm: senders, rules and their lessons agree with what they point at."""

import json
import re
from pathlib import Path

import pytest

from course.fieldtest import keys, senders
from course.fieldtest.catalogue import CATALOGUE
from course.fieldtest.rules import RULES
from labs.webhook import schemes
from labs.webhook.providers import PROVIDERS
from tests.course.fieldtest.storming import receiver, stormed

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"
URL = "http://127.0.0.1:9000/hook"
AT = 1_767_225_600
SYMMETRIC = [
    name for name in senders.SCHEMES if senders._scheme(name)[1].algorithm not in keys.PAIRS
]


def headings(page):
    cells = json.loads((NOTEBOOKS / f"{page}.ipynb").read_text())["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    found = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", each.lower())) for each in found}


def test_every_finding_links_to_a_heading_of_a_lesson():
    """Each rule's lesson is a page and a heading that are there."""
    for name, rule in RULES.items():
        page, _, anchor = rule.lesson.partition("/#")
        assert anchor in headings(page), name


def test_every_sender_that_signs_is_played_or_excused():
    """Each scheme of providers.toml has a shape, or a sentence why it cannot be played."""
    played = {(shape.get("provider", name), shape["label"])
              for name, shape in senders.SHAPES.items() if name != "cannot"}  # fmt: skip
    for name, provider in PROVIDERS.items():
        for scheme in provider.signature:
            assert name in senders.CANNOT or (name, scheme.label) in played


@pytest.mark.parametrize("name", SYMMETRIC)
def test_what_a_sender_signs_verifies(name):
    """The laboratory's verifier accepts what each sender sends; the amount is there once."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    by = senders.sender(name, [secret], URL)
    event = senders.Event("evt_1", by.shape["types"][0], "o1", AT)
    post = by.post(event, AT)
    assert schemes.verify(by.scheme, post, [secret], AT, {"url": URL}).body == post.body
    assert post.body.count(b"1200") == 1
    assert any(probe.fits(by) for probe in CATALOGUE)


def test_a_form_sender_is_played_to_the_end(tmp_path):
    """Twilio's forms take the whole storm; a receiver that looks at nothing is found out."""
    with receiver("Trivial", tmp_path) as address:
        status, report = stormed(address, scheme="twilio", effects=False)
    assert status == 1
    assert "accepts_forgery" in [finding["id"] for finding in report["findings"]]
