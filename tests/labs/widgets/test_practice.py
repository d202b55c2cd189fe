"""Exercises as widgets: what the buttons of a verdict, a spot and an order do."""

import asyncio
from types import SimpleNamespace

import pytest

pytest.importorskip("ipywidgets", reason="live views need ipywidgets")

import ipywidgets as w
from ipywidgets.widgets.widget import _instances

from labs import run, spot
from labs.exercises import PROGRESS
from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.submission import Submission
from labs.messages import timeline
from labs.ordering import ordering
from labs.widgets import practice
from labs.widgets.screen import close
from labs.widgets.wire import WireView

ABOUT = exercise("m4.check")
LINE, REPAIR = ABOUT.spot["line"], ABOUT.spot["repair"][0]["text"]


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    """Nothing of whoever runs the tests is touched."""
    monkeypatch.setenv(PROGRESS, str(tmp_path / "progress.json"))


@pytest.fixture
def verdict_on():
    """The verdict on one of the solutions."""
    sources = {**ABOUT.solutions("wrong"), **ABOUT.solutions("right"), "starter": ABOUT.starter}
    return lambda name: judge(ABOUT, Submission(sources[name]))


@pytest.fixture
def cell(monkeypatch, verdict_on):
    """What the exercise's cell holds, as the verbs would find it: `cell.holds = "by_hand"`."""
    state = SimpleNamespace(holds="starter")
    monkeypatch.setattr(practice, "check", lambda _: verdict_on(state.holds))
    return state


def inside(view, kind):
    """Every widget of a kind within a view, from top to bottom."""
    within = [part for child in getattr(view, "children", ()) for part in inside(child, kind)]
    return [view, *within] if isinstance(view, kind) else within


def press(view, words):
    """Press the button with these words."""
    (button,) = [one for one in inside(view, w.Button) if one.description == words]
    button.click()


def words(view):
    """All HTML of a view, without its style."""
    return "\n".join(part.value for part in inside(view, w.HTML) if "<style>" not in part.value)


def page(view):
    """The Markdown that the view shows."""
    (area,) = inside(view, w.Output)
    return area.outputs[0]["data"]["text/markdown"] if area.outputs else ""


def test_a_verdict_shows_its_parts_and_its_run(verdict_on):
    """Words in a live region, links that leave the notebook open, the run marked."""
    view = practice.verdict_view(verdict_on("accept_missing"))

    assert '<div role="status"><section class="hls-verdict hls-incorrect">' in words(view)
    assert "<code>check_answer</code> returned None" in words(view)
    assert '<a target="_blank" rel="noopener" href="https://www.rfc-editor.org/' in words(view)
    (wire,) = inside(view, WireView)
    assert wire.svg.startswith("<svg")
    assert wire.wire["events"]


def test_a_verdict_without_a_run_shows_no_picture(verdict_on):
    """An untouched starter has nothing to step through."""
    view = practice.verdict_view(verdict_on("starter"))

    assert "not attempted" in words(view)
    assert inside(view, WireView) == []


def test_check_again_shows_the_verdict_of_now(cell, verdict_on):
    """The words, the run and the report are those of the code as it was run last."""
    view = practice.verdict_view(verdict_on("accept_missing"))
    press(view, "Hint")
    cell.holds = "accept_twice"
    press(view, "Check again")
    assert "incorrect (accept_twice)" in words(view)
    assert page(view) == ""
    press(view, "Report")
    (report,) = inside(view, w.Textarea)
    assert report.value.startswith("m4.check: incorrect (accept_twice)")
    assert "seed: 1, Python 3." in report.value
    cell.holds = "by_hand"
    press(view, "Check again")
    assert "m4.check: correct" in words(view)
    assert (report.value, report.layout.display) == ("", "none")
    assert inside(view, WireView) == []


def test_hints_climb_and_the_solution_takes_their_place(verdict_on):
    """One thing stands below the buttons at a time, and a sentence for whoever listens."""
    view = practice.verdict_view(verdict_on("accept_missing"))
    press(view, "Hint")
    assert "**Hint 1 of 5, symptom.**" in page(view)
    assert '<p class="hls-heard" role="status">A hint stands below.</p>' in words(view)
    press(view, "Hint")
    assert "**Hint 2 of 5, question.**" in page(view)
    press(view, "Solution")
    assert "```python" in page(view)
    press(view, "Report")
    assert page(view) == ""
    assert '<p class="hls-said" role="status">All of it is in this field' in words(view)


