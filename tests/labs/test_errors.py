"""The tree of errors."""

import inspect
import pickle
import re

import pytest

from labs import errors

EXAMPLES = [
    errors.LabError("x"),
    errors.WireError("x", "RFC 6455 5.2"),
    errors.HandshakeError("x", "RFC 6455 4.1", 426),
    errors.FrameError("x", "RFC 6455 5.2", 1009),
    errors.EventStreamError("x"),
    errors.ConditionError("x"),
    errors.ValidationError("x"),
    errors.EnvelopeError("x", "Standard Webhooks"),
    errors.AlteredEvent("x"),
    errors.InvalidSignature("x"),
    errors.IllegalMove("a socket", "OPEN", "fly", ("close",)),
    errors.WorldError("x"),
    errors.Deadlock("x"),
    errors.OutOfTime("x"),
    errors.BlockingCall("x"),
    errors.Escape("x"),
]


def test_tree_in_the_docstring_is_the_tree():
    """Every class stands in the drawing, as deep as it is in the code."""
    drawn = {
        name: len(indent) // 4
        for indent, name in re.findall(r"^    ([│├└─ ]*)(\w+)", errors.__doc__, re.MULTILINE)
    }
    classes = {
        name: len(found.__mro__) - len(errors.LabError.__mro__)
        for name, found in inspect.getmembers(errors, inspect.isclass)
        if issubclass(found, errors.LabError)
    }

    assert drawn == classes
    assert {type(example).__name__ for example in EXAMPLES} == set(classes)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_travel_between_processes(error):
    """An error that was pickled says and knows the same."""
    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))


def test_sentence_names_the_rule():
    """The section that forbids it stands behind the sentence, if there is one."""
    assert str(errors.WireError("too long", "RFC 6455 5.5")) == "too long (RFC 6455 5.5)"
    assert str(errors.WireError("too long")) == "too long"


def test_illegal_move_says_what_is_possible():
    """The sentence lists the events that the state can take."""
    assert str(errors.IllegalMove("a door", "OPEN", "open", ("close", "slam"))) == (
        "a door that is OPEN cannot take 'open'; it can take 'close', 'slam'"
    )
