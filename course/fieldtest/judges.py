"""One function for each kind of thing that a storm can show; each gives signs of findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from course.fieldtest.answer import Answer
from course.fieldtest.changes import FORGERIES
from course.fieldtest.judging import DUPLICATE, TROUBLES, Evidence, Sign, Story
from course.fieldtest.opening import SLOW
from course.fieldtest.stage import Attempt

# Where a genuine delivery is refused, what that says depends on what was special about it.
REFUSED = {
    "unknown_type": "unknown_type_refused",
    "manners": "verifies_reserialised",
    "rotated": "refuses_rotation",
    "second_secret": "refuses_rotation",
    "odd": "refuses_new_fields",
    "large": "refuses_large",
    "clock_skew": "one_sided_age",
}


def forgeries(evidence: Evidence) -> Iterator[Sign]:
    """Forgeries that were accepted: by their effect where that is told, else by the answer."""
    for story in evidence.of(*FORGERIES, "huge"):
        for each in story.attempts:
            if not each.answer.accepted or story.count == 0:
                continue
            name = "accepts_forgery"
            if story.probe == "body_rewritten":
                name = "verifies_reserialised"
            yield _sign(name, each, _told(each.answer, story))


def hostile(evidence: Evidence) -> Iterator[Sign]:
    """What strangers send answered as the server's own fault."""
    for each in evidence.played.attempts:
        strange = each.probe in (*FORGERIES, "unparsed", "forged_first") and not each.genuine
        if strange and (each.answer.status or 0) >= 500 and each.answer.status != 503:
            yield _sign("breaks_on_hostile_input", each, f"answered {each.answer}")


def order_of_checks(evidence: Evidence) -> Iterator[Sign]:
    """Forged nonsense that is answered otherwise than forged JSON, twice over."""
    stories = evidence.of("unparsed")
    looks = [(story.attempts[0].answer.look, story.attempts[0]) for story in stories]
    json = [look for look, each in looks if each.says.endswith("JSON")]
    nonsense = [(look, each) for look, each in looks if each.says.endswith("nonsense")]
    if len(json) != 2 or len(nonsense) != 2 or json[0] != json[1] or json[0][0] in (None, 429):
        return
    if nonsense[0][0] != nonsense[1][0] or nonsense[0][0] == json[0]:
        return
    answers = f"JSON is answered {_quoted(json[0])}, nonsense {_quoted(nonsense[0][0])}"
    exchanges = tuple(each.answer.exchange for _, each in looks)
    if nonsense[0][0][0] not in (None, 429):
        sent = "a delivery signed by somebody else, once JSON and once none"
        yield Sign("parses_before_verifying", "unparsed", sent, answers, exchanges)


def ages(evidence: Evidence) -> Iterator[Sign]:
    """Signatures from an hour ago and from an hour ahead."""
    taken = {}
    for probe in ("too_old", "too_new"):
        for story in evidence.of(probe):
            each = story.attempts[0]
            taken[probe] = each.answer.accepted and story.count != 0
    name = "no_age_limit" if all(taken.values()) and len(taken) == 2 else "one_sided_age"
    for probe, accepted in taken.items():
        if accepted:
            story = evidence.of(probe)[0]
            yield _sign(name, story.attempts[0], _told(story.attempts[0].answer, story))


def refused(evidence: Evidence) -> Iterator[Sign]:
    """Genuine deliveries that were never accepted, however often they came."""
    for story in evidence.stories:
        genuine = [each for each in story.genuine if each.whole]
        if not genuine or story.accepted:
            continue
        last = genuine[-1]
        if last.answer.status is not None and last.answer.status in DUPLICATE[:3]:
            continue
        yield _sign(_why_refused(evidence, story, last), last, f"answered {_worded(last.answer)}")


def _why_refused(evidence: Evidence, story: Story, last: Attempt) -> str:
    status = last.answer.status
    if status is None:
        return TROUBLES.get(last.answer.trouble, "no_answer")
    if 300 <= status < 400:
        return "redirects"
    if story.probe == "valid":
        if evidence.sender.manner != "own":
            return "verifies_reserialised"
        # Refused by its type, where another one of the same sender is taken.
        others = [each for each in evidence.of("valid") if each.accepted]
        return "unknown_type_refused" if others and not story.usual else "refuses_genuine"
    if story.probe == "odd" and evidence.refusal and last.answer.look == evidence.refusal.look:
        return "verifies_reserialised"
    return REFUSED.get(story.probe, "refuses_genuine")


