"""What libraries and Python itself complain about during a run, as one sentence each.

A traceback of forty lines on stderr, or a warning that surfaces two cells later, teaches nothing;
a sentence with the learner's own line does.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator
from types import CoroutineType

from labs.world.watch import Stopped
from labs.world.where import at_line, where


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


def _sentence(warning: warnings.WarningMessage) -> str | None:
    """A warning of something forgotten; None for one that is not about the run."""
    at = at_line(warning.filename, warning.lineno)
    if isinstance(warning.source, CoroutineType):
        name = warning.source.cr_code.co_name
        return f"{name}() was called{at} without await: it never ran"
    if issubclass(warning.category, ResourceWarning):
        return f"{str(warning.message).partition(' <')[0]}{at}".lower()
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
        at = f": {type(error).__name__} at {where(error)}" if error is not None else ""
        says = f"{record.getMessage().splitlines()[0]}{at}"
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
