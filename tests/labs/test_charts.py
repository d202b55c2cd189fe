"""The chart of herds, and its text."""

import re
from xml.etree import ElementTree as ET

from labs import backoff
from labs.backoff import herd
from labs.charts import herd_chart

HERDS = [
    herd("fixed 1 s", backoff.constant, base=1, cap=1),
    herd("full jitter", backoff.full_jitter),
]


def test_text_has_the_figures_and_the_shape():
    """The text twin gives each herd a sentence and a row of marks on one scale."""
    lines = str(herd_chart(HERDS, "Herds", seconds=4)).splitlines()

    assert lines[:4] == [
        "Herds",
        "first 4 s, one mark = 0.5 s, full height = 1000",
        "fixed 1 s: peak 1000 per 0.1 s, 6500 attempts",
        "    █ █ █",
    ]
    assert lines[4] == str(HERDS[1])
    assert max(lines[5]) < "█"


def test_picture_describes_itself():
    """Title, description with every figure, and a panel a herd, without fixed colours."""
    svg = herd_chart(HERDS, "Herds").to_svg()
    root = ET.fromstring(svg)
    desc = root.findtext("{http://www.w3.org/2000/svg}desc")

    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Herds"
    assert all(str(each) in desc for each in HERDS)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == len(HERDS)
    assert not re.findall(r'(?:fill|stroke)="#', svg)


def test_bars_share_one_scale():
    """The highest bar of the chart is the highest peak; the other panels are in proportion."""
    root = ET.fromstring(herd_chart(HERDS).to_svg())
    heights = [
        max(float(height) for height in re.findall(r"v-([\d.]+)", path.get("d")))
        for path in root.iter("{http://www.w3.org/2000/svg}path")
    ]

    assert abs(heights[1] / heights[0] - HERDS[1].peak / HERDS[0].peak) < 0.01
