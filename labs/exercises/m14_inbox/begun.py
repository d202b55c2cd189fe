"""A coroutine that is begun in the middle of somebody else's statement."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any


class Begun:
    """Its first steps are made at once; awaiting it does the rest, if it had to wait."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.coroutine = coroutine
        self.value: Any = None
        self.error: BaseException | None = None
        self.over = False
        self.waits = self._go_on(partial(coroutine.send, None))

    def __await__(self) -> Generator[Any, Any, Any]:
        while not self.over:
            try:
                sent = yield self.waits
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is the coroutine's
                self.waits = self._go_on(partial(self.coroutine.throw, error))
            else:
                self.waits = self._go_on(partial(self.coroutine.send, sent))
        if self.error is not None:
            raise self.error
        return self.value

    def _go_on(self, step: Callable[[], Any]) -> Any:
        try:
            return step()
        except StopIteration as end:
            self.over, self.value = True, end.value
        except BaseException as error:  # noqa: BLE001 - it is raised where this is awaited
            self.over, self.error = True, error
        return None
