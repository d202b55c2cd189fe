# exercise: m14.inbox
class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock

    async def handle(self, event):
        await self.gateway.charge(event.id, event)
        with self.db:
            add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
            self.db.execute(add, event.data)
        return 200
