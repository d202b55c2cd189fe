"""The chart of retry schedules: what becomes of an event, and its picture."""

import re
from xml.etree import ElementTree as ET

import pytest

from labs.schedule_chart import schedule_chart
from labs.webhook.schedules import SCHEDULES, Schedule

SVG = "{http://www.w3.org/2000/svg}"
STEPS = Schedule("steps", (0, 5, 300), "", deadline=10)
HIDDEN = Schedule("hidden", (0,), "", horizon=3600)
ONCE = Schedule("once", (0,), "")


@pytest.mark.parametrize(
    ("down", "slow", "fates"),
    [
        (0, 0, ["attempt 1, after 00:00:00"] * 3),
        (5, 10, ["never", "attempt 2, after 00:00:05", "perhaps: steps not published"]),
        (
            5,
            11,
            ["never", "never: it waits 10 s only", "perhaps: steps not published"],
        ),
        (3601, 0, ["never"] * 3),
    ],
)
def test_an_outage_has_a_fate_for_each_sender(down, slow, fates):
    """An attempt arrives, none does, or nobody outside can tell; a slow answer comes too late."""
    chart = schedule_chart([STEPS, HIDDEN, ONCE], down, slow)

    assert [chart.fate(each) for each in (ONCE, STEPS, HIDDEN)] == fates
    assert set(chart.delivered).isdisjoint(chart.lost)
    assert [each.sender for each in chart.schedules] == ["once", "steps", "hidden"]


def test_text_has_a_line_for_each_sender():
    """The text twin says how long each goes on, and the fate of its event."""
    lines = str(schedule_chart([STEPS, HIDDEN, ONCE], 60, 2, "Three")).splitlines()

    assert lines == [
        "Three",
        "the receiver is down for 00:01:00, then answers after 2 s",
        "  once               no second attempt        never",
        "  steps              3 attempts to 00:05:05   attempt 3, after 00:05:05",
        "  hidden             goes on to 01:00:00      perhaps: steps not published",
    ]


def test_picture_tells_attempts_apart_by_shape():
    """Rings failed, one disc arrives, ticks are not needed; the twin is the description."""
    chart = schedule_chart([STEPS, HIDDEN], down=1)
    root = ET.fromstring(chart.to_svg())

    assert [float(c.get("r")) for c in root.iter(f"{SVG}circle")] == [3.5, 5, 3.5]
    assert root.findtext(f"{SVG}desc") == str(chart)
    assert len([p for p in root.iter(f"{SVG}path") if p.get("stroke-dasharray")]) == 1
    assert not re.findall(r'(?:fill|stroke)="#', chart.to_svg())


def test_everything_stays_inside():
    """Whatever the outage, no mark lies outside the plot and each sender has its row."""
    root = ET.fromstring(schedule_chart(SCHEDULES, down=1e9).to_svg())
    texts = [each.text for each in root.iter(f"{SVG}text")]

    assert all(140 <= float(c.get("cx")) <= 485 for c in root.iter(f"{SVG}circle"))
    assert all(schedule.sender in texts for schedule in SCHEDULES)
