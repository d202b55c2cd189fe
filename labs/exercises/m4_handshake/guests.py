"""Whom `handshake` has to let in: requests that are lawful and not the plainest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from labs.exercises.m4_handshake.asking import Fields, fresh_key, head, plain, shouted, with_value
from labs.exercises.m4_handshake.door import Door
from labs.exercises.m4_handshake.seen import Complaint, let_in
from labs.exercises.scenario import Stage


@dataclass(frozen=True, slots=True)
class Guest:
    """One respect in which a request may differ, and the bug of whoever minds."""

    name: str
    did: str
    bug: str
    requests: Callable[[Random, Fields], Iterator[tuple[str, bytes]]]

    async def __call__(self, stage: Stage) -> Complaint | None:
        """The bug when one of them stands outside."""
        door = Door(stage)
        for what, request in self.requests(stage.rng, plain(fresh_key(stage.rng))):
            if complaint := let_in(await door.knock(request), self.bug, what):
                return complaint
        return None


def with_ports(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Values with colons in them."""
    origin = ("Origin", "https://auction.example:8443")
    yield "`Host: auction:80`", head(with_value(fields, "Host", "auction:80"))
    yield "an `Origin` with a port", head([*fields, origin])


def other_names(rng: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Every name in another case."""
    shout = [(shouted(rng, name), value) for name, value in fields]
    yield f"a request with the field `{shout[1][0]}`", head(shout)


def other_values(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """The two words in another case."""
    loud = with_value(with_value(fields, "Upgrade", "WebSocket"), "Connection", "UPGRADE")
    yield "`Connection: UPGRADE`", head(loud)
    yield "`Connection: upgrade`", head(with_value(fields, "Connection", "upgrade"))


def lists(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """The two words among others."""
    firefox, two_wishes = "keep-alive, Upgrade", "h2c, websocket"
    yield f"`Connection: {firefox}`", head(with_value(fields, "Connection", firefox))
    yield f"`Upgrade: {two_wishes}`", head(with_value(fields, "Upgrade", two_wishes))


def two_lines(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """A list over two lines, in both orders."""
    lines = ("Upgrade", "keep-alive")
    yield "Upgrade in the first line", head(with_value(fields, "Connection", *lines))
    yield "Upgrade in the second line", head(with_value(fields, "Connection", *lines[::-1]))


def spaces(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """No space behind the colon; then more than one around the values."""
    padded = [(name, f"{value} \t") for name, value in fields]
    yield "a request without spaces", head(fields, colon=":")
    yield "a request with several spaces", head(padded, colon=":   ")


def beyond_ascii(_: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Cookies with bytes above 127: one in latin-1, one in UTF-8."""
    yield "a cookie with an ö", head([*fields, ("Cookie", "harbour=Malmö")])
    alesund = "harbour=Ålesund".encode().decode("latin-1")
    yield "a cookie with an Å", head([*fields, ("Cookie", alesund)])


def large(rng: Random, fields: Fields) -> Iterator[tuple[str, bytes]]:
    """Cookies of 20 kB, well below the cap."""
    cookies = [("Cookie", f"c{n}={rng.randbytes(400).hex()}") for n in range(25)]
    yield "a head of 20 kB", head([*fields, *cookies])


GUESTS = (
    Guest(
        "values with colons",
        "One bidder named the port in `Host`; another came from a page whose `Origin` has a port.",
        "colon_in_value",
        with_ports,
    ),
    Guest(
        "names in another case",
        "A bidder wrote the names of its fields in small and large letters as it pleased.",
        "names_by_case",
        other_names,
    ),
    Guest(
        "values in another case",
        "One bidder wrote `Upgrade: WebSocket` and `Connection: UPGRADE`, another one "
        "`Connection: upgrade`.",
        "values_by_case",
        other_values,
    ),
    Guest(
        "a list",
        "One bidder wrote `Connection: keep-alive, Upgrade`, another `Upgrade: h2c, websocket`.",
        "compared_whole",
        lists,
    ),
    Guest(
        "a list on two lines",
        "A bidder's `Connection` filled two lines: one with Upgrade, one with keep-alive.",
        "repeated_lost",
        two_lines,
    ),
    Guest(
        "spaces",
        "One bidder left out the space behind each colon; another put several around its values.",
        "spaces_kept",
        spaces,
    ),
    Guest(
        "a byte above 127",
        "One bidder sent a cookie with an ö in it, as one byte; another one an Å in two, c3 85.",
        "ascii_only",
        beyond_ascii,
    ),
    Guest(
        "20 kB of cookies",
        "A bidder sent 25 cookies of 800 characters each, and then its blank line.",
        "low_cap",
        large,
    ),
)
