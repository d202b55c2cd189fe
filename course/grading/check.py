"""The door `check`: the verdict on one exercise, or on all of them.

Exit status: 0 correct, 1 incorrect, 2 not attempted, 3 could not tell, 64 usage. With --all: 0
when nothing is incorrect, 1 when something is, or a lesson does not run around the learner's code,
3 when only something could not be told.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from course.grading import apart, lessons, places
from course.grading.apart import Graded
from course.refusal import Refusal
from labs.exercises import progress
from labs.exercises.exercise import Exercise, ExerciseError, everything, exercise
from labs.exercises.verdict import NOT_ATTEMPTED, STATUS, Verdict, from_record

USAGE = 64


def main(arguments: Sequence[str]) -> int:
    """Judge one exercise, from the lessons' notebooks or from a file; or all of them."""
    parser = _parser()
    try:
        asked = parser.parse_args(arguments)
    except SystemExit as ended:  # argparse says 2, which here means "not attempted"
        return USAGE if ended.code else 0
    if asked.all:
        if asked.id:
            raise Refusal("check takes an exercise or --all, not both.", USAGE)
        return check_all(asked)
    if not asked.id:
        raise Refusal("check needs an exercise (`course exercises` lists them) or --all.", USAGE)
    try:
        return check_one(exercise(asked.id), asked)
    except ExerciseError as error:
        raise Refusal(f"{str(error)[:1].upper()}{str(error)[1:]}.", USAGE) from None


def check_one(about: Exercise, asked: argparse.Namespace) -> int:
    """Print the verdict on one exercise, or what else was asked for it."""
    if asked.hint is not None or asked.solution:
        return help_with(about, asked)
    graded = of_file(about, asked.file) if asked.file else of_lessons(about, asked.notebooks)
    keep(about, graded)
    if asked.json:
        print(json.dumps(graded.record))
    else:
        print(graded.report if asked.report else graded.text)
    return graded.status


def help_with(about: Exercise, asked: argparse.Namespace) -> int:
    """Print a hint or the official solution."""
    from labs.exercises.verbs import hint_text, solution_text  # they bring the whole laboratory

    if asked.hint is not None:
        entry = progress.shown(about, rung=min(max(asked.hint, 1), 5))
        print(hint_text(about, min(max(asked.hint, 1), 5), entry.last))
        return 0
    progress.shown(about, solution=True)
    print(solution_text(about))
    return 0


def keep(about: Exercise, graded: Graded) -> None:
    """Note the verdict in the learner's progress."""
    verdict = from_record({**graded.record, "source": graded.source})
    progress.checked(about, verdict, content=graded.content)


def of_file(about: Exercise, file: Path) -> Graded:
    """The verdict on a file."""
    return apart.graded(about, places.from_file(about, file))


def of_lessons(about: Exercise, notebooks: Path | None) -> Graded:
    """The verdict on the exercise's cell in the lessons' notebooks."""
    place = places.folder(notebooks)
    submission = places.from_lessons(about, place)
    if submission is None:
        says = f"No cell in {place.name}/ begins with `# exercise: {about.id}`."
        return apart.in_words(Verdict(about.id, NOT_ATTEMPTED, says=says))
    return apart.graded(about, submission)


def check_all(asked: argparse.Namespace) -> int:
    """Judge every exercise cell and write the reports that were asked for."""
    from course.grading import reports

    place = places.folder(asked.notebooks)
    all_graded = [of_lessons(about, place) for about in everything()]
    ran = lessons.troubles(place) if asked.cells else {}
    report = reports.report([graded.record for graded in all_graded], asked.who, ran)
    for graded in all_graded:
        keep(exercise(graded.record["exercise"]), graded)
    if asked.report_file:
        asked.report_file.write_text(json.dumps(report) + "\n", encoding="utf-8")
    if asked.junit:
        asked.junit.write_bytes(reports.junit(report))
    if asked.markdown:
        asked.markdown.write_text(reports.markdown(report), encoding="utf-8")
    print(json.dumps(report) if asked.json else reports.table(report))
    statuses = {graded.status for graded in all_graded}
    bad = [STATUS["incorrect"], STATUS["unclear"]]
    worst = next((status for status in bad if status in statuses), 0)
    return STATUS["incorrect"] if any(ran.values()) else worst


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="course check", description=main.__doc__)
    parser.add_argument("id", nargs="?", metavar="ID", help="such as m6.heartbeat")
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="Python, or a notebook")
    parser.add_argument("--all", action="store_true", help="every exercise of the notebooks")
    parser.add_argument("--json", action="store_true", help="the verdict as one object")
    parser.add_argument("--report", action="store_true", help="with code, seed and versions")
    parser.add_argument("--hint", type=int, metavar="N", help="hint 1 to 5 instead of a verdict")
    parser.add_argument("--solution", action="store_true", help="the official solution")
    parser.add_argument("--notebooks", type=Path, metavar="DIR", help="where the lessons lie")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="with --all: JUnit XML")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="with --all: a summary")
    parser.add_argument("--report-file", type=Path, metavar="FILE", help="with --all: JSON")
    parser.add_argument("--cells", action="store_true", help="with --all: run the lessons too")
    parser.add_argument("--who", default="", metavar="NAME", help="with --all: whose work it is")
    return parser
