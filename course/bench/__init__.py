"""How fast the world is: every figure is a ratio of two throughputs measured in one run.

The journal is on. Each pair is measured by turns, so that a busy machine slows both alike; the
median of the pairs' ratios is told, with the smallest and the largest.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from course.bench.bare import run_bare
from course.bench.programs import DAY, MESSAGES, REQUESTS, echo, post
from labs.world.run import run

ROUNDS = 7
ROOT = Path(__file__).resolve().parents[2]

Program = Callable[..., Coroutine[Any, Any, float]]
Pairs = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """Ours over theirs; `theirs` names what it is measured against, `reach` what is wanted."""

    what: str
    against: str
    reach: float
    ratio: float
    least: float
    most: float
    ours_per_second: float
    theirs_per_second: float


def main(argv: Sequence[str]) -> int:
    """Exit status 0; prints the figures as a table, or as one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python3 -m course bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="measurements of each pair")
    parser.add_argument("--scale", type=float, default=1.0, help="length of each measurement")
    asked = parser.parse_args(list(argv))
    print("Measuring: one minute, and three more where simloop is found.", file=sys.stderr)
    figures = measured(asked.rounds, asked.scale)
    rival, left_out = against_simloop(asked.rounds, asked.scale)
    figures += rival
    if asked.json:
        print(json.dumps({"figures": [asdict(each) for each in figures], "left_out": left_out}))
    else:
        print("\n".join([*map(sentence, figures), *left_out]))
    return 0


def measured(rounds: int, scale: float) -> list[Figure]:
    """Echo and POST against plain loopback, and against the ceiling."""
    found = []
    for name, program, count in (("echo", echo, MESSAGES), ("POST", post, REQUESTS)):
        known = {"clock": perf_counter, "count": max(1, round(count * scale))}
        plain = by_turns(
            rounds, partial(in_world, program, known), partial(on_loopback, program, known)
        )
        bare = by_turns(rounds, partial(in_world, program, known), partial(on_bare, program, known))
        reach = 1.1 if program is echo else 0.9
        found.append(figure(f"{KINDS[name]}", "plain loopback", reach, plain))
        found.append(figure(f"{KINDS[name]}", "the ceiling", 0.75, bare))
    return found


KINDS = {"echo": "WebSocket echo", "POST": "HTTP POST"}


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
    """Pairs of throughputs, measured alternately, after one round that is not counted."""
    ours(), theirs()
    return [(ours(), theirs()) for _ in range(rounds)]


def figure(what: str, against: str, reach: float, pairs: Pairs) -> Figure:
    """The median of the ratios, and how far they lie apart."""
    ratios = [ours / theirs for ours, theirs in pairs]
    ours, theirs = (median(side) for side in zip(*pairs, strict=True))
    return Figure(what, against, reach, median(ratios), min(ratios), max(ratios), ours, theirs)


def sentence(one: Figure) -> str:
    """A figure as a line of the table."""
    mark = "reached" if one.ratio >= one.reach else "not reached"
    return (
        f"{one.what} against {one.against}: {one.ratio:.2f} "
        f"({one.least:.2f} to {one.most:.2f}; {one.reach:g} {mark}; "
        f"{one.ours_per_second:,.0f} and {one.theirs_per_second:,.0f} a second)"
    )


IDLE = "A virtual day of ten idle sockets"


def against_simloop(rounds: int, scale: float) -> tuple[list[Figure], list[str]]:
    """The figure, or the sentence that says why there is none."""
    python = simloop_python()
    if python is None:
        says = "no Python here has the packages simloop, websockets and aiohttp (3.12 or newer)"
        return [], [f"{IDLE} against simloop: left out, {says}; SIMLOOP_PYTHON can name one."]
    command = [python, "-m", "course.bench.rival", str(rounds), str(DAY * scale)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
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
        asks = [python, "-c", "import simloop, websockets, aiohttp, yaml"]
        if subprocess.run(asks, capture_output=True, check=False).returncode == 0:
            return python
    return None
