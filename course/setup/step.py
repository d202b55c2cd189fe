"""Runs one command of the setup: its output into the log, its failure into one sentence."""

import os
import selectors
import subprocess
from collections.abc import Callable
from pathlib import Path

from course.refusal import Refusal

NO_NETWORK = (
    "NewConnectionError",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "ConnectTimeoutError",
    "Read timed out",
    "ProxyError",
    "NameResolutionError",
    "RemoteDisconnected",
)
TICK = 0.25  # seconds between two looks at how far it is


def run(
    command: list[str],
    cwd: Path,
    log: Path,
    lock: int,
    on_line: Callable[[str], None],
    on_wait: Callable[[], None],
    may_fail: bool = False,
) -> None:
    """Run a command to its end, or end it with us.

    It shares our lock: if we are killed outright, the next door waits until it is through.
    Raises: Refusal when it fails.
    """
    child = subprocess.Popen(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, pass_fds=(lock,), start_new_session=True,
    )  # fmt: skip
    try:
        with log.open("ab") as file:
            follow(child, file.write, on_line, on_wait)
        child.wait()
    finally:
        end(child)
    if child.returncode and not may_fail:
        raise Refusal(sentence_for(log.read_text(errors="replace"), log))


def follow(
    child: "subprocess.Popen[bytes]",
    write: Callable[[bytes], object],
    on_line: Callable[[str], None],
    on_wait: Callable[[], None],
) -> None:
    """Pass on each line as it comes, and wake up in between, until the output ends."""
    assert child.stdout is not None
    rest = b""
    with selectors.DefaultSelector() as ready:
        ready.register(child.stdout, selectors.EVENT_READ)
        while True:
            if ready.select(TICK):
                chunk = os.read(child.stdout.fileno(), 65536)
                if not chunk:
                    break
                write(chunk)
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    on_line(line.decode(errors="replace"))
            on_wait()
    child.stdout.close()


def end(child: "subprocess.Popen[bytes]") -> None:
    """Leave nothing of a command behind that has not ended by itself."""
    if child.poll() is None:
        os.killpg(child.pid, 15)
        try:
            child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            child.wait()


def sentence_for(said: str, log: Path) -> str:
    """One sentence for what the command printed before it failed."""
    if "No space left on device" in said:
        return "The disk is full: the course needs about 400 MB in its folder."
    if any(sign in said for sign in NO_NETWORK):
        return (
            "The packages could not be fetched because the package index cannot be reached: "
            "connect this machine to the network and run the same command again."
        )
    errors = [line for line in said.splitlines() if line.startswith("ERROR:")]
    why = errors[-1].removeprefix("ERROR:").strip() if errors else "see the log"
    return f"The setup of .venv failed: {why} (all of it is in {log})."
