"""A tutor that speaks the protocol and knows nothing: it says what a test has it say.

It serves a built site and the tutor beside it, in a thread of its own. What a test gives it is a
list of messages for each question; `gate` holds an answer back until the test opens it.
"""

from __future__ import annotations

import asyncio
import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import WSCloseCode, WSMsgType, web

from course.server.pages import Pages
from course.tutor.protocol import SUBPROTOCOL

GUEST = {"says": "Open the link that the terminal shows.", "url": None}
GATE = "gate"  # in an answer: what follows waits for the test


@dataclass
class Tutor:
    """What it is to say, and what it heard."""

    folder: Path
    answers: dict = field(default_factory=dict)
    signed_in: bool = True
    quota: dict | None = None
    refuses: int = 0  # the status of the next tickets
    closes: int = 0  # with which code the next socket ends at once
    past: list = field(default_factory=list)
    heard: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    sockets: list = field(default_factory=list)
    sent: list = field(default_factory=list)  # everything that has a seq
    origin: str = ""

    def kinds(self, name):
        """What was heard of this type."""
        return [message for message in self.heard if message["type"] == name]

    def open_gate(self):
        """Let the answer go on."""
        self.loop.call_soon_threadsafe(self.gate.set)

    def cut(self):
        """End every socket without a word."""
        asyncio.run_coroutine_threadsafe(self._cut(), self.loop).result(10)

    async def _cut(self):
        for socket in self.sockets:
            socket._req.transport.abort()
        self.sockets.clear()

    async def status(self, request):
        """GET /tutor/status."""
        signed = {"signed_in": self.signed_in, "user": "ada" if self.signed_in else None}
        model = "sea-7b" if self.quota else None
        more = {"model": model, "quota": self.quota, "sign_in": GUEST, "sign_out": None}
        return web.json_response(signed | more | {"version": 1})

    async def ticket(self, request):
        """POST /tutor/ticket."""
        self.requests.append((request.method, request.path, request.headers.get("Origin")))
        if self.refuses:
            return web.json_response({"type": "error", "message": "No."}, status=self.refuses)
        return web.json_response({"ticket": f"t{len(self.requests)}"})

    async def socket(self, request):
        """The WebSocket."""
        socket = web.WebSocketResponse(protocols=[SUBPROTOCOL], compress=False)
        await socket.prepare(request)
        if self.closes:
            code, self.closes = self.closes, 0
            await socket.close(code=code)
            return socket
        self.sockets.append(socket)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self.hear(socket, json.loads(message.data))
        return socket

    def hear(self, socket, message):
        """One message up."""
        known = [each["id"] for each in self.kinds("ask")]
        self.heard.append(message)
        if message["type"] == "ask" and message["id"] not in known:
            self.answering = asyncio.create_task(self.answer(message))
        elif message["type"] == "resume":
            self.say([each for each in self.sent if each["seq"] > message["last_seq"]])
        elif message["type"] == "stop":
            self.answering.cancel()
            self.number([{"type": "done", "usage": {"source": "course"}, "stopped": True}])

    async def answer(self, ask):
        """What the test gave for this question."""
        start = {"type": "start", "id": ask["id"]}
        for part in [start, *self.answers[ask["question"]]]:
            if part == GATE:
                await self.gate.wait()
                self.gate.clear()
            else:
                self.number([part])

    def number(self, messages):
        """Give each its `seq`, keep it and say it."""
        for message in messages:
            self.sent.append({**message, "seq": len(self.sent) + 1})
        self.say(self.sent[len(self.sent) - len(messages) :])

    def say(self, messages):
        """Down, to whoever listens."""
        for socket in self.sockets:
            for message in messages:
                self.saying.append(asyncio.create_task(self._send(socket, message)))

    async def _send(self, socket, message):
        with suppress(ConnectionError, RuntimeError):
            await socket.send_json(message)

    async def history(self, request):
        """GET /tutor/history."""
        word = request.query.get("search", "")
        found = [each for each in self.past if word in each["question"]]
        return web.json_response({"exchanges": found})

    async def export(self, request):
        """GET /tutor/export."""
        return web.json_response({"exchanges": self.past})

    async def delete(self, request):
        """POST /tutor/delete."""
        self.past.clear()
        self.requests.append((request.method, request.path, request.headers.get("Origin")))
        return web.Response(status=204)

    async def about(self, request):
        """What the build says of the tutor, and that it is here."""
        told = json.loads((self.folder / "assets" / "tutor.json").read_text("utf-8"))
        return web.json_response({**told, "hosted": self.origin})

    def application(self):
        """The routes."""
        app = web.Application()
        routes = web.RouteTableDef()
        routes.get("/tutor/status")(self.status)
        routes.post("/tutor/ticket")(self.ticket)
        routes.get("/tutor/socket")(self.socket)
        routes.get("/tutor/history")(self.history)
        routes.get("/tutor/export")(self.export)
        routes.post("/tutor/delete")(self.delete)
        routes.get("/assets/tutor.json")(self.about)
        routes.route("*", "/{path:.*}")(Pages(self.folder).answer)
        app.add_routes(routes)
        return app

    async def _run(self, ready):
        self.loop, self.gate, self.saying = asyncio.get_running_loop(), asyncio.Event(), []
        self.over = asyncio.Event()
        runner = web.AppRunner(self.application(), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await self.over.wait()
        for socket in self.sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await runner.cleanup()

    def __enter__(self):
        ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)))
        self.thread.start()
        assert ready.wait(10)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(10)
