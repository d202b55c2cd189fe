"""The door `test`: pytest, with how long it will take said first.

Notebooks are run in processes of their own; PYTHONPATH spares each of them an import that
costs a second (see course/shadow).
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHADOW = ROOT / "course" / "shadow"
ALL = "Every test runs now: about {minutes} minutes on two cores (`-m 'not slow'`: about {quick})."


def main(arguments: Sequence[str]) -> int:
    """Become pytest; what was skipped is printed with its reason at the end."""
    if not arguments:
        print(ALL.format(minutes=25, quick=15), flush=True)
    os.chdir(ROOT)
    pytest = [sys.executable, "-m", "pytest", "-ra", *arguments]
    os.execve(sys.executable, pytest, {**os.environ, "PYTHONPATH": str(SHADOW)})
