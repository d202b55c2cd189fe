"""A conversation against its table: whatever users do, in whatever order, the two agree."""

import asyncio
import json

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from course.tutor.protocol import Ask, Delta
from course.tutor.replies import Exchange
from course.tutor.service.buffer import Gap
from course.tutor.service.conversation import Conversation, Means
from course.tutor.service.limits import Limits
from course.tutor.service.reader import Reader
from course.tutor.service.talk import TALK, Busy, UnknownAsk


class Memory:
    """A history in a dictionary."""

    def __init__(self):
        self.kept = {}

    async def begin(self, user, ask, first_seq, now):
        self.kept[ask.id] = Exchange(ask.id, ask.question, ask.mode, "", "answering")

    async def finish(self, user, answered):
        self.kept[answered.exchange.id] = answered.exchange

    async def put(self, user, all_of):
        self.kept |= {each.exchange.id: each.exchange for each in all_of}

    async def find(self, user, ask_id):
        return self.kept[ask_id]


class Unlimited:
    """A quota that nobody asks for."""

    def allowance(self, user):
        return None


class Answerer:
    """Says one word, waits for a sign, says another."""

    model = None

    def __init__(self):
        self.sign = asyncio.Event()
        self.asked = []

    async def __call__(self, ask, allowance):
        self.asked.append(ask.id)
        yield Delta("one ")
        await self.sign.wait()
        yield Delta("two")


class Ear:
    """A socket that keeps what it hears."""

    def __init__(self):
        self.heard = []
        self.reader = Reader(self.send, self.give_up, 1.0)

    async def send(self, text):
        self.heard.append(json.loads(text))

    async def give_up(self):
        raise AssertionError("no reader is slow here")


class Talks(RuleBasedStateMachine):
    """Asks, stops, cuts and resumes in any order, beside a model of what must be."""

    @initialize()
    def begin(self):
        self.loop = asyncio.new_event_loop()
        self.memory = Memory()
        self.answerer = self.run(self.made())
        means = Means(self.answerer, self.memory, Unlimited(), None, Limits(), lambda: 0.0)
        self.talk = Conversation(1, means, (), 0)
        self.state, self.running, self.ears = "away", None, []
        self.asked = []

    async def made(self):
        return Answerer()

    def run(self, program):
        return self.loop.run_until_complete(program)

    def settle(self):
        """Let everything happen that can happen by itself."""

        async def turns():
            for _ in range(30):
                await asyncio.sleep(0)

        self.run(turns())

    def move(self, event):
        self.state = TALK.move(self.state, event)

    def act(self, what):
        """Call into the conversation from inside its loop, and let it work."""

        async def inside():
            return what()

        try:
            return self.run(inside())
        finally:
            self.settle()

    @rule()
    def connect(self):
        if not self.ears:
            self.move("connect")
        ear = Ear()
        self.ears.append(ear)
        self.act(lambda: self.talk.connect(ear.reader))

    @precondition(lambda self: self.ears)
    @rule(which=st.integers(0, 9))
    def cut(self, which):
        ear = self.ears.pop(which % len(self.ears))
        if not self.ears:
            self.move("cut")
        self.act(lambda: self.talk.cut(ear.reader))

    @precondition(lambda self: self.ears)
    @rule(which=st.integers(0, 9), name=st.sampled_from(["q1", "q2", "q3"]))
    def ask(self, which, name):
        ear = self.ears[which % len(self.ears)]
        ask = Ask(name, "?")
        if self.running not in (None, name):
            with pytest.raises(Busy):
                self.act(lambda: self.talk.ask(ask, ear.reader))
            return
        is_new = name not in self.asked
        if self.running is None:
            self.move("ask")
            if is_new:
                self.asked.append(name)
                self.running = name
            else:
                self.move("end")  # told again from the history, at once
        begins = self.running != name or is_new or not ear.reader.follows
        before = len(ear.heard)
        self.act(lambda: self.talk.ask(ask, ear.reader))
        if begins:
            assert {"type": "start", "id": name} in [
                {"type": each["type"], "id": each.get("id")} for each in ear.heard[before:]
            ]

    @precondition(lambda self: self.ears)
    @rule(name=st.sampled_from(["q1", "q2", "q3"]))
    def stop(self, name):
        if self.running == name:
            self.move("stop")
            self.move("end")
            self.running = None
            self.act(lambda: self.talk.stop(name))
            self.run(self.talk.settled())
            assert self.memory.kept[name].state == "stopped"
        else:
            with pytest.raises(UnknownAsk):
                self.act(lambda: self.talk.stop(name))

    @precondition(lambda self: self.running)
    @rule()
    def finish(self):
        self.move("end")
        name, self.running = self.running, None

        def sign():
            self.answerer.sign.set()

        self.act(sign)
        self.answerer.sign.clear()
        self.run(self.talk.settled())
        assert self.memory.kept[name].answer == "one two"

    @precondition(lambda self: self.ears)
    @rule(which=st.integers(0, 9), back=st.integers(0, 9))
    def come_back(self, which, back):
        """A socket is cut and comes back: it hears all that it had not heard, and nothing twice."""
        old = self.ears[which % len(self.ears)]
        if not old.reader.follows:
            return
        kept = old.heard[: max(1, len(old.heard) - back)]
        last = max((each["seq"] for each in kept), default=0)
        self.connect()
        new = self.ears[-1]
        self.act(lambda: self.talk.resume(new.reader, last))
        missed = [each for each in old.heard if each["seq"] > last]
        assert new.heard[: len(missed)] == missed

    @precondition(lambda self: self.ears)
    @rule(which=st.integers(0, 9))
    def come_from_nowhere(self, which):
        """A number that was never given is a gap."""
        ear = Ear()
        self.connect()
        self.ears[-1] = ear
        self.act(lambda: self.talk.cut(ear.reader))
        self.act(lambda: self.talk.connect(ear.reader))
        with pytest.raises(Gap):
            self.act(lambda: self.talk.resume(ear.reader, 10**6))

    @invariant()
    def agrees_with_the_table(self):
        if hasattr(self, "talk"):
            assert self.talk.state == self.state

    @invariant()
    def asks_each_question_once(self):
        if hasattr(self, "talk"):
            assert self.answerer.asked == self.asked

    @invariant()
    def every_ear_hears_numbers_without_a_hole(self):
        for ear in getattr(self, "ears", ()):
            numbers = [each["seq"] for each in ear.heard]
            assert numbers == list(range(numbers[0], numbers[0] + len(numbers)) if numbers else ())

    def teardown(self):
        if hasattr(self, "talk"):
            self.run(self.talk.close())
            self.settle()
            self.loop.close()


Talks.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)


TestTalks = Talks.TestCase  # what is not in the table does not happen, and what is in it does
