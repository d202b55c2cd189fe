"""Passwords, kept as argon2id hashes (RFC 9106) and compared in the same time for every name."""

import asyncio
import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 12, 256  # characters; NIST SP 800-63B asks for length and for nothing else
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
AT_ONCE = 2  # each takes 64 MiB while it is computed


class WrongPassword(Exception):
    """The name and the password do not belong together."""


class Unfit(Exception):
    """This name or password cannot be used; the sentence says why."""


class Passwords:
    """The hashing of passwords; it takes a tenth of a second, so it is done in a thread."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()  # the second profile that RFC 9106 recommends
        self._nobodys = self._hasher.hash("nobody has this password")
        self._free = asyncio.Semaphore(AT_ONCE)

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, kept: str | None, given: str) -> str | None:
        """A stronger hash where the kept one has become too weak, else None.

        Raises: WrongPassword, as late for a name that nobody has as for any other.
        """
        try:
            async with self._free:
                await asyncio.to_thread(self._hasher.verify, kept or self._nobodys, given)
        except (VerificationError, InvalidHashError):
            raise WrongPassword from None
        if kept is None:
            raise WrongPassword
        return await self.hashed(given) if self._hasher.check_needs_rehash(kept) else None


def may_be(name: str) -> bool:
    """Whether anybody can have this name."""
    return NAME.fullmatch(name) is not None


def fit_name(given: str) -> str:
    """The name as it is kept. Raises Unfit."""
    name = given.strip().casefold()
    if not may_be(name):
        raise Unfit("A name is 2 to 32 of a-z, 0-9, dot, dash and underscore.")
    return name


def fit_password(given: str, name: str) -> str:
    """The password. Raises Unfit."""
    if not SHORTEST <= len(given) <= LONGEST:
        raise Unfit(f"A password has {SHORTEST} to {LONGEST} characters; any will do.")
    if name in given.casefold() or len(set(given)) < 5:
        raise Unfit("This password is too easy to guess: take a few words that you can remember.")
    return given
