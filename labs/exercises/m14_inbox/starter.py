# exercise: m14.inbox
class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock

    async def handle(self, event):
        ...
