"""The bench of m13.dispatcher: its store, its client, and that its grader knows its mistakes."""

import pytest

from labs import run
from labs.exercises.crash import Killed, Process
from labs.exercises.exercise import exercise
from labs.exercises.judge import judge
from labs.exercises.m13_dispatcher.shelf import Event, Shelf, Store, Taken
from labs.exercises.m13_dispatcher.watch import Watch
from labs.exercises.m13_dispatcher.wire import Answer, Http, Receiver, Reply
from labs.exercises.submission import Submission

EVENT = Event("evt_1", "http://auction/hook", "lot 7", b"{}", 0.0)


class Nobody:
    """A watch that sees nothing."""

    def leased(self, process, row):
        pass

    def marked(self, process, row, state, answer):
        pass

    def sends(self, process, url, event_id, timestamp, body):
        return event_id

    def hears(self, post, status):
        pass

    def reads(self, event_id, size, whole):
        pass


class At:
    """A clock to be set."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def store(shelf, at=None, dies_at=None):
    """The shelf as a process sees it."""
    return Store(shelf, Process(dies_at), Nobody(), at or At())


def test_a_transaction_keeps_all_or_nothing():
    """What stands in it is there afterwards; when the block raises, nothing of it is."""
    shelf = Shelf()
    one = store(shelf)
    with pytest.raises(ValueError, match="no"), one.transaction():
        one.apply("payment 1")
        one.add(EVENT)
        raise ValueError("no")

    assert (shelf.changes, shelf.rows) == (set(), {})
    with one.transaction():
        one.apply("payment 1")
        one.add(EVENT)
        assert (shelf.changes, shelf.rows) == (set(), {})
    assert (shelf.changes, list(shelf.rows)) == ({"payment 1"}, ["evt_1"])


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_process_that_dies_in_a_transaction_keeps_nothing(step):
    """At each of its four steps death leaves neither change nor event."""
    shelf = Shelf()
    one = store(shelf, dies_at=step)
    with pytest.raises(Killed), one.transaction():
        one.apply("payment 1")
        one.add(EVENT)

    assert (shelf.changes, shelf.rows) == (set(), {})


def test_a_lease_is_one_workers_until_it_ends():
    """Nobody else gets it meanwhile; then anybody does, and the first may no longer write."""
    shelf, at = Shelf(), At()
    shelf.add(EVENT)
    first, second = store(shelf, at), store(shelf, at)
    [delivery] = first.due(0.0)
    lease = first.lease(delivery, 30.0)

    assert second.due(10.0) == []
    with pytest.raises(Taken):
        second.lease(delivery, 40.0)
    at.now = 31.0
    assert second.due(31.0) == [delivery]
    second.mark(delivery, "DELIVERED", lease=second.lease(delivery, 60.0))
    with pytest.raises(second.Taken):
        first.mark(delivery, "WAITING", 36.0, lease=lease)
    assert shelf.rows["evt_1"].state == "DELIVERED"


def test_a_mark_without_a_lease_overwrites():
    """Only who brings the lease is refused when it is over; that is the mistake to be made."""
    shelf = Shelf()
    shelf.add(EVENT)
    one = store(shelf)
    [delivery] = one.due(0.0)
    one.mark(delivery, "DELIVERED")
    one.mark(delivery, "WAITING", 5.0)

    assert [(d.event_id, d.attempt) for d in one.due(5.0)] == [("evt_1", 2)]
    assert one.due(4.9) == []


@pytest.mark.parametrize(
    ("state", "next_at", "says"),
    [
        ("delivered", None, "a state is one of DELIVERED, WAITING, DEAD LETTER, DISABLED"),
        ("WAITING", None, "needs the time of its next attempt"),
    ],
)
def test_a_mark_that_makes_no_sense_is_refused(state, next_at, says):
    """An unknown state, or a wait without an end, is told in a sentence."""
    shelf = Shelf()
    shelf.add(EVENT)
    one = store(shelf)
    with pytest.raises(ValueError, match=says):
        one.mark(one.due(0.0)[0], state, next_at)


def test_only_unfinished_deliveries_of_the_same_key_are_ahead():
    """Other keys, no key, and what is delivered or parked hold nobody back."""
    shelf = Shelf()
    for number, key in enumerate(["lot 7", "lot 7", "lot 8", "", ""], 1):
        shelf.add(Event(f"evt_{number}", EVENT.endpoint, key, b"{}", 0.0))
    one = store(shelf)
    due = one.due(0.0)

    assert [one.ahead(each) for each in due] == [False, True, False, False, False]
    one.mark(due[0], "DEAD LETTER")
    assert not one.ahead(due[1])


def test_a_disabled_endpoint_keeps_its_deliveries():
    """Nothing of it is due until it is enabled; then all of it is."""
    shelf = Shelf()
    shelf.add(EVENT)
    shelf.add(Event("evt_2", EVENT.endpoint, "", b"{}", 0.0))
    one = store(shelf)
    first, _ = one.due(0.0)
    one.disable(EVENT.endpoint)
    one.mark(first, "DISABLED")

    assert one.due(1e9) == []
    shelf.enable(EVENT.endpoint)
    assert [each.event_id for each in one.due(0.0)] == ["evt_1", "evt_2"]


def post(answer):
    """What one POST to a receiver that answers so comes to."""

    async def main(world):
        receiver = Receiver(lambda *_: answer)
        await receiver.serve(world, "auction")
        with world.host("bank"):
            try:
                reply = await Http(Process(), Nobody()).post(
                    "http://auction/hook", "evt_1", 0, b"{}"
                )
            except OSError as error:
                return type(error).__name__, world.now
            return reply.status, await reply.read(10)

    return run(main, at="auction").result


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer(200), (200, b"..")),
        (Answer(204, size=0), (204, b"")),
        (Answer(410, after=3.0), (410, b"..")),
        (Answer(200, size=1_000_000_000), (200, b"." * 10)),
        (Answer(way="resets"), ("ConnectionResetError", 0.1)),
        (Answer(way="silent"), ("TimeoutError", 15.0)),
    ],
)
def test_a_post_has_an_answer_or_an_error(answer, result):
    """A status with its body, ConnectionError after a reset, TimeoutError after 15 seconds."""
    assert post(answer) == result


def test_a_body_is_read_in_pieces():
    """`read(n)` goes on where the last one ended, and ends with nothing."""

    async def main(world):
        reply = Reply(200, {}, "evt_1", b"abcdef", 6, Nobody())
        return [await reply.read(4), await reply.read(4), await reply.read()]

    assert run(main).result == [b"abcd", b"ef", b""]


def test_the_first_sighting_counts():
    """What is seen later does not replace it, and whoever waits is woken."""

    class Stage:
        def __init__(self, world):
            self.world = world

    async def main(world):
        watch = Watch(Stage(world))
        nothing = await watch.until(1.0)
        watch.see("no_lease", "it began.", "evt_1")
        watch.see("no_bound", "it went on.")
        return nothing, await watch.until(9.0), world.now

    nothing, first, now = run(main).result
    assert (nothing, first.bug, first.saw) == (None, "no_lease", "At 1 s it began.")
    assert now < 1.2


MISSING = """
class Dispatcher:
    def __init__(self, *_):
        pass

    async def run(self):
        print("at work")
"""


def test_a_missing_method_is_told():
    """A class without `publish` is not what was asked for."""
    verdict = judge(exercise("m13.dispatcher"), Submission(MISSING))

    assert (verdict.bug, "no method `publish`" in verdict.saw) == ("not_asked", True)


def test_a_failing_line_is_shown_out_of_a_task_group():
    """The learner's own error is told, not the group that asyncio wrapped it in."""
    source = exercise("m13.dispatcher").official_solution()
    verdict = judge(
        exercise("m13.dispatcher"), Submission(source.replace('"DELIVERED"', '"delivered"'))
    )

    assert verdict.bug == "raised"
    assert "ValueError: a state is one of" in verdict.saw
    assert "Group" not in verdict.saw
