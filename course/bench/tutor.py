"""How fast the tutor's first words come, and what a socket costs while it is idle.

`python3 -m course bench --tutor`. Both figures stand beside a bare aiohttp server's in the same
run: a handler that makes the same FTS5 query, and a WebSocket echo.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import aiohttp
import psutil

from course.bench.tutor_servers import ORIGIN
from course.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]


def questions(passages: Path, most: int) -> list[str]:
    """What people ask, evenly taken from the variants of the authored questions."""
    pairs = json.loads(passages.read_text("utf-8"))["pairs"]
    every = [text for pair in pairs for text in (pair["ask"], *pair["variants"])]
    return list(dict.fromkeys(every))[:: max(1, len(every) // most)]


@dataclass(frozen=True, slots=True)
class Served:
    """A server under way."""

    url: str
    process: psutil.Process

    def memory(self) -> int:
        """Bytes that are resident."""
        return int(self.process.memory_info().rss)


@asynccontextmanager
async def served(kind: str, passages: Path) -> AsyncIterator[Served]:
    """Within the block a server of this kind answers."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "course.bench.tutor_servers", kind, str(passages), cwd=ROOT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the pipes were asked for")
    try:
        port = int(await process.stdout.readline())
        yield Served(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
    finally:
        process.stdin.close()
        await process.wait()


async def socket(
    http: aiohttp.ClientSession, url: str, user: int
) -> aiohttp.ClientWebSocketResponse:
    """A signed-in socket of the tutor's."""
    headers = {"Origin": ORIGIN, "Cookie": f"user={user}"}
    async with http.post(f"{url}/tutor/ticket", headers=headers) as response:
        ticket = (await response.json())["ticket"]
    return await http.ws_connect(f"{url}/tutor/socket?ticket={ticket}", headers=headers)


Turn = tuple[list[float], list[float]]


async def first_words(passages: Path, count: int) -> list[Turn]:
    """Seconds from question to first words, and to the bare handler's reply, by turns.

    The first list is of questions asked for the first time, the second of the same ones again.
    """
    turns: list[Turn] = [([], []), ([], [])]
    async with (
        served("tutor", passages) as tutor,
        served("query", passages) as bare,
        aiohttp.ClientSession() as http,
    ):
        peer = await socket(http, tutor.url, 1)
        asking = questions(passages, count)
        for n in range(30):  # both servers warm up on a question that is not counted
            await asked(peer, f"warm{n}", f"Is this question number {n}?")
            await replied(http, bare.url, f"Is this question number {n}?")
        for turn, (ours, theirs) in enumerate(turns):
            for number, question in enumerate(asking):
                ours.append(await asked(peer, f"q{turn}-{number}", question))
                theirs.append(await replied(http, bare.url, question))
        await peer.close()
    return turns


async def replied(http: aiohttp.ClientSession, url: str, question: str) -> float:
    """Seconds until the bare handler has replied."""
    begun = perf_counter()
    async with http.post(url, json={"question": question}) as response:
        await response.read()
    return perf_counter() - begun


async def asked(peer: aiohttp.ClientWebSocketResponse, name: str, question: str) -> float:
    """Seconds until the first words; returns when the answer is complete."""
    begun, first = perf_counter(), 0.0
    await peer.send_json({"type": "ask", "id": name, "question": question})
    while True:
        heard = await peer.receive_json()
        if heard["type"] == "delta" and not first:
            first = perf_counter() - begun
        if heard["type"] in ("done", "error"):
            return first or perf_counter() - begun


async def idle_memory(kind: str, passages: Path, count: int) -> float:
    """Bytes that one more idle socket costs."""
    connector = aiohttp.TCPConnector(limit=0)
    async with served(kind, passages) as server, aiohttp.ClientSession(connector=connector) as http:
        opened = []

        async def more(number: int) -> None:
            if kind == "tutor":
                peer = await socket(http, server.url, number)
                await peer.send_json({"type": "stop", "id": "nobody"})
            else:
                peer = await http.ws_connect(server.url)
                await peer.send_str("hello")
            await peer.receive()
            opened.append(peer)

        for number in range(count // 4):  # pools and caches fill before anything is counted
            await more(number)
        before = server.memory()
        for number in range(count // 4, count // 4 + count):
            await more(number)
        after = server.memory()
        for peer in opened:
            await peer.close()
    return (after - before) / count


def main(argv: Sequence[str]) -> int:
    """Exit status 0; prints the figures, as one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python3 -m course bench --tutor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--questions", type=int, default=400, help="each is asked twice")
    parser.add_argument("--sockets", type=int, default=1000, help="idle ones")
    parser.add_argument("--passages", type=Path, help="the tutor's passages.json")
    given = parser.parse_args(list(argv))
    passages = given.passages or found()
    new, again = asyncio.run(first_words(passages, given.questions))
    tutor, echo = (asyncio.run(idle_memory(k, passages, given.sockets)) for k in ("tutor", "echo"))
    if given.json:
        told = {"new": spread(new), "again": spread(again), "socket": tutor, "echo": echo}
        print(json.dumps(told))
        return 0
    for name, turn in (("asked for the first time", new), ("asked again", again)):
        at = spread(turn)
        print(
            f"First words, {name}: p95 {at['ours']:.1f} ms, a bare handler's {at['theirs']:.1f} "
            f"ms: {at['ours'] / at['theirs']:.2f} times (asked: under 50 ms, at most 2.0 times)"
        )
    print(
        f"An idle signed-in socket: {tutor / 1024:.1f} KiB, a bare echo's {echo / 1024:.1f} KiB: "
        f"{tutor / echo:.2f} times (asked: at most 1.5)"
    )
    return 0


def spread(turn: Turn) -> dict[str, float]:
    """The 95th percentiles of both sides, in milliseconds."""
    ours, theirs = turn
    return {"ours": p95(ours), "theirs": p95(theirs)}


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return quantiles(seconds, n=20, method="inclusive")[-1] * 1e3


def found() -> Path:
    """The passages of a built site. Raises Refusal."""
    for folder in (ROOT / ".course" / "site", ROOT / "build" / "site"):
        if (file := folder / "tutor" / "passages.json").is_file():
            return file
    raise Refusal("There are no passages yet: `python3 -m course site` makes them.")
