"""How `start` begins and ends: whichever way it is left, nothing of it stays behind."""

import os
import pty
import re
import select
import signal
import socket
import sys
import time

import psutil
import pytest

SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def busy_kernel(started, talk):
    """A kernel in an endless loop that has started a child of its own."""
    code = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        "print('busy', flush=True)\n"
        "while True: pass"
    )
    lab = talk.way_to_lab(started.link())
    talk.run_cell(lab, "", code, lambda m: "busy\n" in str(m["content"].get("text")))
    assert len(started.family()) >= 3


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_everything_within_five_seconds(start, talk, folder, number):
    """Site, JupyterLab, a kernel in an endless loop and its child are gone; the status is 0."""
    started = start()
    busy_kernel(started, talk)
    status, took, left = started.stop(number)

    assert (status, left) == (0, [])
    assert took < 5
    assert started.lines[-1] == "Stopping the course."
    assert not (folder / ".course" / "running.json").exists()


def test_a_killed_course_takes_jupyterlab_along(start, talk, folder):
    """After kill -9 of the course, JupyterLab and its kernels end by themselves."""
    started = start()
    talk.way_to_lab(started.link())
    family = started.family()
    started.process.kill()
    _, left = psutil.wait_procs(family, timeout=10)

    assert family != []
    assert left == []


def test_control_c_in_a_terminal_asks_nothing(folder, talk):
    """With a terminal, Ctrl-C ends everything at once and without a question."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        environment = os.environ | {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
        environment["PYTHONPATH"] = str(folder)
        ports = ["--port", talk.port_for(folder), "--lab-port", "0"]
        os.execve(sys.executable, [sys.executable, "-c", talk.INSIDE, *ports], environment)
    try:
        seen = read_until(terminal, b"Ctrl-C stops the course.")
        family = psutil.Process(pid).children(recursive=True)
        began = time.monotonic()
        os.write(terminal, b"\x03")
        seen += read_until(terminal, b"Stopping the course.")
        _, status = os.waitpid(pid, 0)
        took = time.monotonic() - began
    finally:
        os.close(terminal)
    left = psutil.wait_procs(family, timeout=0.2)[1]

    assert (os.waitstatus_to_exitcode(status), left) == (0, [])
    assert took < 5
    assert b"y/[n]" not in seen


def read_until(terminal, text, within=60):
    """What the terminal shows, up to a text."""
    seen = b""
    until = time.monotonic() + within
    while text not in seen:
        ready, _, _ = select.select([terminal], [], [], until - time.monotonic())
        assert ready, seen
        seen += os.read(terminal, 4096)
    return seen


@pytest.mark.parametrize("option", ["--port", "--lab-port"])
def test_a_port_in_use_is_one_sentence(start, option):
    """The sentence names the port and the option; nothing was started."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = str(other.getsockname()[1])
        ports = {"--port": "0", "--lab-port": "0"} | {option: number}
        started = start(*[part for pair in ports.items() for part in pair])
        status = started.process.wait(timeout=20)
        started.reader.join(timeout=5)

    said = f"Port {number} is in use by another program: choose a free one with `{option} N`."
    assert (status, started.lines) == (1, [said])


@pytest.mark.parametrize(
    "options", [("--port", "x"), ("--port", "70000"), ("--port", "-1"), ("--frob",),
                ("--port", "8000", "--lab-port", "8000")]
)  # fmt: skip
def test_wrong_options_are_usage(start, options):
    """Status 64 and the usage."""
    started = start(*options)
    assert started.process.wait(timeout=20) == 64
    started.reader.join(timeout=5)
    assert started.lines[0].startswith("usage: python3 -m course start")


def test_a_jupyterlab_that_dies_is_said(start, talk):
    """One line says so, the pages go on, and the way to JupyterLab says it too."""
    started = start()
    link = started.link()
    origin, cookie = link.partition("/?")[0], talk.signed_in(link)
    started.jupyter().kill()
    said = started.said("JupyterLab has ended")

    assert "Press Ctrl-C and start the course again" in said
    assert talk.ask(f"{origin}/")[0] == 200
    assert talk.ask(f"{origin}/open/lab/", cookie=cookie)[0] == 503
    assert started.stop()[0] == 0


