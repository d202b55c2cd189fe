"""What a lesson keeps beside its prose: quiz, interview, Monday list, cards, shown by name.

`lesson("06_liveness")` reads `06_liveness.yaml`; each named call returns something that shows
itself as text, as Markdown (answers folded), and as JSON for the site. Nothing here is random
and nothing depends on Jupyter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labs.lesson_schema import LessonError, read
from labs.ordering import Ordering, ordering
from labs.outcome import Run

MIME = "application/vnd.hook-line-socket.lesson+json"
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
LETTERS = "ABCDEF"

TITLES = {  # headings of the parts that a reader looks for
    "quiz": "Five questions",
    "interview": "Interview tips: three questions",
    "monday": "On Monday: five things to check",
    "symptoms": "What you see, and what it may be",
    "cards": "Cards",
    "recap": "What to take along",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One part of a lesson in the three forms in which it is read."""

    plain: str
    markdown: str
    record: Mapping[str, Any]

    def __repr__(self) -> str:
        return self.plain

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            "text/plain": self.plain,
            "text/markdown": self.markdown,
            MIME: dict(self.record),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Lesson:
    """A lesson's YAML, and one call for each part of it that stands on the page."""

    name: str
    content: Mapping[str, Any]

    def __repr__(self) -> str:
        return f"lesson({self.name!r}): {self.title}"

    @property
    def id(self) -> str:
        """The short name by which other lessons know it: m6."""
        return str(self.content["lesson"]["id"])

    @property
    def title(self) -> str:
        """The title, without Markdown."""
        return str(self.content["lesson"]["title"])

    @property
    def head(self) -> str:
        """The line of minutes that stands under the title in the notebook."""
        about = self.content["lesson"]
        needs = ", ".join(need.upper() for need in about.get("needs", ()))
        line = f"{about['core_minutes']} min core · {about['minutes']} min whole"
        return f"{line} · needs {needs}" if needs else line

    def test_out(self) -> Shown:
        """Three questions for those who may know this already, answers folded."""
        lead = "**Know this already?** Three questions. All right: go on to [Break](#Break)."
        return self._shown("test_out", "\n\n".join([lead, *_items(self._part("test_out"))]))

    def quiz(self) -> Shown:
        """Five questions with a reason for every choice, answers folded."""
        return self._shown("quiz", "\n\n".join(_items(self._part("quiz"))))

    def interview(self) -> Shown:
        """Three interview questions: what to say, what not to, what comes next."""
        parts = [_question(n, item) for n, item in enumerate(self._part("interview"), 1)]
        return self._shown("interview", "\n\n".join(parts))

    def monday(self) -> Shown:
        """Five things to check in one's own system, each with how to find out."""
        lines = [_check(number, entry) for number, entry in enumerate(self._part("monday"), 1)]
        return self._shown("monday", "\n".join(lines))

    def cards(self) -> Shown:
        """The lesson's cards: the fronts, each with its back folded."""
        cards = self._part("cards")
        parts = [_fold(c["front"], f"{c['back']}\n\n*{c['source']}*") for c in cards]
        return self._shown("cards", "\n\n".join(parts))

    def order(self, run: Run) -> Ordering:
        """Some events of the run named in the YAML, shuffled, to be put in order."""
        return ordering(run, self._part("order")["events"])

    def symptoms(self) -> Shown:
        """What one sees at night, the likely causes in order, and where to read on."""
        return self._shown("symptoms", "\n\n".join(map(_symptom, self._part("symptoms"))))

    def recap(self) -> Shown:
        """The lesson in a few sentences, its sources, its limits, and what comes next."""
        return self._shown("recap", _recap(self._part("recap"), self.content))

    def _part(self, name: str) -> Any:
        if name not in self.content:
            raise LessonError(f"{self.name}.yaml has no section `{name}`, and the lesson shows it")
        return self.content[name]

    def _shown(self, kind: str, markdown: str) -> Shown:
        record = {"kind": kind, "lesson": self.id, "content": self._part(kind)}
        title = f"### {TITLES[kind]}\n\n" if kind in TITLES else ""
        return Shown(f"{self.id} {kind}\n\n{unfolded(markdown)}", title + markdown, record)


