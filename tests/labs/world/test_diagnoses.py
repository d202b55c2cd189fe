"""Each way of stopping the world is named, with the line that does it."""

import asyncio
import queue
import re
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosedError

from labs import run
from labs.errors import BlockingCall, Deadlock, Escape, OutOfTime, WorldError
from labs.world.outward import OUTSIDE
from labs.world.run import observe

HERE = r"test_diagnoses\.py:\d+"


async def echo(ws):
    async for message in ws:
        await ws.send(message)


def line_of(text):
    """The number of the line of this file that holds the text, marked with `# <`."""
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line and "# <" in line)


def test_blocking_sleep():
    """time.sleep() in a handler holds up everybody, and is diagnosed with its line."""

    async def handler(ws):
        await ws.recv()
        time.sleep(3)  # < blocking sleep
        await ws.send("late")

    async def main(world):
        async with serve(handler, "auction", 80), serve(echo, "bank", 80):
            async with connect("ws://auction:80") as slow, connect("ws://bank:80") as other:
                begun = world.now
                await slow.send("x")
                await asyncio.sleep(0.01)
                await other.send("x")
                await other.recv()
                return world.now - begun

    outcome = run(main)
    assert outcome.result > 3
    (says,) = outcome.diagnoses
    assert says == (
        f"time.sleep(3) at test_diagnoses.py:{line_of('blocking sleep')}, in handler held up "
        "everything for 3 s: await asyncio.sleep(3) lets others run"
    )


CALLS = {
    "socket.connect": lambda: socket.socket().connect(("127.0.0.1", 9)),
    "socket.connect_ex": lambda: socket.socket().connect_ex(("127.0.0.1", 9)),
    "socket.sendto": lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"", ("127.0.0.1", 9)),
    "socket.bind": lambda: socket.create_server(("127.0.0.1", 0)),
    "socket.getaddrinfo": lambda: socket.create_connection(("auction", 80)),
    "socket.gethostbyname": lambda: socket.gethostbyname("auction"),
    "urlopen": lambda: urllib.request.urlopen("http://auction/"),
    "Popen": lambda: subprocess.run([sys.executable, "-V"], check=True),
    "os.system": lambda: __import__("os").system("true"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_calls_that_leave_the_world(call):
    """Blocking sockets, name look-ups and processes are refused with the line."""

    async def main(world):
        call()

    with pytest.raises(WorldError, match=HERE):
        run(main)


def test_subprocess_of_asyncio():
    """asyncio's own processes are refused too."""

    async def main(world):
        await asyncio.create_subprocess_exec("true")

    with pytest.raises(Escape, match="another process is outside this world"):
        run(main)


def test_refused_calls_work_outside():
    """Outside a run, and in other threads during one, the same calls do what they always did."""
    heard = []

    async def main(world):
        thread = threading.Thread(target=lambda: heard.append(socket.gethostbyname("127.0.0.1")))
        thread.start()
        thread.join()

    run(main)
    assert heard == ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_endless_loop():
    """A loop without an await is stopped, and its line is named."""

    async def main(world):
        while True:
            pass

    with pytest.raises(BlockingCall, match=f"{HERE}, in main has computed for 2 s"):
        run(main)


def test_endless_loop_that_catches_everything():
    """A bare except cannot keep an endless loop alive."""

    async def main(world):
        while True:
            try:  # noqa: SIM105
                sum(range(100))
            except:  # noqa: E722 - the mistake that is tested
                pass

    with pytest.raises(BlockingCall, match="has computed for 2 s"):
        run(main)


def test_endless_loop_in_a_handler():
    """An endless loop in a handler ends the run as well, though main only waits."""

    async def handler(ws):
        while True:
            pass

    async def main(world):
        async with serve(handler, "auction", 80), connect("ws://auction:80") as ws:
            await ws.recv()

    with pytest.raises(BlockingCall, match=f"{HERE}, in handler has computed"):
        run(main)


def test_a_call_that_never_returns():
    """A wait for another thread is interrupted after five seconds, and its line is named."""

    async def main(world):
        queue.Queue().get()

    with pytest.raises(BlockingCall, match=f"{HERE}, in main has waited for 5 s"):
        run(main)


@pytest.mark.parametrize("pause", [0, 1e-12])
def test_busy_spin(pause):
    """A loop that awaits but lets no time pass is stopped, and its line is named."""

    async def main(world):
        while world.now < 1:
            await asyncio.sleep(pause)

    with pytest.raises(BlockingCall, match=f"spins at 0.000 s .*{HERE}, in main"):
        run(main)


def test_deadlock():
    """When nothing can ever happen again, each waiting task is named with its line."""

    async def handler(ws):
        await asyncio.Event().wait()  # < handler waits

    async def main(world):
        async with serve(handler, "auction", 80, ping_interval=None):
            async with connect("ws://auction:80", ping_interval=None) as ws:
                await ws.recv()  # < main waits

    with pytest.raises(Deadlock) as raised:
        run(main)
    says = str(raised.value)
    assert f"main waits at test_diagnoses.py:{line_of('main waits')}, in main" in says
    assert f"test_diagnoses.py:{line_of('handler waits')}, in handler" in says
    assert "Task-" not in says


def test_out_of_time():
    """A run that goes on for ever ends at max_time, with the line at which main still waits."""

    async def main(world):
        async with serve(echo, "auction", 80), connect("ws://auction:80") as ws:
            await ws.recv()  # heartbeats go on, so this is no deadlock

    with pytest.raises(OutOfTime, match=f"given 600 s and they are over.*{HERE}, in main"):
        run(main, max_time=600)


def test_locked_database(tmp_path):
    """A locked database answers at once: in one thread nobody could unlock it meanwhile."""

    async def main(world):
        one, two = (sqlite3.connect(tmp_path / "inbox.db", timeout=30) for _ in range(2))
        one.execute("BEGIN IMMEDIATE")
        try:
            two.execute("BEGIN IMMEDIATE")
        finally:
            one.close()
            two.close()

    begun = time.monotonic()
    with pytest.raises(sqlite3.OperationalError, match="database is locked"):
        run(main)
    assert time.monotonic() - begun < 2


def test_a_database_opened_outside_waits_and_is_named(tmp_path):
    """One that was opened before the run waits in real time when it is locked; the line is said."""
    one, two = (sqlite3.connect(tmp_path / "inbox.db", timeout=3.9) for _ in range(2))

    async def main(_):
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="database is locked"):
            two.execute("BEGIN IMMEDIATE")  # < waits in a C call

    (says,) = run(main).diagnoses
    one.close()
    two.close()

    held = f"test_diagnoses.py:{line_of('waits in a C call')}, in main held up everybody for 2 s"
    assert says == f"{held} and more, in a call that is no await"


