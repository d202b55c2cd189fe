from types import SimpleNamespace

import pytest

pytest.importorskip("ipywidgets", reason="live views need ipywidgets")

from labs.panel import Choice, Goal, Knob, Switch, knobs
from labs.prediction import choose, order, predict
from labs.widgets.knobs import panel_view
from labs.widgets.latest import Latest
from labs.widgets.questions import prediction_view
from labs.widgets.screen import VIEW, Screen


class Part:
    """A widget that remembers being closed."""

    def __init__(self, *children):
        self.children = children
        self.model_id = "1"
        self.closed = False

    def close(self):
        """Close it."""
        self.closed = True


def begin(screen, cell, source="x"):
    """A cell with this id begins to run."""
    screen.begin(SimpleNamespace(cell_id=cell, raw_cell=source))


def test_a_cell_run_again_closes_what_it_showed():
    """Views of the same cell are closed with all their parts; those of other cells stay."""
    screen, inside, other = Screen(), Part(), Part()
    view = Part(inside)
    begin(screen, "a")
    bundle = screen.add({"text/plain": "t"}, view)
    begin(screen, "b")
    screen.add({}, other)
    begin(screen, "a")

    assert (view.closed, inside.closed, other.closed) == (True, True, False)
    assert bundle == {
        "text/plain": "t",
        VIEW: {"version_major": 2, "version_minor": 0, "model_id": "1"},
    }


def test_without_cell_ids_the_source_stands_for_the_cell():
    """A client that sends no cell id has its cells told apart by their source."""
    screen, first, second = Screen(), Part(), Part()
    begin(screen, None, "panel")
    screen.add({}, first)
    begin(screen, None, "other")
    screen.add({}, second)
    begin(screen, None, "panel")

    assert (first.closed, second.closed) == (True, False)


class Clock:
    """Calls that wait until the test says so."""

    def __init__(self):
        self.waiting = []

    def later(self, delay, act):
        """Note the call; `cancel` forgets it."""
        self.waiting.append(act)
        return SimpleNamespace(cancel=lambda: self.waiting.remove(act))

    def strike(self):
        """Run what waits."""
        while self.waiting:
            self.waiting.pop()()


def test_only_the_latest_wish_is_run():
    """Ten wishes in a row run once, with the last."""
    ran, clock = [], Clock()
    latest = Latest(ran.append, clock.later)
    for wish in range(10):
        latest.ask(wish)
    clock.strike()

    assert ran == [9]


def test_without_a_loop_a_wish_is_run_at_once():
    """Where nothing can wait, the lab runs at once."""
    ran = []
    Latest(ran.append).ask(3)

    assert ran == [3]


def program(interval, policy, deaf):
    """A program that an extreme position breaks."""
    if interval > 50:
        raise ValueError("too long")
    return f"{interval} {policy} {deaf}", {"told at": interval}


@pytest.fixture
def panel():
    """A live panel and the clock it waits on."""
    clock = Clock()
    declared = knobs(
        program,
        goal=Goal("told < 15", lambda shown: shown[1]["told at"] < 15),
        interval=Knob(20, 1, 60, 1, "s", "ping interval"),
        policy=Choice("fixed", ("fixed", "jitter")),
        deaf=Switch(),
    )
    grid, figures, goals, picture, _ = panel_view(declared, declared.turn(), clock.later).children
    return SimpleNamespace(
        knobs=grid.children, figures=figures, goals=goals, picture=picture, clock=clock
    )


def test_turning_a_knob_runs_the_lab_and_draws(panel):
    """A slider, a dropdown and a checkbox run the program; the picture and the figures change."""
    slider, dropdown, checkbox, _ = panel.knobs
    slider.value, dropdown.value, checkbox.value = 30, "jitter", True
    panel.clock.strike()

    assert panel.picture.text == "30 jitter True"
    assert "30" in panel.figures.value


def test_a_goal_is_ticked_in_words_and_stays_known(panel):
    """A goal says whether this run, an earlier one, or none has reached it."""
    slider = panel.knobs[0]
    words = [panel.goals.value]
    for position in (10, 30):
        slider.value = position
        panel.clock.strike()
        words.append(panel.goals.value)

    assert ["not yet" in words[0], "reached</b>" in words[1], "reached earlier" in words[2]] == [
        True,
        True,
        True,
    ]


def test_trouble_is_a_sentence_beside_the_last_picture(panel):
    """A program that raises leaves the panel standing, with one sentence."""
    panel.knobs[0].value = 60
    panel.clock.strike()

    assert "With ping interval 60 s the program stops: ValueError: too long." in panel.figures.value
    assert panel.picture.text == "20 fixed False"


def test_positions_have_no_more_decimals_than_the_step():
    """What a page's arithmetic leaves behind the decimals never reaches the program."""
    clock = Clock()
    declared = knobs(lambda wait: f"{wait!r}", wait=Knob(20, 0.5, 60, 0.5, "s"))
    grid, _, _, picture, _ = panel_view(declared, declared.turn(), clock.later).children
    grid.children[0].value = 19.999999999999996
    clock.strike()

    assert picture.text == "20.0"


def test_back_to_the_defaults(panel):
    """One button puts every knob back."""
    panel.knobs[0].value = 5
    panel.knobs[-1].click()
    panel.clock.strike()

    assert panel.knobs[0].value == 20
    assert panel.picture.text == "20 fixed False"


@pytest.fixture(autouse=True)
def _nothing_committed(monkeypatch):
    monkeypatch.setattr("labs.prediction.answers", {})


def buttons(view):
    """The buttons that a question shows now, by name."""
    return {button.description: button for button in view.children[-3].children}


def test_a_number_is_committed_changed_and_kept():
    """Commit keeps the number and closes the field; Change opens it; a new view knows it."""
    question = predict("When?", unit="s", low=0, high=120)
    view = prediction_view(question)
    view.children[1].value = "soon"
    buttons(view)["Commit"].click()
    refused = view.children[-2].value
    view.children[1].value = "30"
    buttons(view)["Commit"].click()

    assert "Write a number: 0 to 120 s." in refused
    assert question.committed == (30,)
    assert view.children[1].disabled
    assert prediction_view(question).children[1].value == "30"
    buttons(view)["Change"].click()
    assert not view.children[1].disabled


def test_skip_settles_the_question():
    """Skip closes the question without an answer."""
    question = predict("When?", unit="s")
    view = prediction_view(question)
    buttons(view)["Skip"].click()

    assert question.committed is None
    assert list(buttons(view)) == ["Change"]
    assert str(question.reveal(1)) == "You skipped this one; the run says 1 s"


def test_options_and_ticks():
    """One of several starts with none chosen; ticks are all that apply."""
    one = choose("Which?", ["a", "b"])
    view = prediction_view(one)
    assert view.children[1].value is None
    view.children[1].value = "b"
    buttons(view)["Commit"].click()
    some = choose("Which?", ["a", "b", "c"], several=True)
    ticks = prediction_view(some)
    ticks.children[1].value = ticks.children[3].value = True
    buttons(ticks)["Commit"].click()

    assert (one.committed, some.committed) == (("b",), ("a", "c"))


def test_lines_move_up_and_down():
    """An order is made with buttons, from the keyboard too; the ends stay where they are."""
    question = order("First?", ["close", "ping", "pong"])
    view = prediction_view(question)
    first, second, third = view.children[1:4]
    first.children[0].click()  # the first line cannot move up
    first.children[1].click()
    second.children[1].click()
    third.children[1].click()  # nor the last one down
    buttons(view)["Commit"].click()

    assert question.committed == ("ping", "pong", "close")
