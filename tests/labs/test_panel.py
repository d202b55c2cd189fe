import json

import pytest

from labs.panel import MIME, Choice, Goal, Knob, Switch, knobs


class Shown:
    """Something with a picture."""

    def __init__(self, told):
        self.told = told

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": f"told at {self.told} s", "image/svg+xml": f"<svg>{self.told}</svg>"}


def heartbeat(interval, timeout, policy, deaf):
    """A program that an extreme position breaks."""
    if interval > timeout:
        raise ValueError("the ping outlives\nits timeout")
    return Shown(interval + timeout)


def panel():
    """A panel with a knob of each kind."""
    return knobs(
        heartbeat,
        goal=(Goal("told within 15 s", lambda run: run.told < 15), Goal("look around")),
        figures=lambda run: {"told at": f"{run.told} s", "pings an hour": 1234.5, "cut": False},
        interval=Knob(20, 1, 60, 1, "s", "ping interval"),
        timeout=Knob(20, 0.5, 60, 0.5, "s"),
        policy=Choice("fixed", ("fixed", "jitter")),
        deaf=Switch(label="peer is deaf"),
    )


def test_text_twin():
    """A panel's text holds knobs, figures, goals with a word each, and the run's own text."""
    assert panel()._repr_mimebundle_()["text/plain"] == (
        "Knobs:\n"
        "  ping interval  20 s   1 to 60 s\n"
        "  timeout        20 s   0.5 to 60 s\n"
        "  policy         fixed  fixed | jitter\n"
        "  peer is deaf   off    on | off\n"
        "\n"
        "Figures:\n"
        "  told at        40 s\n"
        "  pings an hour  1,234.5\n"
        "  cut            no\n"
        "\n"
        "Goals:\n"
        "  told within 15 s (not yet)\n"
        "  look around\n"
        "\n"
        "told at 40 s"
    )


def test_picture_and_declaration():
    """The run's picture comes along, and the declaration is plain JSON."""
    bundle = panel()._repr_mimebundle_()
    record = json.loads(json.dumps(bundle[MIME]))

    assert bundle["image/svg+xml"] == "<svg>40</svg>"
    assert [knob["kind"] for knob in record["knobs"]] == ["number", "number", "choice", "switch"]
    assert record["knobs"][0] == {
        "name": "interval",
        "kind": "number",
        "label": "ping interval",
        "unit": "s",
        "default": 20,
        "low": 1,
        "high": 60,
        "step": 1,
    }
    assert record["goals"] == ["told within 15 s", "look around"]


def test_a_goal_is_ticked_by_the_run():
    """A goal is reached when its condition holds for the run's outcome."""
    assert panel().turn().reached == (False, False)
    assert panel().turn(interval=5, timeout=5).reached == (True, False)


def test_trouble_is_one_sentence():
    """A program that raises leaves one sentence that names the knobs that were turned."""
    turn = panel().turn(interval=60)

    assert turn.trouble == (
        "With ping interval 60 s the program stops: ValueError: the ping outlives."
    )
    assert turn.trouble in panel().bundle(turn)["text/plain"]


@pytest.mark.parametrize("broken", ["figures", "condition"])
def test_trouble_in_figures_and_goals(broken):
    """Figures and conditions that raise are told like the program itself."""

    def fail(_):
        raise KeyError(broken)

    goal = Goal("never", fail if broken == "condition" else None)
    turn = knobs(lambda: Shown(1), goal=goal, figures=fail if broken == "figures" else None).turn()

    assert turn.trouble.startswith("With every knob at its default the program stops: KeyError")


def test_a_pair_brings_its_figures():
    """A program may return what it shows with a mapping of figures."""
    turn = knobs(lambda: (Shown(3), {"peak": 424})).turn()

    assert turn.figures == {"peak": "424"}
    assert turn.shown["image/svg+xml"] == "<svg>3</svg>"


def test_plain_values_are_shown():
    """Whatever has no picture is shown as text."""
    assert knobs(lambda: "three rows").turn().shown == {"text/plain": "three rows"}


def test_repr_holds_no_address():
    """A panel's repr is the same in each process."""
    assert repr(panel()) == "<panel with interval, timeout, policy, deaf>"