def test_a_connection_left_open_is_named():
    """What was never closed is said by the name of its class."""

    async def main(_):
        await asyncio.start_server(lambda *_: None, "auction", 80)
        await asyncio.open_connection("auction", 80)

    assert run(main).diagnoses == ("unclosed StreamWriter",)


def test_a_task_that_dies_silently():
    """A task that failed and that nobody awaited is reported."""

    async def worker():
        return {}["missing"]

    async def main(world):
        asyncio.create_task(worker())  # noqa: RUF006 - nobody keeps it: that is the mistake
        await asyncio.sleep(1)

    (says,) = run(main).diagnoses
    assert "KeyError at test_diagnoses.py" in says
    assert "nobody awaited it" in says


def test_what_was_noticed_goes_with_the_error():
    """What main raises brings along what a handler raised first, and no line of a library."""

    async def handler(ws):
        int(await ws.recv())

    async def main(world):
        async with serve(handler, "auction", 80), connect("ws://auction:80") as ws:
            await ws.send("ten")
            await ws.recv()

    with pytest.raises(ConnectionClosedError) as caught:
        run(main)
    (says,) = caught.value.__notes__
    what = r"ValueError \(invalid literal for int\(\) with base 10: 'ten'\)"
    assert re.fullmatch(f"noticed: connection handler failed: {what} at {HERE}, in handler", says)
    files = {Path(step.path).name for step in caught.traceback}
    assert files == {"test_diagnoses.py", "run.py"}


def test_a_goodbye_that_the_run_does_not_wait_for():
    """A handler's error is told though the run ends while its connection is still closing."""

    async def handler(ws):
        raise ValueError("no such lot")

    async def main(world):
        await serve(handler, "auction", 80)
        await (await connect("ws://auction:80")).wait_closed()

    (says,) = run(main).diagnoses
    assert re.fullmatch(rf"connection handler failed: ValueError \(no such lot\) at {HERE}.*", says)


