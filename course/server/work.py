"""`work/`: the learner's copy of the lessons, where nothing of theirs is ever overwritten.

A ledger remembers what was handed out; a file that still is what was handed out may be
replaced by a newer one, any other is left alone and the newer lesson is put beside it.
"""

import hashlib
import json
import os
from pathlib import Path

LESSONS = ("*.ipynb", "*.yaml")


def hand_out(shipped: Path, work: Path, ledger: Path) -> list[str]:
    """Bring `work` up to date with what is shipped; one sentence for each lesson put beside."""
    work.mkdir(exist_ok=True)
    given = read(ledger)
    before = dict(given)
    said = []
    for source in sorted(file for kind in LESSONS for file in shipped.glob(kind)):
        target = work / source.name
        new = source.read_bytes()
        now = target.read_bytes() if target.is_file() else None
        if os.path.lexists(target) and now is None:
            continue  # a folder or a dangling link of the learner's: not ours to judge
        if now is None or (now != new and digest(now) == given.get(source.name)):
            put(target, new)
        elif now != new and digest(new) != given.get(source.name):
            beside = free_name(work, source.name, new)
            put(beside, new)
            said.append(f"You edited {source.name}: its newer version is {beside.name}, beside it.")
        given[source.name] = digest(new)
    if given != before:
        put(ledger, json.dumps(given, indent=1).encode())
    return said


def read(ledger: Path) -> dict[str, str]:
    """The digest last handed out by file name; empty where none is to be read."""
    try:
        given = json.loads(ledger.read_bytes())
    except (OSError, ValueError):
        return {}
    return given if isinstance(given, dict) else {}


def free_name(work: Path, name: str, new: bytes, what: str = "new") -> Path:
    """`NN_topic.new.ipynb`, or with a number when that one holds something else."""
    stem, _, kind = name.rpartition(".")
    number = 1
    while True:
        beside = work / f"{stem}.{what}{'' if number == 1 else number}.{kind}"
        if not os.path.lexists(beside) or (beside.is_file() and beside.read_bytes() == new):
            return beside
        number += 1


def put(target: Path, content: bytes) -> None:
    """The whole file or none of it."""
    half = target.with_name(f".{target.name}.part")
    half.write_bytes(content)
    half.replace(target)


def digest(content: bytes) -> str:
    """What the ledger keeps of a file."""
    return hashlib.sha256(content).hexdigest()
