"""Does what the learner defined have the form that was asked for? Looked at before it is called.

A call that does not fit fails in our line, not in theirs; this turns it into a sentence about
what they wrote.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from labs.exercises.faults import NotAsked
from labs.exercises.scenario import Stage


async def made(stage: Stage, name: str, *args: Any, **methods: tuple[Any, ...]) -> Any:
    """An instance of the learner's class, whose methods can be called with what stands here.

    `await made(stage, "Heartbeat", line, clock, run=(), pong=(b"",))`. Raises NotAsked.
    """
    kind = getattr(stage.given, name)
    fits(kind, name, *args)
    instance = await stage.call(kind, *args)
    for method, taken in methods.items():
        function = getattr(instance, method, None)
        if not callable(function):
            raise NotAsked(f"`{name}` has no method `{method}`")
        fits(function, f"{name}.{method}", *taken)
    return instance


def fits(function: Callable[..., Any], name: str, *args: Any) -> None:
    """Returns where `function(*args)` is a call that Python accepts. Raises NotAsked."""
    try:
        inspect.signature(function).bind(*args)
    except TypeError as error:
        count = f"{len(args)} argument{'' if len(args) == 1 else 's'}"
        raise NotAsked(f"`{name}` cannot be called with {count}: {error}") from None
