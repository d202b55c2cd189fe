"""Both vendors' dialects against a server that speaks them: streamed, slow, cut, refused, wrong."""

import asyncio

import pytest

from course.tutor.models.failures import of_status
from course.tutor.models.model import ModelError, Prompt

PROMPT = Prompt("the rules", '{"question": "ping?"}')


async def said(model):
    return [piece async for piece in model.stream(PROMPT)]


async def failure(model):
    with pytest.raises(ModelError) as failed:
        await said(model)
    return failed.value


def test_an_answer_comes_in_pieces(played):
    """Each piece that the provider sends is a piece that comes out."""
    pieces = played(lambda stage: said(stage.model("good")))

    assert "".join(pieces).endswith("never sent [2].")
    assert len(pieces) == 3


def test_rules_and_data_are_two_messages(played, dialect):
    """The rules go out as the system's message, the rest as the user's, the key in a header."""

    async def program(stage):
        await said(stage.model("good"))
        return stage.provider.asked[0], stage.provider.headers[0]

    body, headers = played(program)

    user = {"role": "user", "content": PROMPT.user}
    system = {"role": "system", "content": PROMPT.system}
    assert body["stream"] is True
    if dialect == "openai":
        assert body["messages"] == [system, user]
    else:
        assert (body["system"], body["messages"]) == (PROMPT.system, [user])
    # Which header is the vendor's business; Anthropic's package has changed it with version 2.
    assert "a-key" in headers.get("x-api-key", headers.get("Authorization", ""))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("limited", "rate_limited"), ("locked", "unauthorised"), ("unknown", "unknown_model"),
        ("overloaded", "broken"), ("cut", "unreachable"), ("unfinished", "cut"),
        ("malformed", "malformed"), ("odd", "malformed"), ("page", "cut"),
    ],
)  # fmt: skip
def test_each_failure_has_its_word(played, name, code):
    """Whatever goes wrong at the provider's ends in a ModelError that names it."""
    assert played(lambda stage: failure(stage.model(name))).code == code


def test_nobody_there_is_a_failure_too(played):
    """A provider that does not listen is told as unreachable."""

    async def program(stage):
        stage.provider.url = "http://127.0.0.1:9"
        return await failure(stage.model("good"))

    assert played(program).code == "unreachable"


def test_a_pause_that_is_asked_for_is_passed_on(played):
    """Retry-After comes along with the failure, and is not waited for here."""
    error = played(lambda stage: failure(stage.model("limited")))

    assert error.retry_after == 7
    assert str(error).endswith("It asks for a pause of 7 s.")


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("7", 7), ("0.5", 0.5), ("Wed, 25 Nov 2026 12:00:30 GMT", 30), ("soon", None),
        ("-3", None), ("nan", None), ("inf", None), ("", None),
    ],
)  # fmt: skip
def test_a_pause_is_a_number_or_a_date(retry_after, seconds):
    """RFC 9110 allows both; anything else is no pause."""
    headers = {"retry-after": retry_after, "date": "Wed, 25 Nov 2026 12:00:00 GMT"}

    assert of_status(429, headers).retry_after == seconds


def test_comments_that_keep_a_connection_alive_are_no_words(played):
    """A provider that sends nothing but comment lines is too slow, after the patience is over."""

    async def program(stage):
        error = await failure(stage.model("hangs", patience="0.3"))
        await asyncio.wait_for(stage.provider.closed.wait(), 10)
        return error

    assert played(program).code == "slow"


def test_closing_the_iterator_closes_the_connection(played):
    """Whoever has heard enough leaves no connection open at the provider's."""

    async def program(stage):
        pieces = stage.model("hangs").stream(PROMPT)
        first = await anext(pieces)
        await pieces.aclose()
        await asyncio.wait_for(stage.provider.closed.wait(), 10)
        return first

    assert played(program)


def test_a_cancelled_reader_closes_the_connection(played):
    """A task that is cancelled while it waits for words leaves no connection open either."""

    async def program(stage):
        begun = asyncio.Event()

        async def read():
            async for _ in stage.model("hangs").stream(PROMPT):
                begun.set()

        reading = asyncio.create_task(read())
        await asyncio.wait_for(begun.wait(), 10)
        reading.cancel()
        await asyncio.wait({reading})
        await asyncio.wait_for(stage.provider.closed.wait(), 10)
        return reading.cancelled()

    assert played(program)
