"""Receivers as processes on one inherited socket, and storms against them."""

import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

FAULTY = Path(__file__).with_name("faulty.py")
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # Standard Webhooks' own example
DOOR = """
import sys
from course.doors import answered
from course.fieldtest.storm import main
sys.exit(answered(lambda: main(sys.argv[1:])))
"""


@contextmanager
def receiver(kind, folder, processes=1):
    """The address of a receiver of `faulty.py`; what was started is ended."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)  # who connects before the process is ready, waits
        number = listening.fileno()
        command = [sys.executable, str(FAULTY), kind, str(number), str(folder / "db")]
        started = [
            subprocess.Popen(command, pass_fds=[number], stderr=subprocess.DEVNULL)
            for _ in range(processes)
        ]
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            for process in started:
                process.kill()
                process.wait()


def door(*arguments, timeout=100):
    """What the door says to these arguments, as a process of its own."""
    command = [sys.executable, "-c", DOOR, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


def stormed(address, *more, scheme="standard_webhooks", secret=SECRET, effects=True):
    """Exit status and report of a storm."""
    known = ["--effects", f"{address}/effects"] if effects else []
    flags = ["--scheme", scheme, "--secret", secret, *known, "--json", *more]
    done = door(f"{address}/hook", *flags)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)
