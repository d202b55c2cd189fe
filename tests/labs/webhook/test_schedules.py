"""Schedules, as the contracts of real senders publish them."""

from datetime import date

from labs.webhook.providers import PROVIDERS, Delivery
from labs.webhook.schedules import SCHEDULES, STANDARD_WEBHOOKS, Schedule, clock, of

DAY = date(2026, 11, 23)


def test_ten_attempts_take_seventy_five_hours():
    """The schedule of Standard Webhooks makes its tenth attempt after 75:35:05."""
    assert len(STANDARD_WEBHOOKS.delays) == 10
    assert clock(STANDARD_WEBHOOKS.last) == "75:35:05"
    assert str(Schedule("x", (0, 5), "")) == "x: 00:00:00, 00:00:05"


def test_first_attempt_after_an_outage_is_found():
    """It is the first whose time is at its end or later; after the last there is none."""
    steps = Schedule("x", (0, 5, 300), "")

    assert [steps.first_from(down) for down in (0, 1, 5, 6, 305, 306)] == [1, 2, 2, 3, 3, None]


def test_what_is_not_published_is_not_made_up():
    """Without steps only the first attempt has a time, and the horizon says how long it goes on."""
    hidden = of("x", Delivery("up to three days", "x", DAY, horizon=259200))

    assert (hidden.times(), hidden.last, hidden.first_from(60)) == ((0,), 259200, None)


def test_every_sender_with_a_time_has_a_schedule():
    """Only a contract that names neither steps nor horizon is left out, and none unconfirmed."""
    left_out = {
        provider.name
        for provider in PROVIDERS.values()
        if provider.delivery and provider.delivery.confirmed
    } - {schedule.sender for schedule in SCHEDULES}

    assert left_out == {"Twilio"}
    assert len(SCHEDULES) == 17
