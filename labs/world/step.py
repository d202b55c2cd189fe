"""Callbacks that are due: now, or at a virtual second."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labs.world.loop import WorldLoop


class Step:
    """A callback that is due now. asyncio.Handle without its debugging, for speed."""

    __slots__ = ("_args", "_callback", "_cancelled", "_context")

    def __init__(self, callback: Callable[..., Any], args: tuple[Any, ...], context: Context):
        self._callback, self._args, self._context = callback, args, context
        self._cancelled = False

    def cancel(self) -> None:
        """The callback will not run."""
        self._cancelled = True

    def cancelled(self) -> bool:
        """Whether cancel() was called."""
        return self._cancelled


class Timer(Step):
    """A callback that is due later."""

    __slots__ = ("_loop", "_when")

    def __init__(
        self,
        loop: WorldLoop,
        when: float,
        callback: Callable[..., Any],
        args: tuple[Any, ...],
        context: Context,
    ) -> None:
        super().__init__(callback, args, context)
        self._loop, self._when = loop, when

    def when(self) -> float:
        """The virtual second at which it is due."""
        return self._when

    def cancel(self) -> None:
        """The callback will not run; the clock will not stop for it."""
        if not self._cancelled:
            self._cancelled = True
            self._loop.timer_cancelled()
