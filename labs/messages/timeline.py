"""Everything that deserves a number, in one order: by time, and by cause where times agree."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache

from labs.journal import Ended, Fault, Journal, Note, Opened, Refused
from labs.messages.beliefs import beliefs, sent_key
from labs.messages.decode import decode
from labs.messages.message import Message, Row, What
from labs.messages.sides import Key


def messages(journal: Journal) -> tuple[Message, ...]:
    """Every HTTP message and WebSocket frame, in the order of their first bytes.

    Nothing raises: bytes that cannot be read become messages of kind "bytes" with the reason.
    """
    return tuple(row.what for row in timeline(journal) if isinstance(row.what, Message))


@lru_cache(maxsize=4)  # a run's messages, its picture and its wire view ask one after another
def timeline(journal: Journal) -> tuple[Row, ...]:
    """Every event in order, numbered from 1; TCP's housekeeping stands in it with number 0."""
    said = decode(journal)
    order = {id(event): at for at, event in enumerate(journal.events)}
    said.sort(key=lambda message: (message.time, message.connection, message.sender))
    placed: list[tuple[Key, What, Message | None]] = []
    placed += [(sent_key(each.time, at), each, None) for at, each in enumerate(said)]
    placed += beliefs(journal, said)
    for event in journal.events:
        if isinstance(event, Fault | Note | Refused | Opened):
            # A program writes its note, then acts: at one instant a note stands first.
            stage = -2 if isinstance(event, Fault | Opened) else 0 if isinstance(event, Note) else 1
            placed.append(((event.time, stage, order[id(event)], 0), event, None))
        elif isinstance(event, Ended):
            placed.append(((event.time, 2, order[id(event)], 0), event, None))
    placed.sort(key=lambda entry: entry[0])
    cut_short = _cut_short(journal, said)
    return _numbered([(what, about) for _, what, about in placed], cut_short)


def _numbered(
    placed: list[tuple[What, Message | None]], cut_short: set[tuple[int, str]]
) -> tuple[Row, ...]:
    rows: list[Row] = []
    numbers: dict[int, int] = {}
    number = 0
    for what, about in placed:
        if _is_housekeeping(what, cut_short):
            rows.append(Row(0, what.time, what))
            continue
        number += 1
        if isinstance(what, Message):
            numbers[id(what)] = number
            what = replace(what, number=number)
        elif not isinstance(what, Opened | Ended | Refused | Fault | Note):
            says = what.says.replace("#?", f"#{numbers.get(id(about), 0)}")
            what = replace(what, number=number, says=says)
        rows.append(Row(number, what.time, what))
    return tuple(rows)


def _is_housekeeping(what: What, cut_short: set[tuple[int, str]]) -> bool:
    """An end is news when it is a reset, or when it cuts a conversation short."""
    if isinstance(what, Opened):
        return what.arrived is not None
    if isinstance(what, Ended):
        return what.how == "FIN" and (what.connection, what.sender) not in cut_short
    return False


def _cut_short(journal: Journal, said: list[Message]) -> set[tuple[int, str]]:
    """The sides whose FIN is news: no close frame before it, or a request left unanswered."""
    lines: dict[int, list[Message]] = defaultdict(list)
    for each in said:
        lines[each.connection].append(each)
    ends = [event for event in journal.events if isinstance(event, Ended) and event.how == "FIN"]
    return {
        (end.connection, end.sender)
        for end in ends
        if _is_unfinished([each for each in lines[end.connection] if each.time <= end.time])
    }


def _is_unfinished(line: list[Message]) -> bool:
    switched = any(each.kind == "response" and each.name.startswith("101") for each in line)
    closed = any(each.kind == "frame" and each.name.startswith("close") for each in line)
    asked = sum(each.kind == "request" for each in line)
    answered = sum(each.kind == "response" and not each.name.startswith("100") for each in line)
    return (switched and not closed) or asked > answered
