"""The receivers to take home, as processes on both databases."""

import json
import re
import subprocess
import sys
import threading
import time

import pytest

from .receivers import BODY, HOME, OLD_SECRET, ROOT, SECRET, delivery, post, receiver

FRAMEWORKS, DATABASES = ("aiohttp", "fastapi", "express"), ("sqlite", "postgresql")
KINDS = [(framework, database) for framework in FRAMEWORKS for database in DATABASES]
MARK = "# --- the same in every framework, {} here"


@pytest.fixture(scope="module", params=KINDS, ids="-".join)
def stopped(request, tmp_path_factory):
    """A receiver that does not run."""
    with receiver(*request.param, tmp_path_factory.mktemp("receiver")) as one:
        yield one


@pytest.fixture(scope="module")
def shared(stopped):
    """A receiver that runs while its tests do, and its address."""
    url = stopped.start()
    yield stopped, url
    stopped.stop()


@pytest.fixture
def hook(shared):
    """The same with no events in it."""
    one, url = shared
    one.ask("DELETE FROM inbox")
    one.ask("DELETE FROM effects")
    return one, url


def test_a_genuine_event_takes_effect_once(hook):
    """It is answered 200 and worked on; a copy is answered 200 and changes nothing."""
    one, url = hook

    assert post(url, delivery("evt_1")) == [200]
    one.becomes({"evt_1": 1})
    assert post(url, delivery("evt_1")) == [200]
    assert post(url, delivery("evt_2")) == [200]
    one.becomes({"evt_1": 1, "evt_2": 1})


def test_ten_copies_at_once_take_effect_once(hook):
    """Whoever comes while the first is still being kept waits for it."""
    one, url = hook

    assert post(url, *[delivery("evt_1")] * 10) == [200] * 10
    post(url, delivery("evt_2"))
    one.becomes({"evt_1": 1, "evt_2": 1})


def test_the_old_secret_holds_while_it_is_replaced(hook):
    """Either secret signs, and both together."""
    one, url = hook
    headers, body = delivery("evt_3")
    both = delivery("evt_3", secret=OLD_SECRET)[0]["webhook-signature"]
    headers["webhook-signature"] += f" v1a,whatever {both}"

    assert post(url, delivery("evt_1", secret=OLD_SECRET), (headers, body)) == [200, 200]
    one.becomes({"evt_1": 1, "evt_3": 1})


def refusals():
    """What no receiver may believe, by what is wrong with it."""
    headers, body = delivery("evt_1")
    signed = headers["webhook-signature"]
    ours, another = list(headers.items()), [("webhook-id", "evt_2")]
    return {
        "one byte of the body": (headers, body.replace(b"10.00", b"90.00")),
        "written anew": (headers, json.dumps(json.loads(body)).encode()),
        "another id": ({**headers, "webhook-id": "evt_2"}, body),
        "late": delivery("evt_1", sent=time.time() - 310),
        "from the future": delivery("evt_1", sent=time.time() + 310),
        "another's secret": delivery("evt_1", secret="whsec_" + "c29tZWJvZHkg" * 3),
        "no signature": ({k: v for k, v in headers.items() if "signature" not in k}, body),
        "no time": ({k: v for k, v in headers.items() if "timestamp" not in k}, body),
        "two ids": (another + ours, body),
        "two ids, ours first": (ours + another, body),
        "half a signature": ({**headers, "webhook-signature": signed[:20]}, body),
        "an older version": ({**headers, "webhook-signature": signed.replace("v1,", "v0,")}, body),
        "letters beyond ASCII": ({**headers, "webhook-signature": "v1,\xe4"}, body),
        "a time in words": ({**headers, "webhook-timestamp": "now"}, body),
        "no body": (headers, b""),
    }


def test_what_is_not_genuine_is_refused(hook):
    """Each is answered 401, and none of them is kept."""
    one, url = hook
    tried = refusals()

    assert dict(zip(tried, post(url, *tried.values()), strict=True)) == dict.fromkeys(tried, 401)
    assert one.ask("SELECT count(*) FROM inbox") == [(0,)]


def test_the_same_id_with_another_body_is_an_alarm(hook):
    """The first is kept; the other is answered 409, so that somebody looks."""
    one, url = hook
    other = delivery("evt_1", BODY.replace(b"10.00", b"90.00"))

    assert post(url, delivery("evt_1")) == [200]
    assert post(url, other) == [409]
    assert [bytes(body) for (body,) in one.ask("SELECT body FROM inbox")] == [BODY]


def test_more_than_a_receiver_wants_is_refused(hook):
    """A mebibyte is taken, one byte more is answered 413."""
    one, url = hook
    full = b'{"type": "huge"}'.ljust(1_048_576)

    assert post(url, delivery("evt_1", full)) == [200]
    assert post(url, delivery("evt_2", full + b" ")) == [413]
    one.becomes({"evt_1": 1})


