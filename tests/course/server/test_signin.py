"""Tickets and sessions."""

import itertools

import pytest

from course.server.signin import NotSignedIn, SignIn


@pytest.fixture
def sign_in():
    """A sign-in whose secrets are s1, s2, s3 ..."""
    numbers = itertools.count(1)
    return SignIn(lambda: f"s{next(numbers)}")


def test_a_ticket_opens_one_session(sign_in):
    """A ticket turns into a session that is accepted from then on."""
    session = sign_in.redeem(sign_in.new_ticket())
    sign_in.check(session)

    assert session == "s2"


def test_a_ticket_works_once(sign_in):
    """The second use of a ticket is refused, and the first session stays good."""
    ticket = sign_in.new_ticket()
    session = sign_in.redeem(ticket)

    with pytest.raises(NotSignedIn):
        sign_in.redeem(ticket)
    sign_in.check(session)


@pytest.mark.parametrize("session", [None, "", "s1", "s9", "\udc80", "sé"])
def test_anything_else_is_no_session(sign_in, session):
    """No cookie, an unused ticket and foreign text are all refused."""
    sign_in.new_ticket()

    with pytest.raises(NotSignedIn):
        sign_in.check(session)


def test_a_session_is_no_ticket(sign_in):
    """What one browser holds does not sign in another."""
    session = sign_in.redeem(sign_in.new_ticket())

    with pytest.raises(NotSignedIn):
        sign_in.redeem(session)
