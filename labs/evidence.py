"""Runs that a learner kept, to be quoted later: in an interview, or to whoever asks "says who?".

They are kept in this process, and as a file each where HOOK_LINE_SOCKET_EVIDENCE names a folder
(the course's own start does).
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from labs.journal import Journal

FOLDER = "HOOK_LINE_SOCKET_EVIDENCE"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What it shows, and what it takes to get the same run again: seed and digest."""

    says: str
    seed: int
    seconds: float
    messages: int
    digest: str

    def __str__(self) -> str:
        which = f"seed {self.seed}, {self.messages} messages, {self.seconds:.3f} s"
        return f"Kept: {self.says}\n      ({which}, digest {self.digest[:12]})"

    def __repr__(self) -> str:
        return str(self)


kept: list[Evidence] = []


def keep(says: str, journal: Journal, messages: int) -> Evidence:
    """The evidence, now kept; keeping the same words again replaces it."""
    evidence = Evidence(says, journal.seed, journal.ended, messages, journal.digest())
    kept[:] = [*(one for one in kept if one.says != says), evidence]
    if folder := os.environ.get(FOLDER):
        _write(Path(folder), evidence, journal)
    return evidence


def _write(folder: Path, evidence: Evidence, journal: Journal) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", evidence.says.lower()).strip("-")[:60] or "run"
    record = {**asdict(evidence), "journal": json.loads(journal.to_json())}
    (folder / f"{name}.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
