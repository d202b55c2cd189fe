"""The tutor over HTTP: one question and one answer, tickets, and the learner's own data."""

import asyncio
import json

import pytest


def test_a_script_asks_and_is_answered(tutor):
    """The reply has the answer, its citations, whether it was refused, and follow-ups."""

    async def program(stage):
        status, told = await stage.post("/tutor/ask", {"question": "2 words"})
        assert status == 200
        assert told.pop("id").startswith("http-")
        assert told == {
            "answer": "word0 word1 ",
            "citations": [
                {"n": 1, "id": "06#ping", "title": "Ping", "url": "/lessons/06_liveness/#ping"}
            ],
            "refused": False, "followups": ["And then?"],
            "source": "course", "reason": "", "suggestions": [],
        }  # fmt: skip
        assert stage.response.headers["Cache-Control"] == "no-store"

    tutor(program)


def test_a_refusal_over_http_is_an_answer(tutor):
    """Status 200, `refused`, and what could be asked."""

    async def program(stage):
        status, told = await stage.post("/tutor/ask", {"question": "refuse"})
        assert (status, told["refused"], told["suggestions"]) == (
            200, True, ["What is a webhook?"],
        )  # fmt: skip

    tutor(program)


BAD = [
    ({}, {"Cookie": None}, 401, "unauthenticated"),
    ({}, {"Cookie": "course-test=made-up"}, 401, "unauthenticated"),
    ({}, {"Origin": None}, 403, "forbidden"),
    ({}, {"Origin": "https://evil.example"}, 403, "forbidden"),
    ({}, {"Origin": "http://127.0.0.1:8888"}, 403, "forbidden"),
    (b'{"question": "?"}', {"Content-Type": "text/plain"}, 415, "malformed"),
    (b"question=%3F", {"Content-Type": "application/x-www-form-urlencoded"}, 415, "malformed"),
    (b"", {"Content-Type": "application/json"}, 400, "malformed"),
    (b"[]", {"Content-Type": "application/json"}, 400, "malformed"),
    (b"\xff", {"Content-Type": "application/json"}, 400, "malformed"),
    (b'{"question": ""}', {"Content-Type": "application/json"}, 400, "malformed"),
    (b'{"id": 7, "question": "?"}', {"Content-Type": "application/json"}, 400, "malformed"),
    (b'"' + b"?" * 40_000 + b'"', {"Content-Type": "application/json"}, 413, "too_large"),
    ({"question": "break"}, {}, 500, "failed"),
]


@pytest.mark.parametrize(("body", "headers", "status", "code"), BAD)
def test_what_is_refused_is_refused_in_json(tutor, body, headers, status, code):
    """A status, a code for programs, a sentence for people."""

    async def program(stage):
        got, told = await stage.post("/tutor/ask", body, **headers)
        assert (got, told["type"], told["code"]) == (status, "error", code)
        assert told["message"].endswith(".")

    tutor(program)


@pytest.mark.parametrize("path", ["ticket", "ask", "feedback", "delete", "sign-out"])
def test_a_change_needs_session_and_origin(tutor, path):
    """Neither a page of somebody else's nor a guest gets past."""

    async def program(stage):
        assert (await stage.post(f"/tutor/{path}", {}, Cookie=None))[0] == 401
        assert (await stage.post(f"/tutor/{path}", {}, Origin="http://127.0.0.1"))[0] == 403

    tutor(program)


@pytest.mark.parametrize("path", ["history", "export"])
def test_what_is_kept_is_for_its_owner(tutor, path):
    """A guest sees none of it."""

    async def program(stage):
        assert (await stage.get(f"/tutor/{path}", Cookie=None))[0] == 401

    tutor(program)


def test_a_guest_sees_where_to_sign_in(tutor):
    """`status` needs no session; with one it also says who."""

    async def program(stage):
        status, told = await stage.get("/tutor/status", Cookie=None)
        assert (status, told["signed_in"], told["user"]) == (200, False, None)
        assert "python3 -m course start" in told["sign_in"]["says"]
        _, told = await stage.get("/tutor/status")
        assert (told["signed_in"], told["user"], told["model"]) == (True, "learner", None)

    tutor(program)


def test_a_kernel_shows_the_owners_secret(tutor):
    """It has no cookie, and gets a ticket all the same; another secret gets none."""

    async def program(stage):
        kernel = {"Cookie": None, "Authorization": "Bearer owner-secret"}
        _, told = await stage.post("/tutor/ticket", **kernel)
        client = await stage.raw(told["ticket"], "http://127.0.0.1:8888")
        await client.say("ask", id="q1", question="1 words")
        assert (await client.answer())[-1]["type"] == "done"
        wrong = {"Cookie": None, "Authorization": "Bearer owner"}
        assert (await stage.post("/tutor/ticket", **wrong))[0] == 401

    tutor(program)


