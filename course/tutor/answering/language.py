"""Lists of words (`language.toml`): stop words, what is misspelt, what the subject is known by."""

import tomllib
from importlib.resources import files

LISTS = tomllib.loads(files(__package__).joinpath("language.toml").read_text("utf-8"))
STOP = frozenset(LISTS["stop"].split())
SUBJECT = tuple(LISTS["subject"].split())
STRONG_WORDS, MIDDLE_WORDS, WEAK_WORDS = LISTS["strong"], LISTS["middle"], LISTS["weak"]
NEUTRAL_WORDS = LISTS["neutral"]
