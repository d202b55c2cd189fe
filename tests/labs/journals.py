"""Journals written by hand, byte for byte: what the tests of messages and diagrams read."""

from __future__ import annotations

from labs.journal import Ended, Event, Fault, Journal, Left, Note, Opened, Refused, Sent

BIDDER, AUCTION, BANK = "bidder", "auction", "bank"
UPGRADE = (
    b"GET /bids HTTP/1.1\r\nHost: auction:8765\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
SWITCH = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)
# RFC 6455 5.7: a masked "Hello", an unmasked ping and its masked pong
HELLO = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
PING = b"\x89\x05\x48\x65\x6c\x6c\x6f"
PONG = b"\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"
PING_2 = b"\x89\x04\x5b\x90\xe1\x07"
GIVE_UP = b"\x88\x18\x03\xf3keepalive ping timeout"
POST = (
    b"POST /hooks HTTP/1.1\r\nHost: auction:8080\r\nwebhook-id: msg_2Lh9K\r\n"
    b'Content-Length: 28\r\n\r\n{"type":"payment.succeeded"}'
)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def sent(time: float, connection: int, a: str, b: str, data: bytes, *, lost: str = "") -> Sent:
    """Bytes that take 25 ms, or are lost."""
    return Sent(time, connection, a, b, data, None if lost else round(time + 0.025, 6), lost)


def journal(ended: float, *events: Event, hosts: tuple[str, ...] = (BIDDER, AUCTION)) -> Journal:
    """A journal in order of time."""
    return Journal(tuple(sorted(events, key=lambda event: event.time)), hosts, ended)


def opened(
    time: float = 0.0, connection: int = 1, client: str = BIDDER, port: int = 8765
) -> Opened:
    """A connection to the auction."""
    return Opened(time, connection, client, AUCTION, port, round(time + 0.05, 6))


def session(ended: float, *events: Event) -> Journal:
    """A WebSocket connection that is open from 0.075 s on, and what happens on it."""
    begin = [
        opened(),
        sent(0.05, 1, BIDDER, AUCTION, UPGRADE),
        sent(0.075, 1, AUCTION, BIDDER, SWITCH),
    ]
    return journal(ended, *begin, *events)


def tunnel() -> Journal:
    """A cut that nobody is told about, and a server that finds out by asking."""
    return session(
        75.0,
        sent(0.1, 1, BIDDER, AUCTION, HELLO),
        sent(20.075, 1, AUCTION, BIDDER, PING),
        sent(20.1, 1, BIDDER, AUCTION, PONG),
        Fault(25.0, "cut", (BIDDER, AUCTION), None, "nothing gets through, nobody is told"),
        sent(31.4, 1, BIDDER, AUCTION, HELLO, lost="run ended"),
        sent(40.075, 1, AUCTION, BIDDER, PING_2, lost="run ended"),
        sent(60.075, 1, AUCTION, BIDDER, GIVE_UP, lost="run ended"),
        Ended(60.075, 1, AUCTION, BIDDER, "FIN", None),
        Left(70.075, 1, AUCTION, BIDDER),
    )


def healed(bids: int = 30) -> Journal:
    """Bids held back by a cut, delivered when it heals; then both say goodbye."""
    held = [Sent(round(2.1 + n / 10, 3), 1, BIDDER, AUCTION, HELLO, 12.025) for n in range(bids)]
    close, reply = b"\x88\x82\x00\x00\x00\x00\x03\xe8", b"\x88\x02\x03\xe8"
    return session(
        13.1,
        Fault(2.0, "cut", (BIDDER, AUCTION), 12.0, "nothing gets through"),
        *held,
        sent(13.0, 1, BIDDER, AUCTION, close),
        sent(13.025, 1, AUCTION, BIDDER, reply),
        Ended(13.025, 1, AUCTION, BIDDER, "FIN", 13.05),
        Ended(13.05, 1, BIDDER, AUCTION, "FIN", 13.075),
    )


