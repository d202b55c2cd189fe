"""One at a time: a lock file that the system gives back when its holder is gone."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from course.refusal import Refusal


def private_folder(root: Path) -> Path:
    """`.course/`, readable by its owner alone: tokens and sign-in secrets live in it."""
    place = root / ".course"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        place.chmod(0o700)
    except OSError as error:
        raise cannot_write(root, error) from None
    return place


def cannot_write(root: Path, error: OSError) -> Refusal:
    """The sentence for a folder that takes no files."""
    why = error.strerror or str(error)
    return Refusal(
        f"The folder {root} cannot be written to ({why}): "
        "the course keeps its environment and your work in there, so copy it to a place of yours."
    )


@contextmanager
def alone(lock: Path, on_wait: Callable[[], None]) -> Iterator[int]:
    """The open lock file once nobody else holds it; `on_wait` is called if that takes waiting.

    Children that are given the descriptor keep the lock until they end too.
    """
    descriptor = opened(lock)
    try:
        if not became_ours(descriptor):
            on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


class Taken(Exception):
    """Somebody else holds the lock."""


@contextmanager
def held(lock: Path) -> Iterator[None]:
    """The lock, within the block.

    Raises: Taken at once when somebody else holds it.
    """
    descriptor = opened(lock)
    try:
        if not became_ours(descriptor):
            raise Taken
        yield
    finally:
        os.close(descriptor)


def opened(lock: Path) -> int:
    """The lock file, made where it is missing."""
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise cannot_write(lock.parent.parent, error) from None


def became_ours(descriptor: int) -> bool:
    """Whether the lock became ours at once."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
