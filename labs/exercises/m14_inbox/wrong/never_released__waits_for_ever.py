# exercise: m14.inbox
import asyncio
import sqlite3


class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute("CREATE TABLE IF NOT EXISTS inbox (name PRIMARY KEY, body, state)")

    async def handle(self, event):
        name = f"{event.provider}/{event.id}"
        while True:
            with self.db:
                insert = "INSERT OR IGNORE INTO inbox VALUES (?, ?, 'under way')"
                new = self.db.execute(insert, (name, event.body)).rowcount
            query = "SELECT body, state FROM inbox WHERE name = ?"
            body, state = self.db.execute(query, (name,)).fetchone()
            if body != event.body:
                return 409
            if state == "done":
                return 200
            if new:
                break
            await asyncio.sleep(1)  # somebody is at it
        try:
            await self.gateway.charge(name, event)
        except ConnectionError:
            with self.db:
                self.db.execute("DELETE FROM inbox WHERE name = ?", (name,))
            return 503
        with self.db:
            self.db.execute("UPDATE inbox SET state = 'done' WHERE name = ?", (name,))
            add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
            self.db.execute(add, event.data)
        return 200
