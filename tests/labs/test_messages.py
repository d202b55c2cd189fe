"""Messages: the journal's bytes decoded, numbered, and what each side makes of them."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.journal import Ended, Fault, Left, Sent
from labs.messages import Belief, Message, messages, timeline, wire

from .journals import (
    ALL,
    AUCTION,
    BANK,
    BIDDER,
    GIVE_UP,
    HELLO,
    PING,
    POST,
    SWITCH,
    UPGRADE,
    healed,
    journal,
    junk,
    opened,
    payment,
    relay,
    sent,
    session,
    stream,
    tunnel,
)  # fmt: skip


def said(run):
    """Kind and name of each message."""
    return [(each.kind, each.name) for each in messages(run)]


def believed(run, host):
    """When a machine changed its mind, and what it believed from then on."""
    rows = [row.what for row in timeline(run) if isinstance(row.what, Belief)]
    return [(belief.time, belief.says) for belief in rows if belief.host == host]


def test_a_session_is_a_request_a_switch_and_frames():
    """After the 101 both directions are frames: names, close codes, payloads, sizes."""
    found = messages(tunnel())

    assert [(each.name, each.detail) for each in found] == [
        ("GET /bids HTTP/1.1", "Upgrade: websocket"),
        ("101 Switching Protocols", ""),
        ("text", '"Hello"'),
        ("ping", "48 65 6c 6c 6f"),
        ("pong", "48 65 6c 6c 6f"),
        ("text", '"Hello"'),
        ("ping", "5b 90 e1 07"),
        ("close 1011", "keepalive ping timeout"),
    ]
    assert [each.size for each in found[2:4]] == [11, 7]
    assert [each.payload for each in found[2:4]] == [b"Hello", b"Hello"]
    assert [each.data for each in found[2:4]] == [HELLO, PING]


def test_numbers_count_every_event_once():
    """Numbers run from 1 without a gap over messages, beliefs, faults and notes together."""
    for make in ALL.values():
        numbers = [row.number for row in timeline(make()) if row.number]

        assert numbers == list(range(1, len(numbers) + 1))


def test_each_side_believes_what_it_saw():
    """The server gives up and closes; the client, told nothing, is still open at the end."""
    ping = next(each.number for each in messages(tunnel()) if each.time == 40.075)

    assert believed(tunnel(), AUCTION) == [
        (0.075, "open"),
        (40.075, f"waits for the pong to #{ping}"),
        (60.075, "gives up: close 1011, 20 s after its ping"),
        (70.075, "closed: no answer in 10 s"),
    ]
    assert believed(tunnel(), BIDDER) == [(0.05, "connecting"), (0.1, "open"), (75.0, "still open")]


def test_a_cut_holds_bytes_back():
    """Bids that arrive after the heal are marked as held; what is sent after it is not."""
    held = [each.held for each in messages(healed(3))]

    assert held == [False, False, True, True, True, False, False]


def test_a_clean_close_is_closed_on_both_sides():
    """Who says goodbye is closing; both are closed with the code when TCP is."""
    assert believed(healed(3), BIDDER)[-2:] == [
        (13.0, "closing: close 1000"),
        (13.05, "closed 1000"),
    ]
    assert believed(healed(3), AUCTION)[-1] == (13.075, "closed 1000")


@pytest.mark.parametrize(
    ("end", "says"),
    [
        (Ended(1.0, 1, AUCTION, BIDDER, "RST", 1.025), "closed 1006: reset"),
        (Left(1.0, 1, BIDDER, AUCTION), "drops the connection"),
        (Fault(1.0, "crash", (BIDDER,), None, ""), "open"),
    ],
    ids=["reset", "left", "crashed"],
)
def test_how_a_line_ends_without_a_close_frame(end, says):
    """A reset is 1006, leaving is dropping it, and a crashed machine believes nothing more."""
    assert believed(session(2.0, end), BIDDER)[-1][1] == says


def test_a_fin_without_a_close_frame_is_1006_and_news():
    """A server that ends TCP without goodbye gets a number; a polite one does not."""
    rude = Ended(1.0, 1, AUCTION, BIDDER, "FIN", 1.025)
    run = session(2.0, rude, Ended(1.03, 1, BIDDER, AUCTION, "FIN", 1.055))

    assert believed(run, BIDDER)[-1] == (1.03, "closed 1006: ended without a close frame")
    assert any(row.number and row.what == rude for row in timeline(run))
    assert not any(row.number and isinstance(row.what, Ended) for row in timeline(healed()))


def test_a_late_pong_is_mentioned():
    """A pong that takes seven seconds leaves a trace; one that takes 50 ms does not."""
    slow = Sent(20.1, 1, BIDDER, AUCTION, b"\x8a\x84\0\0\0\0\x5b\x90\xe1\x07", 27.075)
    run = session(30.0, sent(20.075, 1, AUCTION, BIDDER, b"\x89\x04\x5b\x90\xe1\x07"), slow)

    assert (27.075, "open: the pong took 7.0 s") in believed(run, AUCTION)


def test_a_lost_answer_is_two_different_stories():
    """The server has answered, the client is told of a reset; nobody is wrong."""
    assert (0.075, "answered 200 OK") in believed(payment(), AUCTION)
    assert [says for _, says in believed(payment(), BANK)] == [
        "waits for the answer",
        "told: reset",
    ]


def test_a_body_belongs_to_its_head_when_it_is_sent_with_it():
    """A POST in two writes at one moment is one message, its body in the detail."""
    head, body = POST[:-28], POST[-28:]
    run = journal(1.0, sent(0.05, 1, BIDDER, AUCTION, head), sent(0.05, 1, BIDDER, AUCTION, body))

    (post,) = messages(run)

    assert (post.size, post.data, post.payload) == (len(POST), POST, body)
    assert post.detail == 'webhook-id: msg_2Lh9K · {"type":"payment.succeeded"}'


def test_an_event_stream_is_told_event_by_event():
    """Each event has its name and data; a comment is one; the long poll waits 25 s."""
    assert said(stream())[:5] == [
        ("request", "GET /prices HTTP/1.1"),
        ("response", "200 OK"),
        ("body", "event price"),
        ("body", "event message"),
        ("body", "comment"),
    ]
    assert messages(stream())[2].detail == '"lot 7: 12"'
    assert believed(stream(), BIDDER) == [
        (21.05, "waits for the answer"),
        (46.125, "answered after 25.1 s"),
    ]


def test_every_byte_is_in_exactly_one_message():
    """Whatever the cuts, the messages of one direction put together are its bytes."""
    for make in ALL.values():
        run = make()
        for connection in {e.connection for e in run.events if isinstance(e, Sent)}:
            for host in run.hosts:
                bytes_sent = [e for e in run.events if isinstance(e, Sent)]
                stream_of = [
                    e for e in bytes_sent if (e.connection, e.sender) == (connection, host)
                ]
                found = [m for m in messages(run) if (m.connection, m.sender) == (connection, host)]

                assert b"".join(m.data for m in found) == b"".join(e.data for e in stream_of)
                assert all(m.size == len(m.data) for m in found)


def test_junk_is_bytes_with_a_reason():
    """What is not HTTP is shown as bytes; a machine that talks to itself is still understood."""
    found = messages(junk())

    assert [(each.kind, each.detail[:8]) for each in found[:2]] == [("bytes", "not HTTP")] * 2
    assert [each.name for each in found[2:]] == ["GET / HTTP/1.1", "200 OK"]


def test_a_broken_frame_turns_the_rest_into_bytes():
    """An unmasked frame from a client breaks the rule; what follows is not read as frames."""
    run = session(1.0, sent(0.1, 1, BIDDER, AUCTION, b"\x81\x02no" + HELLO))

    last = messages(run)[-1]

    assert (last.kind, last.size) == ("bytes", 4 + len(HELLO))
    assert "a client masks every frame" in last.detail


def test_half_a_frame_is_said_to_be_half():
    """A frame that is never finished is bytes, with a sentence."""
    last = messages(session(1.0, sent(0.1, 1, BIDDER, AUCTION, HELLO[:7])))[-1]

    assert (last.kind, last.detail) == (
        "bytes",
        "the beginning of a frame; the rest was never sent",
    )


def test_byte_by_byte_is_the_same_as_whole():
    """However the bytes are split, names, payloads and sizes are the same."""
    whole = session(1.0, sent(0.1, 1, BIDDER, AUCTION, HELLO + HELLO))
    single = [
        Sent(e.time, e.connection, e.sender, e.receiver, e.data[n : n + 1], e.arrived)
        for e in whole.events
        if isinstance(e, Sent)
        for n in range(len(e.data))
    ]
    split = journal(1.0, opened(), *single)

    assert [(m.name, m.payload, m.size) for m in messages(split)] == [
        (m.name, m.payload, m.size) for m in messages(whole)
    ]


def test_compressed_text_is_readable():
    """permessage-deflate is undone for the preview; the data stay as they crossed the wire."""
    switch = SWITCH[:-2] + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    packer = zlib.compressobj(wbits=-15)
    packed = (packer.compress(b"lot 7: 12") + packer.flush(zlib.Z_SYNC_FLUSH))[:-4]
    frame = bytes([0xC1, len(packed)]) + packed
    run = journal(
        1.0,
        sent(0.05, 1, BIDDER, AUCTION, UPGRADE),
        sent(0.075, 1, AUCTION, BIDDER, switch + frame),
    )

    assert (messages(run)[-1].detail, messages(run)[-1].data) == ('"lot 7: 12"', frame)


def test_a_declined_upgrade_stays_http():
    """After 426 the connection speaks HTTP, and the client knows that it is not open."""
    no = b"HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"
    again = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    run = journal(
        1.0,
        opened(),
        sent(0.05, 1, BIDDER, AUCTION, UPGRADE),
        sent(0.075, 1, AUCTION, BIDDER, no),
        sent(0.2, 1, BIDDER, AUCTION, again),
    )

    assert [each.name for each in messages(run)][1:] == ["426 Upgrade Required", "GET / HTTP/1.1"]
    assert believed(run, BIDDER)[-1] == (0.1, "not open: 426 Upgrade Required")


@pytest.mark.parametrize("name", ALL)
def test_wire_is_small_plain_and_numbered_alike(name):
    """The JSON has the timeline's numbers, survives JSON, and takes a few kB."""
    run = ALL[name]()
    plain = wire(run)

    assert json.loads(json.dumps(plain)) == plain
    assert [event["number"] for event in plain["events"]] == [
        row.number for row in timeline(run) if row.number
    ]
    assert len(json.dumps(plain)) < 1000 * len(plain["events"])


