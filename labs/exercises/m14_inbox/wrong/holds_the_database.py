# exercise: m14.inbox
class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.isolation_level = None
        db.execute("CREATE TABLE IF NOT EXISTS inbox (provider, id, body, PRIMARY KEY (provider, id))")

    async def handle(self, event):
        me = (event.provider, event.id)
        try:
            self.db.execute("BEGIN IMMEDIATE")
        except Exception:
            return 503
        try:
            query = "SELECT body FROM inbox WHERE provider = ? AND id = ?"
            row = self.db.execute(query, me).fetchone()
            if row is not None:
                return 200 if row[0] == event.body else 409
            self.db.execute("INSERT INTO inbox VALUES (?, ?, ?)", (*me, event.body))
            await self.gateway.charge(f"{event.provider}/{event.id}", event)
            add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
            self.db.execute(add, event.data)
            self.db.execute("COMMIT")
            return 200
        except ConnectionError:
            return 503
        finally:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
