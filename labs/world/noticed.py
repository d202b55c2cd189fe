"""What libraries and Python itself complain about during a run, as one sentence each.

A traceback of forty lines on stderr, or a warning that surfaces two cells later, teaches nothing;
a sentence with the learner's own line does.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from asyncio import Task
from collections.abc import Awaitable, Iterable, Iterator
from itertools import pairwise
from types import CoroutineType
from typing import Any

from labs.world.watch import Stopped
from labs.world.where import at_line, awaited_frames, is_own, where


@contextlib.contextmanager
def noticed() -> Iterator[list[str]]:
    """The sentences; complete when the block is over. Other warnings are passed on then."""
    with _quiet_loggers() as sentences:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield sentences
        for warning in caught:
            says = _sentence(warning)
            if says is None:
                warnings.warn_explicit(
                    warning.message, warning.category, warning.filename, warning.lineno
                )
            elif says not in sentences:
                sentences.append(says)


def raised(error: BaseException) -> str:
    """What was raised, in its own words, and at which line of the learner's."""
    says = (str(error).splitlines() or [""])[0].rstrip(".")
    changes = " at 0x" in says or not says  # an address differs in each process
    return f"{type(error).__name__}{'' if changes else f' ({says})'} at {where(error)}"


def advice(error: BaseException) -> list[str]:
    """What to do about an error whose own words do not say it."""
    owner = getattr(error, "obj", None)
    if isinstance(error, AttributeError) and isinstance(owner, Awaitable):
        name = getattr(owner, "__name__", type(owner).__name__)
        return [f"what {name}(...) gives must be awaited: await {name}(...)"]
    return []


def cut_short(tasks: Iterable[Task[Any]]) -> list[str]:
    """The errors of handlers whose library was still saying goodbye when the run ended."""
    sentences = []
    for task in tasks:
        for outer, frame in pairwise(awaited_frames(task)):
            ours = is_own(outer.f_code.co_filename)
            errors = [each for each in frame.f_locals.values() if isinstance(each, Exception)]
            if frame.f_code.co_name == "__aexit__" and errors and not ours:
                sentences.append(f"connection handler failed: {raised(errors[0])}")
    return sentences


def _sentence(warning: warnings.WarningMessage) -> str | None:
    """A warning of something forgotten; None for one that is not about the run."""
    at = at_line(warning.filename, warning.lineno)
    if isinstance(warning.source, CoroutineType):
        name = warning.source.cr_code.co_name
        return f"{name}() was called{at} without await: it never ran"
    if issubclass(warning.category, ResourceWarning):
        what, _, whose = str(warning.message).partition(" <")
        if " " not in what:  # "unclosed <StreamWriter ...>" says of what only there
            what = f"{what} {whose.partition(' ')[0]}"
        return f"{what[:1].lower()}{what[1:]}{at}"
    return None


class _Sentences(logging.Handler):
    """Turns a library's error log into one sentence each, with the learner's line."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's message and where its exception was raised."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, Stopped):
            return
        at = f": {raised(error)}" if error is not None else ""
        says = f"{record.getMessage().partition(chr(10))[0]}{at}"
        if says not in self.sentences:
            self.sentences.append(says)


@contextlib.contextmanager
def _quiet_loggers() -> Iterator[list[str]]:
    """Errors that websockets, aiohttp and asyncio log become sentences, not lines on stderr."""
    handler = _Sentences()
    loggers = [logging.getLogger(name) for name in ("websockets", "aiohttp", "asyncio")]
    before = [(logger, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    try:
        yield handler.sentences
    finally:
        for logger, propagate in before:
            logger.removeHandler(handler)
            logger.propagate = propagate
