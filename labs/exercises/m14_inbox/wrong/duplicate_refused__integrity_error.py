# exercise: m14.inbox
class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute("CREATE TABLE IF NOT EXISTS inbox (provider, id, body, PRIMARY KEY (provider, id))")

    async def handle(self, event):
        with self.db:
            row = (event.provider, event.id, event.body)
            self.db.execute("INSERT INTO inbox VALUES (?, ?, ?)", row)
        await self.gateway.charge(f"{event.provider}/{event.id}", event)
        with self.db:
            add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
            self.db.execute(add, event.data)
        return 200
