"""Event streams: WHATWG HTML 9.2.6; the nineteen streams of the vectors are tested with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import EventStreamError
from labs.stream.event_stream import Comment, Event, EventStreamReader, serialize


def receive(*pieces, max_size=1000):
    """Every event and comment in the given pieces."""
    reader, events = EventStreamReader(max_size), []
    for piece in pieces:
        reader.receive_data(piece)
        events += iter(reader.next_event, None)
    return events


@pytest.mark.parametrize(
    "stream",
    [
        b"\xef\xbb\xbfid: 7\nevent: bid\ndata: a\ndata: b\n\n: still here\n",
        b"id: 7\r\nevent: bid\r\ndata: a\r\ndata: b\r\n\r\n: still here\r\n",
        b"id: 7\revent: bid\rdata: a\rdata: b\r\r: still here\r",
    ],
    ids=["LF", "CRLF", "CR"],
)
def test_stream_reads_the_same_however_it_is_cut(stream):
    """Three line ends, one meaning, whole and byte by byte."""
    expected = [Event("a\nb", "bid", "7"), Comment(" still here")]

    assert receive(stream) == expected
    assert receive(*[bytes([byte]) for byte in stream]) == expected


def test_serialized_event_is_these_bytes():
    """An event with everything, an event with nothing, and a heartbeat."""
    assert serialize(Event("a\nb", "bid", "7"), retry=3000) == (
        b"retry: 3000\nid: 7\nevent: bid\ndata: a\ndata: b\n\n"
    )
    assert serialize(Event("")) == b"data: \n\n"
    assert serialize(Comment("")) == b":\n\n"


@pytest.mark.parametrize("event", [Event("", "a\nb"), Event("", last_event_id="1\r2")])
def test_what_cannot_stand_on_a_line_is_not_sent(event):
    """A line end in a type or an id would be somebody else's field."""
    with pytest.raises(EventStreamError):
        serialize(event)


@pytest.mark.parametrize(
    "stream", [b"data: " + b"a" * 1001, b"data: aaaaaaaa\n" * 200, b":" * 1002 + b"\n"]
)
def test_endless_line_or_event_is_refused(stream):
    """Nothing is stored beyond the agreed size."""
    with pytest.raises(EventStreamError, match="over 1000 characters"):
        receive(stream)


ONE_LINE = st.text(st.characters(exclude_characters="\r\n\0", codec="utf-8"), max_size=20)
EVENTS = st.builds(
    Event, st.text(st.characters(exclude_characters="\r", codec="utf-8")), ONE_LINE, ONE_LINE
)


@given(st.lists(EVENTS, max_size=5))
def test_every_event_survives_the_wire(events):
    """Reading undoes serializing; an empty type is "message", an unset id is the last one."""
    expected, last = [], ""
    for event in events:
        last = event.last_event_id or last
        expected.append(Event(event.data, event.type or "message", last))

    assert receive(*map(serialize, events), max_size=10_000) == expected


STREAMS = st.lists(
    st.binary(max_size=20)
    | st.sampled_from(
        [b"\r", b"\n", b"\r\n", b"data: ", b"id: ", b"\xef\xbb\xbf", b":", b"retry: 9"]
    ),
    max_size=20,
)


@given(STREAMS)
def test_random_bytes_are_events_or_nothing(pieces):
    """No bytes are wrong, and how they were cut changes nothing."""
    whole = b"".join(pieces)

    assert receive(whole) == receive(*pieces) == receive(*[bytes([byte]) for byte in whole])
