"""The vendors' packages, imported when the first question needs one, off the event loop."""

import asyncio
from importlib import import_module
from typing import Any

from course.tutor.models.model import ModelError


async def imported(name: str) -> Any:
    """The module. Raises ModelError where it is not installed."""
    try:
        return await asyncio.to_thread(import_module, name)
    except ImportError as missing:
        raise ModelError("missing", f"The package `{name}` is not installed.") from missing
