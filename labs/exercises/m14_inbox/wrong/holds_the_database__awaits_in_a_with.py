# exercise: m14.inbox
import sqlite3


class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute("CREATE TABLE IF NOT EXISTS inbox (provider, id, body, PRIMARY KEY (provider, id))")

    async def handle(self, event):
        me = (event.provider, event.id)
        try:
            with self.db:
                self.db.execute("INSERT INTO inbox VALUES (?, ?, ?)", (*me, event.body))
                await self.gateway.charge(f"{event.provider}/{event.id}", event)
                add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
                self.db.execute(add, event.data)
        except sqlite3.IntegrityError:
            query = "SELECT body FROM inbox WHERE provider = ? AND id = ?"
            body = self.db.execute(query, me).fetchone()[0]
            return 200 if body == event.body else 409
        return 200
