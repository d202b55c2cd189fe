# exercise: m14.inbox
NEW = "INSERT OR IGNORE INTO inbox VALUES (:name, :body, 0, -60)"
TAKE = """UPDATE inbox SET since = :now
    WHERE name = :name AND body = :body AND NOT done AND since <= :now - 60"""
LOOK = "SELECT body, done FROM inbox WHERE name = :name"
DONE = "UPDATE inbox SET done = 1 WHERE name = :name AND since = :now AND NOT done"
BOOK = "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder"
LOT = """INSERT INTO lots VALUES (:lot, :version, :price) ON CONFLICT (lot) DO UPDATE
    SET version = :version, price = :price WHERE version < :version"""


class Inbox:
    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        db.execute("CREATE TABLE IF NOT EXISTS inbox (name PRIMARY KEY, body, done, since)")

    async def handle(self, event):
        name = f"{event.provider}/{event.id}"
        me = {"name": name, "body": event.body, "now": self.clock.time()}
        with self.db:
            self.db.execute(NEW, me)
            taken = self.db.execute(TAKE, me).rowcount
            body, done = self.db.execute(LOOK, me).fetchone()
        if not taken:
            return 200 if body == event.body else 409
        try:
            if event.type == "payment":
                await self.gateway.charge(name, event)
        except ConnectionError:
            return 503
        with self.db:
            if not self.db.execute(DONE, me).rowcount:
                return 503
            self.db.execute(BOOK if event.type == "payment" else LOT, event.data)
        return 200
