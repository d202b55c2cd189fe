"""In a notebook's kernel: a real run, the stop button, live servers that leave no port."""

from __future__ import annotations

import socket

import pytest

jupyter = pytest.importorskip("jupyter_client.manager", reason="needs jupyter_client")
pytest.importorskip("ipykernel", reason="needs ipykernel")

# jupyter_client warns about how it is configured; that is between it and its authors.
pytestmark = pytest.mark.filterwarnings("ignore")

SECONDS = 60

PROGRAMS = """
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from labs import live, run

async def echo(websocket):
    async for message in websocket:
        await websocket.send(message)

async def main(world):
    async with serve(echo, "auction", 8765), connect("ws://auction:8765") as ws:
        await ws.send("from a cell")
        return await ws.recv()

async def waits(world):
    async with serve(echo, "auction", 8765), connect("ws://auction:8765") as ws:
        print("waiting", flush=True)
        await ws.recv()
"""
REAL = 'print(run(main, mode="real").result)'
LIVE = "server = live(echo)\nprint(server.port)"


class Kernel:
    """A kernel that cells are sent to; what they print comes back."""

    def __init__(self):
        self.manager, self.client = jupyter.start_new_kernel(kernel_name="python3")

    def send(self, cell):
        """Start a cell."""
        return self.client.execute(cell)

    def messages(self, request):
        """What the kernel says of a cell, until it is idle again."""
        while True:
            message = self.client.get_iopub_msg(timeout=SECONDS)
            if message["parent_header"].get("msg_id") == request:
                yield message["msg_type"], message["content"]
                if message["content"].get("execution_state") == "idle":
                    return

    def run(self, cell):
        """What a cell prints; the name of its error where it has one."""
        said = ""
        for kind, content in self.messages(self.send(cell)):
            said += content["text"] if kind == "stream" else content.get("ename", "")
        return said.strip()

    def interrupt(self, cell):
        """Press the stop button when the cell has said its first word; how it ended."""
        names = []
        for kind, content in self.messages(self.send(cell)):
            if kind == "stream" and not names:
                names.append("interrupted")
                self.manager.interrupt_kernel()
            if kind == "error":
                names.append(content["ename"])
        return names


@pytest.fixture
def kernel():
    """A fresh kernel that knows the programs."""
    kernel = Kernel()
    assert kernel.run(PROGRAMS) == ""
    yield kernel
    kernel.client.stop_channels()
    kernel.manager.shutdown_kernel(now=True)


def is_open(port):
    """Whether somebody listens on this port of this computer."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_real_run_is_a_plain_call_in_a_cell_and_can_be_stopped(kernel):
    """Inside the kernel's loop a real run works, is interrupted, and works again."""
    assert kernel.run(REAL) == "from a cell"
    assert kernel.interrupt('run(waits, mode="real")') == ["interrupted", "KeyboardInterrupt"]
    assert kernel.run(REAL) == "from a cell"


def test_live_servers_of_a_kernel_leave_no_port(kernel):
    """A cell that runs again replaces its server; an interrupt and a restart end it."""
    first = int(kernel.run(LIVE))
    second = int(kernel.run(LIVE))
    assert (is_open(first), is_open(second)) == (False, True)

    kernel.interrupt('print("busy", flush=True)\nimport time\ntime.sleep(60)')
    assert not is_open(second)

    third = int(kernel.run(LIVE))
    assert is_open(third)
    kernel.manager.restart_kernel(now=False)
    kernel.client.wait_for_ready(timeout=SECONDS)
    assert not is_open(third)
