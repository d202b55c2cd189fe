"""What an answer says, by its words."""

from pathlib import Path

import pytest
import yaml

from labs.studio.prompts import prompt, prompts
from labs.studio.review import Asked, Flag, Point, review

ANSWERS = yaml.safe_load((Path(__file__).parent / "answers.yaml").read_text("utf-8"))
POINTS = (
    Point("name", "Names it.", ("heartbeat*",), "failure", 1),
    Point("why", "Explains it.", ("because .. silent",), "failure", 2),
    Point("number", "Gives the number.", ("# (second*|s)",), "failure", 3),
    Point("next", "Anticipates.", ("close timeout",), "failure", 4),
    Point("attached", "Attaches a run.", ("digest",), "evidence", 3),
    Point("quoted", "Quotes it.", ("digest",), "evidence", 3),
    Point("later", "Answers the change.", ("drain*",), "operation", 3, after=True),
)
FLAGS = (
    Flag("tcp", "TCP tells us.", "It does not.", ("tcp .. tells",)),
    Flag("bare", "No way back.", "Say how.", ("websocket*",), without=("next",), critical=True),
)
ASKED = Asked(POINTS, FLAGS, ("failure", "evidence", "operation"), cap=2)
MANY = "The line is open, and so are all the others that we hold for everybody. " * 4


def read(answer, **more):
    """The review of one answer."""
    return review(ASKED, {"answer": answer}, **more)


@pytest.mark.parametrize("each", ANSWERS, ids=lambda each: f"{each['prompt']}: {each['name']}")
def test_an_answer_is_read_as_a_listener_would(each):
    """Its points are found, others are not, and exactly these flags are raised."""
    seen = review(prompt(each["prompt"]).asked(), {"answer": each["answer"]})
    found = {name for name, quote in seen.points.items() if quote}
    assert set(each.get("finds", ())) <= found
    assert not set(each.get("misses", ())) & found
    assert set(seen.flags) == set(each["flags"])
    low, high = each.get("total", (0, 32))
    assert low <= seen.total <= high


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "live-auction",
            "The bank's webhook goes to our backend, and the browser hears of it over its line.",
        ),
        ("live-auction", "A webhook calls the page's backend; clients come back with jitter."),
        (
            "live-auction",
            "Sticky sessions plus a Redis bus for fan-out to all bidders, with jitter.",
        ),
        (
            "live-auction",
            "The socket breaks, so clients reconnect with backoff and their last number.",
        ),
        ("live-auction", "TCP never tells us in time, and send does not raise. We use jitter."),
        ("chat", "Delivery is at least once and processing exactly once, by the id. Jitter too."),
        ("chat", "Order is not by timestamp: one writer numbers them. Jitter on the way back."),
        ("payments", "Nobody can guarantee exactly-once delivery of a signed webhook."),
        (
            "payments",
            "We do not check if the id exists; we insert and let the unique index decide.",
        ),
        ("payments", "HTTPS alone is not enough, so each webhook carries a signature."),
        ("payments", "A background task would lose the event, so we insert first; HMAC verified."),
        ("our-webhooks", "We call the customer's webhook at his backend from a lane of his own."),
        ("our-webhooks", "Instead of one queue for all, each endpoint has a lane."),
        ("our-webhooks", "We do not promise order; a version in the body does."),
        ("ci-status", "GitHub does not retry, so a job lists the commits."),
        ("ci-status", "We answer 202 before the build starts, after the row is written."),
    ],
)
def test_nobody_is_accused_of_what_he_argues_against(name, text):
    """The worst that this can do is to flag a right answer."""
    words = f"{text} " + "That is the plan and nothing else is needed for the moment. " * 4
    assert not review(prompt(name).asked(), {"answer": words}).flags


@pytest.mark.parametrize("about", prompts(), ids=lambda about: about.id)
def test_a_model_answer_makes_every_point_and_raises_no_flag(about):
    """All but what only an attached run can make; to a change likewise."""
    for change in about.changes:
        texts = {"answer": about.content["answer"], "after": change.answer}
        seen = review(about.asked(change.id), texts)
        lacking = {name for name, quote in seen.points.items() if not quote}
        assert lacking == {"attached", "quoted"}
        assert not seen.flags
        assert seen.total == 32


def test_every_point_found_quotes_the_sentence_that_made_it():
    """And the words in it."""
    quote = read("First this. We ping, and give up after 40.0 seconds of silence.").points["number"]
    assert quote.sentence == "We ping, and give up after 40.0 seconds of silence."
    assert quote.on == "40.0 seconds"


def test_a_dimension_needs_company_to_rise():
    """One point is worth at most 2, two 3, three 4."""
    assert read("We hear of it one close timeout later.").scores["failure"] == 2
    two = "Then the close timeout comes on top of 40 seconds of waiting."
    assert read(two).scores["failure"] == 3
    assert read(f"{two} We send a heartbeat to each of them.").scores["failure"] == 4


def test_a_noun_in_a_list_is_named_and_not_explained():
    """Words alone between two commas count as level 1, whatever their point is worth."""
    seen = read("Heartbeats, close timeout, 20 s, jitter.")
    assert seen.points["next"].bare
    assert seen.scores["failure"] == 1


def test_a_critical_flag_caps_the_whole():
    """The sum is still told."""
    text = f"{MANY} We use websockets with a heartbeat each 20 seconds because it is silent."
    seen = read(text)
    assert set(seen.flags) == {"bare"}
    assert (seen.sum, seen.total, seen.capped) == (3, 2, True)


def test_a_short_answer_is_not_held_to_what_it_leaves_out():
    """Under 40 words nothing is missing yet."""
    assert not read("We use websockets.").flags


def test_what_the_reader_judges_holds():
    """A point can be claimed, and given back; a claimed list counts in full."""
    assert read("", own={"number": True}).scores["failure"] == 2
    assert read("A heartbeat for each line.", own={"name": False}).scores["failure"] == 0
    assert read("Heartbeats, close timeout.", own={"next": True}).scores["failure"] == 3


def test_a_flag_that_the_reader_takes_down_is_down():
    """With it the cap."""
    text = f"{MANY} We use websockets with a heartbeat each 20 seconds because it is silent."
    seen = read(text, own={"bare": False})
    assert (seen.flags, seen.total) == ({}, 3)


def test_an_attached_run_is_evidence_and_its_numbers_are_quoted():
    """The answer has to say a number of it."""
    kept = ["half-open, found at 40.0 s"]
    without = read("We ping it now and then.", attached=kept)
    assert without.points["attached"].where == "evidence"
    assert without.points["quoted"] is None
    with_it = read("It was found after 40 seconds.", attached=kept)
    assert with_it.points["quoted"].on == "40"


def test_a_changed_requirement_is_answered_after_it_was_told():
    """What was said before does not count for it."""
    assert read("We drain each of the gateways.").points["later"] is None
    seen = review(ASKED, {"answer": "", "after": "We drain each of the gateways."})
    assert seen.points["later"].where == "after"
