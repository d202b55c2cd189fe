"""The journal: what it keeps survives being written down."""

from __future__ import annotations

import pytest

from labs.journal import KINDS, Journal

from .journals import ALL


@pytest.mark.parametrize("name", ALL)
def test_json_brings_back_the_same_journal(name):
    """A journal read from its own JSON is equal to it, and so is its digest."""
    original = ALL[name]()

    copy = Journal.from_json(original.to_json())

    assert copy == original
    assert copy.digest() == original.digest()


def test_every_kind_of_event_has_a_name():
    """The hand-written journals hold each kind of event, so the round trip covers them all."""
    seen = {type(event) for make in ALL.values() for event in make().events}

    assert seen == set(KINDS.values())


def test_one_byte_makes_another_digest():
    """Two runs that differ in one byte differ in their digest."""
    one, other = ALL["tunnel"](), ALL["tunnel"]().to_json().replace("7f9f4d5158", "7f9f4d5159")

    assert Journal.from_json(other).digest() != one.digest()