def test_a_connection_that_nobody_awaited():
    """`line = connect(...)` without await is answered with what to write."""

    async def main(world):
        await connect("ws://auction:80").send("x")

    with pytest.raises(AttributeError) as caught:
        run(main)
    (says,) = caught.value.__notes__
    assert says == "noticed: what connect(...) gives must be awaited: await connect(...)"


def test_a_handler_that_raises():
    """An error in a handler is one sentence with its line, not forty lines on stderr."""

    async def handler(ws):
        await ws.send(1 / 0)

    async def main(world):
        async with serve(handler, "auction", 80), connect("ws://auction:80") as ws:
            await ws.wait_closed()

    (says,) = run(main).diagnoses
    what = "ZeroDivisionError (division by zero)"
    assert says.startswith(f"connection handler failed: {what} at test_diagnoses.py:")


def test_a_forgotten_await():
    """A coroutine that was never awaited is named with the line that made it."""

    async def notify():
        pass

    async def main(world):
        notify()  # < forgotten
        await asyncio.sleep(1)

    (says,) = run(main).diagnoses
    line = line_of("forgotten")
    assert says == f"notify() was called at test_diagnoses.py:{line} without await: it never ran"


def test_a_session_that_was_not_closed():
    """What a library complains about when it is collected is told by the run that left it."""
    import aiohttp

    async def main(world):
        aiohttp.ClientSession()

    assert "unclosed client session" in run(main).diagnoses


def test_asyncio_run_inside_main():
    """asyncio.run() inside a run is answered with what to write instead."""

    async def helper():
        pass

    async def main(world):
        asyncio.run(helper())

    with pytest.raises(WorldError, match=f"{HERE}, in main is inside a run already: await"):
        run(main)


def test_run_inside_run():
    """A world cannot be started inside another."""

    async def main(world):
        run(main)

    with pytest.raises(WorldError, match="a run is under way"):
        run(main)


def test_main_that_is_no_coroutine():
    """A main without `async`, and a call in the place of main, get a sentence each."""
    with pytest.raises(WorldError, match="plain must be an async function"):
        run(plain)
    with pytest.raises(WorldError, match=r"run\(main\), not run\(main\(\.\.\.\)\)"):
        run(None)
    with pytest.raises(WorldError, match="mode is 'virtual' or 'real'"):
        run(plain, mode="imaginary")


def plain(world):
    """No coroutine."""


def test_sys_exit_in_a_handler():
    """sys.exit() in a handler does not end the kernel; it ends the run with its line."""

    async def handler(ws):
        sys.exit(1)

    async def main(world):
        async with serve(handler, "auction", 80), connect("ws://auction:80") as ws:
            await ws.recv()

    with pytest.raises(WorldError, match=rf"sys.exit\(\) at {HERE}, in handler"):
        run(main)


def test_what_happened_until_then_is_kept():
    """A run that fails still has its journal: the picture of how it came to that."""

    async def main(world):
        async with serve(echo, "auction", 80), connect("ws://auction:80") as ws:
            await ws.send("x")
            await asyncio.sleep(1)
            raise LookupError

    outcome, error = observe(main)
    assert isinstance(error, LookupError)
    assert outcome.result is None
    assert any(getattr(event, "data", b"").startswith(b"GET") for event in outcome.journal.events)


@pytest.mark.parametrize("name", " ".join(OUTSIDE.values()).split())
def test_what_this_loop_cannot_do_is_a_sentence(name):
    """Readers, signals, datagrams, pipes and Unix sockets are refused with the line that asks."""

    async def main(world):
        getattr(asyncio.get_running_loop(), name)("anything")

    with pytest.raises(Escape, match=rf"loop\.{name}\(\) at {HERE}, in main (asks|waits) for "):
        run(main)


def test_nothing_of_asyncio_is_left_unsaid():
    """No method of the loop ends in asyncio's bare NotImplementedError."""

    async def main(world):
        loop = type(asyncio.get_running_loop())
        return {
            name
            for name, method in vars(asyncio.AbstractEventLoop).items()
            if not name.startswith("_") and getattr(loop, name) is method
        }

    assert run(main).result == set()
