"""How a provider fails, in one word for programs and a sentence for the learner."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from importlib import import_module
from typing import Any, TypeVar

from course.tutor.models.model import ModelError

UNAUTHORISED = "The model's provider does not accept the key that is configured."
LIMITED = "The model's provider takes no more questions for now."
UNKNOWN = "The model's provider does not know the model or the address that is configured."
BUSY = "The model's provider is overloaded or broken."
REFUSED = "The model's provider refused the question."
UNREACHABLE = "The model cannot be reached, or the connection to it broke."
UNFINISHED = "The model's answer broke off."
MALFORMED = "The model's provider answered something that is not its protocol."
SLOW = "The model was too slow."
STATUS = {
    401: ("unauthorised", UNAUTHORISED),
    403: ("unauthorised", UNAUTHORISED),
    404: ("unknown_model", UNKNOWN),
    429: ("rate_limited", LIMITED),
}
LONGEST_PAUSE = 86_400.0

Piece = TypeVar("Piece")


@asynccontextmanager
async def told(package: Any) -> AsyncIterator[None]:
    """Within the block whatever the vendor's package raises becomes a ModelError."""
    transport = import_module("httpx2")
    try:
        yield
    except package.APIStatusError as error:
        raise of_status(error.status_code, error.response.headers) from error
    except (package.APITimeoutError, transport.TimeoutException) as error:
        raise ModelError("slow", SLOW) from error
    except (package.APIConnectionError, transport.TransportError, OSError) as error:
        raise ModelError("unreachable", UNREACHABLE) from error
    except package.APIError as error:
        raise ModelError("broken", BUSY) from error
    # The packages build their objects without checking, so a missing member shows itself late.
    except (ValueError, AttributeError, TypeError, LookupError) as error:
        raise ModelError("malformed", MALFORMED) from error


def of_status(status: int, headers: Mapping[str, str]) -> ModelError:
    """What a refusal with this HTTP status means."""
    code, says = STATUS.get(status, ("broken", BUSY) if status >= 500 else ("refused", REFUSED))
    return ModelError(code, says, pause(headers.get("retry-after"), headers.get("date")))


def pause(retry_after: str | None, date: str | None) -> float | None:
    """The seconds of a Retry-After, which is a number or a date (RFC 9110 10.2.3)."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        try:
            until, now = parsedate_to_datetime(retry_after or ""), parsedate_to_datetime(date or "")
            seconds = (until - now).total_seconds()
        except (ValueError, TypeError):
            return None
    return seconds if 0 < seconds <= LONGEST_PAUSE else None


async def patiently(pieces: AsyncIterator[Piece], patience: float) -> AsyncGenerator[Piece, None]:
    """The same pieces. Raises ModelError when the next one takes longer than `patience`.

    A read timeout would not do: comment lines that keep a connection alive begin it anew.
    """
    while True:
        try:
            async with asyncio.timeout(patience):
                piece = await anext(pieces)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise ModelError("slow", SLOW) from None
        yield piece
