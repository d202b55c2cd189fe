"""The model that the environment configures."""

from collections.abc import Mapping

from course.tutor.models.chat_completions import ChatCompletions
from course.tutor.models.messages import Messages
from course.tutor.models.model import Model
from course.tutor.models.settings import ANTHROPIC, needs, settings


def configured(environment: Mapping[str, str]) -> Model | None:
    """The model, or None. Raises Refusal where a variable is wrong or a package is missing."""
    chosen = settings(environment)
    if chosen is None:
        return None
    needs(chosen)
    return Messages(chosen) if chosen.dialect == ANTHROPIC else ChatCompletions(chosen)
