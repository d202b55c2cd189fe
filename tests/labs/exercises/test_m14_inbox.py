"""The machines around `m14.inbox`: processes that die, a gateway, statements that take turns."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from labs import run
from labs.exercises.crash import Killed, Process
from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.m14_inbox import database
from labs.exercises.m14_inbox.begun import Begun
from labs.exercises.m14_inbox.event import payment
from labs.exercises.m14_inbox.gateway import Gateway, Reply
from labs.exercises.submission import Submission


@pytest.fixture
def path(tmp_path):
    """A file with the auction's tables and one bidder."""
    path = str(tmp_path / "auction.db")
    database.create(path)
    database.add_bidders(path, "bidder 1")
    return path


def balance(path):
    """What another connection reads."""
    return database.read(path, "SELECT amount FROM balances")


ADD = "UPDATE balances SET amount = amount + 1"


def test_connection_is_sqlites_own_until_somebody_dies(path):
    """A block commits, or rolls back what raised; cursors, scripts and many rows work."""
    with closing(database.connect(path)) as db:
        with db:
            db.execute(ADD)
        with pytest.raises(ZeroDivisionError), db:
            db.cursor().executemany("UPDATE balances SET amount = ?", [(7,), (8,)])
            raise ZeroDivisionError
        assert balance(path) == 1
        assert not db.in_transaction
        db.executescript("UPDATE balances SET amount = 5; UPDATE balances SET amount = 6")
        assert db.execute("SELECT amount FROM balances").fetchone() == (6,)


@pytest.mark.parametrize(("dies_at", "left"), [(1, 0), (2, 0), (3, 1), (4, 1)])
def test_what_a_dead_process_still_tries_has_no_effect(path, dies_at, left):
    """Uncommitted work is gone at the step of the death, and a `finally` changes nothing."""
    life = Process(dies_at)
    db = database.connect(path)
    db.step = life.step
    with pytest.raises(Killed):
        try:
            for _ in range(2):
                db.execute(ADD)
                db.commit()
        finally:
            db.execute(ADD)

    assert balance(path) == left
    assert life.died_before == (ADD if dies_at % 2 else "COMMIT")


def test_commit_that_is_refused_leaves_no_transaction_behind(path):
    """As in sqlite3, a block whose commit fails has rolled back."""
    with closing(database.connect(path)) as reader, closing(database.connect(path)) as db:
        reading = reader.execute("SELECT * FROM balances")  # holds a read lock until fetched
        with pytest.raises(sqlite3.OperationalError, match="locked"), db:
            db.execute(ADD)
        assert not db.in_transaction
        reading.fetchall()
    assert balance(path) == 0


def test_gateway_charges_once_for_a_key_and_forgets_it_after_a_day():
    """A known key moves no money; a key that is a day old is new."""
    now = [0.0]
    gateway, event = Gateway(lambda: now[0]), payment(1, 120)
    for moment in (0.0, 3_600.0, 86_400.0):
        now[0] = moment
        gateway.take("key", event.provider, event.id)

    assert [call.charged for call in gateway.of(event)] == [True, False, True]
    assert gateway.charges(event) == 2


def test_gateway_refuses_a_second_call_while_the_first_is_undecided():
    """409 until the first has failed; then the key may be used again."""
    now = [0.0]
    gateway = Gateway(lambda: now[0], [Reply(after=29.0, status=503)])
    said = []
    for moment in (0.0, 25.0, 30.0):
        now[0] = moment
        said.append(gateway.take("key", "bank", "evt_1").status)

    assert said == [503, 409, 200]
    assert [call.charged for call in gateway.calls] == [False, False, True]


def test_coroutine_begun_in_the_middle_goes_as_far_as_it_can_at_once():
    """Its first steps are made inside the other's; the rest when it is awaited."""

    async def main(world):
        steps = []

        async def second(waits):
            steps.append("second begins")
            if waits:
                await asyncio.sleep(waits)
            steps.append("second ends")
            return 200

        for waits in (0, 5):
            steps.append("first")
            begun = Begun(second(waits))
            steps.append("first goes on")
            assert await begun == 200
        return steps

    assert run(main).result == [
        *("first", "second begins", "second ends", "first goes on"),
        *("first", "second begins", "first goes on", "second ends"),
    ]


def test_what_a_begun_coroutine_raises_is_raised_where_it_is_awaited():
    """Not in the middle of the other's statement."""

    async def main(world):
        async def second():
            raise ZeroDivisionError

        begun = Begun(second())
        with pytest.raises(ZeroDivisionError):
            await begun

    run(main)


INIT = "class Inbox:\n    def __init__(self, db, gateway, clock):\n        self.db = db\n"


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("class Inbox:\n    x = 1\n", "cannot be called with 3 arguments"),
        (f"{INIT}    def receive(self, event):\n        return 200\n", "no method `handle`"),
        (f"{INIT}    async def handle(self):\n        return 200\n", "called with 2 arguments"),
    ],
    ids=["no init", "no handle", "no event"],
)
def test_what_has_another_form_is_told_so(source, says):
    """A sentence about the class, and no failure in our lines."""
    verdict = judge(exercise("m14.inbox"), Submission(source))

    assert verdict.bug == "not_asked"
    assert says in verdict.saw
