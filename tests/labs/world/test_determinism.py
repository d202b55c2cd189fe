import importlib.util
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCENARIOS = Path(__file__).with_name("scenarios.py")


def hashes(python=sys.executable, hash_seed="0"):
    """{scenario: [hash of the bytes, hash of the result]} of a fresh process."""
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, str(SCENARIOS)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def rounds(count):
    """What `count` fresh processes with as many hash seeds say."""
    with ThreadPoolExecutor(2) as two:
        return list(two.map(lambda n: hashes(hash_seed=str(n)), range(1, count + 1)))


def assert_all_the_same(found):
    assert len(found[0]) >= 7
    for scenario in found[0]:
        assert len({tuple(one[scenario]) for one in found}) == 1, scenario


def test_same_bytes_in_each_process():
    """Each scenario has one trace hash, whatever the process and its hash seed."""
    assert_all_the_same(rounds(4))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_same_bytes_in_fifty_processes():
    """Fifty fresh processes with fifty hash seeds give one trace hash for each scenario."""
    assert_all_the_same(rounds(50))


def test_the_hash_notices_one_bit():
    """The comparison can fail: another seed gives other bytes."""
    spec = importlib.util.spec_from_file_location("scenarios", SCENARIOS)
    scenarios = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scenarios)
    found = [scenarios.observe(scenarios.chat, seed=seed)[0].journal.digest() for seed in (7, 8)]
    assert found[0] != found[1]


def others():
    """Other interpreters of this machine that have websockets and aiohttp, by version."""
    candidates = [shutil.which(f"python3.{minor}") for minor in (11, 12, 13, 14)]
    candidates += os.environ.get("OTHER_PYTHONS", "").split(os.pathsep)
    asks = "import sys, websockets, aiohttp, yaml; print(sys.version_info[:2])"
    found = {}
    for python in filter(None, candidates):
        done = subprocess.run([python, "-c", asks], capture_output=True, text=True, check=False)
        if done.returncode == 0 and done.stdout.strip() != str(sys.version_info[:2]):
            found.setdefault(done.stdout.strip(), python)
    return found


def test_same_bytes_on_each_interpreter():
    """The same seed gives the same results on every Python, and the same bytes."""
    found = others()
    if not found:
        pytest.skip("no other Python with websockets and aiohttp (name some in OTHER_PYTHONS)")
    mine = hashes()
    for version, python in found.items():
        theirs = hashes(python)
        for scenario, both_hashes in mine.items():
            assert theirs[scenario] == both_hashes, (version, scenario)
