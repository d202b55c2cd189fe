# exercise: m14.inbox
import asyncio
import json
import time
import uuid

TABLES = """
PRAGMA foreign_keys = ON;
CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY, provider TEXT NOT NULL, event TEXT NOT NULL, body BLOB NOT NULL,
    UNIQUE (provider, event));
CREATE TABLE IF NOT EXISTS leases (
    number INTEGER PRIMARY KEY REFERENCES deliveries, token TEXT, expires REAL);
CREATE TABLE IF NOT EXISTS finished (number INTEGER PRIMARY KEY REFERENCES deliveries);
"""


class Inbox:
    """`handle` only queues; a worker does it all, with a lease that is a row of its own."""

    def __init__(self, db, gateway, clock):
        self.db, self.gateway = db, gateway
        db.executescript(TABLES)
        self.queue = asyncio.Queue()
        self.worker = asyncio.create_task(self.work_off())

    async def handle(self, event):
        answer = asyncio.get_running_loop().create_future()
        await self.queue.put((event, answer))
        return await answer

    async def work_off(self):
        running = set()
        while True:
            event, answer = await self.queue.get()
            task = asyncio.create_task(self.answer(event, answer))
            running.add(task)
            task.add_done_callback(running.discard)

    async def answer(self, event, answer):
        try:
            answer.set_result(await self.work(event))
        except Exception as error:
            answer.set_exception(error)

    async def work(self, event):
        token = uuid.uuid4().hex
        try:
            status, number = self.take(event, token)
        except Exception:
            return 503
        finally:
            self.db.rollback()
        if status:
            return status
        if event.type == "payment":
            try:
                async with asyncio.timeout(40):
                    await self.gateway.charge(json.dumps([event.provider, event.id]), event)
            except (ConnectionError, TimeoutError):
                with self.db:
                    self.db.execute("DELETE FROM leases WHERE token = ?", (token,))
                return 503
        return self.finish(event, number, token)

    def take(self, event, token):
        cursor = self.db.cursor()
        now = time.time()
        cursor.execute("BEGIN IMMEDIATE")
        row = (event.provider, event.id, event.body)
        cursor.execute(
            "INSERT INTO deliveries (provider, event, body) VALUES (?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            row,
        )
        cursor.execute(
            "SELECT number, body FROM deliveries WHERE provider = ? AND event = ?", row[:2]
        )
        number, body = cursor.fetchone()
        if body != event.body:
            return 409, number
        if cursor.execute("SELECT 1 FROM finished WHERE number = ?", (number,)).fetchone():
            return 200, number
        cursor.execute("DELETE FROM leases WHERE number = ? AND expires < ?", (number, now))
        cursor.execute("INSERT INTO leases VALUES (?, ?, ?)", (number, token, now + 55))
        self.db.commit()
        return None, number

    def finish(self, event, number, token):
        cursor = self.db.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("DELETE FROM leases WHERE token = ?", (token,))
            if cursor.rowcount != 1:
                return 503
            cursor.execute("INSERT INTO finished VALUES (?)", (number,))
            self.apply(cursor, event.type, event.data)
            self.db.commit()
        except Exception:
            return 503
        finally:
            self.db.rollback()
        return 200

    def apply(self, cursor, kind, data):
        if kind == "payment":
            cursor.execute(
                "UPDATE balances SET amount = amount + :amount WHERE bidder = :bidder", data
            )
            return
        cursor.execute("SELECT coalesce(max(version), 0) FROM lots WHERE lot = :lot", data)
        if cursor.fetchone()[0] < data["version"]:
            cursor.execute("REPLACE INTO lots VALUES (:lot, :version, :price)", data)
