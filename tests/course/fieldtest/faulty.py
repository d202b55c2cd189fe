"""A webhook receiver in one file, right or wrong in one of many ways: what storm is tried on.

    python faulty.py KIND SOCKET DATABASE [LOG]

SOCKET is the number of an inherited listening socket, so that two processes can share one. It
verifies Standard Webhooks by code of its own. GET /effects tells how often each event took effect.
"""

import asyncio
import base64
import contextlib
import hmac
import json
import socket
import sqlite3
import sys
import time

from aiohttp import web

SECRET = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
KNOWN = ("invoice.paid", "payment.succeeded", "order.created", "user.created")


class Refused(Exception):
    """Answered with this status."""

    def __init__(self, status, text=""):
        super().__init__(text)
        self.status, self.text = status, text


def genuine(headers, body, age=lambda seconds: abs(seconds) <= 300):
    """The id of a delivery that SECRET has signed."""
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature"):
        if len(headers.getall(name, [])) != 1:
            raise Refused(401)
    event, sent = headers["webhook-id"], headers["webhook-timestamp"]
    if not sent.isdigit() or not age(time.time() - int(sent)):
        raise Refused(401)
    digest = hmac.digest(SECRET, f"{event}.{sent}.".encode() + body, "sha256")
    expected = "v1," + base64.b64encode(digest).decode()
    ours = (one.encode() for one in headers["webhook-signature"].split(" "))
    if not any(hmac.compare_digest(one, expected.encode()) for one in ours):
        raise Refused(401)
    return event


class Receiver:
    """Right: verifies, keeps and acts in one transaction, answers."""

    status = 200
    duplicate = 200

    def __init__(self, database):
        self.database = database
        with self.open() as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, body BLOB)")
            db.execute("CREATE TABLE IF NOT EXISTS effects (id TEXT)")

    @contextlib.contextmanager
    def open(self):
        with contextlib.closing(sqlite3.connect(self.database, timeout=20)) as db, db:
            yield db

    async def receive(self, headers, body):
        return self.once(self.verify(headers, body), body)

    def verify(self, headers, body):
        return genuine(headers, body)

    def once(self, event, body):
        with self.open() as db:
            if not db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (event, body)).rowcount:
                return self.duplicate
            db.execute("INSERT INTO effects VALUES (?)", (event,))
        return self.status

    def seen(self, event):
        with self.open() as db:
            return bool(db.execute("SELECT 1 FROM seen WHERE id = ?", (event,)).fetchone())

    def mark(self, event, body):
        with self.open() as db:
            return db.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (event, body)).rowcount

    def act(self, event):
        with self.open() as db:
            db.execute("INSERT INTO effects VALUES (?)", (event,))

    def effects(self):
        with self.open() as db:
            return dict(db.execute("SELECT id, count(*) FROM effects GROUP BY id"))


class Created(Receiver):
    status = 201


class NoContent(Receiver):
    status = 204


class Conflict(Receiver):
    """Right: answers 202, and 409 to a duplicate."""

    status, duplicate = 202, 409


class Forbids(Receiver):
    """Right: answers 403 and a text to what it does not know."""

    def verify(self, headers, body):
        try:
            return genuine(headers, body)
        except Refused:
            raise Refused(403, f"at {time.time()} you were nobody") from None


class BadRequest(Receiver):
    """Right: answers 400 to a bad signature, and later to what is no JSON."""

    async def receive(self, headers, body):
        try:
            event = genuine(headers, body)
        except Refused:
            raise Refused(400, "bad signature") from None
        try:
            json.loads(body)
        except ValueError:
            raise Refused(400, "bad payload") from None
        return self.once(event, body)


class Slow(Receiver):
    """Right: keeps it, answers after 0.7 s, within each limit, and works in the background."""

    async def receive(self, headers, body):
        event = genuine(headers, body)
        await asyncio.sleep(0.7)
        if self.mark(event, body):
            asyncio.get_running_loop().call_later(0.3, self.act, event)
        return 200


class Later(Receiver):
    """Right: takes in whatever comes, answers 202, and verifies and works afterwards."""

    queue = None

    async def receive(self, headers, body):
        asyncio.get_running_loop().call_later(0.05, self.work, headers.copy(), body)
        return 202

    def work(self, headers, body):
        with contextlib.suppress(Refused):
            self.once(genuine(headers, body), body)


class Busy(Receiver):
    """Right: says 503 to every third call, and to come again."""

    calls = 0

    async def receive(self, headers, body):
        event = genuine(headers, body)
        self.calls += 1
        if self.calls % 3 == 0:
            raise Refused(503)
        return self.once(event, body)


class Locks(Receiver):
    """Right: 409 while the first call still works on the same event."""

    running = frozenset()

    async def receive(self, headers, body):
        event = genuine(headers, body)
        if event in self.running:
            return 409
        self.running |= {event}
        try:
            await asyncio.sleep(0.1)
            return self.once(event, body)
        finally:
            self.running -= {event}


class CheckThenAct(Receiver):
    async def receive(self, headers, body):
        event = genuine(headers, body)
        if self.seen(event):
            return 200
        await asyncio.sleep(0.05)
        self.act(event)
        self.mark(event, body)
        return 200


class CheckThenActLater(Receiver):
    """The race lies between the answer and a worker that marks."""

    async def receive(self, headers, body):
        event = genuine(headers, body)
        if not self.seen(event):
            asyncio.get_running_loop().call_later(0.2, self.work, event, body)
        return 200

    def work(self, event, body):
        self.act(event)
        self.mark(event, body)


class MarkFirst(Receiver):
    """Each fifth time its work fails, after the mark."""

    calls = 0

    async def receive(self, headers, body):
        event = genuine(headers, body)
        if not self.mark(event, body):
            return 200
        self.calls += 1
        if self.calls % 5 == 0:
            raise RuntimeError("the bank is out of reach")
        self.act(event)
        return 200


