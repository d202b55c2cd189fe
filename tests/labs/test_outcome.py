import json
from dataclasses import dataclass

import pytest

from labs import Run
from labs.journal import Journal, Sent
from labs.messages import timeline

JOURNAL = Journal(
    (Sent(1.0, 1, "client", "auction", b"x", 1.025),), ("client", "auction"), 2.5, seed=7
)


@dataclass(frozen=True)
class Told:
    raised: str = "never"


@pytest.mark.parametrize("result", [{"raised": "never"}, Told()])
def test_unknown_names_are_looked_up_in_the_result(result):
    """outcome.raised is the result's key or field of that name."""
    assert Run(result, JOURNAL).raised == "never"


def test_a_name_that_nobody_has():
    """A name that neither the run nor its result has is an AttributeError that says so."""
    with pytest.raises(AttributeError, match="neither the run nor its result has 'rased'"):
        _ = Run({"raised": 1}, JOURNAL).rased


def test_how_it_shows_is_not_asked_of_the_result():
    """A result that knows how to show itself does not take over the run's own display."""

    class Pretty:
        def _repr_html_(self):
            return "<b>mine</b>"

    assert not hasattr(Run(Pretty(), JOURNAL), "_repr_html_")


def test_own_names_win():
    """A result with a field called `time` does not hide the run's time."""
    assert Run({"time": "noon"}, JOURNAL).time == 2.5


def test_text_twin_and_diagnoses():
    """The text is the diagram's, with what was noticed below it."""
    outcome = Run(None, JOURNAL).with_diagnoses(["somebody slept"])
    assert outcome.text.startswith(outcome.diagram.text.rstrip("\n"))
    assert outcome.text.endswith("noticed: somebody slept")
    assert outcome.diagnoses == ("somebody slept",)


def test_bundle():
    """A run shows as text, as SVG and as JSON; a real run as a fixed text, since times differ."""
    bundle = Run(None, JOURNAL)._repr_mimebundle_()
    assert set(bundle) == {
        "text/plain",
        "image/svg+xml",
        "application/vnd.hook-line-socket.run+json",
    }
    assert json.dumps(bundle["application/vnd.hook-line-socket.run+json"])
    real = Journal(JOURNAL.events, JOURNAL.hosts, 2.5, 7, "real")
    assert set(Run(None, real)._repr_mimebundle_()) == {"text/plain"}


def test_titled():
    """A title is a new run; the old one keeps its own."""
    outcome = Run(None, JOURNAL)
    assert (outcome.titled("Half-open").title, outcome.title) == ("Half-open", "")


def test_view():
    """A view shows a part of the run, and steps through it, under the run's own numbers."""
    times = enumerate((1.0, 1.5, 2.0), 1)
    events = tuple(Sent(at, each, "client", "auction", b"x", at + 0.025) for each, at in times)
    whole = Run(None, Journal(events, ("client", "auction"), 2.5))
    part = whole.view(since=1.2, until=1.8).titled("The middle")
    assert [item.number for item in part.diagram.items if hasattr(item, "number")] == [
        row.number for row in timeline(whole.journal) if row.time == 1.5
    ]
    assert part.diagram.description.startswith("1 events, client and auction, 1.200 s to 1.800 s:")
    assert (part.diagram.title, part.view(since=0).shown.until) == ("The middle", 1.8)
    run = "application/vnd.hook-line-socket.run+json"
    (middle,) = part._repr_mimebundle_()[run]["events"]
    assert middle in whole._repr_mimebundle_()[run]["events"]
    assert part.journal is whole.journal


def test_repr_holds_no_address():
    """repr() is the same in each process."""
    assert repr(Run(None, JOURNAL)).startswith("<run of 2.500 s, ")