def lost(evidence: Evidence) -> Iterator[Sign]:
    """Events that were accepted and never took effect."""
    if evidence.played.counts is None:
        return
    if not evidence.played.opening.takes_effect:
        yield from _all_lost(evidence)
        return
    missing = [
        story for story in evidence.stories if story.accepted and story.usual and story.count == 0
    ]
    plain = [story for story in missing if not story.stumbled]
    for story in missing:
        name = "acknowledged_and_lost" if not story.stumbled else "mark_first"
        if story.probe == "retry_marked":
            others = [each for each in evidence.of("cut", "answer_lost") if each.count == 0]
            failed = [each for each in story.genuine if each.whole and not each.answer.accepted]
            name = "drops_retries" if not others and not failed else name
        if name == "mark_first" and plain:
            name = "acknowledged_and_lost"
        accepted = next(each for each in story.genuine if each.answer.accepted)
        event = story.attempts[0].event.id
        saw = f"{_before(story)}answered {accepted.answer}; {event} never took effect"
        yield Sign(name, story.probe, accepted.says, saw, story.exchanges)


def _all_lost(evidence: Evidence) -> Iterator[Sign]:
    if evidence.played.strangers:
        return  # effects come about, under names that are not the events'
    accepted = [story for story in evidence.stories if story.accepted]
    if accepted:
        saw = f"{len(accepted)} events were accepted and none of them took effect"
        first = accepted[0]
        yield Sign("acknowledged_and_lost", "valid", first.attempts[0].says, saw, first.exchanges)


def _before(story: Story) -> str:
    bad = next((each for each in story.attempts if not each.answer.accepted), None)
    return f"first {bad.says}: {_worded(bad.answer)}; then " if bad else ""


def doubled(evidence: Evidence) -> Iterator[Sign]:
    """Events that took effect more than once."""
    twice = [story for story in evidence.stories if story.count is not None and story.count > 1]
    if not twice:
        return
    name = _why_doubled(evidence)
    for story in twice:
        event = story.attempts[0].event.id
        times = len(story.genuine)
        saw = f"{event} took effect {story.count} times: charged twice"
        sent = f"{_sent(story)} ({times} deliveries)"
        once = evidence.played.counts_before_later.get(event, 2) == 1
        probe = story.genuine[-1].probe if once else story.probe  # the part in which it happened
        yield Sign(name, probe, sent, saw, story.exchanges[:12])


def _why_doubled(evidence: Evidence) -> str:
    """By what an old event does when it comes again: nothing, always something, or sometimes."""
    earlier = evidence.played.counts_before_later
    again = new = 0
    for story in evidence.stories:
        late = [each for each in story.genuine if each.late and each.answer.accepted]
        if late and story.count is not None:
            again += len(late)
            new += story.count - earlier.get(story.attempts[0].event.id, story.count)
    if new == 0:
        return _why_doubled_at_once(evidence) if not again else "check_then_act"
    return "acts_on_duplicates" if new >= 0.9 * again else "forgets_between_workers"


def _why_doubled_at_once(evidence: Evidence) -> str:
    twice = evidence.of("twice")
    always = [s for s in twice if s.count == len([a for a in s.genuine if a.answer.accepted])]
    return "acts_on_duplicates" if always else "check_then_act"


def duplicates(evidence: Evidence) -> Iterator[Sign]:
    """Duplicates that are refused as if they were wrong."""
    for story in evidence.stories:
        kept = False
        for each in story.genuine:
            status = each.answer.status
            if kept and each.whole and status is not None and status not in DUPLICATE:
                final = each.late or story.probe == "twice"
                if final and not 200 <= status < 300:
                    yield _sign("duplicate_refused", each, f"answered {each.answer}")
            kept = kept or each.answer.accepted


def slowness(evidence: Evidence) -> Iterator[Sign]:
    """Answers that wait for the work, or come after the sender's deadline."""
    opening, deadline = evidence.played.opening, evidence.sender.deadline
    first = evidence.of("valid")[0].attempts[0]
    seconds = opening.seconds or first.answer.seconds
    if first.answer.trouble not in ("", "silent"):
        return
    saw = f"the answer came after {seconds:.1f} s"
    if first.answer.trouble == "silent":
        saw = f"no answer came in {seconds:.1f} s"
    if opening.worked_first and seconds >= SLOW:
        there = f"{saw}, and the effect was there before it"
        yield _sign("works_before_answering", first, there)
    elif deadline and seconds > deadline:
        yield _sign("answers_too_late", first, f"{saw}; this sender waits for {deadline} s")


def _quoted(look: tuple[int | None, str]) -> str:
    return f"{look[0]} {look[1][:60]!r}" if look[1] else f"{look[0]}"


def _worded(answer: Answer) -> str:
    return f"{answer} {answer.text[:60]!r}" if answer.text else f"{answer}"


def _told(answer: Answer, story: Story) -> str:
    effect = f", and it took effect {story.count} times" if story.count else ""
    return f"answered {answer}{effect}"


def _sent(story: Story) -> str:
    return story.attempts[0].says


def _sign(name: str, each: Attempt, saw: str) -> Sign:
    return Sign(name, each.probe, each.says, saw, (each.answer.exchange,))


JUDGES: tuple[Callable[[Evidence], Iterator[Sign]], ...] = (
    forgeries,
    hostile,
    order_of_checks,
    ages,
    refused,
    lost,
    doubled,
    duplicates,
    slowness,
)
