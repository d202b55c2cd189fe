"""The diagram: one run in a picture and in text, under the same numbers."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.diagram import Diagram, diagram
from labs.diagram.cast import CAST, GROUND, OTHERS, roles
from labs.diagram.chosen import Folded, Quiet
from labs.diagram.layout import lay_out
from labs.diagram.letters import fit, width, wrap
from labs.diagram.sheet import narrow, wide
from labs.journal import Fault, Journal, Note
from labs.messages import timeline, wire

from .journals import (
    ALL,
    AUCTION,
    BANK,
    BIDDER,
    HELLO,
    OK,
    PING,
    PONG,
    POST,
    journal,
    sent,
    session,
    tunnel,
)

SVG = "{http://www.w3.org/2000/svg}"


def numbers_in_text(text: str) -> list[int]:
    """The numbers in the second column of a text twin."""
    return [int(found) for found in re.findall(r"^ *[\d.:]+ [sh] +(\d+) ", text, re.MULTILINE)]


def picture(drawn: Diagram, kind: str) -> ET.Element:
    """One of the two pictures in an SVG: "wide" or "phone"."""
    root = ET.fromstring(drawn.svg())
    return next(part for part in root.findall(f"{SVG}svg") if part.get("class") == kind)


def scenes(drawn: Diagram):
    """What is drawn, wide and narrow, before it becomes SVG."""
    return [lay_out(drawn.items, drawn.hosts, make(len(drawn.hosts))) for make in (wide, narrow)]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("tcp", [False, True], ids=["plain", "tcp"])
def test_numbers_agree_everywhere(name, tcp):
    """Text twin, both pictures and wire() show the same events under the same numbers."""
    run = ALL[name]()
    drawn = diagram(run, repeats=False, tcp=tcp)
    expected = [row.number for row in timeline(run) if row.number]

    assert numbers_in_text(drawn.text) == expected
    assert [event["number"] for event in wire(run)["events"]] == expected
    for kind in ("wide", "phone"):
        beads = picture(drawn, kind).iter(f"{SVG}text")
        shown = [int(bead.text) for bead in beads if (bead.get("class") or "").startswith("n")]
        assert sorted(shown) == expected


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("tcp", [False, True], ids=["plain", "tcp"])
def test_nothing_covers_anything(name, tcp):
    """No label meets another label or a bead, and none leaves the sheet."""
    for scene in scenes(diagram(ALL[name](), tcp=tcp)):
        boxes = [label.box for label in scene.labels]
        beads = [(bead.x, bead.y) for bead in scene.beads]

        for at, box in enumerate(boxes):
            assert not [other for other in boxes[at + 1 :] if box.meets(other)]
            assert box.left >= 0
            assert box.right <= scene.width
            assert box.bottom <= scene.height
        for at, (x, y) in enumerate(beads):
            near = [b for b in beads[at + 1 :] if abs(b[0] - x) < 20 and abs(b[1] - y) < 20]
            assert not near


@pytest.mark.parametrize("name", ALL)
def test_the_same_run_is_the_same_picture(name):
    """Drawn twice, and from a copy out of JSON, the picture is the same byte for byte."""
    run = ALL[name]()
    copy = Journal.from_json(run.to_json())

    assert diagram(run).svg() == diagram(copy).svg()
    assert diagram(run).text == diagram(copy).text


@pytest.mark.parametrize("name", ALL)
def test_the_picture_says_what_it_is(name):
    """The SVG is well-formed, an image with title and description, and needs nothing else."""
    drawn = diagram(ALL[name](), title="A run & its <bytes>")
    root = ET.fromstring(drawn.svg())
    words = {
        part.get("id"): part.text for part in root if part.tag in (f"{SVG}title", f"{SVG}desc")
    }

    assert root.get("role") == "img"
    assert [words[each] for each in (root.get("aria-labelledby") or "").split()] == [
        "A run & its <bytes>",
        drawn.description,
    ]
    assert not re.search(r"<script|href|url\(|@import|\son\w+=", drawn.svg())


def test_two_pictures_on_one_page_leave_each_other_alone():
    """Each style rule begins with a class of its own picture, and ids are never shared."""
    one, other = (diagram(ALL[name]()).svg() for name in ("tunnel", "payment"))
    ids = [set(re.findall(r'id="([^"]+)"', svg)) for svg in (one, other)]
    name = re.search(r'class="hls (hls-\w+)"', one)[1]
    style = re.search(r"<style>(.*)</style>", one)[1]
    rules = re.sub(r"@media\([^)]*\)\{((?:[^{}]*\{[^}]*\})*)\}", r"\1", style)

    assert not ids[0] & ids[1]
    for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", rules):
        assert all(f".{name}" in selector for selector in selectors.split(","))


def test_a_page_may_choose_the_colours():
    """Material's and JupyterLab's switches and the system's wish each find their rule."""
    style = diagram(tunnel()).svg()

    for rule in (
        "[data-md-color-scheme=slate] .hls-",
        "[data-md-color-scheme=default] .hls-",
        "[data-jp-theme-light=false] .hls-",
        "[data-jp-theme-light=true] .hls-",
        "@media(prefers-color-scheme:dark){.hls-",
    ):
        assert rule in style