def payment() -> Journal:
    """A webhook whose answer is lost: told again, refused once, delivered twice."""
    return journal(
        20.0,
        opened(0.0, 1, BANK, 8080),
        sent(0.05, 1, BANK, AUCTION, POST),
        sent(0.075, 1, AUCTION, BANK, OK, lost="reset"),
        Fault(0.08, "reset", (BANK, AUCTION), None, "every connection between them is reset"),
        Ended(0.08, 1, AUCTION, BANK, "RST", 0.105),
        Note(1.0, BANK, "again in 5 s"),
        Refused(6.0, BANK, AUCTION, 8080, "nobody listens"),
        opened(11.0, 2, BANK, 8080),
        sent(11.05, 2, BANK, AUCTION, POST),
        sent(11.075, 2, AUCTION, BANK, OK),
        Fault(12.0, "crash", (AUCTION,), None, "kill -9"),
        Fault(14.0, "restart", (AUCTION,), None, "starts again"),
        hosts=(BANK, AUCTION),
    )


def stream() -> Journal:
    """An event stream in chunks, then a long poll."""
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    first = b"25\r\nid: 42\nevent: price\ndata: lot 7: 12\n\n\r\n"
    return journal(
        50.0,
        opened(port=8080),
        sent(
            0.05,
            1,
            BIDDER,
            AUCTION,
            b"GET /prices HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 41\r\n\r\n",
        ),
        sent(0.075, 1, AUCTION, BIDDER, head + first),
        sent(3.0, 1, AUCTION, BIDDER, b"C\r\ndata: sold\n\n\r\n"),
        sent(18.0, 1, AUCTION, BIDDER, b"4\r\n: k\n\r\n0\r\n\r\n"),
        opened(21.0, 2, port=8080),
        sent(21.05, 2, BIDDER, AUCTION, b"GET /changes HTTP/1.1\r\nHost: a\r\n\r\n"),
        sent(46.1, 2, AUCTION, BIDDER, b"HTTP/1.1 204 No Content\r\n\r\n"),
    )


def relay() -> Journal:
    """Five machines: a line through a proxy and a gateway, a bank, and what goes wrong there."""
    proxy, gateway = "proxy", "gateway"
    return journal(
        64.0,
        Opened(0.0, 1, BIDDER, proxy, 443, 0.05),
        sent(0.05, 1, BIDDER, proxy, UPGRADE),
        Opened(0.075, 2, proxy, gateway, 80, 0.125),
        sent(0.125, 2, proxy, gateway, UPGRADE),
        Opened(0.15, 3, gateway, AUCTION, 8765, 0.2),
        sent(0.2, 3, gateway, AUCTION, UPGRADE),
        sent(0.225, 3, AUCTION, gateway, SWITCH),
        sent(0.25, 2, gateway, proxy, SWITCH),
        sent(0.275, 1, proxy, BIDDER, SWITCH),
        Fault(0.5, "stop reading", (proxy,), 9.0, "its programs read nothing"),
        Fault(0.6, "skew", (gateway,), None, "its clock is 90 s ahead of everybody else's"),
        sent(
            1.0, 3, AUCTION, gateway, b"\x81\x7e\x00\xc8" + b"a brass sextant " * 12 + b"in a box"
        ),
        opened(2.0, 4, BANK, 8080),
        sent(2.05, 4, BANK, AUCTION, POST),
        sent(2.1, 4, AUCTION, BANK, OK),
        Opened(2.5, 5, BANK, BIDDER, 8080, None),
        Note(2.6, gateway, "idle for 60 s: this line will be closed, as its settings ask for"),
        Fault(3.0, "power cut", (BIDDER,), None, "silence"),
        sent(62.5, 2, gateway, proxy, b"\x88\x06\x03\xe9idle"),
        hosts=(BIDDER, proxy, gateway, AUCTION, BANK),
    )


def junk() -> Journal:
    """Bytes that are neither HTTP nor frames, and a machine that talks to itself."""
    return journal(
        2.0,
        opened(port=443),
        sent(0.05, 1, BIDDER, AUCTION, b"\x16\x03\x01\x02\x00\x01\r\n\r\n\x01\xfc\x03\x03"),
        sent(0.1, 1, AUCTION, BIDDER, b"\x00\xff\x00"),
        Opened(1.0, 2, AUCTION, AUCTION, 80, 1.0),
        Sent(1.0, 2, AUCTION, AUCTION, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1.001),
        Sent(1.1, 2, AUCTION, AUCTION, OK, 1.101),
    )


ALL = {each.__name__: each for each in (tunnel, healed, payment, stream, relay, junk)}
