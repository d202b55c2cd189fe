"""The same code gets the same verdict: again and again, in each process, on a busy machine."""

import json
import os
import subprocess
import sys
from itertools import islice

import pytest

from labs.exercises.exercise import exercise, ids

# Each process puts its sets into another order. A hundred in all, the whole half hour of it, are
# VERDICT_REPEATS=20; CI takes ten.
PROCESSES, REPEATS = 5, int(os.environ.get("VERDICT_REPEATS", "2"))
BUSY = "while True: pass"
JUDGE = """
import hashlib, json, sys
from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.submission import Submission

name, sources, repeats = json.load(sys.stdin)
for _ in range(repeats):
    for kind, source in sources.items():
        verdict = judge(exercise(name), Submission(source))
        shown = f"{verdict.text}\\n{verdict.diagram}\\n{verdict.html()}"
        print(kind, verdict.bug or verdict.verdict, hashlib.sha256(shown.encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def _both_cores_busy():
    """Something else wants every core."""
    load = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(os.cpu_count() or 2)]
    yield
    for busy in load:
        busy.kill()
        busy.wait()


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("_both_cores_busy")
@pytest.mark.parametrize("name", ids())
def test_no_verdict_differs_between_repeats(name):
    """Outcome, words and picture of the official solution and of three wrong ones stay the same."""
    about = exercise(name)
    wrong = about.solutions("wrong")
    apart = dict(islice(wrong.items(), 0, None, max(1, len(wrong) // 3)))  # across the alphabet
    sources = {"official": about.official_solution(), **dict(islice(apart.items(), 3))}
    lines = [line for number in range(PROCESSES) for line in judged(name, sources, number)]

    assert len(lines) == PROCESSES * REPEATS * len(sources)
    assert len(sources) == 4
    assert len(set(lines)) == len(sources), sorted(set(lines))
    assert {line.split()[1] for line in lines if line.startswith("official ")} == {"correct"}


def judged(name, sources, number):
    """What a process of its own says, a line for each verdict."""
    done = subprocess.run(
        [sys.executable, "-c", JUDGE],
        input=json.dumps([name, sources, REPEATS]),
        env={**os.environ, "PYTHONHASHSEED": str(number + 1)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