def test_an_event_that_cannot_be_worked_on_is_put_off(hook):
    """It was answered 200, waits with its count of failures, and others overtake it."""
    one, url = hook

    assert post(url, delivery("evt_1", b"not JSON")) == [200]
    assert post(url, delivery("evt_2")) == [200]
    one.becomes({"evt_2": 1})
    ((failures, done),) = one.ask("SELECT failures, done FROM inbox WHERE id = 'evt_1'")
    assert 1 <= failures < 5  # the fifth would come 30 s after the first
    assert done is None


def test_what_cannot_be_kept_is_not_acknowledged(hook):
    """Without its table the receiver answers 503, and the next delivery is taken."""
    one, url = hook

    one.ask("ALTER TABLE inbox RENAME TO away")
    refused = post(url, delivery("evt_1"))
    one.ask("ALTER TABLE away RENAME TO inbox")

    assert refused == [503]
    assert post(url, delivery("evt_1")) == [200]
    one.becomes({"evt_1": 1})


def test_the_effects_can_be_asked_for(hook):
    """`effects` in place of a port prints how often each event took effect."""
    one, url = hook
    post(url, delivery("evt_1"))
    one.becomes({"evt_1": 1})
    command = [*one.command, "effects"]

    done = subprocess.run(command, env=one.environment, capture_output=True, check=True)

    assert json.loads(done.stdout) == {"evt_1": 1}


def test_two_processes_share_the_work(hook):
    """Each event is sent to both at once, and takes effect once."""
    one, url = hook
    events = [f"evt_{number}" for number in range(20)]
    answers = {}

    def send(address):
        answers[address] = post(address, *map(delivery, events))

    threads = [threading.Thread(target=send, args=(each,)) for each in (url, one.start())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(answers.values()) == [[200] * 20] * 2
    one.becomes(dict.fromkeys(events, 1))


@pytest.mark.parametrize("kind", KINDS, ids="-".join)
def test_a_killed_receiver_loses_nothing_that_it_acknowledged(kind, tmp_path):
    """`kill -9` between answers: what was answered 200 takes effect once after the restart."""
    with receiver(*kind, tmp_path) as one:
        url = one.start()
        acknowledged = []

        def send():
            for number in range(500):
                if post(url, delivery(f"evt_{number}")) != [200]:
                    return
                acknowledged.append(f"evt_{number}")
                if number == 10:
                    middle.set()

        middle = threading.Event()
        sending = threading.Thread(target=send)
        sending.start()
        assert middle.wait(30)
        one.kill()
        sending.join()
        one.start()

        kept = [event for (event,) in one.ask("SELECT id FROM inbox")]
        assert set(acknowledged) <= set(kept)
        one.becomes(dict.fromkeys(kept, 1))


# The effect is written, and the process is gone before the commit.
DIES = """
import os, runpy, sys
sys.argv = [{file!r}]
names = runpy.run_path({file!r})
inbox = names["Inbox"](names["DATABASE"])
real = names["work"]
def work(inbox, db, event, body):
    real(inbox, db, event, body)
    os._exit(9)
inbox.work_on_next.__func__.__globals__["work"] = work
inbox.work_on_next()
"""


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("framework", ["aiohttp", "fastapi"])
def test_effect_and_mark_are_there_together_or_not_at_all(framework, database, tmp_path):
    """Killed between effect and commit, the event still waits, without an effect."""
    with receiver(framework, database, tmp_path) as one:
        subprocess.run([*one.command, "effects"], env=one.environment, check=True)
        one.ask(f"INSERT INTO inbox (id, body) VALUES ('evt_1', '{BODY.decode()}')")
        code = DIES.format(file=str(HOME / f"{framework}_receiver.py"))
        died = subprocess.run([sys.executable, "-c", code], env=one.environment, check=False)

        assert died.returncode == 9
        assert one.effects() == {}
        one.start()
        one.becomes({"evt_1": 1})


def test_both_python_files_say_the_same():
    """What is not the framework's is one text, so that a mistake is mended in both."""
    texts = [(HOME / f"{each}_receiver.py").read_text() for each in ("aiohttp", "fastapi")]
    parts = [
        text.partition(MARK.format("from"))[2].partition(MARK.format("to"))[0] for text in texts
    ]

    assert len(parts[0]) > 4000
    assert parts[0] == parts[1]


def test_secrets_are_nobodys(hook):
    """What is logged names the reason of a refusal and no secret."""
    one, url = hook
    post(url, *refusals().values())

    said = "".join(log.read_text() for log in one.folder.glob("*.log"))

    assert "none of the signatures is by a secret of ours" in said
    assert SECRET.removeprefix("whsec_") not in said


def test_the_lesson_shows_what_the_receiver_asks():
    """The statement in M14 is the one of postgresql.sql."""
    cells = json.loads((ROOT / "notebooks" / "14_inbox.ipynb").read_text())["cells"]
    text = next(text for cell in cells if "take-home.md" in (text := "".join(cell["source"])))
    (shown,) = re.findall(r"^```sql\n(SELECT.*?)^```", text, re.DOTALL | re.MULTILINE)

    assert shown in (HOME / "postgresql.sql").read_text()
