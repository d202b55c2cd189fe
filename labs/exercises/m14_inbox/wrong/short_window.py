# exercise: m14.inbox
import sqlite3

LEASE = 60  # seconds after which the process that claimed an event counts as dead

TABLE = """CREATE TABLE IF NOT EXISTS inbox (
    provider, id, body, done, free, claims, PRIMARY KEY (provider, id))"""

UPSERT = """INSERT INTO lots VALUES (:lot, :version, :price)
    ON CONFLICT (lot) DO UPDATE SET version = excluded.version, price = excluded.price
    WHERE excluded.version > lots.version"""


class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute(TABLE)
        db.commit()

    async def handle(self, event):
        me = (event.provider, event.id)
        try:
            answer, claim = self.claim(event, me)
            if answer:
                return answer
            if event.type == "payment":
                await self.gateway.charge(f"{event.provider}/{event.id}", event)
            return self.finish(event, me, claim)
        except (sqlite3.OperationalError, ConnectionError):
            return 503

    def claim(self, event, me):
        now = self.clock.time()
        with self.db:
            self.db.execute("DELETE FROM inbox WHERE done AND free < ?", (now - 3600,))
            self.db.execute("INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, 0, 0, 0)", (*me, event.body))
            query = "SELECT body, done, free, claims FROM inbox WHERE provider = ? AND id = ?"
            body, done, free, claims = self.db.execute(query, me).fetchone()
            if body != event.body:
                return 409, None
            if done:
                return 200, None
            if now < free:
                return 503, None
            mine = "UPDATE inbox SET free = ?, claims = ? WHERE provider = ? AND id = ?"
            self.db.execute(mine, (now + LEASE, claims + 1, *me))
            return None, claims + 1

    def finish(self, event, me, claim):
        with self.db:
            held = "UPDATE inbox SET done = 1 WHERE provider = ? AND id = ? AND claims = ? AND done = 0"
            if not self.db.execute(held, (*me, claim)).rowcount:
                return 503  # somebody else has taken over
            if event.type == "payment":
                add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
                self.db.execute(add, event.data)
            else:
                self.db.execute(UPSERT, event.data)
        return 200
