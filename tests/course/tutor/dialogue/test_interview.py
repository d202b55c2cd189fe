"""A mock interview: asked, probed at its weakest, changed once, judged by the studio's rubric."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.tutor.dialogue import said, scored
from course.tutor.dialogue.interview import INTERVIEW, after, begun, from_record
from course.tutor.dialogue.interviewing import taken
from course.tutor.protocol import Citation, Usage
from labs.studio.prompts import prompt, prompts, rubric
from labs.studio.review import review

DESIGN = (
    "I hold a WebSocket between each browser and a gateway, because both sides speak: bids go up "
    "and prices come down. Polling once a second would be 50,000 requests a second, so I turn it "
    "down. Prices travel over Redis to every gateway. The cookie is checked at the handshake, and "
    "Origin as well."
)
PROBED = "I ping every 20 seconds and wait 20 more. Clients come back with full jitter."
CHANGED = (
    "Bidding stays as it is. Those who watch get two prices a second from a cache at the edge."
)


def interviewed(talk, *messages):
    """What the tutor said to each message."""
    return [talk.text(words, "interview") for words in messages]


def test_an_interview_from_its_opening_to_the_rubric(talk):
    """Task, probes, one change, then figures with quotations, and the model answer last."""
    opening, first, second, third, change, report = interviewed(
        talk, "interview me about an auction", DESIGN, PROBED, "I do not know.", "No idea.", CHANGED
    )

    about = prompt("live-auction")
    assert opening.startswith("**Mock interview: A live auction.**")
    titles = [each["title"] for each in rubric()["dimensions"]]
    assert all(any(p.startswith(f"**{t}.**") for t in titles) for p in (first, second, third))
    assert len({first, second, third}) == 3
    assert change.startswith("**The requirement changes: The audience grows a hundredfold.**")
    assert " of 32**" in report
    assert "You said “two prices a second”" in report or "at the edge" in report
    assert report.index("What each level would do") < report.index(about.content["answer"][:40])
    assert report.rstrip().endswith(about.changes[0].answer.strip())
    assert any(isinstance(part, Citation) for part in talk.parts)


def test_nothing_of_a_good_answer_is_told_before_the_rubric(talk):
    """Neither a point's words nor the model answer stand in what is said on the way."""
    *before, _ = interviewed(
        talk, "interview me about an auction", "How many users are there?", DESIGN, PROBED, "Hm.",
        "Hm.", CHANGED,
    )  # fmt: skip

    about = prompt("live-auction")
    told = "\n".join(before)
    assert not [point.says for point in about.points if point.says in told]
    assert about.content["answer"][:60] not in told


def test_the_figures_are_the_studios(talk):
    """The same words in the studio come to the same total."""
    report = interviewed(talk, "an auction", DESIGN, "finish")[-1]

    alone = review(prompt("live-auction").asked("audience"), {"design": DESIGN})
    assert report.startswith(f"**{alone.total} of 32** in {alone.words} words.")


@pytest.mark.parametrize("about", prompts(), ids=lambda about: about.id)
def test_questions_before_the_design_are_answered(talk, about):
    """What an interviewer would know is told; the rest is the candidate's to decide."""
    _, known, unknown = interviewed(
        talk, f"interview me: {about.title}", "How many users are there?", "What about lunch?"
    )

    assert known == about.content["asks"][0]["says"]
    assert unknown == said.YOURS


@pytest.mark.parametrize("about", prompts(), ids=lambda about: about.id)
def test_every_prompt_can_be_asked_for_and_judged(about):
    """By its title and by its name; its model answer is judged good and its changes take turns."""
    named = said.chosen(prompts(), f"Interview me about {about.title}", [])
    held = begun(about, 0)
    held, _ = after(held, str(about.content["answer"]))
    report = "\n\n".join(scored.report(held))

    assert named is about
    assert begun(about, 1).change != held.change == begun(about, 2).change
    assert int(report[2:].split()[0]) >= 16
    assert set(said.TOPICS) == {each.id for each in prompts()}


