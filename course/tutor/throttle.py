"""Token buckets: so much at once, then so much a second, for each key of its own."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import islice


class Throttled(Exception):
    """Too much; it can work again after so many seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class Buckets:
    """A bucket of `burst` tokens for each key, refilled by `rate` tokens a second."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._filled: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, key: Hashable) -> None:
        """Take one token. Raises Throttled when there is none."""
        now = self._clock()
        tokens, at = self._filled.pop(key, (self._burst, now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        enough = tokens >= 1
        self._filled[key] = (tokens - 1 if enough else tokens, now)
        self._forget(now)
        if not enough:
            raise Throttled((1 - tokens) / self._rate)

    def _forget(self, now: float) -> None:
        """Drop who was quiet longest, while their buckets are full again; nobody else's."""
        for key, (tokens, at) in list(islice(self._filled.items(), 2)):
            if tokens + (now - at) * self._rate >= self._burst:
                del self._filled[key]
