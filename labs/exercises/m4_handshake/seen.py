"""From what came of a knock to what a learner reads: a bug's name, and what was seen of it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Collection
from hashlib import sha1
from typing import TypeAlias

from labs.exercises.m4_handshake.door import ODD, OPENED, RAISED, SILENT, Knock
from labs.exercises.verdict import Finding
from labs.outcome import Run
from labs.websocket.handshake import GUID, accept
from labs.websocket.head import tokens, values

Complaint: TypeAlias = tuple[str, str]  # a bug, and what was seen


def let_in(knock: Knock, bug: str, what: str) -> Complaint | None:
    """The bug when this request, which must be let in, is not."""
    if knock.outcome == OPENED and knock.status == 101:
        return None
    return bug, f"{what} was not let in: {knock.says}"


def kept_out(knock: Knock, bug: str, what: str, statuses: Collection[int]) -> Complaint | None:
    """What is wrong with how this request was refused, or that it was not."""
    listed = " or ".join(map(str, statuses))
    if knock.outcome == OPENED and knock.status == 101:
        return bug, f"{what} was let in: {knock.says}"
    if knock.outcome == OPENED:
        return "returned_refusal", f"{what} was answered, not refused: {knock.says}"
    if knock.outcome == SILENT:
        return "no_answer", f"{what} was complete, and nothing happened: {knock.says}"
    if knock.outcome == RAISED:
        return "other_exception", f"{what} was to be refused, and {knock.says}"
    if knock.outcome == ODD:
        return "wrong_form", f"{what} was to be refused, and {knock.says}"
    if knock.status not in statuses:
        return "wrong_status", f"{what} asks for {listed}, and {knock.says}"
    return None


def opened_for(knock: Knock, key: str) -> Complaint | None:
    """What is wrong with the answer to the plainest request there is."""
    if knock.outcome == SILENT:
        return "no_answer", f"a whole head had arrived, and {knock.says}"
    if knock.outcome == ODD:
        return "wrong_form", knock.says
    if knock.response is None:
        return "turns_everybody_away", f"the plainest request was not let in: {knock.says}"
    return answered_for(knock, key)


def answered_for(knock: Knock, key: str) -> Complaint | None:
    """What is wrong with a response to this key."""
    assert knock.response is not None
    headers = knock.response.headers
    found = values(headers, "Sec-WebSocket-Accept")
    missing = [f"the status is {knock.status}"] if knock.status != 101 else []
    for name, token in ("Upgrade", "websocket"), ("Connection", "upgrade"):
        if token not in map(str.lower, tokens(headers, name)):
            missing.append(f"there is no `{name}` with {token}")
    if not found:
        missing.append("there is no `Sec-WebSocket-Accept`")
    if missing:
        return "answer_incomplete", f"the answer lacks something: {', '.join(missing)}"
    if found != [accept(key)]:
        return recipe_of(key, found), f"for the key `{key}` the accept value was {found!r}"
    return None


def recipe_of(key: str, found: list[str]) -> str:
    """By which known mistake this value comes out; `accept_wrong` for any other."""
    text = (key + GUID).encode()
    hexadecimal = sha1(text).hexdigest()
    recipes = {
        "hex_digest": [hexadecimal, b64encode(hexadecimal.encode()).decode()],
        "key_decoded": [b64encode(sha1(b64decode(key) + GUID.encode()).digest()).decode()],
        "guid_in_small_letters": [
            b64encode(sha1(text[:-36] + text[-36:].lower()).digest()).decode()
        ],
    }
    return next((bug for bug, each in recipes.items() if found[0] in each), "accept_wrong")


FRAMES = ("drops_what_follows", "wrong_cut", "blank_line_in_frame")


def parted(run: Run) -> Finding | None:
    """The complaint of a run, at the event where it parts from what was to be expected.

    That is what auction answered to the last request, or the request that it left unanswered;
    where a frame was lost, it is the frame.
    """
    if run.result is None:
        return None
    bug, saw = run.result
    last = [each for each in run.messages if each.connection == run.messages[-1].connection]
    answered = [each for each in last if each.sender == "auction"]
    event = last[1] if bug in FRAMES else (answered or last[-1:])[0]
    return Finding(bug, saw[0].upper() + saw[1:], event.number, round(event.time, 3))
