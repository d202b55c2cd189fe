"""The vendors' packages: imported when the first question needs one, and off the event loop."""

import asyncio
from importlib import import_module
from typing import Any

from course.tutor.models.model import ModelError
from course.tutor.models.settings import NO_KEY, Settings


async def client(name: str, settings: Settings) -> tuple[Any, Any]:
    """The vendor's package and a new client of it, to be closed. Raises ModelError.

    The first import takes a second or more, and each client reads the certificates anew.
    """
    return await asyncio.to_thread(_client, name, settings)


def _client(name: str, settings: Settings) -> tuple[Any, Any]:
    try:
        package = import_module(settings.dialect)
    except ImportError as missing:
        says = f"The package `{settings.dialect}` is not installed."
        raise ModelError("missing", says) from missing
    make = getattr(package, name)
    return package, make(
        api_key=settings.key or NO_KEY,
        base_url=settings.url,
        max_retries=0,  # the learner waits: the course's own answer is better than a second try
        timeout=settings.patience,
    )
