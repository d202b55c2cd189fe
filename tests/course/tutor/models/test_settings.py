"""Which model answers is said by the environment, and mistakes there by one sentence."""

import pytest

from course.refusal import Refusal
from course.tutor.models import settings as module
from course.tutor.models.configured import configured
from course.tutor.models.settings import VARIABLES, needs, settings

OLLAMA = {"TUTOR_MODEL": "qwen3", "TUTOR_MODEL_URL": "http://127.0.0.1:11434/v1/"}


def test_without_a_model_nothing_leaves_the_machine():
    """No TUTOR_MODEL, no model: keys of other tools that lie about do not count."""
    assert configured({"OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": "k", "TUTOR_MODEL": " "}) is None


def test_a_local_model_needs_name_and_address():
    """The dialect is OpenAI's where nothing else is said, and no key is wanted."""
    chosen = settings(OLLAMA)

    assert (chosen.name, chosen.dialect, chosen.url) == (
        "qwen3", "openai", "http://127.0.0.1:11434/v1",
    )  # fmt: skip
    assert configured(OLLAMA).name == "qwen3"


@pytest.mark.parametrize(
    ("dialect", "url"),
    [("openai", "https://api.openai.com/v1"), ("anthropic", "https://api.anthropic.com")],
)
def test_a_vendor_needs_name_and_key(dialect, url):
    """The address is the vendor's own; the key is in nothing that is printed."""
    given = {"TUTOR_MODEL": "m", "TUTOR_MODEL_DIALECT": dialect, "TUTOR_MODEL_KEY": "a-secret"}

    chosen = settings(given)

    assert (chosen.url, chosen.key) == (url, "a-secret")
    assert "a-secret" not in repr(chosen)


def test_an_address_may_end_in_the_version_in_both_dialects():
    """OpenAI's package wants `/v1` in the base URL, Anthropic's adds it: both spellings work."""
    given = OLLAMA | {"TUTOR_MODEL_DIALECT": "anthropic"}

    assert settings(given).url == "http://127.0.0.1:11434"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"TUTOR_MODEL_DIALECT": "gemini"}, "TUTOR_MODEL_DIALECT"),
        ({"TUTOR_MODEL_URL": "localhost:11434"}, "TUTOR_MODEL_URL"),
        ({"TUTOR_MODEL_URL": "ftp://host/"}, "TUTOR_MODEL_URL"),
        ({"TUTOR_MODEL_URL": ""}, "TUTOR_MODEL_KEY"),
        ({"TUTOR_MODEL_PATIENCE": "long"}, "TUTOR_MODEL_PATIENCE"),
        ({"TUTOR_MODEL_PATIENCE": "-1"}, "TUTOR_MODEL_PATIENCE"),
        ({"TUTOR_MODEL_PATIENCE": "nan"}, "TUTOR_MODEL_PATIENCE"),
        ({"TUTOR_MODEL_PATIENCE": "9999"}, "TUTOR_MODEL_PATIENCE"),
    ],
)
def test_a_wrong_variable_is_named(wrong, named):
    """The refusal says which variable has to change."""
    with pytest.raises(Refusal, match=named):
        settings(OLLAMA | wrong)


def test_a_missing_package_is_named_with_its_command(monkeypatch):
    """Somebody who configured a model hears at the start what to install."""
    monkeypatch.setattr(module, "find_spec", lambda _: None)

    with pytest.raises(Refusal, match=r"pip install 'openai>=3"):
        needs(settings(OLLAMA))


def test_the_packages_are_those_of_the_extra(project):
    """What the refusal asks for is what pyproject.toml names."""
    extra = (project / "pyproject.toml").read_text("utf-8")

    assert all(f'"{package}"' in extra for package in module.PINNED.values())


def test_each_variable_is_documented_once():
    """The table of the tutor's page has every name that is read."""
    assert [each.name for each in VARIABLES] == [
        module.NAME, module.DIALECT, module.URL, module.KEY, module.PATIENCE,
    ]  # fmt: skip
