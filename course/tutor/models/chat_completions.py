"""OpenAI's dialect, `POST /chat/completions`: also that of Ollama, vLLM and llama.cpp."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from course.tutor.models import packages
from course.tutor.models.failures import UNFINISHED, patiently, told
from course.tutor.models.model import ModelError, Prompt
from course.tutor.models.settings import Settings


class ChatCompletions:
    """A model behind this dialect."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def name(self) -> str:
        """As the provider knows it."""
        return self._settings.name

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The pieces of its answer, as they come. Raises ModelError."""
        package, client = await packages.client("AsyncOpenAI", self._settings)
        name, patience = self._settings.name, self._settings.patience
        async with (
            told(package),
            client,
            await client.chat.completions.create(
                model=name,
                stream=True,
                messages=[
                    {"role": "system", "content": prompt.system},
                    {"role": "user", "content": prompt.user},
                ],
            ) as chunks,
            aclosing(patiently(aiter(chunks), patience)) as waited,
        ):
            finished = False
            async for chunk in waited:
                for choice in chunk.choices[:1]:  # a chunk that tells the usage has none
                    if choice.delta.content:
                        yield choice.delta.content
                    finished = finished or choice.finish_reason is not None
            if not finished:
                raise ModelError("cut", UNFINISHED)
