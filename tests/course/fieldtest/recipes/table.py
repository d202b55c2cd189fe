"""What each recipe passes and fails under storm: run, and kept in course/fieldtest/recipes.json.

A slow test runs it and compares; with STORM_AGAIN=1 in its environment it writes the table anew.
"""

import json
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from course.fieldtest.catalogue import CATALOGUE
from course.fieldtest.senders import sender

from ..take_home.storming import stormed
from .servers import HERE, RECIPES, SCHEMES, SECRET, served

KEPT = Path(__file__).resolve().parents[4] / "course" / "fieldtest" / "recipes.json"
NAMES = {"flask": "Flask", "fastapi": "FastAPI", "express": "Express"}
LIBRARIES = {"stripe": "stripe", "standardwebhooks": "standardwebhooks", "slack": "slack_sdk"}


def made() -> dict:
    """The table of today: one row for each recipe."""
    with ThreadPoolExecutor(2) as pool:
        rows = [row for rows in pool.map(_of_framework, RECIPES) for row in rows]
    return {"ran": f"{datetime.now(UTC):%Y-%m-%d}", "recipes": rows}


def _of_framework(framework: str) -> list[dict]:
    with tempfile.TemporaryDirectory() as folder, served(framework, Path(folder)) as url:
        return [_row(framework, recipe, url) for recipe in RECIPES[framework]]


def _row(framework: str, recipe: str, url: str) -> dict:
    at = f"{url}/{recipe}"
    report = stormed(at, SCHEMES[recipe], SECRET, f"{at}/effects")
    by = sender(SCHEMES[recipe], [SECRET], at)
    played = [probe.id for probe in CATALOGUE if probe.fits(by)]
    return {
        "framework": f"{NAMES[framework]} {_version(framework, framework)}",
        "library": f"{LIBRARIES[recipe]} {_version(framework, LIBRARIES[recipe])}",
        "passed": [part for part in played if part in report["passed"]],
        "failed": [part for part in played if part not in report["passed"]],
        "findings": sorted(finding["id"] for finding in report["findings"]),
    }


def _version(framework: str, package: str) -> str:
    if framework != "express":
        return version(package)
    asked = json.loads((HERE / "package.json").read_text())["dependencies"][package]
    assert re.fullmatch(r"[\d.]+", asked), "a range is no version"
    return asked
