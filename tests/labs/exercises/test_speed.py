"""How long a learner waits, held against `python -c "import pytest"` on the same machine.

Wall times, each beside the import it is measured by, so that a busy moment makes both longer.
"""

import os
import statistics
import subprocess
import sys
from contextlib import contextmanager
from time import perf_counter

import pytest

from labs.exercises import PROGRESS
from labs.exercises.exercise import everything

manager = pytest.importorskip("jupyter_client.manager", reason="checks are timed in a kernel")

ROUNDS = 5  # of which the median counts
FIRST, FULL = 1.0, 8.0  # times the import
DOOR = 4.0  # the same, for what a terminal adds: a door, and a process that loads the laboratory
LESSON = """
from time import perf_counter
from labs import check, run
async def main(world): pass
run(main)
def timed(name, source):
    began = perf_counter()
    verdict = check(name, source)
    took = perf_counter() - began
    print(verdict.verdict, took)
"""


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(1800)
def test_a_verdict_comes_soon(tmp_path, monkeypatch):
    """In a kernel the first takes one import at most, all scenarios eight; a door has its start."""
    monkeypatch.setenv(PROGRESS, str(tmp_path / "progress.json"))
    lines = [f"{'in imports of pytest':22} first  full  full, from a terminal"]
    over = []
    for about in everything():
        first, full, door = measured(about, tmp_path / "mine.py")
        lines.append(f"{about.id:22} {first:5.2f} {full:5.2f} {door:5.2f}")
        if first > FIRST or full > FULL or door > FULL + DOOR:
            over.append(about.id)

    print("", *lines, sep="\n")
    assert over == [], "\n".join(lines)


def measured(about, file):
    """The medians for one exercise: first verdict and full check in a kernel, then at the door."""
    wrong = about.solutions("wrong")[about.spot["wrong"]]
    right = about.official_solution()
    file.write_text(right)
    rounds = []
    for _ in range(ROUNDS):
        with kernel() as told:
            told(LESSON)
            unit = process("-c", "import pytest")
            incorrect, first = told(f"timed({about.id!r}, {wrong!r})").split()
            correct, full = told(f"timed({about.id!r}, {right!r})").split()
        door = process("-m", "course", "check", about.id, str(file))
        assert (incorrect, correct) == ("incorrect", "correct")
        rounds.append([float(first) / unit, float(full) / unit, door / unit])
    return [statistics.median(figures) for figures in zip(*rounds, strict=True)]


def process(*arguments):
    """Seconds from the start of a Python to its end."""
    began = perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return perf_counter() - began


@contextmanager
def kernel():
    """A fresh kernel: a function that runs a cell in it and gives back what was printed."""
    running, client = manager.start_new_kernel(kernel_name="python3", env=dict(os.environ))

    def told(cell):
        printed = []
        reply = client.execute_interactive(
            cell, timeout=120, output_hook=lambda out: printed.append(out["content"].get("text"))
        )
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(filter(None, printed))

    try:
        yield told
    finally:
        client.stop_channels()
        running.shutdown_kernel(now=True)
