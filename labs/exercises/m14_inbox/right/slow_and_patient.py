# exercise: m14.inbox
import asyncio
import sqlite3


class Inbox:
    """A copy waits for the first instead of being sent away; lots are made anew from all events."""

    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.executescript(
            """
            CREATE TABLE IF NOT EXISTS work (
                provider, id, body, state, since REAL, PRIMARY KEY (provider, id));
            CREATE TABLE IF NOT EXISTS history (lot, version, price, PRIMARY KEY (lot, version));
            """
        )

    async def handle(self, event):
        for _ in range(50):
            try:
                status = self.look(event)
            except sqlite3.OperationalError:
                status = 503
            if status == 102:
                return await self.work(event)
            if status != 503:
                return status
            await asyncio.sleep(0.5)
        return 503

    def look(self, event):
        me = (event.provider, event.id)
        try:
            self.db.execute("BEGIN EXCLUSIVE")
            row = self.db.execute(
                "SELECT body, state, since FROM work WHERE provider = ? AND id = ?", me
            ).fetchone()
            if row is None:
                row = (event.body, "waits", 0)
                self.db.execute("INSERT INTO work VALUES (?, ?, ?, 'waits', 0)", (*me, event.body))
            body, state, since = row
            if bytes(body) != event.body:
                return 409
            if state == "done":
                return 200
            if state == "under way" and self.clock.time() - since <= 60:
                return 503
            self.db.execute(
                "UPDATE work SET state = 'under way', since = ? WHERE provider = ? AND id = ?",
                (self.clock.time(), *me),
            )
            self.db.commit()
            return 102
        finally:
            self.db.rollback()

    async def work(self, event):
        since = self.clock.time()
        try:
            if event.type == "payment":
                await self.gateway.charge(repr((event.provider, event.id)), event)
        except ConnectionError:
            return 503
        for _ in range(100):
            try:
                return self.finish(event, since)
            except sqlite3.OperationalError:
                self.db.rollback()
                await asyncio.sleep(0.5)
        return 503

    def finish(self, event, since):
        with self.db:
            self.db.execute("BEGIN IMMEDIATE")
            me = (event.provider, event.id)
            row = self.db.execute(
                "SELECT state, since FROM work WHERE provider = ? AND id = ?", me
            ).fetchone()
            if row != ("under way", since):
                return 200 if row[0] == "done" else 503
            if event.type == "payment":
                self.db.execute(
                    "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder",
                    event.data,
                )
            else:
                self.db.execute("INSERT INTO history VALUES (:lot, :version, :price)", event.data)
                self.db.execute("DELETE FROM lots")
                self.db.execute(
                    "INSERT INTO lots SELECT lot, max(version), price FROM history GROUP BY lot"
                )
            self.db.execute(
                "UPDATE work SET state = 'done' WHERE provider = ? AND id = ?", me
            )
        return 200