def lesson(name: str, folder: Path | None = None) -> Lesson:
    """The lesson of that name, looked for in `folder`, beside the notebook, in the checkout.

    Raises LessonError when there is no such file, or when it is not what the schema allows.
    """
    places = [folder] if folder else [Path.cwd(), NOTEBOOKS]
    for place in places:
        if (file := place / f"{name}.yaml").is_file():
            return Lesson(name, read(file.read_text(encoding="utf-8"), file.name))
    raise LessonError(f"{name}.yaml is neither beside this notebook nor in {NOTEBOOKS.name}/")


def unfolded(markdown: str) -> str:
    """Markdown for a terminal: what is folded is left out, since it gives answers away."""
    kept, inside = [], False
    for line in markdown.splitlines():
        if line.startswith("<details"):
            inside = True
            line = line.removeprefix("<details><summary>").removesuffix("</summary>")
            kept.append(f"[{line}: folded in JupyterLab and on the site]")
        elif line.startswith("</details>"):
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def _items(items: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    for number, item in enumerate(items, 1):
        choices = list(zip(LETTERS, item["choices"], strict=False))
        asked = _bullets(f"{letter}. {choice['text']}" for letter, choice in choices)
        reasons = _bullets(_reason(letter, choice) for letter, choice in choices)
        yield f"**{number}. {item['ask']}**\n\n{asked}\n\n{_fold('Answer and reasons', reasons)}"


def _reason(letter: str, choice: Mapping[str, Any]) -> str:
    verdict = f"**{letter} is right.**" if choice.get("right") else f"{letter} is wrong."
    return f"{verdict} {choice['why']}"


def _question(number: int, item: Mapping[str, Any]) -> str:
    levels = _bullets(f"**{level}**: {says}" for level, says in item["levels"].items())
    runs = ", ".join(f"`{run}`" for run in item["evidence"])
    answer = f"{item['answer']}\n\nYour evidence: {runs}"
    parts = [
        f"**Question {number}: “{item['ask']}”**",
        f"*A strong answer says*\n\n{_bullets(item['strong'])}",
        f"*Red flags*\n\n{_bullets(item['flags'])}",
        f"*Expect to be asked next*\n\n{_bullets(item['follow_ups'])}",
        f"*What a level is heard by*\n\n{levels}",
        _fold("One way to say it", answer),
    ]
    return "\n\n".join(parts)


def _check(number: int, entry: Mapping[str, Any]) -> str:
    line = f"{number}. **{entry['check']}** {entry['how']}"
    settings = (
        f"    - {each['product']}: {each['setting']} ({each['source']}, {each['checked']})"
        for each in entry.get("settings", ())
    )
    return "\n".join([line, *settings])


def _symptom(entry: Mapping[str, Any]) -> str:
    causes = "\n".join(f"{number}. {cause}" for number, cause in enumerate(entry["causes"], 1))
    return f"**You see:** {entry['sees']} ([why](#{entry['anchor']}))\n\n{causes}"


def _recap(recap: Mapping[str, Any], content: Mapping[str, Any]) -> str:
    pages = [c["source"] for c in content["claims"] if "source" in c]
    sources = [*recap.get("sources", ()), *(f"{s['page']} (checked {s['checked']})" for s in pages)]
    parts = [
        _bullets(recap["sentences"]),
        f"*Left out here*\n\n{_bullets(recap['leaves_out'])}",
        _fold("Sources", _bullets(dict.fromkeys(sources))) if sources else "",
        f"**Next:** {recap['next']}",
    ]
    return "\n\n".join(filter(None, parts))


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _fold(summary: str, body: str) -> str:
    # Markdown is read between blank lines only, and never inside the summary's own line.
    title = re.sub(r"`([^`]+)`", r"<code>\1</code>", summary)
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
