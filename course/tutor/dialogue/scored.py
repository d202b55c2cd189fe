"""The rubric of an interview as text: what was found is quoted, what was not is named.

The review is the studio's, so the same words come to the same figures there. It reads words, not
understanding, and says so; the model answer comes last.
"""

from collections.abc import Iterator

from course.tutor.dialogue.interview import Interview
from course.tutor.protocol import Citation
from labs.studio.prompts import rubric
from labs.studio.review import LEVELS, Point, Review

MOST = 6  # lessons that are cited
LONGEST = 160  # characters of a quotation
ELSEWHERE = ("attached", "quoted")  # points that only a kept run can make
HERE = (
    "It has read your words alone: a drawing and kept runs are looked at in the "
    "[interview studio](/studio/)."
)
SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|!"})


def report(held: Interview) -> Iterator[str]:
    """The rubric, section by section."""
    seen = held.reviewed()
    cites = {each.id.partition(" ")[2]: each.n for each in citations(held, seen)}
    yield summary(seen)
    for each in rubric()["dimensions"]:
        yield dimension(held, seen, each, cites)
    yield from flags(held, seen)
    levels = held.about.content["levels"]
    yield "**What each level would do.**\n\n" + "\n".join(
        f"- {name.capitalize()}: {says}" for name, says in levels.items()
    )
    yield f"**One strong answer, to compare with.**\n\n{str(held.about.content['answer']).strip()}"
    told = next(each for each in held.about.changes if each.id == held.change)
    yield f"**And to the change.**\n\n{told.answer.strip()}"


def summary(seen: Review) -> str:
    """The figure, what caps it, what this reading can see, and the first gap."""
    about = rubric()
    whole = LEVELS * len(about["dimensions"])
    capped = f" A critical flag caps it; without one it were {seen.sum}." if seen.capped else ""
    weakest = min(about["dimensions"], key=lambda each: seen.scores[each["id"]])
    gap = f"Your first gap is **{weakest['title'].lower()}**: {weakest['asks']}"
    figure = f"**{seen.total} of {whole}** in {seen.words} words.{capped}"
    return f"{figure} {about['lead']} {HERE}\n\n{gap}"


def dimension(held: Interview, seen: Review, each: dict[str, str], cites: dict[str, int]) -> str:
    """One dimension: its level, the points that were found with their words, and the others."""
    score = seen.scores[each["id"]]
    found, missed = [], []
    for point in held.about.asked(held.change if held.stage == "judged" else "").points:
        if point.dimension != each["id"]:
            continue
        quote = seen.points[point.id]
        if quote is None and point.id not in ELSEWHERE:
            missed.append(f"- Not found: {point.says}{marker(point, cites)}")
        elif quote:
            named = " Named in a list, so it counts as level 1." if quote.bare else ""
            found.append(f"- Found: {point.says} You said “{safe(quote.on)}”.{named}")
    level = rubric()["levels"][score]
    return "\n".join([f"**{each['title']}: {score} of {LEVELS}, {level}.**\n", *found, *missed])


def flags(held: Interview, seen: Review) -> Iterator[str]:
    """The red flags that were raised, with the reason; nothing where there is none."""
    raised = [
        f"- {flag.says} {flag.why} You said “{safe(seen.flags[flag.id].sentence)}”"
        for flag in held.about.flags
        if flag.id in seen.flags
    ]
    if raised:
        yield "\n".join(["**Red flags.**\n", *raised])


def citations(held: Interview, seen: Review) -> tuple[Citation, ...]:
    """The lessons' paragraphs for points that were not found, the weakest dimension's first."""
    points = sorted(held.about.points, key=lambda point: seen.scores[point.dimension])
    missing = (p.lesson for p in points if seen.points[p.id] is None and "#" in p.lesson)
    found = list(dict.fromkeys(missing))[:MOST]
    return tuple(cited(n, lesson) for n, lesson in enumerate(found, 1))


def cited(n: int, lesson: str) -> Citation:
    """The citation of a paragraph that is named as `06_liveness#the-cure-is-a-question`."""
    page, _, anchor = lesson.partition("#")
    title = anchor.replace("-", " ").capitalize()
    return Citation(n, f"lesson {lesson}", title, f"/lessons/{page}/#{anchor}")


def marker(point: Point, cites: dict[str, int]) -> str:
    """The number of the paragraph that shows the point."""
    return f" [{cites[point.lesson]}]" if point.lesson in cites else ""


def safe(words: str) -> str:
    """The learner's words as a quotation, in which no sign means anything."""
    return " ".join(words.split())[:LONGEST].translate(SIGNS)
