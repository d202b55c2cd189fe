"""What storm can find (`rules.toml`): the rule, its source and day, what it means, the lesson."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from course.fieldtest.senders import Sender
from labs.webhook.providers import PROVIDERS

SITE = os.environ.get("SITE_URL", "http://127.0.0.1:8000/")
STANDARD = PROVIDERS["standard_webhooks"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be found; the file's head explains the fields."""

    title: str
    rule: str
    source: str
    means: str
    lesson: str
    checked: date | None = None
    published: str = ""

    def sentence(self, sender: Sender) -> str:
        """The rule with the place where it stands, and since when or the day it was read there."""
        if self.published:
            return f"{self.rule} ({self.source}, {self.published})"
        source, day = self._read(sender)
        return f"{self.rule} ({source}; read {day.isoformat()})"

    def address(self) -> str:
        """The lesson's page."""
        return f"{SITE.rstrip('/')}/lessons/{self.lesson}"

    def _read(self, sender: Sender) -> tuple[str, date]:
        if self.source == "signature":
            return sender.scheme.source, sender.scheme.checked
        if self.source == "delivery":
            delivery = sender.provider.delivery or STANDARD.delivery
            assert delivery is not None
            return delivery.source, delivery.checked
        assert self.checked is not None
        return self.source, self.checked


RULES: Mapping[str, Rule] = {
    name: Rule(**table)
    for name, table in tomllib.loads(
        files("course.fieldtest").joinpath("rules.toml").read_text("utf-8")
    ).items()
}
