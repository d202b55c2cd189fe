"""Puts something else in the place of what a module or class holds, for the length of a block.

Also in the place of what is imported during that block: `import websockets` loads its server only
when somebody asks for it, which may be in the middle of a run.
"""

from __future__ import annotations

import builtins
import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any


@contextlib.contextmanager
def swapped(owner: Any, name: str, new: Any) -> Iterator[None]:
    """For the length of the block, `owner.name` is `new`."""
    own = vars(owner).get(name, swapped)
    setattr(owner, name, new)
    try:
        yield
    finally:
        if own is swapped:
            delattr(owner, name)
        else:
            setattr(owner, name, own)


@contextlib.contextmanager
def once_imported(then: Mapping[str, Callable[[Any], None]]) -> Iterator[None]:
    """For the length of the block, each module of a name in `then` is given to its function once.

    Now if it is imported already, otherwise as soon as the import that loads it is over.
    """
    left = dict(then)

    def look() -> None:
        for name in list(left):
            module = sys.modules.get(name)
            if module is not None and not getattr(module.__spec__, "_initializing", False):
                left.pop(name)(module)

    def importing(*args: Any, **named: Any) -> Any:
        try:
            return real_import(*args, **named)
        finally:
            look()

    look()
    real_import = builtins.__import__
    with swapped(builtins, "__import__", importing) if left else contextlib.nullcontext():
        yield