def test_checking_again_leaves_nothing_behind(cell, verdict_on):
    """Views that were replaced are closed, and closing the view closes what is in it."""
    before = len(_instances)
    view = practice.verdict_view(verdict_on("accept_missing"))
    cell.holds = "accept_missing"
    press(view, "Check again")
    open_ = len(_instances)
    for _ in range(3):
        press(view, "Check again")
    assert len(_instances) == open_
    close(view)
    assert len(_instances) == before


@pytest.fixture
def spotting():
    """The live spot."""
    return practice.spot_view(spot(ABOUT.id))


def pick(view, number):
    """Choose a line."""
    inside(view, w.Dropdown)[0].value = number


def write(view, text):
    """Write into the field of the chosen line."""
    inside(view, w.Textarea)[0].value = text


def test_a_spot_shows_the_program_and_its_run(spotting):
    """The listing, what was seen, and what to do; not the bug's name."""
    assert f"{LINE:>3}      found = values" in words(spotting)
    assert practice.WHICH in words(spotting)
    assert "accept_missing" not in words(spotting)
    assert len(inside(spotting, WireView)) == 1


def test_a_line_is_named(spotting):
    """Blank lines are not offered; each answer is a sentence that is read out."""
    (options,) = [one.options for one in inside(spotting, w.Dropdown)]
    assert 4 not in [number for _, number in options]
    pick(spotting, LINE - 1)
    press(spotting, "It is this line")
    assert f'role="status">Line {LINE - 1}: this one may stay as it is.' in words(spotting)
    pick(spotting, LINE)
    press(spotting, "It is this line")
    assert f"Line {LINE}: where there is no accept value" in words(spotting)


def test_edits_are_kept_line_by_line(spotting):
    """A repair may change several lines; one that is written back is no edit."""
    pick(spotting, LINE)
    write(spotting, "    found = []")
    pick(spotting, 7)
    write(spotting, "    pass\n    said = 1")
    assert f"Changed so far: line 7, {LINE}." in words(spotting)
    pick(spotting, LINE)
    assert inside(spotting, w.Textarea)[0].value == "    found = []"
    press(spotting, "As it was")
    assert "Changed so far" not in words(spotting)
    assert "or [expected]" in inside(spotting, w.Textarea)[0].value


def test_a_repair_is_graded_and_its_own_run_drawn(spotting):
    """Nothing changed, a wrong change, the right one: a sentence, a verdict, a picture."""
    press(spotting, "Try this repair")
    assert "The program is as it was: change a line first." in words(spotting)
    pick(spotting, LINE)
    before = inside(spotting, WireView)[0].svg
    write(spotting, "    found = []")
    press(spotting, "Try this repair")
    assert "Not yet: 1 line changed." in words(spotting)
    assert "incorrect (turns_a_line_down)" in words(spotting)
    assert inside(spotting, WireView)[0].svg != before
    write(spotting, REPAIR)
    press(spotting, "Try this repair")
    assert "Repaired: 1 line changed, fewer is not known." in words(spotting)
    assert inside(spotting, WireView) == []
    press(spotting, "As it was")
    assert inside(spotting, WireView)[0].svg == before


def test_a_known_repair_of_every_spot_can_be_written_in_the_fields():
    """Also one that changes two lines, or puts three into the place of one."""
    view = practice.spot_view(spot("m6.reconnector"))
    for edit in exercise("m6.reconnector").spot["repair"]:
        pick(view, edit["line"])
        write(view, edit["text"])
    press(view, "Try this repair")

    assert "Repaired: 2 lines changed" in words(view)


def test_an_order_is_moved_compared_and_shown():
    """Lines move up; a sentence says how far they are right; the order comes with its times."""

    async def main(world):
        world.note("first")
        await asyncio.sleep(1)
        world.note("second")

    outcome = run(main)
    view = practice.ordering_view(
        ordering(outcome, [row.number for row in timeline(outcome.journal)])
    )
    press(view, "Is this the order?")
    said = words(view)
    press(view, "Show the order")

    assert 'role="status"' in said
    assert "<li>client: &quot;first&quot; (" in words(view)