def test_an_id_makes_a_question_safe_to_repeat(tutor):
    """A script that lost the reply sends the same again, and nothing is asked twice."""

    async def program(stage):
        body = {"id": "mine", "question": "1 words"}
        _, first = await stage.post("/tutor/ask", body)
        _, second = await stage.post("/tutor/ask", body)
        assert first == second
        assert len(stage.answerer.asked) == 1

    tutor(program)


def test_scripts_wait_for_their_turn(tutor):
    """Questions at the same time are answered one after the other."""

    async def program(stage):
        answers = await asyncio.gather(
            *(stage.post("/tutor/ask", {"question": "2 words"}) for _ in range(8))
        )
        assert [status for status, _ in answers] == [200] * 8

    tutor(program)


def test_a_turn_that_does_not_come_is_429(tutor):
    """With Retry-After, as RFC 6585 4 has it."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question="wait")
        await client.hear()
        status, told = await stage.post("/tutor/ask", {"question": "1 words"})
        assert (status, told["code"]) == (429, "busy")
        assert stage.response.headers["Retry-After"] == "2"

    tutor(program, turn=0.05)


def test_history_can_be_searched_carried_away_and_deleted(tutor):
    """What is exported is what is kept; after the deletion nothing is."""

    async def program(stage):
        for n, question in enumerate(("1 words", "2 words")):
            await stage.post("/tutor/ask", {"id": f"q{n}", "question": question})
        _, page = await stage.get("/tutor/history")
        assert [each["id"] for each in page["exchanges"]] == ["q1", "q0"]
        _, found = await stage.get("/tutor/history?search=WORD1")
        assert [each["id"] for each in found["exchanges"]] == ["q1"]
        _, older = await stage.get("/tutor/history?before=q1")
        assert [each["id"] for each in older["exchanges"]] == ["q0"]
        _, export = await stage.get("/tutor/export")
        assert export["exchanges"] == page["exchanges"][::-1]
        assert "attachment" in stage.response.headers["Content-Disposition"]
        client = await stage.socket()
        status, _ = await stage.post("/tutor/delete")
        assert status == 200
        assert await client.code() == 4401
        _, page = await stage.get("/tutor/history")
        assert page == {"exchanges": []}

    tutor(program)


@pytest.mark.parametrize("query", ["search=%00", "search=" + "x" * 201, "before=%00"])
def test_a_search_that_is_none_is_a_sentence(tutor, query):
    """No database is asked for what it cannot hold."""

    async def program(stage):
        assert (await stage.get(f"/tutor/history?{query}"))[0] == 400

    tutor(program)


def test_feedback_over_http(tutor):
    """A vote for an answer that is there, and for none that is not."""

    async def program(stage):
        await stage.post("/tutor/ask", {"id": "q1", "question": "1 words"})
        vote = {"id": "q1", "vote": "up", "reason": "clear"}
        assert (await stage.post("/tutor/feedback", vote))[0] == 200
        assert (await stage.post("/tutor/feedback", vote | {"id": "q2"}))[0] == 404
        _, page = await stage.get("/tutor/history")
        assert page["exchanges"][0]["reason"] == "clear"

    tutor(program)


def test_a_sign_out_ends_the_session(tutor):
    """The cookie is worth nothing from then on, and the browser is told to forget it."""

    async def program(stage):
        assert (await stage.post("/tutor/sign-out"))[0] == 200
        assert 'course-test=""' in stage.response.headers["Set-Cookie"]
        assert (await stage.get("/tutor/history"))[0] == 401

    tutor(program)


def test_a_sign_out_everywhere_ends_all_sessions(tutor):
    """Also those of other browsers."""

    async def program(stage):
        other = stage.sign_in.redeem(stage.sign_in.new_ticket())
        assert (await stage.post("/tutor/sign-out", {"everywhere": True}))[0] == 200
        assert (await stage.get("/tutor/history", Cookie=f"course-test={other}"))[0] == 401

    tutor(program)


def test_a_question_brings_the_learners_work_along(tutor):
    """Known members reach the answerer, others do not; nothing of them is kept."""

    async def program(stage):
        context = {"code": "def f(): ...", "bug": "any_traffic", "attempts": 3, "solution": "no"}
        await stage.post("/tutor/ask", {"question": "1 words", "context": context})
        (asked,) = stage.answerer.asked
        assert asked.context == {"code": "def f(): ...", "bug": "any_traffic", "attempts": 3}
        _, export = await stage.get("/tutor/export")
        assert "any_traffic" not in json.dumps(export)

    tutor(program)


def test_what_an_answerer_noted_is_exported_too(tutor):
    """An export leaves out nothing that is kept; each user sees their own notes."""

    async def program(stage):
        await stage.post("/tutor/ask", {"question": "1 words"})
        memory = stage.service.parts.conversations.means.memory
        await memory.keep(1, "interview", {"asked": 2})
        _, export = await stage.get("/tutor/export")
        assert export["notes"] == {"interview": {"asked": 2}}

    tutor(program)
