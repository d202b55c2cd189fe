"""What has ended is written, whoever goes away in the meantime."""

import asyncio

from course.tutor.protocol import Ask, Done
from course.tutor.replies import Exchange
from course.tutor.service.keeping import Ended, Keeping


class Slow:
    """A history that writes when it is told to."""

    def __init__(self):
        self.begun, self.go_on, self.kept = asyncio.Event(), asyncio.Event(), []

    async def put(self, user, all_of):
        if all_of:
            self.begun.set()
            await self.go_on.wait()
        self.kept += [each.exchange.id for each in all_of]


async def told():
    """A slow history, and what keeps one ended exchange in it."""
    history = Slow()
    keeping = Keeping(history, 1, lambda: 0.0)
    exchange = Exchange("q1", "what?", "explain", "that", "done")
    whole = asyncio.get_running_loop().create_future()
    whole.set_result(Ended(exchange, Done(), 3))
    keeping.keep(Ask("q1", "what?", "explain"), 1, whole)
    return history, keeping


async def closed(history, keeping):
    """What is kept when the service ends in the middle of the writing."""
    closing = asyncio.create_task(keeping.close())
    await asyncio.sleep(0)
    history.go_on.set()
    await closing
    return history.kept


def test_a_caller_who_leaves_takes_no_answer_along():
    """What is being written is written to its end."""

    async def program():
        history, keeping = await told()
        caller = asyncio.create_task(keeping.settled())
        await history.begun.wait()
        caller.cancel()
        return await closed(history, keeping)

    assert asyncio.run(asyncio.wait_for(program(), 10)) == ["q1"]


def test_the_writer_is_not_cancelled_while_it_writes():
    """The service may end in the middle of what it writes by itself."""

    async def program():
        history, keeping = await told()
        await history.begun.wait()
        return await closed(history, keeping)

    assert asyncio.run(asyncio.wait_for(program(), 10)) == ["q1"]
