"""The pictures of polling, and their text."""

import re
from xml.etree import ElementTree as ET

import pytest

from labs.polling_charts import crowd_chart, trade_off
from labs.stream import polling
from labs.stream.polling import crowd

SVG = "{http://www.w3.org/2000/svg}"
CROWDS = [
    crowd("on the minute", polling.on_the_minute, clients=1_000, seconds=60),
    crowd("own start", polling.own_start, clients=20_000, seconds=60),
]


def point(chart):
    """Where the dot of a trade-off stands."""
    dots = ET.fromstring(chart.to_svg()).iter(f"{SVG}circle")
    return next(
        (float(dot.get("cx")), float(dot.get("cy"))) for dot in dots if dot.get("r") == "6.5"
    )


def test_text_has_the_ladder_the_point_and_the_verdict():
    """The text twin lists intervals, marks the chosen one, and says whether it is good enough."""
    lines = str(trade_off(100_000, 5)).splitlines()

    assert lines[1] == "100,000 pages: requests a second x mean staleness = 50,000"
    assert "> every    5 s     20,000 a second    2.5 s old" in lines
    assert [line[0] for line in lines[2:-1]].count(">") == 1
    assert lines[-1] == ("light and fresh enough (at most 2,000 requests a second and 2 s): no")


@pytest.mark.parametrize(("clients", "interval", "inside"), [(8_000, 4, True), (8_001, 4, False)])
def test_the_corner_is_reached_by_so_many_pages_and_no_more(clients, interval, inside):
    """Polling serves up to twice capacity times tolerance, and not one page beyond it."""
    assert trade_off(clients, interval).inside is inside


def test_the_point_moves_along_its_line():
    """A longer interval is further left and higher; more pages are further right at one height."""
    near, far, more = (point(trade_off(*each)) for each in ((1000, 5), (1000, 60), (10_000, 5)))

    assert far[0] < near[0] < more[0]
    assert far[1] < near[1] == more[1]


@pytest.mark.parametrize("chart", [trade_off(100_000, 5, "Hero"), crowd_chart(CROWDS, "Hero")])
def test_pictures_describe_themselves(chart):
    """Title, description with the figures, no fixed colours, and a text twin beside it."""
    bundle = chart._repr_mimebundle_()
    root = ET.fromstring(bundle["image/svg+xml"])

    assert root.findtext(f"{SVG}title") == "Hero"
    assert "a second" in root.findtext(f"{SVG}desc")
    assert bundle["text/plain"].startswith("Hero\n")
    assert not re.findall(r'(?:fill|stroke)="#', bundle["image/svg+xml"])


@pytest.mark.parametrize("clients", [1, 1_000_000])
@pytest.mark.parametrize("interval", [0.2, 300])
def test_what_lies_outside_the_axes_stays_in_the_picture(clients, interval):
    """Values beyond an axis stand at its end."""
    x, y = point(trade_off(clients, interval))

    assert 0 <= x <= 560
    assert 0 <= y <= 364


def test_text_of_crowds_has_a_sentence_and_a_row_of_marks():
    """Each crowd has its figures and its shape; an empty stretch is empty."""
    lines = str(crowd_chart(CROWDS, "Crowds")).splitlines()

    assert lines[:2] == [
        "Crowds",
        "one mark = 5 s, its worst second, from 100 (low) to 100,000 (full height)",
    ]
    assert lines[2] == "on the minute: peak 1,000 a second, news 30.0 s old"
    assert len(lines[3].strip()) == 1
    assert len(lines[5].strip()) == 12


def test_bars_share_one_logarithmic_scale():
    """1,000 stands a third of the way from 100 to 100,000."""
    root = ET.fromstring(crowd_chart(CROWDS).to_svg())
    filled = [path.get("d") for path in root.iter(f"{SVG}path") if path.get("fill")]
    heights = [float(height) for height in re.findall(r"v-([\d.]+)", filled[0])]

    assert heights == [pytest.approx(46 / 3, abs=0.1)]
