"""Which answerer the settings ask for: the tutor, with the model that the environment names."""

import os
from pathlib import Path

from course.tutor.dialogue.tutor import Tutor
from course.tutor.models import configured as models
from course.tutor.service.answerer import Answerer
from course.tutor.service.quoting import Quoting


def configured(passages: Path) -> Answerer:
    """The answerer of this machine. Raises Refusal where a setting or the passages are wrong."""
    return Tutor(Quoting(passages), models.configured(os.environ))
