"""What has ended is written, whoever goes away in the meantime."""

import asyncio

import pytest

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


async def ended():
    return Ended(Exchange("q1", "what?", "explain", "that", "done"), Done(), 3)


@pytest.mark.parametrize("leaves", ["the caller", "the service"])
def test_what_is_being_written_is_written_to_its_end(leaves):
    """A caller who is cancelled, and a service that ends, leave no answer behind."""

    async def program():
        history = Slow()
        keeping = Keeping(history, 1, lambda: 0.0)
        whole = asyncio.create_task(ended())
        await whole
        keeping.keep(Ask("q1", "what?", "explain"), 1, whole)
        caller = asyncio.create_task(keeping.settled())
        await history.begun.wait()
        closing = asyncio.create_task(keeping.close())
        if leaves == "the caller":
            caller.cancel()
        await asyncio.sleep(0)
        history.go_on.set()
        await closing
        return history.kept

    assert asyncio.run(asyncio.wait_for(program(), 10)) == ["q1"]


def test_the_writer_is_not_cancelled_while_it_writes():
    """The service may end in the middle of what it writes by itself."""

    async def program():
        history = Slow()
        keeping = Keeping(history, 1, lambda: 0.0)
        whole = asyncio.create_task(ended())
        await whole
        keeping.keep(Ask("q1", "what?", "explain"), 1, whole)
        await history.begun.wait()
        closing = asyncio.create_task(keeping.close())
        await asyncio.sleep(0)
        history.go_on.set()
        await closing
        return history.kept

    assert asyncio.run(asyncio.wait_for(program(), 10)) == ["q1"]
