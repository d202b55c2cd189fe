"""What a storm costs beside the requests it makes, and that a busy machine raises no alarm."""

import asyncio
import statistics
import subprocess
import sys
import time
from random import Random

import aiohttp
import pytest

from course.fieldtest.catalogue import CATALOGUE
from course.fieldtest.play import play
from course.fieldtest.senders import sender
from course.fieldtest.stage import Stage
from course.fieldtest.target import target
from tests.course.fieldtest.storming import SECRET, receiver, stormed

ROUNDS = 7
WORK = "while True: sum(range(10000))"


@pytest.mark.slow
@pytest.mark.alone
def test_a_storm_takes_at_most_twice_the_time_of_its_requests(tmp_path):
    """Without its waits: beside aiohttp's client, which keeps its connection as senders do."""
    with receiver("Trivial", tmp_path) as address:
        rounds = [asyncio.run(_seconds(f"{address}/hook")) for _ in range(ROUNDS + 1)]
    rounds = rounds[1:]  # in the first, both sides were still loading
    fresh = statistics.median(storm / each for storm, each, _ in rounds)
    kept = statistics.median(storm / one for storm, _, one in rounds)
    print(f"storm / aiohttp's client: {kept:.2f}; making a connection for each: {fresh:.2f}")
    assert kept <= 2.0


async def _seconds(url):
    """Seconds of one storm, and of as many plain requests: a connection for each, and for all."""
    by = sender("standard_webhooks", [SECRET], url)
    stage = Stage(by, await target(url), None, "storm", Random(1), "speed")
    stage.unhurried = 0.0
    began = time.perf_counter()
    await play(stage, [probe for probe in CATALOGUE if probe.fits(by)])
    storm = time.perf_counter() - began
    body = by.body(stage.event())
    return storm, *[await _plain(url, body, len(stage.attempts), close) for close in (True, False)]


async def _plain(url, body, number, close):
    began = time.perf_counter()
    connector = aiohttp.TCPConnector(force_close=close)
    async with aiohttp.ClientSession(connector=connector) as session:
        for _ in range(number):
            async with session.post(url, data=body) as answer:
                await answer.read()
    return time.perf_counter() - began


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_twenty_storms_on_a_busy_machine_are_clean(tmp_path):
    """A right receiver gets a clean report 20 times of 20 while every core is busy."""
    busy = [subprocess.Popen([sys.executable, "-c", WORK]) for _ in range(2)]
    try:
        with receiver("Receiver", tmp_path) as address:
            for _ in range(20):
                status, report = stormed(address)
                assert (status, report["findings"], report["unclear"]) == (0, [], "")
                assert report["about"]["seconds"] < 20
    finally:
        for process in busy:
            process.kill()
            process.wait()
