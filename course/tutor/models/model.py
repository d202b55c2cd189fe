"""What a model is given, what it is asked for, and how it fails."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Source:
    """A paragraph that the model may quote, by the number that stands in the answer."""

    n: int
    id: str
    title: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """The two messages of one call: our rules, and everything else as data."""

    system: str
    user: str


class ModelError(Exception):
    """The model gave no answer, or only the beginning of one; `says` is for the learner."""

    def __init__(self, code: str, says: str, retry_after: float | None = None) -> None:
        super().__init__(code, says, retry_after)
        self.code = code
        self.says = says
        self.retry_after = retry_after

    def __str__(self) -> str:
        wait = f" It asks for a pause of {self.retry_after:.0f} s." if self.retry_after else ""
        return f"{self.says}{wait}"


class Model(Protocol):
    """One configured model. To close the iterator closes the connection to the provider."""

    @property
    def name(self) -> str:
        """As the provider knows it."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        """The pieces of its answer, as they come. Raises ModelError."""
