"""The row of a run's wire table at which to begin reading; the table is the learner's, so data."""

import re
from dataclasses import dataclass

ROW = re.compile(r"^ *(\d+\.\d{3}) s +(\d+) +(\S.*)$")
EVENT = re.compile(r"\(#(\d+), \d")  # as a verdict names it: (#15, 40.075 s)
LOST, HARMED = "--x", "==="
LONGEST = 120  # characters of a row that are quoted


@dataclass(frozen=True, slots=True)
class Row:
    """One event of the table."""

    time: str
    number: int
    says: str

    @property
    def quoted(self) -> str:
        """The row as inline code, which nothing in it can end."""
        words = " ".join(f"{self.time} s  {self.number}  {self.says}".split()).replace("`", "'")
        return f"`{words[:LONGEST]}`"


def rows(table: str) -> list[Row]:
    """The rows of the table; lines that are none are passed over."""
    found = (ROW.match(line) for line in table.splitlines())
    return [Row(row[1], int(row[2]), row[3]) for row in found if row]


def telling(table: str, verdict: str) -> Row | None:
    """The row that the verdict names, else the first that never arrived, else the first harm."""
    known = rows(table)
    named = [int(number) for number in EVENT.findall(verdict)]
    if named and (row := next((each for each in known if each.number == named[-1]), None)):
        return row
    for sign in (LOST, HARMED):
        if row := next((each for each in known if sign in each.says), None):
            return row
    return None