class MarkFirstCancelled(Receiver):
    """Its work ends when its caller leaves."""

    cancels = True

    async def receive(self, headers, body):
        event = genuine(headers, body)
        if not self.mark(event, body):
            return 200
        await asyncio.sleep(0.15)
        self.act(event)
        return 200


class MarksStrangers(Receiver):
    """Marks the id before it verifies."""

    async def receive(self, headers, body):
        event = headers.get("webhook-id", "")
        if not self.mark(event, body):
            return 200
        genuine(headers, body)
        self.act(event)
        return 200


class Parses(Receiver):
    async def receive(self, headers, body):
        try:
            json.loads(body)
        except ValueError:
            raise Refused(400) from None
        return self.once(genuine(headers, body), body)


class ParsesAndBreaks(Receiver):
    async def receive(self, headers, body):
        json.loads(body)
        return self.once(genuine(headers, body), body)


class ParsesQuietly(Receiver):
    """As the recipe with two `except`: both are 400, only the texts differ."""

    async def receive(self, headers, body):
        try:
            json.loads(body)
        except ValueError:
            raise Refused(400, "Invalid payload") from None
        try:
            event = genuine(headers, body)
        except Refused:
            raise Refused(400, "Invalid signature") from None
        return self.once(event, body)


class Loses(Receiver):
    """Hands it to a queue with three places, in memory."""

    waiting = 0

    async def receive(self, headers, body):
        event = genuine(headers, body)
        if self.waiting < 3:
            self.waiting += 1
            asyncio.get_running_loop().call_later(0.1, self.work, event, body)
        return 200

    def work(self, event, body):
        self.waiting -= 1
        self.once(event, body)


class LosesAll(Receiver):
    async def receive(self, headers, body):
        genuine(headers, body)
        return 200


class KnownOnly(Receiver):
    async def receive(self, headers, body):
        event = genuine(headers, body)
        if json.loads(body or "{}").get("type") not in KNOWN:
            raise Refused(422)
        return self.once(event, body)


class KnownOther(Receiver):
    """Knows one type only, and not the usual one."""

    async def receive(self, headers, body):
        event = genuine(headers, body)
        if json.loads(body or "{}").get("type") != "order.created":
            raise Refused(400)
        return self.once(event, body)


class OneTypeOnly(Receiver):
    """Right: acts on one type, and acknowledges the others."""

    async def receive(self, headers, body):
        event = genuine(headers, body)
        try:
            if json.loads(body).get("type") != "user.created":
                return 200
        except (ValueError, AttributeError):
            return 200
        return self.once(event, body)


class DropsRetries(Receiver):
    async def receive(self, headers, body):
        event = genuine(headers, body)
        return 200 if "X-Slack-Retry-Num" in headers else self.once(event, body)


class OldOnly(Receiver):
    def verify(self, headers, body):
        return genuine(headers, body, lambda seconds: seconds <= 300)


class NoFuture(Receiver):
    def verify(self, headers, body):
        return genuine(headers, body, lambda seconds: 0 <= seconds + 1 <= 300)


class AnyAge(Receiver):
    def verify(self, headers, body):
        return genuine(headers, body, lambda seconds: True)


class Reserialises(Receiver):
    def verify(self, headers, body):
        try:
            body = json.dumps(json.loads(body)).encode()
        except ValueError:
            raise Refused(400) from None
        return genuine(headers, body)


class ReserialisesCompact(Receiver):
    def verify(self, headers, body):
        try:
            body = json.dumps(json.loads(body), separators=(",", ":")).encode()
        except ValueError:
            raise Refused(401) from None
        return genuine(headers, body)


class WorksFirst(Receiver):
    async def receive(self, headers, body):
        event = genuine(headers, body)
        await asyncio.sleep(1.5)
        return self.once(event, body)


class InMemory(Receiver):
    """To be started twice on one socket."""

    memory = frozenset()

    async def receive(self, headers, body):
        event = genuine(headers, body)
        if event in self.memory:
            return 200
        self.memory |= {event}
        self.act(event)
        return 200


class ActsAlways(Receiver):
    async def receive(self, headers, body):
        self.act(genuine(headers, body))
        return 200


class VerifiesNothing(Receiver):
    async def receive(self, headers, body):
        return self.once(headers.get("webhook-id", ""), body)


class BreaksOnForgery(Receiver):
    def verify(self, headers, body):
        try:
            return genuine(headers, body)
        except Refused as refused:
            raise RuntimeError from refused


class Redirects(Receiver):
    async def receive(self, headers, body):
        raise Refused(308)


class Trivial(Receiver):
    """Looks at nothing."""

    async def receive(self, headers, body):
        return 200


class OtherSecret(Receiver):
    def verify(self, headers, body):
        raise Refused(401)


KINDS = {kind.__name__: kind for kind in [Receiver, *Receiver.__subclasses__()]}


def application(receiver):
    async def receive(request):
        try:
            status = await receiver.receive(request.headers, await request.read())
        except Refused as refused:
            return web.Response(status=refused.status, text=refused.text)
        return web.Response(status=status)

    async def effects(request):
        return web.json_response(receiver.effects())

    app = web.Application(client_max_size=1 << 20)
    app.router.add_post("/hook", receive)
    app.router.add_get("/effects", effects)
    return app


def main():
    kind, number, database = sys.argv[1:4]
    receiver = KINDS[kind](database)
    listening = socket.socket(fileno=int(number))
    web.run_app(
        application(receiver),
        sock=listening,
        print=None,
        access_log=None,
        handler_cancellation=getattr(receiver, "cancels", False),
    )


if __name__ == "__main__":
    main()
