"""Deliveries that only Stripe's scheme has: one header for time and signatures, dated secrets."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from dataclasses import replace

from labs.exercises.verifying.door import Delivery
from labs.exercises.verifying.judged import Step
from labs.exercises.verifying.kit import AT, Kit
from labs.webhook.providers import PROVIDERS
from labs.webhook.rotation import Dated

HOUR = 3_600


def undated(secrets: Sequence[str]) -> list[Dated]:
    """A ring whose secrets are good at any time."""
    return [Dated(secret) for secret in secrets]


KIT = Kit("verify_stripe", PROVIDERS["stripe"].signature[0], undated)


def written(kit: Kit, delivery: Delivery, what: str, value: str) -> Delivery:
    """The same with another Stripe-Signature."""
    return kit.changed(what, delivery, Stripe_Signature=value)


def digest_of(kit: Kit, delivery: Delivery) -> str:
    """The 64 digits of the right signature."""
    return kit.signature(delivery).rpartition("v1=")[2]


def items_missing(kit: Kit) -> Iterator[Delivery]:
    """A header without a time, and without a signature."""
    good = kit.delivery("")
    digest = digest_of(kit, good)
    for value, says in (
        (f"v1={digest}", "no t"),
        (f"t={AT}", "no v1"),
        (f"t={AT},v1=", "an empty v1"),
        (f"t={AT},v0={digest}", "v0 in place of v1"),
    ):
        yield written(kit, good, f"a Stripe-Signature with {says}", value)


def other_items(kit: Kit) -> Iterator[Delivery]:
    """A right signature among items that are for somebody else, and in another order."""
    for form, says in (
        ("t={t},v0={v0},v1={v1}", "v0 before v1"),
        ("t={t},v1={v1},v0={v0}", "v0 behind v1"),
        ("v1={v1},t={t}", "v1 before t"),
        ("t={t},note,v1={v1},k=a=b", "items that nobody knows around v1"),
    ):
        good = kit.delivery("")
        value = form.format(t=AT, v0="0" * 64, v1=digest_of(kit, good))
        yield replace(written(kit, good, f"a Stripe-Signature with {says}", value), sender="bank")


def relabelled(kit: Kit) -> Iterator[Delivery]:
    """The right digits under another name."""
    good = kit.delivery("")
    for label in ("v0=", "v10=", "v2=", "xv1=", "V1=", ""):
        what = f"the right digits, written `{label}…` in place of `v1=…`,"
        yield written(kit, good, what, f"t={AT},{label}{digest_of(kit, good)}")


def parts(kit: Kit) -> Iterator[Delivery]:
    """Less than a signature."""
    good = kit.delivery("")
    digest = digest_of(kit, good)
    for value, says in (
        (digest[:32], "the first half of the right digits"),
        (digest[:4], "four of the right digits"),
    ):
        yield written(kit, good, f"a delivery with {says}", f"t={AT},v1={value}")


def broken(kit: Kit) -> Iterator[Delivery]:
    """What is no list of items."""
    good = kit.delivery("")
    values = (",", "=", "t", "v1", f"t={AT},v1", f"t={AT},v1=%%", f"t={AT},v1=abc", "t=1=2,v1=3=4")
    for value in (*values, f"t={AT},v1=" + "a" * 9000):
        yield written(kit, good, f"a delivery whose Stripe-Signature is {value[:24]!r}", value)


def junk_inside(kit: Kit) -> Iterator[Delivery]:
    """The right digits with something between them."""
    good = kit.delivery("")
    digest = digest_of(kit, good)
    for odd in (" ", "\t", "  "):
        value = f"t={AT},v1={digest[:20]}{odd}{digest[20:]}"
        yield written(kit, good, f"the right digits with {odd!r} between them", value)


def unreadable_times(kit: Kit) -> Iterator[Delivery]:
    """What is no count of seconds."""
    good = kit.delivery("")
    for value in ("", "soon", "1e9", "0x10", "nan", "inf", "-", f"{AT}.5", f"{AT} s", "9" * 400):
        what = f"a delivery whose t is {value[:20]!r}"
        yield written(kit, good, what, f"t={value},v1={digest_of(kit, good)}")


def two_times(kit: Kit) -> Iterator[Delivery]:
    """An hour old, with the time that was signed and a new one beside it."""
    good = kit.delivery("", age=HOUR)
    for one, other in ((AT, AT + HOUR), (AT + HOUR, AT)):
        value = f"t={one},t={other},v1={digest_of(kit, good)}"
        yield written(kit, good, "an hour-old delivery with a second, newer t", value)


def moved_border(kit: Kit) -> Iterator[Delivery]:
    """Digits of the body, moved into the time: the signed text stays the same."""
    whole, rest = kit.rng.randrange(10, 100), kit.rng.randrange(10, 100)
    good = kit.delivery("", body=f"{whole}.{rest}".encode())
    value = f"t={AT}.{whole},v1={digest_of(kit, good)}"
    moved = written(kit, good, "a delivery whose t is no whole number", value)
    yield replace(moved, body=str(rest).encode())


def expired(kit: Kit) -> Iterator[Delivery]:
    """Signed with a secret whose date is over."""
    for ago in (1, 86_400):
        old, new = kit.secret(), kit.secret()
        ring = [Dated(old, until=AT - ago), Dated(new)]
        what = f"a delivery signed with a secret that was good until {ago} s ago"
        yield kit.delivery(what, by=[old], known=[old, new], secrets=ring)


def not_yet(kit: Kit) -> Iterator[Delivery]:
    """Signed with a secret whose date is still to come."""
    old, new = kit.secret(), kit.secret()
    ring = [Dated(old), Dated(new, since=AT + 60)]
    what = "a delivery signed with a secret that is good from 60 s later on"
    yield kit.delivery(what, by=[new], known=[old, new], secrets=ring)


def first_second(kit: Kit) -> Iterator[Delivery]:
    """The secret becomes good at this very second, or ends one second later."""
    for since, until, says in ((AT, AT + HOUR, "from now on"), (0, AT + 1, "for one second more")):
        new = kit.secret()
        ring = [Dated(new, since=since, until=until)]
        what = f"a delivery signed with a secret that is good {says}"
        yield kit.delivery(what, by=[new], known=[new], secrets=ring)


def last_second(kit: Kit) -> Iterator[Delivery]:
    """The date of the secret is this very second."""
    old = kit.secret()
    what = "a delivery signed with a secret that is good until now"
    yield kit.delivery(what, by=[old], known=[old], secrets=[Dated(old, until=AT)])


def empty_secrets(kit: Kit) -> Iterator[Step]:
    """Receivers that were never told a secret, and a delivery signed with the empty key."""
    stranger = kit.delivery("")
    digest = hmac.digest(b"", f"{AT}.".encode() + stranger.body, "sha256").hex()
    for ring, says in (([], "is empty"), ([Dated("")], "holds an empty secret")):
        forged = written(kit, stranger, f"a delivery whose ring {says}", f"t={AT},v1={digest}")
        forged = replace(forged, secrets=ring, known=())
        yield Step(forged, "", "empty_secret", "" if ring else "other_exception")
