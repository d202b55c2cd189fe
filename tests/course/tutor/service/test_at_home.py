"""The tutor of `start`: its sign-in, the real answering, and one database in `.course/`."""

import asyncio
import json
import socket
from contextlib import AsyncExitStack

import aiohttp
from aiohttp import web

from course.publish import notebook, passages, reference
from course.server.signin import SignIn
from course.tutor import answerers, at_home
from labs.lessons import lesson


def test_the_course_answers_from_its_own_text(project, tmp_path):
    """Signed in by a link, a question of the subject is answered with citations, another is not."""
    lessons = {p: lesson(p.stem, p.parent) for p in notebook.files(project / "notebooks")}
    file = tmp_path / "passages.json"
    file.write_text(passages.as_json(project, lessons, reference.parts(lessons)))
    answerer = answerers.configured(file)
    sign_in = SignIn(iter("abcdef").__next__)

    async def program():
        async with AsyncExitStack() as ends:
            listener = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
            origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
            tutor = await ends.enter_async_context(
                at_home.tutor(
                    origin, "http://127.0.0.1:1", sign_in, "course-0", "own", tmp_path, answerer
                )
            )
            app = web.Application()
            tutor.mount(app)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            ends.push_async_callback(runner.cleanup)
            await web.SockSite(runner, listener).start()
            session = sign_in.redeem(sign_in.new_ticket())
            http = await ends.enter_async_context(aiohttp.ClientSession())
            headers = {"Origin": origin, "Cookie": f"course-0={session}"}

            async def ask(question):
                asked = http.post(
                    f"{origin}/tutor/ask", json={"question": question}, headers=headers
                )
                async with asked as response:
                    assert response.status == 200
                    return json.loads(await response.text())

            return await ask("What is a webhook?"), await ask("Who won the world cup?")

    known, foreign = asyncio.run(program())
    assert known["refused"] is False
    assert "POST" in known["answer"]
    assert known["citations"][0]["url"].startswith("/")
    assert foreign["refused"] is True
