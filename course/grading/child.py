"""The process in which one submission is judged, started by apart.py.

Its arguments are two files and a number of seconds. The submission comes as JSON on standard
input; the verdict is written to the first file and, when the time is nearly over, the lines at
which the code stands to the second.
"""

import faulthandler
import json
import resource
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from course.grading.apart import in_words
from labs.errors import Escape
from labs.exercises import faults
from labs.exercises.exercise import Exercise, exercise
from labs.exercises.judge import judge
from labs.exercises.progress import fingerprint
from labs.exercises.submission import Submission
from labs.exercises.verdict import UNCLEAR, Verdict

MEMORY = 1 << 30  # bytes of address space
FILE = 50 << 20  # bytes of a file that it may write
PROCESSES = ("os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.system", "subprocess.Popen")
SOCKETS = ("socket.bind", "socket.connect", "socket.sendto")


def main(arguments: list[str]) -> int:
    """Judge what comes in; 0 when there is a verdict."""
    said, trace, seconds = Path(arguments[0]), Path(arguments[1]), float(arguments[2])
    asked = json.loads(sys.stdin.buffer.read())
    about = exercise(asked.pop("exercise"))
    submission = Submission(**{**asked, "notes": tuple(asked["notes"])})
    with trace.open("w", encoding="utf-8") as lines:
        faulthandler.dump_traceback_later(max(1.0, seconds - 2), file=lines)
        limit(seconds)
        sys.addaudithook(stay_inside)
        verdict = judged(about, submission)
        faulthandler.cancel_dump_traceback_later()
    half = said.with_suffix(".part")
    graded = replace(in_words(verdict), content=fingerprint(about))
    half.write_text(json.dumps(asdict(graded)), encoding="utf-8")
    half.replace(said)
    return 0


def judged(about: Exercise, submission: Submission) -> Verdict:
    """The verdict; what fails in our own code is said to be ours, unless memory had run out."""
    try:
        return judge(about, submission)
    except MemoryError:
        did = "We judged your code in a process of its own, with limits on time and memory."
        saw = f"Memory ran out: more than {MEMORY >> 20} MiB were asked for."
        verdict = faults.broken(about, "memory", did=did, saw=saw)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not the learner's
        verdict = Verdict(about.id, UNCLEAR, says=faults.ours(error))
    return replace(verdict, source=submission.source, notes=submission.notes)


def limit(seconds: float) -> None:
    """Hold this process, and whatever it starts, to its share."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE, FILE))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    whole = int(seconds) + 5
    resource.setrlimit(resource.RLIMIT_CPU, (whole, whole + 5))


def stay_inside(event: str, _: Any) -> None:
    """An audit hook: no process is started from here, and no real socket is used."""
    if event in PROCESSES or event in SOCKETS:
        raise Escape(f"{event} reaches outside this world")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
