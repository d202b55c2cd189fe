"""The inbox: the same event may come twice, its effect must happen once.

What makes it so is a unique index, and that claim and effect stand in one transaction: both
happen or neither does. The caller brings the SQLite connection, opened with `timeout=0`: a busy
database raises at once, is answered 503, and the sender comes again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from labs.errors import AlteredEvent
from labs.lifecycle import Lifecycle
from labs.webhook.envelope import Envelope

RECEIVED, PROCESSING, DONE, FAILED = "received", "processing", "done", "failed"

PROCESS = Lifecycle(
    "an event in the inbox",
    {
        (RECEIVED, "a worker claims it"): PROCESSING,
        (PROCESSING, "effect and mark committed"): DONE,
        (PROCESSING, "the lease ends: claimed again"): PROCESSING,
        (PROCESSING, "the work fails"): FAILED,
        (FAILED, "a worker claims it"): PROCESSING,
    },
)

# Ids are the provider's own: two providers may use the same one for different events.
SCHEMA = """
    CREATE TABLE IF NOT EXISTS inbox (
        provider TEXT NOT NULL,
        id TEXT NOT NULL,
        sent INTEGER NOT NULL,
        body BLOB NOT NULL,
        state TEXT NOT NULL,
        received REAL NOT NULL,
        free REAL NOT NULL,  -- a claim made before this time is refused
        claims INTEGER NOT NULL DEFAULT 0,
        UNIQUE (provider, id)
    )
"""


class Receipt(Enum):
    """Both are answered 200: the sender has done its part."""

    NEW = "new"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one event until the lease ends; `number` tells claims apart."""

    provider: str
    envelope: Envelope
    number: int


Effect: TypeAlias = Callable[[sqlite3.Connection, Envelope], object]


def create(db: sqlite3.Connection) -> None:
    """Make the table, if it is not there."""
    db.execute(SCHEMA)


def handle(
    db: sqlite3.Connection, provider: str, envelope: Envelope, effect: Effect, now: float
) -> Receipt:
    """Run `effect` within the transaction that remembers the event, unless it is remembered.

    When `effect` raises, nothing is remembered, and the next delivery tries again.
    """
    db.execute("BEGIN IMMEDIATE")
    with db:
        receipt = _remember(db, provider, envelope, DONE, now)
        if receipt is Receipt.NEW:
            effect(db, envelope)
    return receipt


def receive(db: sqlite3.Connection, provider: str, envelope: Envelope, now: float) -> Receipt:
    """Keep the event for a worker to `claim`; then answer 200, without waiting for the work."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        return _remember(db, provider, envelope, RECEIVED, now)


def claim(db: sqlite3.Connection, now: float, lease: float) -> Claim | None:
    """The oldest event that waits, or whose worker let its lease end; None if there is none."""
    rows = db.execute(
        "UPDATE inbox SET state = ?, free = ?, claims = claims + 1 WHERE rowid = ("
        " SELECT rowid FROM inbox WHERE state != ? AND free <= ? ORDER BY received, rowid LIMIT 1"
        ") RETURNING provider, claims, id, sent, body",
        (PROCESSING, now + lease, DONE, now),
    ).fetchall()  # all of them: a statement that is still running cannot be committed
    db.commit()
    return next((Claim(row[0], Envelope(*row[2:]), row[1]) for row in rows), None)


def finish(db: sqlite3.Connection, claim: Claim, effect: Effect) -> bool:
    """Run `effect` and mark the event done, both or neither; False if the claim is lost."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        if not _mark(db, claim, DONE, 0.0):
            return False
        effect(db, claim.envelope)
    return True


def fail(db: sqlite3.Connection, claim: Claim, retry_at: float) -> bool:
    """Let the event be claimed again from `retry_at` on; False if the claim is lost."""
    with db:
        return _mark(db, claim, FAILED, retry_at)


def forget(db: sqlite3.Connection, before: float) -> int:
    """Drop what was done with before that time; keep more than the sender's longest schedule."""
    old = "DELETE FROM inbox WHERE state = ? AND received < ?"
    with db:
        return db.execute(old, (DONE, before)).rowcount


def _remember(
    db: sqlite3.Connection, provider: str, envelope: Envelope, state: str, now: float
) -> Receipt:
    row = (provider, envelope.id, envelope.timestamp, envelope.body, state, now, now)
    insert = "INSERT INTO inbox (provider, id, sent, body, state, received, free)"
    once = " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (provider, id) DO NOTHING"
    if db.execute(insert + once, row).rowcount:
        return Receipt.NEW
    known = "SELECT body FROM inbox WHERE provider = ? AND id = ?"
    if db.execute(known, row[:2]).fetchone() != (envelope.body,):
        raise AlteredEvent("an event id came again with another body", "Standard Webhooks")
    return Receipt.DUPLICATE


def _mark(db: sqlite3.Connection, claim: Claim, state: str, free: float) -> bool:
    held = "UPDATE inbox SET state = ?, free = ? WHERE provider = ? AND id = ?"
    row = (state, free, claim.provider, claim.envelope.id, claim.number, PROCESSING)
    return db.execute(held + " AND claims = ? AND state = ?", row).rowcount == 1
