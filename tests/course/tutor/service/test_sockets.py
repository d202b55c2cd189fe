"""The tutor's WebSocket: who may open one, what is said on it, how it ends."""

import asyncio
import json

import aiohttp
import pytest

PANEL = "http://127.0.0.1:8888"


def test_an_answer_is_a_numbered_stream(tutor):
    """`start`, the pieces, the citations, `done`: each one number higher than the one before."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question="2 words")
        assert await client.answer() == [
            {"type": "start", "id": "q1", "seq": 1},
            {"type": "delta", "text": "word0 ", "seq": 2},
            {"type": "delta", "text": "word1 ", "seq": 3},
            {"type": "citation", "n": 1, "id": "06#ping", "title": "Ping",
             "url": "/lessons/06_liveness/#ping", "seq": 4},
            {"type": "done", "usage": {"source": "course", "model": None, "left": None,
             "of": None, "resets": None}, "followups": ["And then?"], "seq": 5},
        ]  # fmt: skip

    tutor(program)


def test_a_refusal_comes_with_what_could_be_asked(tutor):
    """`refused` is part of the answer, which is done after it."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question="refuse")
        heard = await client.answer()
        assert heard[1]["type"] == "refused"
        assert heard[1]["suggestions"] == ["What is a webhook?"]
        assert heard[2]["type"] == "done"

    tutor(program)


@pytest.mark.parametrize(
    ("ticket", "origin", "code"),
    [
        ("", None, 4401),
        ("made-up", None, 4401),
        ("good", "https://evil.example", 4403),
        ("good", "null", 4403),
        ("good", "http://127.0.0.1", 4403),
        ("good", PANEL, None),
    ],
)
def test_who_may_open_a_socket(tutor, ticket, origin, code):
    """A ticket of ours from a page on the list; else a close code says why."""

    async def program(stage):
        shown = await stage.ticket() if ticket == "good" else ticket
        client = await stage.raw(shown, origin)
        if code is None:
            await client.say("ask", id="q1", question="1 words")
            assert (await client.answer())[-1]["type"] == "done"
        else:
            assert await client.code() == code

    tutor(program)


def test_a_page_that_sends_no_origin_is_none_of_ours(tutor):
    """Origin is asked for, not only compared where it comes."""

    async def program(stage):
        url = f"{stage.origin}/tutor/socket?ticket={await stage.ticket()}"
        peer = await stage.http.ws_connect(url)
        await peer.receive()
        assert peer.close_code == 4403

    tutor(program)


def test_a_ticket_opens_one_socket(tutor):
    """The second socket with the same ticket is closed with 4401, the first one stays."""

    async def program(stage):
        ticket = await stage.ticket()
        first, second = await stage.raw(ticket), await stage.raw(ticket)
        assert await second.code() == 4401
        await first.say("ask", id="q1", question="1 words")
        assert (await first.answer())[-1]["type"] == "done"

    tutor(program)


def test_a_ticket_is_short_lived(tutor):
    """After thirty seconds it is worth nothing."""

    async def program(stage):
        ticket = await stage.ticket()
        stage.clock.time += 30
        assert await (await stage.raw(ticket)).code() == 4401

    tutor(program)


def test_of_too_many_tickets_the_oldest_is_worthless(tutor):
    """Who asks for tickets without end does not fill the memory."""

    async def program(stage):
        tickets = [await stage.ticket() for _ in range(3)]
        assert await (await stage.raw(tickets[0])).code() == 4401
        assert not (await stage.raw(tickets[1])).peer.closed

    tutor(program, tickets=2)


def test_a_user_has_so_many_sockets(tutor):
    """One more than the limit is closed with 4429."""

    async def program(stage):
        kept = [await stage.socket() for _ in range(2)]
        for client in kept:
            await client.say("ask", id="q0", question="1 words")
            await client.answer()
        assert await (await stage.socket()).code() == 4429
        await kept[0].peer.close()
        again = await stage.socket()
        await again.say("ask", id="q1", question="1 words")
        assert (await again.answer())[-1]["type"] == "done"

    tutor(program, sockets=2)


