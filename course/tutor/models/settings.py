"""Which model answers: the environment's words for it, checked. Without TUTOR_MODEL, none does.

Nothing is taken from the variables of the vendors' own tools: a key that lies about for something
else must not make questions leave the machine.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from urllib.parse import urlsplit

from course.refusal import Refusal

NAME, URL, KEY = "TUTOR_MODEL", "TUTOR_MODEL_URL", "TUTOR_MODEL_KEY"
DIALECT, PATIENCE = "TUTOR_MODEL_DIALECT", "TUTOR_MODEL_PATIENCE"
OPENAI, ANTHROPIC = "openai", "anthropic"
NO_KEY = "none"  # the packages insist on one
ADDRESSES = {OPENAI: "https://api.openai.com/v1", ANTHROPIC: "https://api.anthropic.com"}
PINNED = {OPENAI: "openai>=3.54,<4", ANTHROPIC: "anthropic>=2.12,<3"}
LONGEST_PATIENCE = 110.0  # the service ends an answer after 120 s


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment; the tutor's page shows this table."""

    name: str
    says: str
    otherwise: str


VARIABLES = (
    Variable(NAME, "the model's name, as its provider knows it", "the course answers"),
    Variable(DIALECT, "`openai` for OpenAI, Ollama, vLLM, llama.cpp and whatever else speaks "
             "`/chat/completions`; `anthropic` for `/v1/messages`", "`openai`"),
    Variable(URL, "the base URL, as in `http://127.0.0.1:11434/v1` for Ollama on this machine",
             "the vendor's own"),
    Variable(KEY, "the key, where the provider wants one", "none is sent"),
    Variable(PATIENCE, "seconds to wait for the next words, at most 110", "60"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """A model as it was configured."""

    name: str
    dialect: str
    url: str
    key: str = field(default="", repr=False)
    patience: float = 60.0


def settings(environment: Mapping[str, str]) -> Settings | None:
    """The configured model, or None. Raises Refusal with the variable that has to change."""
    given = {each.name: environment.get(each.name, "").strip() for each in VARIABLES}
    if not given[NAME]:
        return None
    dialect = given[DIALECT] or OPENAI
    if dialect not in ADDRESSES:
        raise Refusal(f"{DIALECT} must be `openai` or `anthropic`, and it is {dialect!r}.")
    url = (given[URL] or ADDRESSES[dialect]).rstrip("/")
    if dialect == ANTHROPIC:
        url = url.removesuffix("/v1")  # its package adds that itself, and OpenAI's does not
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Refusal(f"{URL} must be a base URL such as http://127.0.0.1:11434/v1.")
    if not given[URL] and not given[KEY]:
        raise Refusal(f"{NAME} is set, and {url} wants a key: set {KEY}, or {URL} to another.")
    return Settings(given[NAME], dialect, url, given[KEY], _patience(given[PATIENCE]))


def needs(chosen: Settings) -> None:
    """Return where the vendor's package is installed. Raises Refusal that says how to get it."""
    if find_spec(chosen.dialect) is None:
        raise Refusal(
            f"{NAME} is set, and the package `{chosen.dialect}` is not installed: "
            f"`.venv/bin/pip install '{PINNED[chosen.dialect]}'`."
        )


def _patience(given: str) -> float:
    try:
        seconds = float(given or 60)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= LONGEST_PATIENCE:
        raise Refusal(f"{PATIENCE} must be a number of seconds, at most {LONGEST_PATIENCE:.0f}.")
    return seconds