def test_wire_holds_what_a_widget_draws():
    """A frame carries its fields bit by bit, a head its lines, a lost message why."""
    events = wire(tunnel())["events"]
    request = next(event for event in events if event.get("kind") == "request")
    text = next(event for event in events if event.get("name") == "text")

    assert request["head"][0] == "GET /bids HTTP/1.1"
    assert [0, 0, "FIN", "1", "the message ends here"] in text["fields"]
    assert text["hex"] == HELLO.hex()
    assert [e["lost"] for e in events if "lost" in e] == ["run ended"] * 3
    assert [e["state"] for e in events if e["type"] == "belief"][-1] == "open"


def test_wire_leaves_out_what_is_too_much():
    """Of 3,000 messages the first 400 events travel, the rest is counted."""
    run = session(400.0, *(sent(1 + n / 10, 1, BIDDER, AUCTION, HELLO) for n in range(3000)))

    assert (len(wire(run)["events"]), wire(run)["left_out"]) == (400, 2607)


def test_relay_names_the_peer_of_each_belief():
    """A gateway holds two lines and believes something about each."""
    rows = [row.what for row in timeline(relay()) if isinstance(row.what, Belief)]

    assert {belief.peer for belief in rows if belief.host == "gateway"} == {"proxy", AUCTION}


chunks = st.lists(
    st.tuples(st.booleans(), st.one_of(st.binary(max_size=60), st.sampled_from(
        [UPGRADE, SWITCH, HELLO, PING, GIVE_UP, POST, b"HTTP/1.1 200 OK\r\n\r\n",
         b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"3\r\nabc\r\n", b"0\r\n\r\n"]
    ))),
    max_size=8,
)  # fmt: skip


@given(chunks)
def test_hostile_bytes_never_raise_and_are_never_dropped(pieces):
    """Any bytes in any order become messages; none is lost, and wire() can say them."""
    ends = {True: (BIDDER, AUCTION), False: (AUCTION, BIDDER)}
    events = [sent(n / 10, 1, *ends[way], data) for n, (way, data) in enumerate(pieces)]
    run = journal(2.0, opened(), *events)

    found = messages(run)

    for way, (sender, _) in ends.items():
        was_sent = b"".join(data for each, data in pieces if each is way)
        assert b"".join(m.data for m in found if m.sender == sender) == was_sent
    assert all(isinstance(each, Message) and each.name for each in found)
    json.dumps(wire(run))
