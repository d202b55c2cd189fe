"""Deliveries of a kit's scheme: what has to be returned, and what has to be refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from labs.exercises.verifying.door import Delivery
from labs.exercises.verifying.kit import AT, Kit
from labs.webhook.bodies import BODIES

HOUR = 3_600


def plain(kit: Kit) -> Iterator[Delivery]:
    """Three payments, on time: without spaces, with spaces, and a text that has neither."""
    number = kit.rng.randrange(1000, 10_000)
    for body in (kit.event(), kit.event().replace(b":", b": "), f'"evt_{number}"'.encode()):
        yield kit.delivery(f"the delivery of {body.decode()}", body=body)


def forged(kit: Kit) -> Iterator[Delivery]:
    """One respect is changed in each; then a signature by somebody else."""
    for what, delivery in _forgeries(kit):
        yield replace(delivery, what=what)


def _forgeries(kit: Kit) -> Iterator[tuple[str, Delivery]]:
    good = kit.delivery("")
    body = good.body.replace(b'"amount":', b'"amount":9')
    yield "a delivery whose amount was changed on the way", kit.swapped("", good, body)
    other = kit.delivery("", by=[kit.secret()], known=[kit.secret()])
    yield "a delivery that somebody else has signed", replace(other, sender="proxy")
    for written in kit.thin_air():
        came = kit.signature(good)
        kept = [item for item in came.split(kit.scheme.separator) if item.startswith("t=")]
        value = {kit.header: kit.scheme.separator.join([*kept, written])}
        yield "a delivery with a signature out of thin air", kit.changed("", good, **value)


def missing(kit: Kit) -> Iterator[Delivery]:
    """Each header that is needed is cut, then empty."""
    good = kit.delivery("")
    for name, _ in good.headers:
        key = name.replace("-", "_")
        yield kit.changed(f"a delivery without {name}", good, **{key: None})
        yield kit.changed(f"a delivery with an empty {name}", good, **{key: ""})
    yield replace(good, what="a delivery without any header", headers=(), sender="proxy")


def names(kit: Kit) -> Iterator[Delivery]:
    """Names as other machines write them."""
    for spelt, says in (
        (str.lower, "in small letters"),
        (str.upper, "in capitals"),
        (str.title, "with a capital for each part"),
    ):
        good = kit.delivery(f"a delivery whose header names stand {says}")
        yield replace(good, headers=tuple((spelt(name), value) for name, value in good.headers))


def slow(kit: Kit) -> Iterator[Delivery]:
    """Deliveries that take their time, as the road and the clocks make them."""
    for age in (5, 60, -20, 240):
        when = f"{age} s after" if age > 0 else f"{-age} s before"
        yield kit.delivery(f"a delivery that arrives {when} it was signed", age=age)


def old(kit: Kit) -> Iterator[Delivery]:
    """Rightly signed, and long ago."""
    for age, says in ((HOUR, "an hour ago"), (86_400, "yesterday")):
        good = kit.delivery(f"a delivery that was signed {says}", age=age)
        yield replace(good, sender="proxy")


def ahead(kit: Kit) -> Iterator[Delivery]:
    """Rightly signed, and dated in the future."""
    yield kit.delivery("a delivery that is dated an hour from now", age=-HOUR)


def inside(kit: Kit) -> Iterator[Delivery]:
    """As far off as is allowed, to both sides."""
    for age in (300, -300):
        side = "after" if age > 0 else "before"
        yield kit.delivery(f"a delivery that arrives exactly 300 s {side} its time", age=age)


def outside(kit: Kit) -> Iterator[Delivery]:
    """One second more, to both sides."""
    for age in (301, -301):
        side = "after" if age > 0 else "before"
        yield kit.delivery(f"a delivery that arrives 301 s {side} its time", age=age)


def milliseconds(kit: Kit) -> Iterator[Delivery]:
    """Rightly signed with a time in milliseconds."""
    yield kit.delivery("a delivery whose time is a count of milliseconds", time=str(AT * 1000))


def bodies(kit: Kit) -> Iterator[Delivery]:
    """What real senders write; a byte order mark is left out, since not every reader takes it."""
    for name, body in BODIES.items():
        if name != "a byte order mark":
            yield kit.delivery(f"a body with {name}, `{body.decode()!r}`,", body=body)


def two_secrets(kit: Kit) -> Iterator[Delivery]:
    """The receiver knows two; either one may have signed."""
    old, new = kit.secret(), kit.secret()
    yield kit.delivery(
        "a delivery signed with the first of two secrets", by=[old], known=[old, new]
    )
    yield kit.delivery(
        "a delivery signed with the second of two secrets", by=[new], known=[old, new]
    )


def two_signatures(kit: Kit) -> Iterator[Delivery]:
    """The sender signs with two; the receiver knows one of them."""
    old, new = kit.secret(), kit.secret()
    yield kit.delivery(
        "a delivery with two signatures, the first ours,", by=[new, old], known=[new]
    )
    yield kit.delivery(
        "a delivery with two signatures, the second ours,", by=[old, new], known=[new]
    )


def doubled(kit: Kit) -> Iterator[Delivery]:
    """A header that is there twice, the right value first and then last; and twice the same."""
    good = kit.delivery("")
    for number, (name, value) in enumerate(good.headers):
        other = kit.delivery("").headers[number][1]
        rest = [pair for pair in good.headers if pair[0] != name]
        for values, says in (
            ((value, other), "twice, the right one first,"),
            ((other, value), "twice, the right one last,"),
            ((value, value), "twice with the same value"),
        ):
            headers = (*rest, *((name, each) for each in values))
            yield replace(
                good, what=f"a delivery with {name} {says}", headers=headers, sender="proxy"
            )


def not_ascii(kit: Kit) -> Iterator[Delivery]:
    """Letters beyond ASCII, and what is no letter at all, in each header."""
    good = kit.delivery("")
    for name, value in good.headers:
        for odd in ("é", "\N{ARABIC-INDIC DIGIT THREE}", "\ud800"):
            key = name.replace("-", "_")
            what = f"a delivery with {odd!r} in {name}"
            yield kit.changed(what, good, **{key: value[:-1] + odd})


def no_secret(kit: Kit) -> Iterator[Delivery]:
    """A receiver that knows nothing: a signature with an empty key, and one with any."""
    stranger = kit.delivery("", by=[kit.secret()])
    yield replace(
        stranger, what="a delivery to a receiver that has no secret", secrets=[], known=()
    )
