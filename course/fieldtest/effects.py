"""How often each event took effect, as the receiver's own side tells it: by URL or by command."""

from __future__ import annotations

import asyncio
import json
import shlex
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from course.fieldtest.target import Target, target
from course.refusal import Refusal

UNCLEAR = 3
MOST = 4_000_000  # bytes of an answer
PATIENCE = 5.0  # seconds

Counts = Mapping[str, int]


@dataclass(slots=True)
class Effects:
    """Where to ask; `read` raises Refusal where the answer is not what was agreed."""

    url: str = ""
    command: str = ""
    agent: str = ""
    allowed: Sequence[str] = ()
    _session: ClientSession | None = None
    _target: Target | None = None

    async def read(self) -> Counts:
        """Event id to number of times."""
        text = await (self._fetched() if self.url else self._told())
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not all(type(n) in (int, bool) for n in found.values()):
            raise Refusal(
                f"{self.url or self.command} must answer a JSON object, event id to number of "
                f"times; it answered {text[:60]!r}.",
                UNCLEAR,
            )
        return {str(event): int(count) for event, count in found.items()}

    async def close(self) -> None:
        """Let go of the connection."""
        if self._session:
            await self._session.close()

    async def _fetched(self) -> bytes:
        if self._session is None:
            where = self._target = await target(self.url, self.allowed)
            connector = TCPConnector(limit=1)
            self._session = ClientSession(
                connector=connector,
                timeout=ClientTimeout(PATIENCE),
                headers={"User-Agent": self.agent, "Host": where.authority},
            )
        where = self._target or await target(self.url, self.allowed)
        ip = f"[{where.ip}]" if ":" in where.ip else where.ip
        pinned = f"http://{ip}:{where.port}{where.path}" if not where.tls else self.url
        try:
            async with self._session.get(pinned, allow_redirects=False) as answer:
                body = await answer.content.read(MOST)
                while len(body) < MOST and (more := await answer.content.read(MOST - len(body))):
                    body += more
        except (ClientError, OSError, ValueError) as error:
            raise Refusal(f"{self.url} cannot be asked for effects: {error}.", UNCLEAR) from None
        if answer.status != 200:
            raise Refusal(f"{self.url} answered {answer.status} instead of effects.", UNCLEAR)
        return body

    async def _told(self) -> bytes:
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *shlex.split(self.command), stdin=asyncio.subprocess.DEVNULL, stdout=pipe
            )
        except (OSError, ValueError) as error:
            raise Refusal(f"`{self.command}` cannot be run: {error}.", UNCLEAR) from None
        try:
            async with asyncio.timeout(2 * PATIENCE):
                told, _ = await process.communicate()
        except TimeoutError:
            told = b""
        finally:
            with suppress(ProcessLookupError):
                process.kill()
        if process.returncode != 0:
            raise Refusal(f"`{self.command}` did not end well.", UNCLEAR)
        return told
