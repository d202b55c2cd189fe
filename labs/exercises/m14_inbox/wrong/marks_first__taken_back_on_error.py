# exercise: m14.inbox
class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute("CREATE TABLE IF NOT EXISTS inbox (provider, id, body, PRIMARY KEY (provider, id))")

    async def handle(self, event):
        me = (event.provider, event.id)
        with self.db:
            insert = "INSERT OR IGNORE INTO inbox VALUES (?, ?, ?)"
            new = self.db.execute(insert, (*me, event.body)).rowcount
        if not new:
            query = "SELECT body FROM inbox WHERE provider = ? AND id = ?"
            body = self.db.execute(query, me).fetchone()[0]
            return 200 if body == event.body else 409
        try:
            await self.gateway.charge(f"{event.provider}/{event.id}", event)
        except Exception:
            with self.db:
                self.db.execute("DELETE FROM inbox WHERE provider = ? AND id = ?", me)
            return 503
        with self.db:
            add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
            self.db.execute(add, event.data)
        return 200
