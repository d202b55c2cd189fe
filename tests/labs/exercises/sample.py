"""A small exercise for the tests of the judge: a server that answers each line once."""

import asyncio
from dataclasses import dataclass

from labs.exercises.exercise import Bug, Exercise
from labs.exercises.scenario import Scenario
from labs.exercises.verdict import Finding

STARTER = '''\
# exercise: m0.answer
async def answer(question):
    """The answer to a question: the same words, in capitals."""
    ...
'''
RIGHT = """\
# exercise: m0.answer
async def answer(question):
    return question.upper()
"""
SMALL = RIGHT.replace("question.upper()", "question")


async def ask(stage):
    """One question over the wire."""
    answered = asyncio.Event()

    async def serve(reader, writer):
        question = (await reader.readline()).decode().strip()
        reply = await stage.call(stage.given.answer, question)
        writer.write(f"{reply}\n".encode())
        answered.set()

    async def program():
        await asyncio.start_server(serve, "server", 80)

    stage.play(program(), "server")
    await asyncio.sleep(0.1)
    reader, writer = await asyncio.open_connection("server", 80)
    writer.write(b"bid\n")
    return (await reader.readline()).decode().strip()


async def ask_directly(stage):
    """One question by call, with a seed that matters."""
    word = stage.rng.choice(["one", "two", "three"])
    if await stage.call(stage.given.answer, word) != word.upper():
        stage.report("small", f"`{word}` came back in small letters")


def look(run):
    """The reply of the run, judged."""
    if run.result is not None and run.result != "BID":
        return Finding("small", f"the reply was `{run.result}`", event=2)
    return None


@dataclass(frozen=True, slots=True, eq=False)
class Sample(Exercise):
    """An exercise without a folder."""

    scenarios = (
        Scenario("one question", "We asked once, over the wire.", ask, look),
        Scenario("any word", "We asked for a word that the seed chose.", ask_directly, seeds=3),
    )
    starter = STARTER


def sample(**changed):
    """The exercise, with other scenarios or other names to ask for."""
    fields = {
        "id": "m0.answer",
        "title": "Answer once",
        "lesson": "00_ten_minutes",
        "asks": {"answer": "function"},
        "hints": {},
        "bugs": {
            "small": Bug(
                "small", "Answers are in capitals.", "https://example.org/", "the letters", "Look."
            )
        },
        "official": {},
        "after": "You may have met this bug before.",
        "spot": {},
        "folder": "m0_answer",
    }
    scenarios = changed.pop("scenarios", None)
    kind = type("Sample", (Sample,), {"scenarios": scenarios}) if scenarios else Sample
    return kind(**{**fields, **changed})
