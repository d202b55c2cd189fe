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
from hashlib import sha256
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
        body BLOB NOT NULL,
        digest BLOB NOT NULL,
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
    id: str
    body: bytes
    number: int


Effect: TypeAlias = Callable[[sqlite3.Connection, Envelope], object]
Work: TypeAlias = Callable[[sqlite3.Connection, Claim], object]


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
    row = db.execute(
        "UPDATE inbox SET state = ?, free = ?, claims = claims + 1 WHERE rowid = ("
        " SELECT rowid FROM inbox WHERE state != ? AND free <= ? ORDER BY received, rowid LIMIT 1"
        ") RETURNING provider, id, body, claims",
        (PROCESSING, now + lease, DONE, now),
    ).fetchall()
    db.commit()
    return Claim(*row[0]) if row else None


def finish(db: sqlite3.Connection, claim: Claim, work: Work) -> bool:
    """Run `work` and mark the event done, both or neither; False if the claim is another's now."""
    db.execute("BEGIN IMMEDIATE")
    with db:
        if not _mark(db, claim, DONE, 0.0):
            return False
        work(db, claim)
    return True


def fail(db: sqlite3.Connection, claim: Claim, retry_at: float) -> bool:
    """Let the event be claimed again from `retry_at` on; False if the claim is another's now."""
    with db:
        return _mark(db, claim, FAILED, retry_at)


def forget(db: sqlite3.Connection, before: float) -> int:
    """Drop what was done with before that time; keep more than the sender's longest schedule."""
    with db:
        return db.execute(
            "DELETE FROM inbox WHERE state = ? AND received < ?", (DONE, before)
        ).rowcount


def _remember(
    db: sqlite3.Connection, provider: str, envelope: Envelope, state: str, now: float
) -> Receipt:
    digest = sha256(envelope.body).digest()
    row = (provider, envelope.id, envelope.body, digest, state, now, now)
    inserted = db.execute(
        "INSERT INTO inbox (provider, id, body, digest, state, received, free)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (provider, id) DO NOTHING",
        row,
    ).rowcount
    if inserted:
        return Receipt.NEW
    same = "SELECT digest FROM inbox WHERE provider = ? AND id = ?"
    if db.execute(same, row[:2]).fetchone() != (digest,):
        raise AlteredEvent("an event id came again with another body", "Standard Webhooks")
    return Receipt.DUPLICATE


def _mark(db: sqlite3.Connection, claim: Claim, state: str, free: float) -> bool:
    return bool(
        db.execute(
            "UPDATE inbox SET state = ?, free = ?"
            " WHERE provider = ? AND id = ? AND claims = ? AND state = ?",
            (state, free, claim.provider, claim.id, claim.number, PROCESSING),
        ).rowcount
    )