def test_the_version_is_agreed_on(tutor):
    """`tutor.v1` is confirmed, none at all is version 1, and another one is refused."""

    async def program(stage):
        assert (await stage.socket()).peer.protocol == "tutor.v1"
        assert (await stage.socket(protocols=())).peer.protocol is None
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await stage.socket(protocols=("tutor.v9",))
        assert refused.value.status == 400

    tutor(program)


MALFORMED = [
    (b"", "malformed"),
    (b"hello", "malformed"),
    (b"[]", "malformed"),
    (b"null", "malformed"),
    (b"{", "malformed"),
    (b"[" * 30_000, "malformed"),
    (b'{"type": "ask", "id": "q1", "question": NaN}', "malformed"),
    (b"{}", "unknown_type"),
    (b'{"type": ["ask"]}', "unknown_type"),
    (b'{"type": "done"}', "unknown_type"),
    (b'{"type": "Ask", "id": "q1", "question": "?"}', "unknown_type"),
    (b'{"type": "ask"}', "malformed"),
    (b'{"type": "ask", "id": "q1"}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": ""}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "   "}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": 7}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "\\u0000"}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "\\ud800"}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "?", "mode": "solve"}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "?", "context": []}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "?", "context": {"code": {}}}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "?", "context": {"attempts": -1}}', "malformed"),
    (b'{"type": "ask", "id": "q 1", "question": "?"}', "malformed"),
    (b'{"type": "ask", "id": "' + b"q" * 65 + b'", "question": "?"}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "' + b"?" * 4_001 + b'"}', "malformed"),
    (b'{"type": "ask", "id": "q1", "question": "' + b"?" * 33_000 + b'"}', "too_large"),
    (b'{"type": "stop"}', "malformed"),
    (b'{"type": "stop", "id": "nobody"}', "unknown_id"),
    (b'{"type": "resume"}', "malformed"),
    (b'{"type": "resume", "last_seq": "1"}', "malformed"),
    (b'{"type": "resume", "last_seq": true}', "malformed"),
    (b'{"type": "resume", "last_seq": 1.5}', "malformed"),
    (b'{"type": "resume", "last_seq": -1}', "malformed"),
    (b'{"type": "resume", "last_seq": ' + b"9" * 5_000 + b"}", "malformed"),
    (b'{"type": "resume", "last_seq": 99}', "gap"),
    (b'{"type": "feedback", "id": "q1", "vote": "sideways"}', "malformed"),
    (b'{"type": "feedback", "id": "nobody", "vote": "up"}', "unknown_id"),
]


def test_what_is_no_message_is_answered_with_a_sentence(tutor):
    """Each ends in `error` with a code and words, and the socket goes on working."""

    async def program(stage):
        client = await stage.socket()
        for sent, code in MALFORMED:
            await client.peer.send_str(sent.decode())
            heard = await client.hear()
            assert (heard["type"], heard["code"]) == ("error", code), sent[:80]
            assert heard["message"].endswith("."), sent[:80]
            assert "Traceback" not in heard["message"]
        await client.peer.send_bytes(b'{"type": "stop", "id": "q1"}')
        assert (await client.hear())["message"] == "A message is text, not binary."
        await client.say("ask", id="q1", question="1 words", unknown_member={"is": "ignored"})
        assert (await client.answer())[-1]["type"] == "done"

    tutor(program, mistakes_at_once=1_000)