def luminance(colour: str) -> float:
    """WCAG 2.2: relative luminance of a colour such as #0f766e."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_word_has_contrast(theme):
    """Each colour of text stands out at least 4.5 to 1 from each ground (WCAG 2.2, 1.4.3)."""
    looks = [*CAST.values(), *OTHERS]
    inks = [GROUND[name][theme] for name in ("ink", "soft", "harm")]
    inks += [(look.light, look.dark)[theme] for look in looks]

    for ground in (GROUND[name][theme] for name in ("ground", "band", "mark")):
        for ink in inks:
            bright, dim = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ink, ground)


def test_no_two_of_the_cast_look_alike():
    """Each machine differs from each other in colour and in shape."""
    looks = [*CAST.values(), *OTHERS]

    assert len({look.shape for look in looks}) == len(looks)
    assert len({look.light for look in looks}) == len(looks)
    assert roles(("crane", "bank", "buoy"))["bank"] == CAST["bank"]


def test_the_text_twin():
    """The twin of the tunnel, word for word: times, numbers, who, what, and how it ended."""
    assert diagram(tunnel(), title="Into the tunnel").text == TUNNEL


@pytest.mark.parametrize("name", ALL)
def test_the_text_fits_a_page(name):
    """No line of the text twin is longer than 99 columns."""
    assert max(map(len, diagram(ALL[name](), tcp=True).text.splitlines())) < 100


def heartbeat(times: int) -> Journal:
    """A ping every 20 s, answered each time."""
    pings = [sent(20.0 * n, 1, AUCTION, BIDDER, PING) for n in range(1, times)]
    pongs = [sent(20.0 * n + 0.025, 1, BIDDER, AUCTION, PONG) for n in range(1, times)]
    return session(20.0 * times, *pings, *pongs)


def test_repeats_are_folded_and_counted():
    """Of a long heartbeat the first and the last round are drawn, the rest is one line."""
    drawn = diagram(heartbeat(60))
    folded = [item for item in drawn.items if isinstance(item, Folded)]

    assert [(item.first, item.last, item.says) for item in folded] == [
        (8, 121, "57 × ping, pong (#8 to #121), every 20 s")
    ]
    assert "57 × ping, pong" in drawn.text
    assert "57 × ping, pong" in drawn.svg()


def test_what_is_under_way_lands_above_a_fold():
    """Of ten posts that leave at once, those before the fold fall as little as those after it."""
    posts = [sent(0.05, number, BANK, AUCTION, POST) for number in range(1, 11)]
    answers = [sent(0.1, number, AUCTION, BANK, OK) for number in range(1, 11)]
    drawn = diagram(journal(1.0, *posts, *answers, hosts=(BANK, AUCTION)))

    for scene in scenes(drawn):
        falls = [stroke.points[-1][1] - stroke.points[0][1] for stroke in scene.strokes]
        assert len(falls) == 6
        assert max(falls) - min(falls) < 0.2


def test_quiet_stretches_are_folded():
    """A stretch without bytes is one line with its length; `fold` says how long it must be."""
    lengths = [
        item.until - item.time for item in diagram(tunnel()).items if isinstance(item, Quiet)
    ]

    assert lengths[0] == pytest.approx(19.95)
    assert not [item for item in diagram(tunnel(), fold=100).items if isinstance(item, Quiet)]


def test_more_than_200_events_are_cut_with_a_notice():
    """The first 150 and the last 50 events are drawn; between them stands what is missing."""
    bids = [sent(1 + n / 100, 1, BIDDER, AUCTION, HELLO) for n in range(300)]
    drawn = diagram(session(10.0, *bids), repeats=False)

    assert len(numbers_in_text(drawn.text)) == 200
    assert "107 events are left out here" in drawn.text
    assert "107 events are left out here" in drawn.svg()


def test_a_view_keeps_the_numbers():
    """Hosts, connection, since and until leave events out; no event changes its number."""
    run = ALL["relay"]()
    whole = dict(re.findall(r"^ *[\d.]+ s +(\d+) +(.*)$", diagram(run).text, re.MULTILINE))
    for view in (
        {"hosts": (AUCTION, "bank")},
        {"connection": 2},
        {"since": 1.0, "until": 3.0},
    ):
        part = re.findall(r"^ *[\d.]+ s +(\d+) ", diagram(run, **view).text, re.MULTILINE)

        assert part
        assert set(part) < set(whole)


def test_a_view_with_two_hosts_has_two_lanes():
    """Only the lanes asked for are drawn, in the order asked for."""
    assert diagram(ALL["relay"](), hosts=("bank", AUCTION)).hosts == ("bank", AUCTION)
    assert diagram(ALL["relay"](), connection=4).hosts == (AUCTION, "bank")


def test_an_event_can_be_pointed_at():
    """`mark` puts a ground behind one event, and only behind that one."""
    assert 'class="mark"' not in diagram(tunnel()).svg()
    assert diagram(tunnel(), mark=9).svg().count('class="mark"') == 2  # wide and narrow


def test_an_event_that_is_pointed_at_is_not_folded_away():
    """Repeats are folded before and after it; the one that matters stands in the picture."""
    folded = next(item for item in diagram(heartbeat(30)).items if isinstance(item, Folded))
    drawn = diagram(heartbeat(30), mark=folded.first + 9)

    assert folded.first + 9 in numbers_in_text(drawn.text)
    assert drawn.svg().count('class="mark"') == 2
    assert sum(isinstance(item, Folded) for item in drawn.items) == 2


def test_held_bytes_are_drawn_waiting():
    """A held message leaves, waits in a dotted line, and lands after the heal."""
    scene = scenes(diagram(ALL["healed"](bids=1)))[0]
    held = next(label.number for label in scene.labels if "held back 9.9 s" in str(label.lines))
    strokes = [stroke for stroke in scene.strokes if stroke.number == held]

    assert [(stroke.dashed, stroke.end) for stroke in strokes] == [
        (False, ""),
        (True, ""),
        (False, "head"),
    ]
    assert strokes[1].points[1][1] - strokes[1].points[0][1] > 40


def test_lost_bytes_end_in_a_cross_that_says_why():
    """What never arrives is dashed, ends in a cross half-way, and carries the reason."""
    scene = scenes(diagram(tunnel()))[0]
    lost = [stroke for stroke in scene.strokes if stroke.end == "cross"]

    assert len(lost) == 3
    assert all(stroke.dashed and stroke.style == "harm" for stroke in lost)
    assert diagram(tunnel()).svg().count(">never arrives<") == 6  # wide and narrow


def test_an_arrow_falls_with_its_latency():
    """The longer a flight, the steeper its arrow."""
    falls = []
    for latency in (0.0001, 0.025, 0.25):
        run = journal(1.0, type(sent(0, 1, BIDDER, AUCTION, b""))(
            0.1, 1, BIDDER, AUCTION, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 0.1 + latency
        ))  # fmt: skip
        (a, b) = scenes(diagram(run))[0].strokes[0].points
        falls.append(b[1] - a[1])

    assert falls == sorted(set(falls))


def test_it_shows_itself_as_text_and_as_a_picture():
    """The bundle holds the text twin and the SVG, nothing else."""
    drawn = diagram(tunnel())

    assert drawn._repr_mimebundle_() == {"text/plain": drawn.text, "image/svg+xml": drawn.svg()}
    assert str(drawn) == drawn.text


def test_an_empty_journal_is_an_empty_picture():
    """A run in which nothing happened still draws, and says so."""
    drawn = diagram(Journal((), (), 0.0))

    ET.fromstring(drawn.svg())
    assert "0 events" in drawn.description


@given(st.text(), st.text(min_size=1, max_size=40), st.text())
def test_hostile_words_stay_words(title, host, says):
    """Any title, machine name or note gives well-formed SVG and one line a row of text."""
    run = Journal(
        (Note(0.1, host, says), Fault(0.2, says or "cut", (host, AUCTION), 0.4, says)),
        tuple(dict.fromkeys((host, AUCTION))),
        1.0,
    )
    drawn = diagram(run, title=title)

    ET.fromstring(drawn.svg())
    assert all(line.isprintable() for line in drawn.text.split("\n"))


@given(st.text(), st.floats(20, 400), st.booleans())
def test_text_is_cut_to_its_room(text, room, bold):
    """Whatever is cut or wrapped fits; what fits is left alone."""
    assert width(fit(text, room, 13, bold), 13, bold) <= max(room, width("…", 13, bold))
    assert all(width(line, 13, bold) <= room for line in wrap(text, room, 13, 3, bold))


TUNNEL = """\
Into the tunnel

     0.050 s    1  bidder --> auction   GET /bids HTTP/1.1  Upgrade: websocket, 155 B, lands 0.075
     0.050 s    2  bidder               o connecting
     0.075 s    3  auction --> bidder   101 Switching Protocols, 129 B, lands 0.100
     0.075 s    4  auction              o open
     0.100 s    5  bidder               o open
     0.100 s    6  bidder --> auction   text  "Hello", 11 B, lands 0.125
                    ... 19.9 quiet seconds
    20.075 s    7  auction --> bidder   ping  48 65 6c 6c 6f, 7 B, lands 20.100
    20.100 s    8  bidder --> auction   pong  48 65 6c 6c 6f, 11 B, lands 20.125
                    ... 4.9 quiet seconds
    25.000 s    9  === cut bidder, auction: nothing gets through, nobody is told
                    ... 6.4 quiet seconds
    31.400 s   10  bidder --x auction   text  "Hello", 11 B, never arrives
                    ... 8.7 quiet seconds
    40.075 s   11  auction --x bidder   ping  5b 90 e1 07, 6 B, never arrives
    40.075 s   12  auction              o waits for the pong to #11
                    ... 20 quiet seconds
    60.075 s   13  auction --x bidder   close 1011  keepalive ping timeout, 26 B, never arrives
    60.075 s   14  auction              o gives up: close 1011, 20 s after its ping
                    ... 10 quiet seconds
    70.075 s   15  auction              o closed: no answer in 10 s
                    ... 4.9 quiet seconds
    75.000 s   16  bidder               o still open"""
