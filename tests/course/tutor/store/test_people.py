"""Accounts and sessions in the database."""

import pytest

from course.tutor.store.people import NameTaken


def test_a_name_belongs_to_one_account(kept):
    """The second account with a name is refused, and the first one stays as it was."""

    async def program(stores):
        first = await stores.people.create("ada", "hash", now=1)
        with pytest.raises(NameTaken):
            await stores.people.create("ada", "other", now=2)
        assert await stores.people.named("ada") == first
        assert await stores.people.named("bob") is None

    kept(program)


def test_an_account_is_made_once(kept):
    """`ensure` gives the same account each time."""

    async def program(stores):
        assert await stores.people.ensure("you", 1) == await stores.people.ensure("you", 2)

    kept(program)


def test_a_session_lasts_until_it_expires_or_is_revoked(kept):
    """It is found before its last second, not at it, and not after it was ended."""

    async def program(stores):
        people = stores.people
        ada = await people.create("ada", None, now=0)
        await people.open_session(ada.id, "a" * 64, now=0, expires=10)
        await people.open_session(ada.id, "b" * 64, now=0, expires=100)
        assert await people.in_session("a" * 64, now=9.9) == ada
        assert await people.in_session("a" * 64, now=10) is None
        assert await people.in_session("b" * 64, now=10) == ada
        await people.end_session("b" * 64)
        assert await people.in_session("b" * 64, now=10) is None

    kept(program)


def test_a_new_password_signs_everybody_out(kept):
    """Who knew the old password keeps no session."""

    async def program(stores):
        people = stores.people
        ada = await people.create("ada", "old", now=0)
        await people.open_session(ada.id, "a" * 64, now=0, expires=10)
        await people.set_password(ada.id, "new")
        assert await people.in_session("a" * 64, now=1) is None
        assert (await people.named("ada")).password == "new"

    kept(program)


def test_sessions_of_one_account_end_together(kept):
    """`end_sessions` revokes all of one account's and none of another's."""

    async def program(stores):
        people = stores.people
        ada, bob = [await people.create(name, None, now=0) for name in ("ada", "bob")]
        for user, mark in ((ada, "a"), (ada, "b"), (bob, "c")):
            await people.open_session(user.id, mark * 64, now=0, expires=10)
        await people.end_sessions(ada.id)
        found = [await people.in_session(mark * 64, now=1) for mark in "abc"]
        assert found == [None, None, bob]

    kept(program)