def test_stopped_while_it_starts_leaves_nothing(start, folder):
    """Ctrl-C before the ready line ends what was begun, with the status of an interruption."""
    (folder / ".course" / "site" / ".fingerprint").unlink(missing_ok=True)
    started = start()
    started.said("Building the pages.")
    status, took, left = started.stop()

    assert (status, left) == (130, [])
    assert took < 5
    assert not any("Course ready" in line for line in started.lines)


def test_pages_are_built_once(start, folder):
    """The second start serves the pages that are there; a changed page is built again."""
    first = start()
    first.said("Course ready: ")
    first.stop()
    second = start()
    second.said("Course ready: ")
    second.stop()
    with (folder / "site" / "index.md").open("a") as page:
        page.write("\nOne sentence more.\n")
    third = start()
    third.said("Course ready: ")
    third.stop()

    built = [any("Building" in line for line in one.lines) for one in (first, second, third)]
    assert built[1:] == [False, True]


def test_pages_that_cannot_be_built_are_said(start, folder):
    """One sentence names the log; JupyterLab, begun meanwhile, is ended."""
    settings = folder / "mkdocs.yml"
    before = settings.read_text()
    try:
        settings.write_text(before + "\n: [\n")
        started = start()
        started.said("The pages could not be built; why is in ")
        family = started.family() if started.process.poll() is None else []
        assert started.process.wait(timeout=10) == 1
    finally:
        settings.write_text(before)

    assert psutil.wait_procs(family, timeout=5)[1] == []


def test_the_browser_is_opened_without_showing_the_link(start, folder, tmp_path):
    """A browser is given a private page that goes on to the link, which then signs in."""
    note = tmp_path / "opened"
    fake = tmp_path / "browser"
    fake.write_text(f'#!/bin/sh\nstat -c %a "${{1#file://}}" >{note}.part\n'
                    f'echo "$1" >>{note}.part\ncat "${{1#file://}}" >>{note}.part\n'
                    f"mv {note}.part {note}\n")  # fmt: skip
    fake.chmod(0o755)
    started = start(BROWSER=f"{fake} %s")
    started.said("Course ready: ")
    until = time.monotonic() + 20
    while not note.exists():
        assert time.monotonic() < until
        os.sched_yield()
    mode, address, page = note.read_text().split("\n", 2)
    started.stop()

    assert mode == "600"
    assert re.fullmatch(r"file:///\S+/build/sign-in\.html", address)
    assert re.search(r"url=http://127\.0\.0\.1:\d+/\?ticket=[\w-]+", page)
    assert not (folder / "build" / "sign-in.html").exists()


def test_no_browser_means_none(start, tmp_path):
    """With --no-browser nothing is opened."""
    fake = tmp_path / "browser"
    fake.write_text(f"#!/bin/sh\ntouch {tmp_path}/opened\n")
    fake.chmod(0o755)
    started = start("--no-browser", BROWSER=f"{fake} %s")
    started.said("Ctrl-C stops the course.")
    started.stop()

    assert not (tmp_path / "opened").exists()


def test_in_a_browser(start, browser):
    """Chromium opens the link and goes on to a lesson in JupyterLab, where nothing pops up.

    The clean address keeps the sign-in, a second profile has none, and no rule of the page's
    security policy is broken.
    """
    started = start()
    link = started.link()
    origin = link.partition("/?")[0]
    page = browser.new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(link)
    assert page.url == f"{origin}/"
    page.goto(f"{origin}/lessons/06_liveness/")
    assert [text for text in complaints if "Content Security Policy" in text] == []
    page.evaluate("location.href = '/open/lab/06_liveness.ipynb'")
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=60000)
    page.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60000)
    assert "token" not in page.url
    assert page.locator(".Toastify__toast").count() == 0
    assert page.locator(".jp-Dialog").count() == 0
    other = browser.new_context().new_page()
    answer = other.goto(f"{origin}/open/lab/06_liveness.ipynb")
    assert answer.status == 403
    assert "python3 -m course start" in other.content()
    other.context.close()
    page.context.close()
