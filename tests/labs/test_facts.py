"""The table of other people's defaults: dated, sourced, and the same numbers as in the lessons."""

import re
import tomllib
from dataclasses import fields
from datetime import date
from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from labs.facts import FACTS, Facts, FactsError, read
from labs.lessons import NOTEBOOKS
from labs.websocket.close import CLOSE_CODES

TEXT = files("labs").joinpath("facts.toml").read_text("utf-8")
ROWS = [(each.name, row) for each in fields(Facts) for row in getattr(FACTS, each.name)]


def test_the_file_has_no_table_that_nobody_reads():
    """A table with a mistyped name would be lost without a word."""
    assert set(tomllib.loads(TEXT)) == {each.name for each in fields(Facts)}


@pytest.mark.parametrize(("table", "row"), ROWS, ids=[f"{t}-{n}" for n, (t, _) in enumerate(ROWS)])
def test_each_row_has_its_source_and_its_day(table, row):
    """Whoever quotes a row can say where it was read, and when."""
    assert row.source.strip()
    assert type(row.checked) is date
    assert urlsplit(row.source).scheme == ""


def test_numbers_are_numbers():
    """Times can be compared: the smallest idle timer, the interval below it."""
    for row in FACTS.idle:
        assert row.closes is None or row.closes > 0
    for row in FACTS.heartbeat:
        assert row.asks is None or row.asks > 0
        assert row.allows is None or row.asks is not None
    assert min(row.closes for row in FACTS.idle if row.closes and row.confirmed) == 30


def test_every_close_code_has_a_sender():
    """The table knows each code of labs/websocket/close.py, and who may not send one."""
    senders = {row.code: row.sender for row in FACTS.close_code}
    assert set(senders) == set(CLOSE_CODES)
    for code, entry in CLOSE_CODES.items():
        assert entry.travels != senders[code].startswith("nobody")


def test_the_lesson_on_liveness_says_the_same():
    """M6's own tables of timers are of these numbers."""
    lesson = (NOTEBOOKS / "06_liveness.ipynb").read_text("utf-8")
    closes = {row.hop.split(",")[0]: row.closes for row in FACTS.idle}
    said = dict(
        re.findall(r"\| (nginx|Heroku router|AWS Application Load Balancer) \| (\d+) s", lesson)
    )
    assert {name: closes[name] for name in said} == {name: float(at) for name, at in said.items()}
    assert set(said) == {"nginx", "Heroku router", "AWS Application Load Balancer"}


def test_a_wrong_key_is_told():
    """A mistyped key names its table; so does a missing one, and text that is no TOML."""
    with pytest.raises(FactsError, match=r"\[\[idle\]\].*'hopp'"):
        read("[[idle]]\nhopp = 1")
    with pytest.raises(FactsError, match=r"\[\[kernel\]\].*missing"):
        read('[[kernel]]\nsetting = "x"')
    with pytest.raises(FactsError, match="not TOML"):
        read("[[")
