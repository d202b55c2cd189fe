"""The door `site`, and the site that `start` serves: built anew only when its sources changed."""

import argparse
import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from course.refusal import Refusal

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("mkdocs.yml", "requirements.txt", "notebooks", "site", "labs", "course/publish")
GENERATED = (
    "site/lessons/",
    "site/assets/runtime/",
    "site/assets/wire/",
    "site/assets/cards/",
    "site/assets/grids/",
    "site/assets/studio/",
    "site/tutor/",
)


def main(arguments: Sequence[str]) -> int:
    """Build the site into `build/site/`; exit status 0 when it stands."""
    parser = argparse.ArgumentParser(
        prog="python3 -m course site", description="Builds the static site into build/site/."
    )
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "site", metavar="FOLDER")
    parser.add_argument("--archive", action="store_true", help="with an archive to carry away")
    asked = parser.parse_args(arguments)
    from course.publish import offline, site

    try:
        site.build(asked.into)
    except site.SiteError as error:
        raise Refusal(f"The site cannot be built:\n{error}") from None
    archive = f" Its archive is {offline.archive(asked.into)}." if asked.archive else ""
    print(f"The site is in {asked.into}.{archive}")
    return 0


def fingerprint(url: str) -> str:
    """What the site is made of, and the address it is made for, as one digest."""
    whole = hashlib.sha256(url.encode())
    for file in sources():
        content = hashlib.sha256(file.read_bytes()).digest()
        whole.update(str(file.relative_to(ROOT)).encode() + b"\0" + content)
    return whole.hexdigest()


def sources() -> Iterator[Path]:
    """Every file the site is made of, in a fixed order."""
    for place in SOURCES:
        files = [ROOT / place] if (ROOT / place).is_file() else sorted((ROOT / place).rglob("*"))
        for file in files:
            path = file.relative_to(ROOT).as_posix()
            if file.is_file() and "__pycache__" not in path and not path.startswith(GENERATED):
                yield file


def is_current(destination: Path, wanted: str) -> bool:
    """Whether the site that stands there is the wanted one."""
    stamp = destination / ".fingerprint"
    return stamp.is_file() and stamp.read_text() == wanted


def replace(old: Path, new: Path, fingerprint: str) -> None:
    """Put a finished site in the place of the one before."""
    (new / ".fingerprint").write_text(fingerprint)
    if old.exists():
        shutil.rmtree(old)
    new.replace(old)
