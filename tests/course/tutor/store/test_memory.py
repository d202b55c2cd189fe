"""What an answerer notes of a user, by name."""

import asyncio

STATE = {"stage": "design", "said": ["Ünïcödé", 1, None]}


def test_what_is_kept_is_found_until_it_is_replaced(kept):
    """The newest state under a name is the one that is there; None leaves nothing."""

    async def program(stores):
        user = (await stores.people.ensure("ada", 1)).id
        assert await stores.memory.find(user, "interview") is None
        for state in ({"stage": "asked"}, STATE):
            await stores.memory.keep(user, "interview", state)
        assert await stores.memory.find(user, "interview") == STATE
        await stores.memory.keep(user, "interview", None)
        assert await stores.memory.find(user, "interview") is None

    kept(program)


def test_users_and_names_do_not_meet(kept):
    """Each user has notes of their own under each name."""

    async def program(stores):
        ada, bob = [(await stores.people.ensure(name, 1)).id for name in ("ada", "bob")]
        await stores.memory.keep(ada, "hints", 3)
        await stores.memory.keep(bob, "hints", 1)
        await stores.memory.keep(ada, "interview", STATE)
        assert await stores.memory.find(ada, "hints") == 3
        assert await stores.memory.find(bob, "hints") == 1

    kept(program)


def test_the_first_note_may_come_twice_at_once(kept):
    """Of two at the same time one stays, and neither fails."""

    async def program(stores):
        user = (await stores.people.ensure("ada", 1)).id
        await asyncio.gather(*(stores.memory.keep(user, "hints", n) for n in range(5)))
        assert await stores.memory.find(user, "hints") in range(5)

    kept(program)


def test_notes_go_with_the_account(kept):
    """Nothing is kept of a user who is gone, and nothing can be added."""

    async def program(stores):
        user = (await stores.people.ensure("ada", 1)).id
        await stores.memory.keep(user, "hints", 3)
        await stores.people.erase(user)
        assert await stores.memory.find(user, "hints") is None
        await stores.memory.keep(user, "hints", 4)
        assert await stores.memory.find(user, "hints") is None

    kept(program)
