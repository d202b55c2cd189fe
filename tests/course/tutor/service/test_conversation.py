"""One answer at a time: stop, cut, resume, ask again, slow readers, and what is left in the end."""

import asyncio
import json

import pytest
from aiohttp import web

from course.tutor.service.quota import Quotas
from course.tutor.service.talk import TALK


async def until(condition):
    """Wait for a condition; the stage's own deadline ends a wait in vain."""
    while not condition():
        await asyncio.sleep(0)


async def waiting(stage, client, ask_id="q1"):
    """An answer under way: `start` and its first piece have come."""
    await client.say("ask", id=ask_id, question="wait")
    heard = [await client.hear(), await client.hear()]
    assert [each["type"] for each in heard] == ["start", "delta"]


def test_a_stop_ends_the_answer_and_what_made_it(tutor):
    """`done` says that it was stopped, the answerer is closed, the history keeps what there is."""

    async def program(stage):
        client = await stage.socket()
        await waiting(stage, client)
        await client.say("stop", id="q1")
        assert (await client.hear())["stopped"] is True
        assert stage.answerer.closed == ["q1"]
        _, told = await stage.get("/tutor/history")
        (kept,) = told["exchanges"]
        assert (kept["state"], kept["answer"]) == ("stopped", "so far ")

    tutor(program)


def test_a_stop_before_the_first_word_is_a_stop(tutor):
    """Whatever comes first at the service: the answer ends, and the next question is answered."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question="wait")
        await client.say("stop", id="q1")
        assert (await client.answer())[-1]["stopped"] is True
        await client.say("ask", id="q2", question="1 words")
        assert (await client.answer())[-1]["type"] == "done"

    tutor(program)


def test_one_answer_at_a_time(tutor):
    """A second question of the same user is busy, on whichever socket it comes."""

    async def program(stage):
        first, second = await stage.socket(), await stage.socket()
        await waiting(stage, first)
        for client in (first, second):
            await client.say("ask", id="q2", question="1 words")
            heard = await client.hear()
            assert (heard["code"], heard["id"], heard["retry_after"]) == ("busy", "q2", 1.0)
        stage.answerer.go_on.set()
        assert (await first.answer())[-1]["type"] == "done"
        await second.say("ask", id="q2", question="1 words")
        assert (await second.answer())[-1]["type"] == "done"

    tutor(program)


def test_a_cut_costs_nothing(tutor):
    """After a reconnect `resume` brings exactly what was missed, and the answer goes on."""

    async def program(stage):
        client = await stage.socket()
        await waiting(stage, client)
        client.peer._response.connection.transport.abort()
        again = await stage.socket()
        await again.say("resume", last_seq=1)
        assert await again.hear() == {"type": "delta", "text": "so far ", "seq": 2}
        stage.answerer.go_on.set()
        assert await again.hear() == {"type": "delta", "text": "so good", "seq": 3}
        assert (await again.hear())["seq"] == 4

    tutor(program)


def test_the_answer_goes_on_while_nobody_listens(tutor):
    """It is in the buffer, and in the history, for whoever comes back later."""

    async def program(stage):
        client = await stage.socket()
        await waiting(stage, client)
        talk = await stage.service.parts.conversations.of(1)
        await client.peer.close()
        await until(lambda: talk.state == "unheard")
        stage.answerer.go_on.set()
        await until(lambda: talk.state == "away")
        again = await stage.socket()
        await again.say("resume", last_seq=2)
        assert [each["type"] for each in await again.answer()] == ["delta", "done"]
        _, told = await stage.get("/tutor/history")
        assert told["exchanges"][0]["answer"] == "so far so good"

    tutor(program)


def test_a_page_loaded_anew_gets_all_of_the_answer(tutor):
    """`resume` from 0 sends what the buffer holds."""

    async def program(stage):
        await waiting(stage, await stage.socket())
        again = await stage.socket()
        await again.say("resume", last_seq=0)
        assert [(await again.hear())["type"] for _ in range(2)] == ["start", "delta"]

    tutor(program)


def test_the_same_question_is_not_asked_twice(tutor):
    """With the same id: under way it is joined, finished it is told again, in new numbers."""

    async def program(stage):
        client = await stage.socket()
        await waiting(stage, client)
        again = await stage.socket()
        await again.say("ask", id="q1", question="wait")
        assert [(await again.hear())["seq"] for _ in range(2)] == [1, 2]
        stage.answerer.go_on.set()
        await client.answer()
        await again.answer()
        await again.say("ask", id="q1", question="wait")
        told = await again.answer()
        assert [each["type"] for each in told] == ["start", "delta", "done"]
        assert (told[1]["text"], told[1]["seq"]) == ("so far so good", 6)
        assert [each.id for each in stage.answerer.asked] == ["q1"]
        _, kept = await stage.get("/tutor/history")
        assert len(kept["exchanges"]) == 1

    tutor(program)


def test_what_fell_out_of_the_buffer_is_a_gap(tutor):
    """`error` says so; what comes from then on is sent all the same."""

    async def program(stage):
        await stage.post("/tutor/ask", {"question": "9 words"})
        again = await stage.socket()
        await again.say("resume", last_seq=2)
        assert (await again.hear())["code"] == "gap"
        await stage.post("/tutor/ask", {"id": "q2", "question": "1 words"})
        assert (await again.answer())[0] == {"type": "start", "id": "q2", "seq": 13}

    tutor(program, buffered=5)


def test_two_sockets_hear_the_same(tutor):
    """Whoever has asked or resumed follows the conversation, in the same numbers."""

    async def program(stage):
        first, second = await stage.socket(), await stage.socket()
        await second.say("resume", last_seq=0)
        await second.say("stop", id="nobody")  # its error comes after the resume was heard
        await second.hear()
        await first.say("ask", id="q1", question="2 words")
        assert await first.answer() == await second.answer()

    tutor(program)


def test_a_slow_reader_is_cut_and_may_come_back(tutor):
    """It costs no more than the buffer; the answer does not wait for it, nor do others."""

    async def program(stage):
        slow, quick = await stage.socket(), await stage.socket()
        await slow.say("resume", last_seq=0)
        await slow.say("stop", id="nobody")
        await slow.hear()
        for socket in stage.service.sockets._all():
            if socket.reader.follows:
                socket.reader._send = never
        await quick.say("ask", id="q1", question="40 words")
        assert (await quick.answer())[-1]["type"] == "done"
        assert await slow.code() in (1013, 1006)
        again = await stage.socket()
        await again.say("resume", last_seq=0)
        assert (await again.answer())[-1]["type"] == "done"

    async def never(_):
        await asyncio.Event().wait()

    tutor(program, slow=0.05)


@pytest.mark.parametrize(("question", "code"), [("break", "failed"), ("long", "failed")])
def test_an_answerer_that_breaks_is_a_sentence(tutor, question, code, caplog):
    """The learner gets `error` with the question's id; what happened is in the log alone."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question=question)
        heard = (await client.answer())[-1]
        assert (heard["code"], heard["id"]) == (code, "q1")
        assert "this is logged" not in json.dumps(heard)
        await client.say("ask", id="q1", question=question)
        assert (await client.answer())[-1]["code"] == "failed"
        assert len(stage.answerer.asked) == 1

    tutor(program)
    assert "an answer failed" in caplog.text


