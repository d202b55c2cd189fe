# exercise: m14.inbox
class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        self.seen = {}

    async def handle(self, event):
        me = (event.provider, event.id)
        if me in self.seen:
            return 200 if self.seen[me] == event.body else 409
        self.seen[me] = event.body
        try:
            await self.gateway.charge(f"{event.provider}/{event.id}", event)
        except ConnectionError:
            del self.seen[me]
            return 503
        with self.db:
            add = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
            self.db.execute(add, event.data)
        return 200
