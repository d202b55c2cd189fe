import json

import pytest

from course import bench
from course.bench import programs


def test_figures_as_json(capsys, monkeypatch):
    """`bench --json` prints one object: each figure a ratio, and what was left out and why."""
    monkeypatch.setattr(bench, "simloop_python", lambda: None)
    assert bench.main(["--json", "--rounds", "1", "--scale", "0.01"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["what"], one["against"]) for one in told["figures"]] == [
        ("WebSocket echo", "plain loopback"),
        ("WebSocket echo", "the ceiling"),
        ("HTTP POST", "plain loopback"),
        ("HTTP POST", "the ceiling"),
    ]
    assert all(one["ratio"] > 0 for one in told["figures"])
    assert all(one["reached"] == (one["ratio"] >= one["reach"]) for one in told["figures"])
    assert "left out" in told["left_out"][0]


def test_figures_as_text(capsys, monkeypatch):
    """Without --json each figure is a line that says whether it reaches what is asked."""
    monkeypatch.setattr(bench, "measured", lambda rounds, scale: [FIGURE])
    monkeypatch.setattr(bench, "simloop_python", lambda: None)
    assert bench.main([]) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == (
        "WebSocket echo against plain loopback: 1.50 "
        "(1.25 to 1.75; 1.1 reached; 300 and 200 a second)"
    )
    assert second.startswith("A virtual day of ten idle sockets against simloop: left out")
    assert third == "1 of 1 figures reach what is asked."


PAIRS = [(100.0, 100.0), (300.0, 200.0), (400.0, 200.0)]
FIGURE = bench.figure("WebSocket echo", "plain loopback", 1.1, PAIRS)


def test_median_and_spread():
    """A figure is the median of the pairs' ratios, with the middle half of them."""
    assert (FIGURE.ratio, FIGURE.low, FIGURE.high) == (1.5, 1.25, 1.75)
    assert bench.figure("One round", "itself", 1.0, [(2.0, 2.0)]).ratio == 1.0


def test_what_falls_short_is_named():
    """The last line counts the figures that reach what is asked, and names the others."""
    short = bench.figure("HTTP POST", "the ceiling", 1.6, PAIRS)
    assert bench.verdict([FIGURE, short]) == (
        "1 of 2 figures reach what is asked; short: HTTP POST against the ceiling."
    )


def test_rounds_are_taken_by_turns():
    """Who is measured first changes from round to round, after one round for warming up."""
    order = []
    pairs = bench.by_turns(2, lambda: order.append("ours"), lambda: order.append("theirs"))
    assert order == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert len(pairs) == 2


def test_an_interpreter_that_is_not_there(monkeypatch):
    """SIMLOOP_PYTHON may name a file that does not exist: the others are asked."""
    monkeypatch.setenv("SIMLOOP_PYTHON", "/nowhere/python")
    monkeypatch.setattr(bench.sys, "executable", "/nowhere/else")
    monkeypatch.setattr(bench.shutil, "which", lambda name: None)
    assert bench.simloop_python() is None


def test_a_rival_that_fails_is_left_out(monkeypatch):
    """An interpreter that cannot run the comparison is a sentence, not a traceback."""
    monkeypatch.setattr(bench, "simloop_python", lambda: "false")
    figures, left_out = bench.against_simloop(1, 0.01)
    assert figures == []
    assert "it failed" in left_out[0]


@pytest.mark.parametrize("where", [bench.in_world, bench.on_loopback, bench.on_bare])
@pytest.mark.parametrize("program", [programs.echo, programs.post])
def test_the_same_program_runs_everywhere(where, program):
    """Each program runs unchanged in the world, on loopback and over the bare transports."""
    from time import perf_counter

    assert where(program, {"clock": perf_counter, "count": 3}) > 0
