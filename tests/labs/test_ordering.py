"""The wire in order: a question that is made from a run and knows its answer."""

import pytest

from labs.journal import Journal, Opened, Sent
from labs.lesson_schema import LessonError
from labs.ordering import ordering
from labs.outcome import Run
from labs.prediction import MIME

GET = b"GET / HTTP/1.1\r\nHost: auction\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


def exchange():
    """Two requests and their answers, and a third one that never arrives."""
    events = (
        Opened(0.0, 1, "bidder", "auction", 80, 0.05),
        Sent(0.1, 1, "bidder", "auction", GET.replace(b"/", b"/a", 1), 0.2),
        Sent(0.2, 1, "auction", "bidder", OK, 0.3),
        Sent(0.3, 1, "bidder", "auction", GET.replace(b"/", b"/b", 1), 0.4),
        Sent(0.4, 1, "auction", "bidder", OK, 0.5),
        Sent(0.5, 1, "bidder", "auction", GET.replace(b"/", b"/c", 1), None, "run ended"),
    )
    return Run(None, Journal(events, ("bidder", "auction"), 1.0))


def numbers(run, *names):
    """The numbers of the messages with these names."""
    return [m.number for m in run.messages if m.name.startswith(names)]


def test_the_lines_are_shuffled_and_say_no_time():
    """The same lines in a fixed other order, without numbers and times."""
    run = exchange()
    asked = ordering(run, numbers(run, "GET"))

    assert set(asked.prediction.options) == set(asked.right)
    assert asked.prediction.kind == "order"
    assert not any("0." in line or "#" in line for line in asked.right)
    assert asked.right[-1].endswith("(never arrives)")
    assert ordering(run, numbers(run, "GET")) == asked


def test_an_order_is_answered_with_one_sentence():
    """Right, or the first line before which something else happens."""
    run = exchange()
    asked = ordering(run, numbers(run, "GET"))
    a, b, c = asked.right

    assert asked.says((a, b, c)) == "That is the order in which they happened."
    assert asked.says((a, c, b)).startswith("The first 1 stand right. Something else happens")


def test_the_answer_is_folded_and_travels_as_json():
    """The plain text gives nothing away; the site gets the order and the times."""
    run = exchange()
    asked = ordering(run, numbers(run, "GET"))
    bundle = asked._repr_mimebundle_()

    assert asked.moments == ("0.100 s", "0.300 s", "0.500 s")
    assert "0.1" not in bundle["text/plain"]
    assert "<details>" in bundle["text/markdown"]
    assert bundle[MIME]["right"] == list(asked.right)


def test_what_cannot_be_ordered_is_refused():
    """Two events that read alike, or an event that is not there, are the author's mistake."""
    run = exchange()

    with pytest.raises(LessonError, match="reads like another"):
        ordering(run, [m.number for m in run.messages if m.name.startswith("200")])
    with pytest.raises(LessonError, match="no event 99"):
        ordering(run, [1, 99])
