"""How fast the world is: every figure is a ratio of two throughputs measured in one run.

Every segment is recorded for the journal; what is made of the record after a run is not counted.
Each pair is measured by turns in short rounds, and the median of the rounds' ratios is told, with
the middle half of them. A second is one of computing (CPU time): what else runs on the machine
counts for neither, and on a quiet one it is what a clock on the wall shows.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import process_time
from typing import Any

from course.bench.bare import run_bare
from course.bench.programs import DAY, MESSAGES, REQUESTS, echo, post
from labs.world.run import run

ROUNDS = 21
DAYS = 7  # rounds of the comparison with simloop, which takes a quarter of a minute each
ROOT = Path(__file__).resolve().parents[2]

Program = Callable[..., Coroutine[Any, Any, float]]
Pairs = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """Ours over theirs: `against` names theirs, `reach` is the ratio that is asked for."""

    what: str
    against: str
    reach: float
    ratio: float  # the median; half of all rounds lie from `low` to `high`
    low: float
    high: float
    ours_per_second: float
    theirs_per_second: float

    @property
    def reached(self) -> bool:
        """Whether the median is what was asked for."""
        return self.ratio >= self.reach

    def __str__(self) -> str:
        return (
            f"{self.what} against {self.against}: {self.ratio:.2f} "
            f"({self.low:.2f} to {self.high:.2f}; {self.reach:g} "
            f"{'reached' if self.reached else 'not reached'}; "
            f"{self.ours_per_second:,.0f} and {self.theirs_per_second:,.0f} a second)"
        )


def main(argv: Sequence[str]) -> int:
    """Exit status 0; prints the figures as a table, or as one JSON object with --json."""
    if argv[:1] == ["--tutor"]:
        from course.bench import tutor  # its servers are not needed for the rest

        return tutor.main(argv[1:])
    parser = argparse.ArgumentParser(prog="python3 -m course bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measurements of each pair")
    parser.add_argument("--scale", type=float, default=1.0, help="length of each measurement")
    asked = parser.parse_args(list(argv))
    print(
        "Measuring: half a minute, and a minute and a half more where simloop is found.",
        file=sys.stderr,
    )
    figures = measured(asked.rounds, asked.scale)
    rival, left_out = against_simloop(min(asked.rounds, DAYS), asked.scale)
    figures += rival
    if asked.json:
        told = [{**asdict(each), "reached": each.reached} for each in figures]
        print(json.dumps({"figures": told, "left_out": left_out}))
    else:
        print("\n".join([*map(str, figures), *left_out, verdict(figures)]))
    return 0


def verdict(figures: Sequence[Figure]) -> str:
    """Which of the asked ratios are reached, in one sentence."""
    short = [f"{each.what} against {each.against}" for each in figures if not each.reached]
    says = f"{len(figures) - len(short)} of {len(figures)} figures reach what is asked"
    return f"{says}; short: {', '.join(short)}." if short else f"{says}."


def measured(rounds: int, scale: float) -> list[Figure]:
    """Echo and POST against plain loopback, and against the ceiling."""
    found = []
    programs: tuple[tuple[str, Program, int, float], ...] = (
        ("WebSocket echo", echo, MESSAGES, 1.1),
        ("HTTP POST", post, REQUESTS, 0.9),
    )
    for name, program, count, reach in programs:
        known = {"clock": process_time, "count": max(1, round(count * scale))}
        plain = by_turns(
            rounds, partial(in_world, program, known), partial(on_loopback, program, known)
        )
        bare = by_turns(rounds, partial(in_world, program, known), partial(on_bare, program, known))
        found.append(figure(name, "plain loopback", reach, plain))
        found.append(figure(name, "the ceiling", 0.75, bare))
    return found


def in_world(program: Program, known: dict[str, Any]) -> float:
    """A program's throughput in virtual time, journal on."""

    async def measured_main(_: Any) -> float:
        return await program("auction", **known)

    return float(run(measured_main, max_time=1e9).result)


def on_loopback(program: Program, known: dict[str, Any]) -> float:
    """The same on real sockets."""
    return asyncio.run(program("127.0.0.1", **known))


def on_bare(program: Program, known: dict[str, Any]) -> float:
    """The same over transports that only hand bytes over."""
    return run_bare(program("localhost", **known))


def by_turns(rounds: int, ours: Callable[[], float], theirs: Callable[[], float]) -> Pairs:
    """Pairs of throughputs, after one round that is not counted; who is first changes."""
    ours(), theirs()
    pairs = []
    for turn in range(rounds):
        found = {}
        for side in (ours, theirs) if turn % 2 else (theirs, ours):
            gc.collect()  # what the other has left behind
            found[side] = side()
        pairs.append((found[ours], found[theirs]))
    return pairs


def figure(what: str, against: str, reach: float, pairs: Pairs) -> Figure:
    """The median of the ratios, and the middle half of them."""
    ratios = [ours / theirs for ours, theirs in pairs]
    low, middle, high = quantiles(ratios * 2 if len(ratios) == 1 else ratios, method="inclusive")
    ours, theirs = (median(side) for side in zip(*pairs, strict=True))
    return Figure(what, against, reach, middle, low, high, ours, theirs)


IDLE = "A virtual day of ten idle sockets"


def against_simloop(rounds: int, scale: float) -> tuple[list[Figure], list[str]]:
    """The figure, or the sentence that says why there is none."""
    python = simloop_python()
    if python is None:
        says = "no Python here has simloop and what the labs need (3.12 or newer)"
        return [], [f"{IDLE} against simloop: left out, {says}; SIMLOOP_PYTHON can name one."]
    done = _told_by(python, "-m", "course.bench.rival", str(rounds), str(DAY * scale))
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return [], [f"{IDLE} against simloop: left out, it failed: {why}"]
    pairs = [(ours, theirs) for ours, theirs in json.loads(done.stdout)]
    return [figure(IDLE, "simloop", 1.1, pairs)], []


def simloop_python() -> str | None:
    """An interpreter that can import simloop and what the programs need."""
    named = [os.environ.get("SIMLOOP_PYTHON"), sys.executable]
    found = [shutil.which(f"python3.{minor}") for minor in (14, 13, 12)]
    for python in filter(None, [*named, *found]):
        with suppress(OSError):
            if _told_by(python, "-c", "import simloop, course.bench.rival").returncode == 0:
                return python
    return None


def _told_by(python: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What another interpreter says that finds our modules."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [python, *words], capture_output=True, text=True, check=False, env=environment
    )
