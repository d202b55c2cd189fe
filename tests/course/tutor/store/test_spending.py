"""Calls of a model, counted."""

import asyncio

import pytest

from course.tutor.store.spending import Spent


def test_a_limit_is_reached_and_not_passed(kept):
    """After the last call the next one is refused, and it is not counted."""

    async def program(stores):
        for _ in range(2):
            await stores.spending.take("2026-11-25", {"ada": 2})
        with pytest.raises(Spent) as refused:
            await stores.spending.take("2026-11-25", {"ada": 2})
        assert refused.value.who == "ada"
        assert await stores.spending.calls("2026-11-25", "ada") == 2
        await stores.spending.take("2026-11-26", {"ada": 2})

    kept(program)


def test_a_call_counts_for_all_or_for_none(kept):
    """Where the day's budget is spent, the user's number stays as it was."""

    async def program(stores):
        await stores.spending.take("2026-11-25", {"ada": 5, "service": 1})
        with pytest.raises(Spent) as refused:
            await stores.spending.take("2026-11-25", {"bob": 5, "service": 1})
        assert refused.value.who == "service"
        assert await stores.spending.calls("2026-11-25", "bob") == 0

    kept(program)


def test_nothing_is_allowed_where_the_limit_is_nothing(kept):
    """A limit of 0 refuses the first call."""

    async def program(stores):
        with pytest.raises(Spent):
            await stores.spending.take("2026-11-25", {"ada": 0})

    kept(program)


def test_calls_at_the_same_time_do_not_pass_the_limit(kept):
    """Of ten at once, three get through where three are allowed."""

    async def program(stores):
        calls = (stores.spending.take("2026-11-25", {"ada": 3, "service": 9}) for _ in range(10))
        ends = await asyncio.gather(*calls, return_exceptions=True)
        assert sum(end is None for end in ends) == 3
        assert {type(end) for end in ends} == {type(None), Spent}
        assert await stores.spending.calls("2026-11-25", "service") == 3

    kept(program)
