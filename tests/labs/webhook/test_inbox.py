"""The inbox: twice delivered, once done."""

import sqlite3

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from labs.errors import AlteredEvent
from labs.webhook import inbox
from labs.webhook.envelope import Envelope
from labs.webhook.inbox import Receipt

PAID = Envelope("msg_1", 0, b'{"amount":42}')


def open_inbox(path=":memory:"):
    """A connection to an inbox and a ledger, as a receiver would open it."""
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    inbox.create(db)
    db.execute("CREATE TABLE IF NOT EXISTS ledger (id TEXT)")
    return db


@pytest.fixture
def db():
    """An empty inbox."""
    db = open_inbox()
    yield db
    db.close()


def charge(db, event):
    """An effect in the same database."""
    db.execute("INSERT INTO ledger VALUES (?)", (event.id,))


def charged(db):
    """The ids that had their effect."""
    return [row[0] for row in db.execute("SELECT id FROM ledger ORDER BY rowid")]


def test_ten_copies_are_one_charge(db):
    """Every further copy is a duplicate and has no effect."""
    receipts = [inbox.handle(db, "bank", PAID, charge, now=n) for n in range(10)]

    assert receipts == [Receipt.NEW] + [Receipt.DUPLICATE] * 9
    assert charged(db) == ["msg_1"]


def test_failed_effect_leaves_nothing_behind(db):
    """When the effect raises, half of it is undone, and the next copy does it all."""

    def breaks(db, event):
        charge(db, event)
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        inbox.handle(db, "bank", PAID, breaks, now=0)
    assert charged(db) == []
    assert inbox.handle(db, "bank", PAID, charge, now=1) is Receipt.NEW
    assert charged(db) == ["msg_1"]


def test_ids_belong_to_their_provider(db):
    """The same id from another provider is another event."""
    assert inbox.handle(db, "bank", PAID, charge, now=0) is Receipt.NEW
    assert inbox.handle(db, "gateway", PAID, charge, now=0) is Receipt.NEW


def test_same_id_with_other_bytes_is_an_alarm(db):
    """An id that comes again with another body is neither new nor a duplicate."""
    altered = Envelope("msg_1", 0, b'{"amount":4200}')
    inbox.receive(db, "bank", PAID, now=0)

    for take in (
        lambda: inbox.handle(db, "bank", altered, charge, now=1),
        lambda: inbox.receive(db, "bank", altered, now=1),
    ):
        with pytest.raises(AlteredEvent, match="with another body"):
            take()
    assert not db.in_transaction
    assert charged(db) == []


def test_busy_database_raises_at_once(tmp_path):
    """Two connections: while one writes, the other is told, without a wait."""
    first, second = open_inbox(tmp_path / "inbox"), open_inbox(tmp_path / "inbox")
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        inbox.handle(second, "bank", PAID, charge, now=0)
    first.rollback()

    assert inbox.handle(second, "bank", PAID, charge, now=0) is Receipt.NEW
    assert inbox.handle(first, "bank", PAID, charge, now=0) is Receipt.DUPLICATE
    first.close()
    second.close()


def test_worker_takes_what_was_received(db):
    """Receive, claim, finish: the event is worked on once, and then there is nothing left."""
    assert inbox.receive(db, "bank", PAID, now=0) is Receipt.NEW
    assert inbox.receive(db, "bank", PAID, now=1) is Receipt.DUPLICATE
    claim = inbox.claim(db, now=2, lease=30)

    assert claim == inbox.Claim("bank", PAID, 1)
    assert inbox.claim(db, now=3, lease=30) is None
    assert inbox.finish(db, claim, charge)
    assert inbox.claim(db, now=100, lease=30) is None
    assert charged(db) == ["msg_1"]


def test_claim_of_a_worker_that_vanished_is_free_after_its_lease(db):
    """Another worker takes over, and the first, back from the dead, changes nothing."""
    inbox.receive(db, "bank", PAID, now=0)
    lost = inbox.claim(db, now=0, lease=30)

    assert inbox.claim(db, now=29.9, lease=30) is None
    again = inbox.claim(db, now=30, lease=30)
    assert again.number == 2
    assert not inbox.finish(db, lost, charge)
    assert not inbox.fail(db, lost, retry_at=0)
    assert inbox.finish(db, again, charge)
    assert charged(db) == ["msg_1"]


def test_work_that_breaks_is_undone_and_may_be_tried_later(db):
    """Mark and work are one: after a failure the claim still holds, and `fail` frees it."""
    inbox.receive(db, "bank", PAID, now=0)
    claim = inbox.claim(db, now=0, lease=30)

    def breaks(db, event):
        charge(db, event)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        inbox.finish(db, claim, breaks)
    assert inbox.fail(db, claim, retry_at=60)
    assert inbox.claim(db, now=59, lease=30) is None
    assert inbox.finish(db, inbox.claim(db, now=60, lease=30), charge)
    assert charged(db) == ["msg_1"]


def test_window_shorter_than_the_schedule_lets_a_duplicate_through(db):
    """What was forgotten is new again; what is not done is never forgotten."""
    inbox.handle(db, "bank", PAID, charge, now=0)
    inbox.receive(db, "bank", Envelope("msg_2", 0, b""), now=0)

    assert inbox.forget(db, before=300) == 1
    assert inbox.handle(db, "bank", PAID, charge, now=301) is Receipt.NEW
    assert inbox.claim(db, now=301, lease=1).envelope.id == "msg_2"
    assert charged(db) == ["msg_1", "msg_1"]


class Workers(RuleBasedStateMachine):
    """Several workers, copies and crashes in any order."""

    def __init__(self):
        super().__init__()
        self.db, self.now, self.claims, self.received = open_inbox(), 0.0, [], set()

    @rule(number=st.integers(0, 2))
    def receive(self, number):
        """One more copy of an event."""
        receipt = inbox.receive(self.db, "bank", Envelope(f"msg_{number}", 0, b""), self.now)
        assert (receipt is Receipt.NEW) == (number not in self.received)
        self.received.add(number)

    @rule()
    def claim(self):
        """A worker asks for work, and may forget about it."""
        if claim := inbox.claim(self.db, self.now, lease=10):
            self.claims.append(claim)

    @rule(which=st.integers(0, 9), ends=st.sampled_from(["finish", "fail"]))
    def end(self, which, ends):
        """Some worker ends some claim, in time or long after."""
        if self.claims and ends == "finish":
            inbox.finish(self.db, self.claims[which % len(self.claims)], charge)
        elif self.claims:
            inbox.fail(self.db, self.claims[which % len(self.claims)], self.now + 5)

    @rule(seconds=st.sampled_from([1.0, 5.0, 20.0]))
    def wait(self, seconds):
        """Time passes."""
        self.now += seconds

    @invariant()
    def nothing_happens_twice(self):
        """No event has its effect twice, and what had it is done."""
        done = {row[0] for row in self.db.execute("SELECT id FROM inbox WHERE state = 'done'")}
        assert sorted(done) == sorted(charged(self.db))

    def teardown(self):
        """Whatever is left can be worked off."""
        self.now += 1000
        while claim := inbox.claim(self.db, self.now, lease=10):
            inbox.finish(self.db, claim, charge)
        assert len(charged(self.db)) == len(self.received)
        self.db.close()


TestWorkers = Workers.TestCase
TestWorkers.settings = settings(max_examples=60, stateful_step_count=25)