def test_an_answer_takes_no_longer_than_it_may(tutor):
    """One that never comes ends in an `error`."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question="wait")
        assert (await client.answer())[-1]["code"] == "failed"

    tutor(program, answer_within=0.05)


def test_a_model_call_is_counted_and_shown(tutor):
    """`done` says how many are left; the next one beyond says when there are more."""

    async def program(stage):
        stage.answerer.model = "small"
        client = await stage.socket()
        await client.say("ask", id="q1", question="call")
        assert (await client.answer())[-1]["usage"] == {
            "source": "model", "model": "small", "left": 0, "of": 1,
            "resets": "2026-09-22T00:00:00+00:00",
        }  # fmt: skip
        await client.say("ask", id="q2", question="call")
        spent = (await client.answer())[-1]
        assert (spent["code"], spent["retry_after"]) == ("quota", 35_200.0)
        _, status = await stage.get("/tutor/status")
        assert status["quota"] == {"left": 0, "of": 1, "resets": "2026-09-22T00:00:00+00:00"}

    tutor(program, calls_per_user=1)


def test_the_service_has_a_budget_of_its_own(tutor):
    """Nobody has more left than all together have."""

    async def program(stage):
        stage.answerer.model = "small"
        client = await stage.socket()
        await client.say("ask", id="q1", question="call")
        assert (await client.answer())[-1]["usage"]["left"] == 0

    tutor(program, calls_per_user=5, calls_per_day=1)


def test_a_database_that_is_gone_ends_the_answer_all_the_same(tutor, monkeypatch, caplog):
    """asyncpg raises the socket's own error; the learner is answered, and may ask again."""

    async def gone(quotas, user):
        raise ConnectionRefusedError(111, "Connect call failed")

    async def program(stage):
        stage.answerer.model = "small"
        client = await stage.socket()
        for name in ("q1", "q2"):
            await client.say("ask", id=name, question="hello")
            assert (await client.answer())[-1]["type"] == "done"

    monkeypatch.setattr(Quotas, "left", gone)
    tutor(program)
    assert "what is left could not be looked up" in caplog.text


def test_who_is_away_for_long_is_forgotten(tutor):
    """The memory is for those who are here; numbers go on where they were."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question="1 words")
        assert (await client.answer())[-1]["seq"] == 4
        conversations = stage.service.parts.conversations
        talk = await conversations.of(1)
        await client.peer.close()
        await until(lambda: talk.state == "away")
        await conversations.sweep()
        assert await conversations.of(1) is talk
        stage.clock.time += 901
        await conversations.sweep()
        assert talk.state == "forgotten"
        again = await stage.socket()
        await again.say("resume", last_seq=4)
        await again.say("ask", id="q1", question="1 words")
        told = await again.answer()
        assert told[0] == {"type": "start", "id": "q1", "seq": 5}
        assert told[1]["text"] == "word0 "
        assert len(stage.answerer.asked) == 1

    tutor(program)


def test_a_stopped_service_keeps_what_was_said(tutor, tmp_path):
    """Ctrl-C in the middle of an answer: it ends as a stopped one."""

    async def program(stage):
        client = await stage.socket()
        await waiting(stage, client)
        await stage.service._stop(web.Application())
        assert (await client.hear())["stopped"] is True
        assert await client.code() == 1001
        (kept,) = await stage.service.parts.history.all_of(1)
        assert kept.state == "stopped"

    tutor(program)


def test_every_state_of_the_table_is_left_or_last():
    """A conversation can always go on, except when it is forgotten."""
    assert {state for state in TALK.states() if not TALK.events(state)} == {"forgotten"}
