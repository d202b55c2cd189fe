import json

import pytest

from labs import prediction
from labs.prediction import MIME, Number, choose, order, predict


class Shown:
    """A run with a picture."""

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": "the picture's twin", "image/svg+xml": "<svg/>"}


@pytest.fixture(autouse=True)
def _nothing_committed(monkeypatch):
    monkeypatch.setattr(prediction, "answers", {})


def asked():
    """A question for one number."""
    return predict("When is it decided?", unit="s", low=0, high=120)


def test_text_is_fixed():
    """A question shows its words and its range, whether something was committed or not."""
    question = asked()
    before = question._repr_mimebundle_()["text/plain"]
    question.commit(30)

    assert question._repr_mimebundle_()["text/plain"] == before
    assert before == "Predict: When is it decided?\n  0 to 120 s"


def test_declaration_is_json():
    """The site finds all it needs to draw the controls in the JSON."""
    record = json.loads(json.dumps(asked()._repr_mimebundle_()[MIME]))

    assert record["kind"] == "numbers"
    assert record["numbers"] == [{"label": "", "unit": "s", "low": 0, "high": 120}]
    assert record["key"] == asked().key


def test_reveal_without_an_answer():
    """An uncommitted prediction blocks nothing and is revealed in fixed words."""
    assert str(asked().reveal(40.0)) == "No prediction was made; the run says 40.0 s"


def test_reveal_after_skip():
    """Skipping is remembered as skipping."""
    question = asked()
    question.skip()

    assert str(question.reveal(40.0)) == "You skipped this one; the run says 40.0 s"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("30", "You said 30 s; the run says 40.0 s"),
        ("30,5", "You said 30.5 s; the run says 40.0 s"),
        ("40", "You said 40 s, and the run says 40.0 s"),
    ],
)
def test_reveal_beside_the_answer(said, words):
    """What was committed stands beside what the run says."""
    question = asked()
    question.commit(said)

    assert str(question.reveal(40.0)) == words


def test_several_numbers():
    """A question may ask for several numbers, each with its own label."""
    parts = Number("decided", "s", 0, 120), Number("told", "s", 0, 120)
    question = predict("When?", *parts)
    question.commit("20", "20")

    assert str(question.reveal(40.0, 50.0)) == (
        "You said decided 20 s, told 20 s; the run says decided 40.0 s, told 50.0 s"
    )


@pytest.mark.parametrize("answer", [(), ("",), ("soon",), ("121",), ("-1",), ("nan",), ("1", "2")])
def test_an_answer_that_does_not_fit(answer):
    """What cannot be an answer is refused in a sentence and changes nothing."""
    question = asked()

    with pytest.raises(ValueError, match=r"^Write .+\.$"):
        question.commit(*answer)
    assert question.committed is None


def test_one_of_several():
    """A choice keeps one option, and refuses what was not offered."""
    question = choose("Which?", ["fixed", "doubling", "full jitter"])
    question.commit("doubling")

    assert str(question.reveal("full jitter")) == "You said doubling; the run says full jitter"
    for answer in ((), ("both",), ("fixed", "doubling")):
        with pytest.raises(ValueError, match=r"^Pick "):
            question.commit(*answer)


def test_some_of_several_in_listed_order():
    """Ticks are a set: told in the order of the options, equal in any order."""
    question = choose("Which?", ["fixed", "doubling", "full jitter"], several=True)
    question.commit("full jitter", "doubling")
    revealed = question.reveal({"full jitter", "doubling"})

    assert str(revealed) == (
        "You said doubling, full jitter, and the run says doubling, full jitter"
    )
    assert revealed._repr_mimebundle_()[MIME]["actual"] == ["doubling", "full jitter"]


def test_order():
    """An order needs every line once."""
    question = order("What comes first?", ["close", "ping", "pong"])
    with pytest.raises(ValueError, match=r"^Put every line"):
        question.commit("ping", "pong")
    question.commit("ping", "pong", "close")

    assert str(question.reveal(["ping", "close", "pong"])) == (
        "You said ping → pong → close; the run says ping → close → pong"
    )


def test_reveal_beside_a_run():
    """The run shown below keeps its picture; its text stands below the sentence."""
    bundle = asked().reveal(40.0, beside=Shown())._repr_mimebundle_()

    assert bundle["text/plain"].splitlines()[-1] == "the picture's twin"
    assert bundle["image/svg+xml"] == "<svg/>"
    assert bundle[MIME]["reveals"] == asked().key


def test_answers_can_be_kept_elsewhere(monkeypatch):
    """Another mapping in `answers` is where everything is kept from then on."""
    elsewhere = {}
    monkeypatch.setattr(prediction, "answers", elsewhere)
    predict("How many?", unit="sends", low=0, high=50, key="m6.raised").commit(12)

    assert elsewhere == {"m6.raised": (12,)}


def test_options_may_be_numbers():
    """Status codes are options like any other; they are compared as they are written."""
    question = choose("Which answer?", [400, 426, 101])
    question.commit("400")

    assert str(question.reveal(426)) == "You said 400; the run says 426"
