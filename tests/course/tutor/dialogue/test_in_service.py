"""The tutor behind the service: what is noted survives, and what a model costs is shown."""

import asyncio
import os
import socket
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from course.refusal import Refusal
from course.server.signin import SignIn
from course.tutor import answerers
from course.tutor.accounts.link import LinkDoor
from course.tutor.dialogue.tutor import Tutor
from course.tutor.protocol import Ask
from course.tutor.service.limits import Limits
from course.tutor.service.mounted import Service, Setting
from course.tutor.store import database
from course.tutor.store.people import People

COOKIE = "course-test"


class Asker:
    """A script that asks over HTTP, signed in."""

    def __init__(self, http, origin, session):
        self.http = http
        self.origin = origin
        self.headers = {"Origin": origin, "Cookie": f"{COOKIE}={session}"}

    async def ask(self, question, mode="explain", **context):
        body = {"question": question, "mode": mode, "context": context}
        url = f"{self.origin}/tutor/ask"
        async with self.http.post(url, json=body, headers=self.headers) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def status(self):
        async with self.http.get(f"{self.origin}/tutor/status", headers=self.headers) as response:
            return await response.json()


@asynccontextmanager
async def served(file, answerer, **limits):
    async with database.opened(database.in_file(file)) as engine:
        sign_in = SignIn(lambda: os.urandom(8).hex())
        app = web.Application()
        with socket.create_server(("127.0.0.1", 0)) as server:
            origin = f"http://127.0.0.1:{server.getsockname()[1]}"
            door = LinkDoor(sign_in, COOKIE, "owner", People(engine), lambda: 1_790_000_000.0)
            service = Service(Setting(origin, limits=Limits(**limits)), engine, door, answerer)
            service.mount(app)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
            await runner.setup()
            try:
                await web.SockSite(runner, server).start()
                async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
                    yield Asker(http, origin, sign_in.redeem(sign_in.new_ticket()))
            finally:
                await runner.cleanup()


@pytest.fixture
def serving(tmp_path):
    """`serving(answerer, program)` runs the program beside a service, whose database stays."""

    def run(answerer, program, **limits):
        async def play():
            async with asyncio.timeout(60):
                async with served(tmp_path / "tutor.sqlite3", answerer, **limits) as asker:
                    return await program(asker)

        return asyncio.run(play())

    return run


def test_an_interview_goes_on_after_a_restart(serving, quoting):
    """What was said before the service stopped is remembered after it has come back."""
    serving(Tutor(quoting), lambda asker: asker.ask("an interview about a chat", "interview"))
    reply = serving(Tutor(quoting), lambda asker: asker.ask("repeat", "interview"))

    assert reply["answer"].startswith("**Mock interview: A chat.**")
    assert not reply["refused"]


def test_hints_are_climbed_from_request_to_request(serving, quoting):
    """The ladder goes on although each question stands alone."""

    async def program(asker):
        given = {"exercise": "m6.heartbeat", "verdict": "incorrect", "bug": "never_asks"}
        return [(await asker.ask("help", "hint", **given))["answer"] for _ in range(2)]

    first, second = serving(Tutor(quoting), program)

    assert "**Hint 1 of 5" in first
    assert "**Hint 2 of 5" in second


def test_a_models_calls_are_counted_and_then_the_course_answers(serving, talk):
    """The status shows what is left; after the last call the course's own text comes, and why."""
    says = "A pong answers the ping and carries the same payload as the ping [1]."
    tutor = Tutor(talk.quoting, talk.with_model(says, says).model)

    async def program(asker):
        replies = [await asker.ask("What is a pong?"), await asker.ask("What is a pong?")]
        return replies, await asker.status()

    (told, own), status = serving(tutor, program, calls_per_user=1)

    assert (told["source"], told["answer"]) == ("model", says)
    assert own["source"] == "course"
    assert "spent for today" in own["answer"]
    assert own["citations"]
    assert (status["model"], status["quota"]["left"]) == ("parrot", 0)


def test_who_has_heard_enough_closes_the_models_stream(talk):
    """Closing the tutor's iterator reaches the provider's, through everything between."""
    says = "A pong answers the ping and carries the same payload as the ping [1]. And so on"
    tutor = Tutor(talk.quoting, talk.with_model(says).model)

    async def program():
        parts = tutor(Ask("q", "What is a pong?"), talk.learner)
        first = await anext(parts)
        assert not talk.model.closed
        await parts.aclose()
        return first.text

    assert asyncio.run(program()).startswith("A pong answers the ping")
    assert talk.model.closed


def test_what_is_declined_costs_no_call(serving, talk):
    """The gate stands before the model."""
    tutor = Tutor(talk.quoting, talk.with_model("Sourdough needs time [1].").model)

    reply = serving(tutor, lambda asker: asker.ask("How do I bake a sourdough bread?"))

    assert reply["refused"]
    assert talk.model.asked == []


def test_the_environment_chooses_the_answerer(monkeypatch, quoting, tmp_path):
    """Without TUTOR_MODEL it calls nobody; a wrong setting is a sentence at the start."""
    monkeypatch.setattr(answerers, "Quoting", lambda _: quoting)
    monkeypatch.delenv("TUTOR_MODEL", raising=False)
    assert answerers.configured(tmp_path).model is None

    monkeypatch.setenv("TUTOR_MODEL", "qwen3")
    monkeypatch.setenv("TUTOR_MODEL_URL", "http://127.0.0.1:9/v1")
    assert answerers.configured(tmp_path).model == "qwen3"

    monkeypatch.setenv("TUTOR_MODEL_DIALECT", "other")
    with pytest.raises(Refusal, match="TUTOR_MODEL_DIALECT"):
        answerers.configured(tmp_path)