def test_an_error_names_the_question_it_is_about(tutor):
    """The client that sent several messages can tell which one failed."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q7", question="")
        assert (await client.hear())["id"] == "q7"

    tutor(program)


def test_who_makes_mistakes_without_end_is_closed(tutor):
    """After the last allowed one comes 4429, which a client does not come back from by itself."""

    async def program(stage):
        client = await stage.socket()
        for _ in range(4):
            await client.peer.send_str("?")
        assert [(await client.hear())["code"] for _ in range(4)] == ["malformed"] * 4
        assert await client.code() == 4429

    tutor(program, mistakes_at_once=3)


def test_questions_are_throttled_with_a_time(tutor):
    """One too many is an error that says when it can work; the clock makes it work."""

    async def program(stage):
        client = await stage.socket()
        for n in range(2):
            await client.say("ask", id=f"q{n}", question="1 words")
            assert (await client.answer())[-1]["type"] == "done"
        await client.say("ask", id="q9", question="1 words")
        assert await client.hear() == {
            "type": "error", "code": "throttled", "retry_after": 0.1, "id": "q9",
            "message": "That was a lot at once: wait a moment.",
        }  # fmt: skip
        stage.clock.time += 0.11
        await client.say("ask", id="q9", question="1 words")
        assert (await client.answer())[-1]["type"] == "done"

    tutor(program, asks_at_once=2)


def test_bytes_beyond_the_hard_limit_are_not_read(tutor):
    """The socket is closed with 1009, as RFC 6455 7.4.1 has it."""

    async def program(stage):
        client = await stage.socket()
        await client.peer.send_str("?" * 140_000)
        assert await client.code() == 1009

    tutor(program)


def test_a_peer_that_answers_no_ping_is_given_up(tutor):
    """Its socket ends, and its place is free again."""

    async def program(stage):
        client = await stage.socket(autoping=False)
        while not (await client.peer.receive(5)).type.name.startswith("CLOS"):
            pass
        async with asyncio.timeout(5):
            while stage.service.sockets._all():
                await asyncio.sleep(0)

    tutor(program, heartbeat=0.2)


def test_a_session_that_ended_closes_its_sockets(tutor):
    """The sign-out of one browser closes its sockets with 4401, and no other's."""

    async def program(stage):
        mine = await stage.socket()
        stage.session = stage.sign_in.redeem(stage.sign_in.new_ticket())
        others = await stage.socket()
        assert (await stage.post("/tutor/sign-out", {}))[0] == 200
        assert await others.code() == 4401
        await mine.say("ask", id="q1", question="1 words")
        assert (await mine.answer())[-1]["type"] == "done"

    tutor(program)


def test_a_session_that_ended_elsewhere_is_noticed(tutor):
    """A long socket is looked at again and again: it does not outlive its session."""

    async def program(stage):
        client = await stage.socket()
        stage.sign_in.end_all()
        assert await client.code() == 4401

    tutor(program, recheck=0.05)


def test_the_service_says_goodbye(tutor):
    """When it stops, sockets are closed with 1001, from which a client comes back."""

    async def program(stage):
        client = await stage.socket()
        await stage.service.sockets.close()
        assert await client.code() == 1001

    tutor(program)


def test_feedback_is_kept_with_its_answer(tutor):
    """The history shows vote and reason."""

    async def program(stage):
        client = await stage.socket()
        await client.say("ask", id="q1", question="1 words")
        await client.answer()
        await client.say("feedback", id="q1", vote="down", reason="too short")
        await client.say("stop", id="nobody")  # its error comes after the vote was kept
        await client.hear()
        _, told = await stage.get("/tutor/history")
        assert [(each["vote"], each["reason"]) for each in told["exchanges"]] == [
            ("down", "too short")
        ]

    tutor(program)


def test_frames_on_the_wire_are_plain_text(tutor):
    """No extension is agreed on, so that "show frames" shows what is said."""

    async def program(stage):
        client = await stage.socket(compress=15)
        assert "Sec-WebSocket-Extensions" not in client.peer._response.headers
        await client.say("ask", id="q1", question="Ä")
        assert json.loads((await client.peer.receive()).data)["type"] == "start"

    tutor(program)
