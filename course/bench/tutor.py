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
from statistics import median, quantiles
from time import perf_counter

import aiohttp
import psutil

from course.bench.tutor_servers import ORIGIN
from course.refusal import Refusal

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = (
    "What is a webhook?", "What is the difference between a WebSocket and a webhook?",
    "Why does my socket close after 60 seconds?", "How do I verify a signature?",
    "When is long polling the right choice?", "What is close code 1006?", "sticky sessions redis",
    "How often should I send a ping?", "What does idempotent mean?", "Why are frames masked?",
    "What is the best pizza in town?", "How does a client reconnect after a deploy?",
)  # fmt: skip


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


async def first_words(passages: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds from question to first words, and to the bare handler's reply, by turns."""
    ours, theirs = [], []
    async with (
        served("tutor", passages) as tutor,
        served("query", passages) as bare,
        aiohttp.ClientSession() as http,
    ):
        peer = await socket(http, tutor.url, 1)
        for turn in range(rounds + 2):
            for number, question in enumerate(QUESTIONS):
                took = await asked(peer, f"q{turn}-{number}", question)
                begun = perf_counter()
                async with http.post(bare.url, json={"question": question}) as response:
                    await response.read()
                if turn >= 2:  # the first two warm up
                    theirs.append(perf_counter() - begun)
                    ours.append(took)
        await peer.close()
    return ours, theirs


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
    """Exit status 0; prints both figures, or one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python3 -m course bench --tutor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=40, help=f"of {len(QUESTIONS)} questions")
    parser.add_argument("--sockets", type=int, default=1000, help="idle ones")
    parser.add_argument("--passages", type=Path, help="the tutor's passages.json")
    given = parser.parse_args(list(argv))
    passages = given.passages or found()
    ours, theirs = asyncio.run(first_words(passages, given.rounds))
    tutor, echo = (asyncio.run(idle_memory(k, passages, given.sockets)) for k in ("tutor", "echo"))
    told = {
        "first_words_p95_ms": p95(ours), "first_words_p50_ms": median(ours) * 1e3,
        "query_p95_ms": p95(theirs), "query_p50_ms": median(theirs) * 1e3,
        "idle_socket_bytes": tutor, "echo_socket_bytes": echo,
    }  # fmt: skip
    if given.json:
        print(json.dumps(told))
        return 0
    print(
        "First words, offline: p95 {first_words_p95_ms:.1f} ms, median {first_words_p50_ms:.1f} ms "
        "(a bare handler with the same query: {query_p95_ms:.1f} and {query_p50_ms:.1f} ms)".format(
            **told
        )
    )
    print(
        f"  {p95(ours) / p95(theirs):.2f} times the bare handler (asked: at most 2.0; under 50 ms)"
    )
    print(
        f"An idle signed-in socket: {tutor / 1024:.1f} KiB, a bare echo's {echo / 1024:.1f} KiB: "
        f"{tutor / echo:.2f} times (asked: at most 1.5)"
    )
    return 0


def p95(seconds: Sequence[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return quantiles(seconds, n=20, method="inclusive")[-1] * 1e3


def found() -> Path:
    """The passages of a built site. Raises Refusal."""
    for folder in (ROOT / ".course" / "site", ROOT / "build" / "site"):
        if (file := folder / "tutor" / "passages.json").is_file():
            return file
    raise Refusal("There are no passages yet: `python3 -m course site` makes them.")
