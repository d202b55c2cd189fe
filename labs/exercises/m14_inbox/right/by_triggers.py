# exercise: m14.inbox
import json
import sqlite3
from http import HTTPStatus

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS inbox (
    key TEXT PRIMARY KEY, body BLOB, type TEXT, data TEXT, until REAL, done INTEGER);
CREATE TRIGGER IF NOT EXISTS paid AFTER UPDATE OF done ON inbox
WHEN NEW.done AND NOT OLD.done AND NEW.type = 'payment' BEGIN
    UPDATE balances SET amount = amount + json_extract(NEW.data, '$.amount')
    WHERE bidder = json_extract(NEW.data, '$.bidder');
END;
CREATE TRIGGER IF NOT EXISTS changed AFTER UPDATE OF done ON inbox
WHEN NEW.done AND NOT OLD.done AND NEW.type <> 'payment' BEGIN
    INSERT INTO lots VALUES (
        json_extract(NEW.data, '$.lot'), json_extract(NEW.data, '$.version'),
        json_extract(NEW.data, '$.price'))
    ON CONFLICT (lot) DO UPDATE SET version = excluded.version, price = excluded.price
    WHERE version < excluded.version;
END;
"""


def in_transaction(function):
    def wrapped(self, *args):
        with self.db as db:
            return function(self, db, *args)

    return wrapped


class Inbox:
    """The database itself books: a trigger fires when an event becomes done."""

    def __init__(self, db, gateway, clock):
        self.db, self.gateway, self.clock = db, gateway, clock
        self.db.row_factory = sqlite3.Row
        db.executescript(SCHEMA)

    async def handle(self, event):
        key = "|".join((event.provider, event.id))
        try:
            if (answer := self.take(key, event)) is not None:
                return answer
            if event.type == "payment":
                await self.gateway.charge(key, event)
            self.finish(key)
        except ConnectionError:
            self.give_back(key)
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK

    @in_transaction
    def take(self, db, key, event):
        now = self.clock.time()
        row = (key, event.body, event.type, json.dumps(event.data))
        db.execute("INSERT OR IGNORE INTO inbox VALUES (?, ?, ?, ?, 0, 0)", row)
        row = db.execute("SELECT * FROM inbox WHERE key = ?", [key]).fetchone()
        if row["body"] != event.body:
            return HTTPStatus.CONFLICT
        if row["done"]:
            return HTTPStatus.OK
        if row["until"] > now:
            return HTTPStatus.SERVICE_UNAVAILABLE
        db.execute("UPDATE inbox SET until = ? WHERE key = ?", (now + 60, key))
        return None

    @in_transaction
    def finish(self, db, key):
        db.execute("UPDATE inbox SET done = 1 WHERE key = ? AND NOT done", (key,))

    @in_transaction
    def give_back(self, db, key):
        db.execute("UPDATE inbox SET until = 0 WHERE key = ? AND NOT done", (key,))
