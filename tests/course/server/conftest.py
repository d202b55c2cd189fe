"""The real `start`, from a clone, with the packages of the interpreter that runs the tests."""

import asyncio
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import psutil
import pytest
import websockets

# What `python3 -m course start` does once it is inside `.venv`.
INSIDE = (
    "import sys; from course import doors; from course.server import start; "
    "sys.exit(doors.answered(lambda: start.main(sys.argv[1:])))"
)
LINK = re.compile(r"http://127\.0\.0\.1:\d+/\?ticket=[\w-]+")


PORTS: dict[Path, str] = {}


def port_for(folder: Path) -> str:
    """One port for each clone: its pages are built for their address, so another costs a build."""
    if folder not in PORTS:
        with socket.create_server(("127.0.0.1", 0)) as free:
            PORTS[folder] = str(free.getsockname()[1])
    return PORTS[folder]


class Start:
    """One `start` under way; its lines are read as they come."""

    def __init__(self, folder: Path, *options: str, **more: str) -> None:
        ports = () if "--port" in options else ("--port", port_for(folder), "--lab-port", "0")
        quiet = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "BROWSER")}
        # The packages are this interpreter's; the course itself is the clone's.
        quiet["PYTHONPATH"] = str(folder)
        self.process = subprocess.Popen(
            [sys.executable, "-c", INSIDE, *ports, *options], cwd=folder, env=quiet | more,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self.grown = threading.Condition()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        """Collect the output until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self.grown:
                self.lines.append(line.rstrip("\n"))
                self.grown.notify_all()
        with self.grown:
            self.grown.notify_all()

    def said(self, text: str, within: float = 300) -> str:
        """The first line that holds the text, once it came."""

        def found():
            return next((line for line in self.lines if text in line), None)

        with self.grown:
            came = self.grown.wait_for(
                lambda: found() or not self.reader.is_alive(), timeout=within
            )
        assert came, self.lines
        line = found()
        assert line is not None, f"ended without {text!r}: {self.lines}"
        return line

    def link(self) -> str:
        """The one-time link of the ready line."""
        return LINK.search(self.said("Course ready: "))[0]

    def family(self) -> list[psutil.Process]:
        """Everything that runs under it."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def jupyter(self) -> psutil.Process:
        """The JupyterLab process."""
        return next(p for p in self.family() if "course.server.jupyter" in p.cmdline())

    def stop(self, number: int = signal.SIGINT) -> tuple[int, float, list[psutil.Process]]:
        """Exit status, seconds it took, and what was left running."""
        family = self.family()
        began = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(timeout=20)
        took = time.monotonic() - began
        self.reader.join(timeout=5)
        return status, took, psutil.wait_procs(family, timeout=0.2)[1]

    def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self.process.poll() is None:
            family = self.family()
            self.process.kill()
            for process in psutil.wait_procs(family, timeout=0.1)[1]:
                process.kill()
        self.process.wait(timeout=10)
        self.reader.join(timeout=5)
        self.process.stdout.close()


def ask(url: str, method: str = "GET", cookie: str = "", **headers: str):
    """Status, headers and body of one request; redirects are not followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if cookie:
        headers["Cookie"] = cookie
    connection.request(method, path or "/", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def signed_in(link: str) -> str:
    """The cookie that a link gives."""
    status, headers, _ = ask(link)
    assert status == 303
    return headers["Set-Cookie"].partition(";")[0]


def way_to_lab(link: str, name: str = "") -> tuple[str, str]:
    """Address and token of JupyterLab, as a browser that signed in is told them."""
    origin = link.partition("/?")[0]
    status, headers, _ = ask(f"{origin}/open/lab/{name}", cookie=signed_in(link))
    assert status == 303
    where = re.fullmatch(r"(http://127\.0\.0\.1:\d+)/.*\?token=(.*)", headers["Location"])
    return where[1], where[2]


def run_cell(lab, folder_in_work, code, until):
    """The first output of one cell that `until` accepts, from a kernel in a folder of `work/`."""
    address, token = lab
    body = json.dumps({"path": f"{folder_in_work}/x.ipynb"}).encode()
    connection_id = uuid.uuid4().hex

    async def main():
        kernel = json.loads(post(f"{address}/api/kernels", token, body))["id"]
        ws = f"{address.replace('http', 'ws')}/api/kernels/{kernel}/channels?token={token}"
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {},
                   "allow_stdin": False, "stop_on_error": True}  # fmt: skip
        header = {"msg_id": uuid.uuid4().hex, "session": connection_id, "username": "",
                  "msg_type": "execute_request", "version": "5.3", "date": ""}  # fmt: skip
        ask = {"header": header, "parent_header": {}, "metadata": {}, "content": content,
               "channel": "shell", "buffers": []}  # fmt: skip
        async with websockets.connect(ws, max_size=None) as socket_:
            await socket_.send(json.dumps(ask))
            async with asyncio.timeout(60):
                while True:
                    message = json.loads(await socket_.recv())
                    if until(message):
                        return message["content"]

    return asyncio.run(main())


def post(url, token, body):
    """The body of an answer to a POST."""
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as answer:
        return answer.read()


@pytest.fixture(scope="session")
def talk():
    """The functions above, for tests that ask a running course."""
    tools = (ask, signed_in, way_to_lab, port_for, run_cell)
    return SimpleNamespace(INSIDE=INSIDE, **{tool.__name__: tool for tool in tools})



@pytest.fixture(scope="module")
def folder(tmp_path_factory, copy_of_project):
    """A clone for all tests of a module, so that its pages are built once."""
    return copy_of_project(tmp_path_factory.mktemp("start") / "clone")


@pytest.fixture
def start(folder):
    """Starts the course in the clone; whatever is left of it afterwards is ended."""
    begun = []

    def begin(*options, **more):
        begun.append(Start(folder, *options, **more))
        return begun[-1]

    yield begin
    for one in begun:
        one.end()


@pytest.fixture(scope="module")
def running(folder):
    """One course that is ready, for tests that only look."""
    one = Start(folder)
    try:
        one.said("Course ready: ")
        yield one
    finally:
        one.end()
