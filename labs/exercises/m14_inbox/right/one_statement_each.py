# exercise: m14.inbox
import hashlib
from contextlib import contextmanager


class Inbox:
    """Claims with one UPDATE whose WHERE says who may; an update of an unknown lot makes it."""

    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.isolation_level = None
        db.execute(
            "CREATE TABLE IF NOT EXISTS events (name TEXT PRIMARY KEY, digest TEXT, state TEXT,"
            " claimed REAL)"
        )

    async def handle(self, event):
        name = f"{event.provider} {event.id}"
        digest = hashlib.sha256(event.body).hexdigest()
        now = self.clock.time()
        try:
            self.db.execute(
                "INSERT INTO events VALUES (?, ?, 'new', 0) ON CONFLICT DO NOTHING", (name, digest)
            )
            known, state = self.db.execute(
                "SELECT digest, state FROM events WHERE name = ?", (name,)
            ).fetchone()
            if known != digest:
                return 409
            if state == "done":
                return 200
            claimed = self.db.execute(
                "UPDATE events SET state = 'claimed', claimed = :now WHERE name = :name"
                " AND (state = 'new' OR state = 'claimed' AND claimed < :now - 60)",
                {"now": now, "name": name},
            )
            if claimed.rowcount == 0:
                return 503
        except Exception as error:
            return self.busy(error)
        return await self.work(event, name, now)

    async def work(self, event, name, since):
        try:
            if event.type == "payment":
                await self.gateway.charge(name, event)
            with self.transaction():
                finished = self.db.execute(
                    "UPDATE events SET state = 'done' WHERE name = ? AND state = 'claimed'"
                    " AND claimed = ?",
                    (name, since),
                )
                if finished.rowcount == 1:
                    self.apply(event)
        except ConnectionError:
            self.db.execute(
                "UPDATE events SET state = 'new' WHERE name = ? AND claimed = ?", (name, since)
            )
            return 503
        except Exception as error:
            return self.busy(error)
        return 200 if finished.rowcount == 1 else 503

    def apply(self, event):
        data = event.data
        if event.type == "payment":
            self.db.execute(
                "UPDATE balances SET amount = amount + ? WHERE bidder = ?",
                (data["amount"], data["bidder"]),
            )
            return
        row = self.db.execute("SELECT version FROM lots WHERE lot = ?", (data["lot"],)).fetchone()
        if row is None or row[0] < data["version"]:  # within the transaction nobody else writes
            self.db.execute(
                "INSERT OR REPLACE INTO lots VALUES (?, ?, ?)",
                (data["lot"], data["version"], data["price"]),
            )

    @contextmanager
    def transaction(self):
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def busy(self, error):
        if "locked" in str(error):
            return 503
        raise error
