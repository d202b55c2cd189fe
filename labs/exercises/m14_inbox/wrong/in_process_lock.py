# exercise: m14.inbox
import asyncio
import sqlite3
from collections import defaultdict

LEASE = 60  # seconds after which the process that claimed an event counts as dead

TABLE = """CREATE TABLE IF NOT EXISTS inbox (
    provider, id, body, done, free, claims, PRIMARY KEY (provider, id))"""

UPSERT = """INSERT INTO lots VALUES (:lot, :version, :price)
    ON CONFLICT (lot) DO UPDATE SET version = excluded.version, price = excluded.price
    WHERE excluded.version > lots.version"""


class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        self.locks = defaultdict(asyncio.Lock)
        db.execute(TABLE)
        db.commit()

    async def handle(self, event):
        me = (event.provider, event.id)
        try:
            async with self.locks[me]:
                if answer := self.known(event, me):
                    return answer
                if event.type == "payment":
                    await self.gateway.charge(f"{event.provider}/{event.id}", event)
                return self.finish(event, me)
        except (sqlite3.OperationalError, ConnectionError):
            return 503

    def known(self, event, me):
        query = "SELECT body FROM inbox WHERE provider = ? AND id = ?"
        row = self.db.execute(query, me).fetchone()
        if row:
            return 200 if row[0] == event.body else 409

    def finish(self, event, me):
        with self.db:
            self.db.execute("INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, 1, 0, 0)", (*me, event.body))
            if event.type == "payment":
                add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
                self.db.execute(add, event.data)
            else:
                self.db.execute(UPSERT, event.data)
        return 200
