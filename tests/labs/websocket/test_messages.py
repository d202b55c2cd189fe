"""Messages: RFC 6455 5.4 to 5.6, and the libraries as oracles."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import EXTERNAL_CLOSE_CODES, CloseCode

from labs.errors import FrameError
from labs.websocket import close
from labs.websocket.close import Close
from labs.websocket.frames import Frame, Opcode, Role, serialize
from labs.websocket.messages import Binary, FrameReader, Ping, Pong, Text


def receive(*wire, role=Role.CLIENT, max_size=100):
    """Every message that a reader makes of the given pieces."""
    reader, messages = FrameReader(role, max_size), []
    for piece in wire:
        reader.receive_data(piece)
        messages += iter(reader.next_message, None)
    return messages


def test_control_frames_come_between_fragments():
    """A ping inside a fragmented message is handed over first, and the message is whole."""
    wire = b"\x01\x03Hel", b"\x89\x01?", b"\x80\x02lo"

    assert receive(*wire) == [Ping(b"?"), Text("Hello")]
    assert receive(b"".join(wire)) == [Ping(b"?"), Text("Hello")]
    assert receive(*[bytes([byte]) for byte in b"".join(wire)]) == [Ping(b"?"), Text("Hello")]


def test_ping_knows_its_answer():
    """The response to a ping is a pong with the same payload."""
    assert Ping(b"42").response() == Frame(Opcode.PONG, b"42")


def test_character_may_straddle_fragments():
    """UTF-8 is judged over the whole message."""
    assert receive(b"\x01\x01\xc3\x80\x01\xa9") == [Text("é")]


@pytest.mark.parametrize(
    ("wire", "says", "code"),
    [
        (b"\x80\x01a", "nothing to continue", 1002),
        (b"\x01\x01a\x81\x01b", "a new message inside", 1002),
        (b"\x01\x01\xff", "not UTF-8", 1007),
        (b"\x81\x01\xc3", "not UTF-8", 1007),
        (b"\x01\x3c" + b"a" * 60 + b"\x80\x3c" + b"a" * 60, "fragments of over 100", 1009),
        (b"\x88\x01\x03", "two bytes, here is one", 1002),
        (b"\x88\x02\x03\xed", "1005 must not be sent", 1002),
        (b"\x88\x03\x03\xe8\xff", "reason is not UTF-8", 1007),
    ],
)
def test_broken_sequences_fail_with_their_code(wire, says, code):
    """What no message can come of raises FrameError, whole and byte by byte."""
    for pieces in ([wire], [bytes([byte]) for byte in wire]):
        with pytest.raises(FrameError, match=says) as caught:
            receive(*pieces)
        assert caught.value.close_code == code


def test_messages_before_the_error_are_not_lost():
    """What came whole is handed over before the broken frame is spoken of."""
    reader = FrameReader(Role.CLIENT)
    reader.receive_data(b"\x81\x02ok\x83\x00")

    assert reader.next_message() == Text("ok")
    with pytest.raises(FrameError, match="opcode 0x3"):
        reader.next_message()


def test_nothing_is_read_after_a_close_frame():
    """After a close frame the rest is discarded, in the same packet and in later ones."""
    assert receive(b"\x88\x02\x03\xe8\x83\x00", b"\x81\x02ok") == [Close(1000)]


@pytest.mark.parametrize("code", [999, 1004, 1005, 1006, 1015, 1016, 2999, 5000])
def test_codes_that_never_travel_are_not_sent_either(code):
    """A code that the receiver would refuse is refused by `serialize`."""
    with pytest.raises(FrameError, match=f"{code} must not be sent"):
        close.serialize(Close(code))


def test_reason_is_counted_in_bytes():
    """A reason of 123 bytes fits, one of 31 four-byte characters does not."""
    assert close.parse(close.serialize(Close(1000, "a" * 123))) == Close(1000, "a" * 123)
    with pytest.raises(FrameError, match="124 bytes"):
        close.serialize(Close(1000, "👋" * 31))


@pytest.mark.parametrize(
    ("frame", "says"),
    [
        (Close(), "1005 (no status received)"),
        (Close(1001, "bye"), "1001 (going away): bye"),
        (Close(3000), "3000 (registered)"),
        (Close(4401), "4401 (private use)"),
    ],
)
def test_close_speaks(frame, says):
    """A close frame prints as code, name and reason."""
    assert str(frame) == says


def fragments(opcode, payload, cuts):
    """The frames that carry `payload` cut at each place."""
    places = [0, *sorted(cut for cut in cuts if cut < len(payload)), len(payload)]
    parts = [payload[start:end] for start, end in pairwise(places)]
    last = len(parts) - 1
    return [
        Frame(opcode if at == 0 else Opcode.CONTINUATION, part, at == last)
        for at, part in enumerate(parts)
    ]


CUTS = st.lists(st.integers(0, 150), max_size=3)
MESSAGE = (
    st.builds(lambda text, cuts: fragments(Opcode.TEXT, text.encode(), cuts), st.text(), CUTS)
    | st.builds(
        lambda payload, cuts: fragments(Opcode.BINARY, payload, cuts), st.binary(max_size=150), CUTS
    )
    | st.builds(lambda payload: [Frame(Opcode.PING, payload)], st.binary(max_size=125))
    | st.builds(lambda payload: [Frame(Opcode.PONG, payload)], st.binary(max_size=125))
)


@given(st.lists(MESSAGE, max_size=4), st.sampled_from(Role), st.binary(min_size=4, max_size=4))
def test_lawful_traffic_reads_as_in_both_libraries(readers, messages, role, mask):
    """Whatever is sent by the rules, ours, websockets and wsproto read the same messages."""
    key = mask if role is Role.SERVER else None
    wire = b"".join(
        serialize(Frame(frame.opcode, frame.payload, frame.fin, mask=key))
        for frames in messages
        for frame in frames
    )
    answers = readers["ours"](wire, role)

    assert len(answers) == len(messages)
    assert answers == readers["websockets"](wire, role) == readers["wsproto"](wire, role)
    assert answers == readers["ours"](wire, role, step=1)


@given(st.lists(st.binary(max_size=30), max_size=4), st.sampled_from(Role))
def test_random_bytes_end_in_messages_or_in_our_error(readers, pieces, role):
    """Only FrameError comes out, and how the bytes were cut changes nothing."""
    wire = b"".join(pieces)
    answers = readers["ours"](wire, role)

    assert answers == readers["ours"](wire, role, step=1)
    if answers and answers[-1].startswith("fail"):
        assert answers == readers["ours"](wire + b"junk", role)


@given(st.binary(max_size=130))
def test_random_close_payloads_are_read_or_refused(payload):
    """What can be read can be written again, to the same bytes."""
    try:
        read = close.parse(payload)
    except FrameError:
        return
    if len(payload) <= 125:
        assert close.serialize(read) == payload


def test_pong_needs_no_ping():
    """An unsolicited pong is a lawful heartbeat."""
    assert receive(b"\x8a\x01x") == [Pong(b"x")]


def test_empty_fragments_make_an_empty_message():
    """A message may consist of nothing, in as many pieces as one likes."""
    assert receive(b"\x02\x00\x00\x00\x80\x00") == [Binary(b"")]


def test_message_of_exactly_the_limit_is_taken():
    """The limit is what may come, whole or in fragments; one byte more may not."""
    assert receive(b"\x82\x64" + bytes(100)) == [Binary(bytes(100))]
    assert receive(b"\x02\x32" + bytes(50), b"\x80\x32" + bytes(50)) == [Binary(bytes(100))]
    with pytest.raises(FrameError, match="over 100 bytes"):
        receive(b"\x02\x32" + bytes(50), b"\x80\x33" + bytes(51))


def test_codes_that_travel_are_those_of_the_library():
    """The table has the codes of the websockets library, and lets the same ones travel."""
    assert set(close.CLOSE_CODES) - {1004} == {int(code) for code in CloseCode}
    assert {code for code in range(3000) if close.may_travel(code)} == EXTERNAL_CLOSE_CODES
    assert [close.may_travel(code) for code in (2999, 3000, 4999, 5000)] == [
        False,
        True,
        True,
        False,
    ]
