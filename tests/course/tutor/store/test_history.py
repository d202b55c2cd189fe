"""What the learner asked before: kept, found again, judged, erased."""

import pytest

from course.tutor.protocol import Ask
from course.tutor.replies import Cited, Exchange, Refusal
from course.tutor.store.history import LONGEST_ANSWER, Answered, UnknownExchange

WHY = Cited(1, "06#ping", "Ping and pong", "/lessons/06_liveness/#ping")


async def asked(stores, user, ask_id, question, at=1.5, answer="", seq=1):
    """One exchange, finished where there is an answer."""
    if answer:
        done = Exchange(ask_id, question, "explain", "", "done", answer, (WHY,), ("And then?",))
        await stores.history.put(user, [Answered(done, seq, seq + 9, at)])
    else:
        await stores.history.begin(user, Ask(ask_id, question), seq, at)


def test_an_answer_comes_back_as_it_was_given(kept):
    """Question, answer, citations, follow-ups and the moment survive the database."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        await asked(stores, ada.id, "q1", "Why ping?", 1_790_000_000.25, "To know. [1]")
        assert await stores.history.page(ada.id) == (
            Exchange(
                "q1", "Why ping?", "explain", "2026-09-21T14:13:20.250+00:00", "done",
                "To know. [1]", (WHY,), ("And then?",),
            ),
        )  # fmt: skip

    kept(program)


def test_a_refusal_is_kept_with_its_suggestions(kept):
    """What was not answered is history as well."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        await asked(stores, ada.id, "q1", "Best pizza?")
        no = Refusal("off_topic", ("What is a webhook?",))
        over = Exchange("q1", "Best pizza?", "explain", "", "refused", refusal=no)
        await stores.history.finish(ada.id, Answered(over, 1, 3, 0))
        assert (await stores.history.find(ada.id, "q1")).refusal == no

    kept(program)


def test_an_answer_is_kept_once(kept):
    """A second end of the same answer, and a second question of the same id, change nothing."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        await asked(stores, ada.id, "q1", "Why ping?", answer="To know.")
        await asked(stores, ada.id, "q1", "Why pong?", answer="Something else.")
        found = await stores.history.all_of(ada.id)
        assert [(each.question, each.answer) for each in found] == [("Why ping?", "To know.")]
        late = Exchange("q1", "Why ping?", "explain", "", "done", "Too late.")
        await stores.history.finish(ada.id, Answered(late, 1, 3, 0))
        assert (await stores.history.find(ada.id, "q1")).answer == "To know."

    kept(program)


def test_one_that_is_kept_already_does_not_cost_the_others(kept):
    """Of answers that are written together, each is kept that can be."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        await asked(stores, ada.id, "q1", "Why ping?", answer="To know.")
        both = [Exchange(n, "Why?", "explain", "", "done", "So.") for n in ("q1", "q2")]
        await stores.history.put(ada.id, [Answered(each, 11, 13, 2.0) for each in both])
        found = await stores.history.all_of(ada.id)
        assert [(each.id, each.answer) for each in found] == [("q1", "To know."), ("q2", "So.")]

    kept(program)


def test_search_finds_words_in_question_and_answer(kept):
    """Every word must stand somewhere, whatever its case, also beyond ASCII; `%` is a character."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        await asked(stores, ada.id, "q1", "Why ping?", answer="A dead PEER sends nothing.")
        await asked(stores, ada.id, "q2", "Äther and 100% load", answer="Long polling.")

        async def found(words):
            return [each.id for each in await stores.history.page(ada.id, words)]

        assert await found("peer PING") == ["q1"]
        assert await found("äTHER") == ["q2"]
        assert await found("0% l") == ["q2"]
        assert await found("%") == ["q2"]
        assert await found("_") == []
        assert await found("") == ["q2", "q1"]

    kept(program)


def test_pages_go_back_in_time(kept):
    """`before` names the oldest exchange seen; what is older comes next."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        for n in range(5):
            await asked(stores, ada.id, f"q{n}", "Again?")
        page = await stores.history.page(ada.id, limit=2)
        assert [each.id for each in page] == ["q4", "q3"]
        page = await stores.history.page(ada.id, before="q3", limit=2)
        assert [each.id for each in page] == ["q2", "q1"]

    kept(program)


def test_history_is_each_users_own(kept):
    """Another user's exchange is not found, not judged, and its id may be used again."""

    async def program(stores):
        ada, bob = [await stores.people.create(name, None, now=0) for name in ("ada", "bob")]
        await asked(stores, ada.id, "q1", "Mine?", answer="Yes.")
        with pytest.raises(UnknownExchange):
            await stores.history.find(bob.id, "q1")
        with pytest.raises(UnknownExchange):
            await stores.history.judge(bob.id, "q1", "down", "")
        await asked(stores, bob.id, "q1", "Mine too?", answer="Yes.")
        assert [each.question for each in await stores.history.page(bob.id)] == ["Mine too?"]

    kept(program)


def test_a_second_vote_replaces_the_first(kept):
    """What counts is what the learner thought last."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        await asked(stores, ada.id, "q1", "Why?", answer="So.")
        await stores.history.judge(ada.id, "q1", "down", "too short")
        await stores.history.judge(ada.id, "q1", "up", "")
        found = await stores.history.find(ada.id, "q1")
        assert (found.vote, found.reason) == ("up", "")

    kept(program)


def test_what_a_stopped_service_left_is_interrupted(kept):
    """An answer under way when the service died is not under way for ever."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        await asked(stores, ada.id, "q1", "Why?")
        await asked(stores, ada.id, "q2", "How?", answer="So.")
        await stores.history.interrupted()
        states = [each.state for each in await stores.history.all_of(ada.id)]
        assert states == ["interrupted", "done"]

    kept(program)


def test_numbers_go_on_after_the_service_was_started_anew(kept):
    """The next `seq` is beyond every message of the past, also of an answer that broke off."""

    async def program(stores):
        ada = await stores.people.create("ada", None, now=0)
        assert await stores.history.known(ada.id, 100) == ((), 0)
        await asked(stores, ada.id, "q1", "Why?", answer="So.", seq=1)
        assert await stores.history.known(ada.id, 100) == (("q1",), 10)
        await asked(stores, ada.id, "q2", "How?", seq=11)
        assert await stores.history.known(ada.id, 100) == (("q2", "q1"), 11 + LONGEST_ANSWER)

    kept(program)


def test_a_deleted_account_leaves_nothing(kept):
    """Its rows are gone, and in SQLite so are the bytes; others keep theirs."""

    async def program(stores):
        ada, bob = [await stores.people.create(name, "hash", now=0) for name in ("ada", "bob")]
        await asked(stores, ada.id, "q1", "My secret worry", answer="Be calm.")
        await asked(stores, bob.id, "q1", "Why?", answer="So.")
        await stores.people.open_session(ada.id, "a" * 64, now=0, expires=10)
        await stores.people.erase(ada.id)
        assert await stores.history.all_of(ada.id) == ()
        assert await stores.people.in_session("a" * 64, now=1) is None
        assert len(await stores.history.all_of(bob.id)) == 1
        return stores.file

    file = kept(program)
    if file.exists():
        left = b"".join(each.read_bytes() for each in file.parent.glob(file.name + "*"))
        assert b"Why?" in left
        assert b"secret worry" not in left
