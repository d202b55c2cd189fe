"""The receivers to take home and the SQL beside them, as they are, to be copied from a page."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parents[2] / "fieldtest" / "take_home"
LANGUAGES = {".py": "python", ".mjs": "javascript", ".sql": "sql"}
FILES = (
    "aiohttp_receiver.py",
    "fastapi_receiver.py",
    "express_receiver.mjs",
    "sqlite.sql",
    "postgresql.sql",
)


def source(name: str) -> str:
    """The file in a fence, under its name."""
    file = HOME / name
    language = LANGUAGES[file.suffix]
    return f'```{language} title="{name}"\n{file.read_text("utf-8").rstrip()}\n```'
