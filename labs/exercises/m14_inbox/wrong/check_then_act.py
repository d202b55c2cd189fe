# exercise: m14.inbox
class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute("CREATE TABLE IF NOT EXISTS inbox (provider, id, body)")

    async def handle(self, event):
        me = (event.provider, event.id)
        query = "SELECT body FROM inbox WHERE provider = ? AND id = ?"
        row = self.db.execute(query, me).fetchone()
        if row is not None:
            return 200 if row[0] == event.body else 409
        await self.gateway.charge(f"{event.provider}/{event.id}", event)
        with self.db:
            self.db.execute("INSERT INTO inbox VALUES (?, ?, ?)", (*me, event.body))
            add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
            self.db.execute(add, event.data)
        return 200
