"""A course that runs, with a tutor that answers what the test has it answer, in a thread."""

import asyncio
import json
import socket
import threading
from pathlib import Path

import pytest
from aiohttp import web

from course.server.guards import ORIGIN, guarded
from course.server.signin import SignIn
from course.tutor.accounts.link import LinkDoor
from course.tutor.protocol import Citation, Delta, Done, Refused, Usage
from course.tutor.service.limits import AT_HOME
from course.tutor.service.mounted import Service, Setting
from course.tutor.store import database
from course.tutor.store.people import People

OWNER = "the owner's secret"
SILENCE = "A dead peer is silent [1]."
SCRIPT = "export default { render() {} };"


class Answerer:
    """Quotes one sentence; waits at `wait` for ever, refuses `pasta`."""

    model = None

    def __init__(self):
        self.asked, self.closed = [], threading.Event()

    async def __call__(self, ask, allowance):
        """The parts."""
        self.asked.append(ask)
        try:
            if ask.question == "pasta?":
                yield Refused("off_topic", ("What is a pong?",))
            else:
                yield Delta(SILENCE)
                yield Citation(1, "06#why", "M6: Silence", "/lessons/06_liveness/#why")
            if ask.question == "wait":
                await asyncio.Event().wait()
            yield Done(Usage("course"), ("What is a pong?",))
        finally:
            self.closed.set()


class Course:
    """The running course: its address, its private folder, what was asked."""

    def __init__(self, state):
        self.state, self.answerer = Path(state), Answerer()
        self.origin, self.ready = "", threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.run()))

    async def run(self):
        """Serve until the test is over."""
        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        listener = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with database.opened(database.in_file(self.state / "t.sqlite3")) as engine:
            sign_in = SignIn(iter(map(str, range(100))).__next__)
            door = LinkDoor(sign_in, "course", OWNER, People(engine), lambda: 0.0)
            app = web.Application(middlewares=[guarded])
            app[ORIGIN] = self.origin
            Service(Setting(self.origin, limits=AT_HOME), engine, door, self.answerer).mount(app)
            app.router.add_get("/assets/tutor.json", self.about)
            app.router.add_get("/panel.js", self.script)
            runner = web.AppRunner(app, shutdown_timeout=0.1)
            await runner.setup()
            await web.SockSite(runner, listener).start()
            self.ready.set()
            await self.over.wait()
            await runner.cleanup()

    async def about(self, _):
        """What the build says of the panel."""
        return web.json_response({"notebook": "panel.js"})

    async def script(self, _):
        """The panel's script."""
        return web.Response(text=SCRIPT)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A running course, whose private folder says where it is."""
    state = tmp_path_factory.mktemp("project") / ".course"
    state.mkdir()
    made = Course(state)
    made.thread.start()
    assert made.ready.wait(30)
    told = {"origin": made.origin, "owner": OWNER}
    (state / "running.json").write_text(json.dumps(told))
    yield made
    made.loop.call_soon_threadsafe(made.over.set)
    made.thread.join(30)
