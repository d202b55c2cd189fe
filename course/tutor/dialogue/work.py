"""What a learner brings along of an exercise, read with suspicion: names we know, or none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from course.tutor.dialogue.wire import Row, telling
from labs.exercises.exercise import Exercise, exercise, ids

VERDICTS = ("correct", "incorrect", "not_attempted", "unclear")
# An exception as the last line of a traceback names it.
RAISED = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?([A-Z]\w*(?:Error|Exception|Interrupt|Exit|Group))\b")
# Words about one's own code rather than about the subject.
OWN = re.compile(
    r"\b(?:my|mine|i|i'm|me|this)\b.{0,40}\b(?:code|solution|function|class|cell|answer|verdict"
    r"|check|exercise|attempt|heartbeat|handler|receiver|program|run|test|bug|mistake|wrong|stuck)\b"
    r"|^\W*(?:why|what)(?:'s| is| was| did| does| went)?"
    r"(?: (?:it|this|that|the (?:check|verdict|grader|test|code|run)))?(?: still)?"
    r" (?:wrong|fail\w*|incorrect|rejected|not pass\w*)\W*$"
    r"|\b(?:stuck|hint|help me|next step|where do i start|what now|what next|grader|verdict)\b",
    re.IGNORECASE | re.DOTALL,
)
# Words that ask for the code itself.
ALL_OF_IT = re.compile(
    r"\b(?:solution|answer key)\b"
    r"|\b(?:full|whole|complete|working|correct|final|finished) (?:code|class|function|program)\b"
    r"|\b(?:give|show|tell|paste|send|print|write)\b.{0,20}\b(?:code|answer|class|function)\b"
    r"|\b(?:write|fix|complete|finish|solve) (?:it|this|that|my|the (?:code|exercise|task))\b"
    r"|\bdo (?:it|this|that|my \w+|the exercise) for me\b|\bline by line\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Work:
    """An exercise, what its grader said, and what else is known of the attempt."""

    about: Exercise
    verdict: str = ""  # one of VERDICTS, or nothing
    bug: str = ""  # an id, or nothing
    hints: int = 0  # how many were taken
    row: Row | None = None  # of the wire table
    raised: str = ""  # the name of an exception

    @property
    def page(self) -> str:
        """Where the lesson asks for it."""
        return f"/lessons/{self.about.lesson}/#build"


def work(context: Mapping[str, str | int]) -> Work | None:
    """The work that came along with a question; None where no exercise of ours did."""
    name = context.get("exercise")
    if name not in ids():
        return None
    verdict, said = (str(context.get(key, "")) for key in ("verdict", "output"))
    bug = str(context.get("bug", ""))
    return Work(
        exercise(str(name)),
        verdict if verdict in VERDICTS else "",
        bug if bug.isidentifier() else "",
        int(context.get("hint_level", 0)),
        telling(str(context.get("wire", "")), said),
        raised(str(context.get("error", ""))),
    )


def raised(traceback: str) -> str:
    """The exception's name: of what a traceback says, the one thing that is not free text."""
    last = next((line for line in reversed(traceback.splitlines()) if line.strip()), "")
    found = RAISED.match(last)
    return found[1] if found else ""


def asks_for_all(question: str) -> bool:
    """Is it the solution that is wanted, whatever the reason that is given?"""
    return bool(ALL_OF_IT.search(question))


def is_about(question: str) -> bool:
    """Does the question ask about the learner's own work?"""
    return bool(OWN.search(question))
