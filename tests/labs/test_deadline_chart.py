"""How long senders wait, as a picture and as its text twin."""

from datetime import date

import pytest

from labs.deadline_chart import deadline_chart
from labs.webhook.providers import PROVIDERS, Delivery, Provider

DAY = date(2026, 11, 23)
SENDERS = {
    "b": Provider("B", delivery=Delivery("", "x", DAY, deadline=10, delays=(0, 60), horizon=600)),
    "a": Provider("A", delivery=Delivery("", "x", DAY, deadline=3, delays=(0, 0, 60))),
    "c": Provider("C", delivery=Delivery("", "x", DAY, deadline=3, horizon=14400)),
    "d": Provider("D", delivery=Delivery("", "x", DAY, deadline=10, delays=(0,))),
    "silent": Provider("S", delivery=Delivery("", "x", DAY, delays=(0, 5))),
    "rumour": Provider("R", delivery=Delivery("", "x", DAY, deadline=1, confirmed=False)),
}


def test_the_impatient_stand_on_top():
    """Senders come in the order of their patience; those without a published one are left out."""
    chart = deadline_chart(0.1, SENDERS)

    assert [name for name, _ in chart.deliveries] == ["A", "C", "B", "D"]


@pytest.mark.parametrize(
    ("answer", "late"), [(3.0, ()), (3.1, ("A", "C")), (10.1, ("A", "C", "B", "D"))]
)
def test_an_answer_at_the_deadline_is_in_time(answer, late):
    """Late is whoever answers after the deadline, not at it."""
    assert deadline_chart(answer, SENDERS).late == late


def test_the_twin_says_how_often_each_sender_calls():
    """Calls are counted where they are published, and where they go on it says so."""
    assert str(deadline_chart(12, SENDERS, "Who waits")) == (
        "Who waits\n"
        "your answer, after 12 s; 4 of 4 no longer wait\n"
        "  A                   3 s  3 calls\n"
        "  C                   3 s  calls again for 4 h\n"
        "  B                  10 s  2 calls and more\n"
        "  D                  10 s  one call, and no other"
    )
    assert deadline_chart(12, SENDERS).most == 3
    assert deadline_chart(1, SENDERS).most == 1


def test_the_picture_describes_itself():
    """The SVG has a title, its twin as description, and no answer beyond its own edge."""
    svg = deadline_chart(3600).to_svg()

    assert "<title>How long senders wait</title>" in svg
    assert "Slack" in svg
    assert "M426.0," in svg  # the dashed line stands at the end of the scale


def test_every_deadline_of_the_file_is_on_it():
    """Who publishes a deadline is drawn, and the first to hang up do so after 3 s."""
    chart = deadline_chart(8)
    published = [p for p in PROVIDERS.values() if p.delivery and p.delivery.deadline]

    assert len(chart.deliveries) == len(published)
    assert chart.deliveries[0][1].deadline == 3
