# exercise: m14.inbox
import sqlite3


class Inbox:
    """Takes nothing up beforehand: the gateway's key and a unique index do all the work."""

    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute("CREATE TABLE IF NOT EXISTS booked (provider, id, body, UNIQUE (provider, id))")

    async def handle(self, event):
        known = self.known(event)
        if known:
            return known
        if event.type == "payment":
            try:
                await self.gateway.charge(f"{event.provider}:{event.id}", event)
            except ConnectionError:
                return 503
        try:
            with self.db:
                row = (event.provider, event.id, event.body)
                self.db.execute("INSERT INTO booked VALUES (?, ?, ?)", row)
                self.apply(event.type, event.data)
        except sqlite3.IntegrityError:  # another copy was quicker
            return self.known(event)
        return 200

    def known(self, event):
        row = self.db.execute(
            "SELECT body FROM booked WHERE provider = ? AND id = ?", (event.provider, event.id)
        ).fetchone()
        if row:
            return 200 if row[0] == event.body else 409

    def apply(self, kind, data):
        if kind == "payment":
            self.db.execute(
                "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder", data
            )
        else:
            self.db.execute("INSERT OR IGNORE INTO lots VALUES (:lot, -1, NULL)", data)
            self.db.execute(
                "UPDATE lots SET version = :version, price = :price"
                " WHERE lot = :lot AND version < :version",
                data,
            )