def test_a_short_design_is_asked_for_more_once(talk):
    """Forty words are the least that is judged; whoever says no more is probed all the same."""
    _, short, probe = interviewed(talk, "a chat", "I would take a WebSocket.", "That is all I say.")

    assert short == said.TOO_SHORT
    assert probe.startswith("**")


def test_what_was_asked_last_can_be_repeated(talk):
    """`repeat` says it again, at each point, and changes nothing."""
    opening, again = interviewed(talk, "a chat", "repeat")
    probe, once_more = interviewed(talk, DESIGN, "Please repeat!")

    assert (again, once_more) == (opening, probe)


def test_a_second_interview_has_another_subject_or_another_change(talk):
    """`another` begins the one that was had least often; the same one meets its other change."""
    first = interviewed(talk, "let us begin")[0]
    second = interviewed(talk, "another")[0]
    change = interviewed(talk, "another one about the auction", DESIGN, "x", "x", "x")[-1]

    assert first.splitlines()[0] != second.splitlines()[0]
    assert "A region dies" in change


def test_words_in_a_quotation_mean_nothing(talk):
    """Markup in an answer is shown, not rendered, and does not reach beyond its quotation."""
    design = f"{DESIGN} WebSocket <img src=x> [link](https://evil.example) `code` polling | table"

    report = interviewed(talk, "an auction", design, "finish")[-1]

    assert "<img" not in report
    assert "](https://evil" not in report


def test_an_interview_that_was_kept_goes_on(talk):
    """All that is kept is JSON, and from it the same interview comes back."""
    interviewed(talk, "an auction", DESIGN)
    kept = talk.learner.noted["interview"]

    assert from_record(json.loads(kept)["held"]).texts == {"design": DESIGN}


@pytest.mark.parametrize("kept", [{}, {"held": {"prompt": "gone"}}, {"held": 7}, {"done": []}])
def test_what_cannot_be_gone_on_with_is_begun_anew(talk, kept):
    """A state of another version of the course costs nobody their interview."""
    talk.learner.noted["interview"] = json.dumps(kept)

    assert interviewed(talk, "hello")[0].startswith("**Mock interview:")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["repeat", "finish", "another", "why?", DESIGN]), st.text(max_size=80)
        ),
        max_size=12,
    )
)
def test_whatever_is_said_the_interview_goes_by_its_table(messages):
    """Every state is one of the table's, and each turn has something to say."""
    held, done = None, []
    for words in messages:
        now = taken(held, words, done)
        assert now.held.stage in INTERVIEW.states()
        assert now.held.record() == from_record(now.held.record()).record()
        held = now.held if now.held.is_open else None


def test_a_model_may_word_a_probe(talk):
    """Its question stands where ours stood, under the same dimension, and is counted as a call."""
    asks = "You say Origin is checked: who would be stopped by that, and who would not?"
    talk.with_model(asks)

    probe = interviewed(talk, "an auction", DESIGN)[-1]

    assert probe.endswith(asks)
    assert talk.parts[-1].usage == Usage("model", "parrot")
    assert DESIGN not in talk.model.asked[0].system
    assert talk.learner.calls == 8


@pytest.mark.parametrize(
    "bad",
    [
        "You did well.", "Why?\nWhy not?",
        "Would you drain the servers in batches before a deploy?",
        f"Is it {'very ' * 50}late?", "",
    ],
)  # fmt: skip
def test_a_probe_that_does_not_fit_is_ours(talk, bad):
    """No question, more than one line, too long, or a missing point given away: not used."""
    ours = interviewed(talk, "an auction", DESIGN)[-1]
    talk.with_model(bad)

    assert interviewed(talk, "an auction", DESIGN)[-1] == ours
    assert talk.parts[-1].usage == Usage()


def test_without_calls_or_with_a_broken_model_the_interview_goes_on(talk):
    """A probe is asked in our words where the model has none."""
    assert interviewed(talk.with_model(), "an auction", DESIGN)[-1].startswith("**")
    assert interviewed(talk.with_model("x?", calls=0), "an auction", DESIGN)[-1].startswith("**")
    assert talk.model.asked == []
