"""Anthropic's dialect, `POST /v1/messages`."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from course.tutor.models import packages
from course.tutor.models.failures import UNFINISHED, patiently, told
from course.tutor.models.model import ModelError, Prompt
from course.tutor.models.settings import Settings

MOST_TOKENS = 1_500  # this dialect wants a limit; the prompt asks for far less


class Messages:
    """A model behind this dialect."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def name(self) -> str:
        """As the provider knows it."""
        return self._settings.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The pieces of its answer, as they come. Raises ModelError."""
        package, client = await packages.client("AsyncAnthropic", self._settings)
        name, patience = self._settings.name, self._settings.patience
        async with (
            told(package),
            client,
            await client.messages.create(
                model=name,
                stream=True,
                max_tokens=MOST_TOKENS,
                system=prompt.system,
                messages=[{"role": "user", "content": prompt.user}],
            ) as events,
            aclosing(patiently(aiter(events), patience)) as waited,
        ):
            finished = False
            async for event in waited:
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    yield event.delta.text
                finished = finished or event.type == "message_stop"
            if not finished:
                raise ModelError("cut", UNFINISHED)
