"""The tutor as the service calls it, on the course's own passages, with a memory of its learner."""

import asyncio
import json

import pytest

from course.publish.passages import of_site
from course.tutor.dialogue.tutor import Tutor
from course.tutor.models.model import ModelError
from course.tutor.protocol import Ask, Delta, Done
from course.tutor.service.quoting import Quoting
from course.tutor.store.spending import Spent


class Learner:
    """Who asks: some calls of a model, and what the tutor noted, as JSON."""

    def __init__(self, calls=9):
        self.calls = calls
        self.noted = {}

    async def take(self):
        if self.calls == 0:
            raise Spent("you")
        self.calls -= 1

    async def recall(self, name):
        return json.loads(self.noted.get(name, "null"))

    async def keep(self, name, state):
        self.noted[name] = json.dumps(state)


class Model:
    """Says what it is told to say, and remembers its prompts."""

    name = "parrot"

    def __init__(self, *says):
        self.says = list(says)
        self.asked = []
        self.closed = False

    async def stream(self, prompt):
        self.asked.append(prompt)
        if not self.says:
            raise ModelError("slow", "The model was too slow.")
        try:
            yield self.says.pop(0)
        finally:
            self.closed = True


class Talk:
    """One learner's talk with the tutor."""

    def __init__(self, quoting):
        self.quoting = quoting
        self.learner = Learner()
        self.model = None

    def with_model(self, *says, calls=9):
        self.model = Model(*says)
        self.learner = Learner(calls)
        return self

    def ask(self, question, mode="explain", **context):
        """The parts of the answer."""
        tutor = Tutor(self.quoting, self.model)

        async def answered():
            return [part async for part in tutor(Ask("q", question, mode, context), self.learner)]

        self.parts = asyncio.run(answered())
        return self.parts

    def text(self, question, mode="explain", **context):
        """The words of the answer."""
        parts = self.ask(question, mode, **context)
        assert isinstance(parts[-1], Done)
        return "".join(part.text for part in parts if isinstance(part, Delta))


@pytest.fixture(scope="session")
def quoting(project, tmp_path_factory):
    """The course's own answerer, as the site's build would feed it."""
    file = tmp_path_factory.mktemp("tutor") / "passages.json"
    file.write_text(json.dumps(of_site(project)))
    return Quoting(file)


@pytest.fixture
def talk(quoting):
    """A new learner's."""
    return Talk(quoting)
