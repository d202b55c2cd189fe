"""Which answerer the settings ask for; the seam for one that asks a model first."""

from pathlib import Path

from course.tutor.service.answerer import Answerer
from course.tutor.service.quoting import Quoting


def configured(passages: Path) -> Answerer:
    """The answerer of this machine: it quotes the course. Raises Refusal."""
    return Quoting(passages)
