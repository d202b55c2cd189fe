"""The door `storm`: safety, exit statuses, reports, hostile receivers, Ctrl-C."""

import json
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from xml.etree import ElementTree as ET

import pytest

from tests.course.fieldtest.storming import DOOR, SECRET, door, receiver, stormed

STRIPE = ["--scheme", "stripe", "--secret", "whsec_x"]


@contextmanager
def answering(answer):
    """An address where each connection is handed to `answer`, on a thread."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(50)
        def one(connection):
            with connection, suppress(OSError):
                answer(connection)

        def loop():
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=loop, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def garbage(connection):
    connection.recv(65536)
    connection.sendall(b"\x00\xff nonsense\r\n\r\n" * 5)


def closes(connection):
    connection.recv(10)


def large(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 10_000_000)


def endless_head(connection):
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: " + b"y" * 60000 + b"\r\n")


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (garbage, "no_http"),
        (closes, "closes_without_answer"),
        (large, "accepts_forgery"),
        (endless_head, "no_http"),
    ],
)
def test_whatever_is_answered_is_judged(answer, finding):
    """Garbage, a closed connection, 10 MB and a head without end become findings."""
    with answering(answer) as address:
        done = door(f"{address}/", *STRIPE, "--json", "--only", "signature_missing")
    assert done.returncode == 1, done.stderr
    assert [each["id"] for each in json.loads(done.stdout)["findings"]] == [finding]


@pytest.mark.slow
def test_a_receiver_that_hangs_ends_the_storm():
    """Where nobody ever answers, storm says so within 20 seconds."""
    hung = threading.Event()
    with answering(lambda _: hung.wait(60)) as address:
        done = door(f"{address}/", *STRIPE, "--json")
        hung.set()
    report = json.loads(done.stdout)
    assert [each["id"] for each in report["findings"]] == ["no_answer"]
    assert report["about"]["seconds"] < 20


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["http://127.0.0.1:1/", *STRIPE], 3, "Nobody answers"),
        (["http://192.0.2.1/", *STRIPE], 64, "--allow 192.0.2.1"),
        (["http://192.0.2.1/", *STRIPE, "--allow", "192.0.2.2"], 64, "name it twice"),
        (["http://127.0.0.1:1/", "--scheme", "paypal", "--secret", "x"], 64, "cannot play PayPal"),
        (["http://127.0.0.1:1/", "--scheme", "gitlab", "--secret", "x"], 64, "does not fit"),
        (["http://127.0.0.1:1/", "--scheme", "nobody", "--secret", "x"], 64, "There is no scheme"),
        (["http://me:word@127.0.0.1:1/", *STRIPE], 64, "no name and password"),
        (["ftp://127.0.0.1/", *STRIPE], 64, "no address"),
        (["http://127.0.0.1:1/", *STRIPE, "--only", "rain"], 64, "sends no `rain`"),
        (["--scheme", "stripe"], 64, "needs URL, --secret"),
        (["--rain"], 64, "usage"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(arguments, status, says):
    """Wrong usage is 64, nobody there is 3, and a sentence says what to do."""
    done = door(*arguments)
    assert done.returncode == status
    assert says in done.stderr


def test_the_effects_of_another_machine_are_not_asked(tmp_path):
    """The address of the effects is held to the same rule."""
    with receiver("Receiver", tmp_path) as address:
        done = door(f"{address}/hook", *STRIPE, "--effects", "http://192.0.2.1/")
    assert done.returncode == 64
    assert "192.0.2.1 is not this machine" in done.stderr


def test_a_secret_that_does_not_fit_is_no_finding(tmp_path):
    """Where genuine deliveries are answered as forgeries are, storm could not tell."""
    with receiver("OtherSecret", tmp_path) as address:
        status, report = stormed(address)
    assert (status, report["findings"]) == (3, [])
    assert "secret" in report["unclear"]


def test_reports_are_written(tmp_path):
    """HTML with the wire's bytes and picture, JUnit with a failure, text with the lesson."""
    page, junit = tmp_path / "storm.html", tmp_path / "storm.xml"
    with receiver("OldOnly", tmp_path) as address:
        flags = ["--scheme", "standard_webhooks", "--secret", SECRET, "--only", "too_new"]
        done = door(f"{address}/hook", *flags, "--html", page, "--junit", junit)
    assert done.returncode == 1
    assert "lessons/12_signatures/#" in done.stdout
    assert "<svg" in page.read_text()
    assert "webhook-signature: v1," in page.read_text()
    assert "<script" not in page.read_text()
    suite = ET.parse(junit).getroot()[0]
    assert suite.attrib["failures"] == "1"
    assert suite.find("testcase/failure") is not None


def test_the_list_names_what_is_sent_and_what_cannot_be():
    """`--list` has each part of the storm, each scheme's id, and why some cannot be played."""
    told = json.loads(door("--list", "--json").stdout)
    assert {"ten", "body_changed", "trickle"} <= {each["id"] for each in told["sends"]}
    assert told["schemes"]["stripe"] == "id in the body"
    assert set(told["cannot"]) == {"paypal", "adyen", "mailgun"}
    assert "ten at a time" in door("--list").stdout


def test_ctrl_c_ends_it_and_says_what_was_done():
    """An interrupted storm ends at once and tells how many deliveries had been sent."""
    came = threading.Event()

    def slow(connection):
        connection.recv(65536)
        came.set()
        threading.Event().wait(60)

    with answering(slow) as address:
        command = [sys.executable, "-c", DOOR, f"{address}/", *STRIPE]
        storm = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert came.wait(60)
        storm.send_signal(signal.SIGINT)
        _, said = storm.communicate(timeout=60)
    assert storm.returncode == 130
    assert "Stopped. 1 deliveries had been sent" in said
    assert "1 of them not yet answered" in said
