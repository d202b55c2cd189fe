"""Frames: RFC 6455 5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import FrameError
from labs.websocket.frames import Frame, Opcode, Role, apply_mask, parse, serialize

ROLES = pytest.mark.parametrize("role", Role, ids=lambda role: role.value)


def key_for(role):
    """A mask for what this role receives: servers receive masked frames."""
    return bytes.fromhex("37fa213d") if role is Role.SERVER else None


@pytest.mark.parametrize(
    ("role", "wire", "frame"),
    [
        (Role.CLIENT, "810548656c6c6f", Frame(Opcode.TEXT, b"Hello")),
        (
            Role.SERVER,
            "818537fa213d7f9f4d5158",
            Frame(Opcode.TEXT, b"Hello", mask=bytes.fromhex("37fa213d")),
        ),
        (Role.CLIENT, "010348656c", Frame(Opcode.TEXT, b"Hel", fin=False)),
        (Role.CLIENT, "8900", Frame(Opcode.PING)),
        (Role.CLIENT, "880203e8", Frame(Opcode.CLOSE, b"\x03\xe8")),
    ],
)
def test_frame_and_bytes_are_the_same_thing(role, wire, frame):
    """A frame parses from its bytes and serializes to them; what follows is not touched."""
    buffer = bytes.fromhex(wire)

    assert frame == parse(buffer, role) == parse(buffer + b"\xff\xff", role)
    assert serialize(frame) == buffer
    assert frame.size == len(buffer)


@ROLES
@pytest.mark.parametrize("length", [0, 1, 125, 126, 65535, 65536])
def test_no_byte_less_makes_a_frame(role, length):
    """Up to its last byte a frame is "more bytes needed", in each of the three length forms."""
    wire = serialize(Frame(Opcode.BINARY, bytes(length), mask=key_for(role)))
    header = len(wire) - length

    assert [parse(wire[:end], role) for end in range(min(header + 1, len(wire)))] == [None] * min(
        header + 1, len(wire)
    )
    assert parse(wire[:-1], role) is None
    assert parse(wire, role).payload == bytes(length)


@ROLES
@pytest.mark.parametrize(
    ("first", "length", "says", "code"),
    [
        (0xC1, 0, "reserved bit", 1002),
        (0x83, 0, "opcode 0x3 is reserved", 1002),
        (0x8B, 0, "opcode 0xb is reserved", 1002),
        (0x09, 0, "never fragmented", 1002),
        (0x89, 126, "125 bytes at most", 1002),
    ],
)
def test_broken_first_bytes_fail_at_once(role, first, length, says, code):
    """Two bytes are enough to refuse what no later byte can mend."""
    masked = 0x80 if role is Role.SERVER else 0
    with pytest.raises(FrameError, match=says) as caught:
        parse(bytes([first, masked | length]), role)

    assert caught.value.close_code == code
    assert caught.value.rule.startswith("RFC 6455")


@pytest.mark.parametrize(
    ("role", "second", "says"),
    [(Role.SERVER, 0x00, "not masked"), (Role.CLIENT, 0x80, "is masked")],
)
def test_who_masks_is_decided_by_the_role(role, second, says):
    """A server refuses what is not masked, a client what is."""
    with pytest.raises(FrameError, match=says):
        parse(bytes([0x81, second]), role)


@pytest.mark.parametrize(
    ("header", "says", "code"),
    [
        ("827e007d", "length 125 is written in 2 bytes", 1002),
        ("827f000000000000ffff", "length 65535 is written in 8 bytes", 1002),
        ("827f8000000000000000", "highest bit", 1002),
        ("827f0000000000100001", "1048577 bytes announced, 1048576 allowed", 1009),
        ("827f4000000000000000", "allowed", 1009),
    ],
)
def test_length_is_judged_before_the_payload_arrives(header, says, code):
    """A length that breaks a rule or the limit fails on the header alone: nothing is stored."""
    with pytest.raises(FrameError, match=says) as caught:
        parse(bytes.fromhex(header), Role.CLIENT)

    assert caught.value.close_code == code


def test_claimed_reserved_bit_is_handed_on():
    """A bit that an extension has claimed is no error, and stands in the frame."""
    assert parse(b"\xc1\x00", Role.CLIENT, rsv=0b100) == Frame(Opcode.TEXT, rsv=0b100)


@given(st.binary(max_size=300), st.binary(min_size=4, max_size=4))
def test_masking_twice_is_not_masking(payload, mask):
    """The mask undoes itself."""
    assert apply_mask(apply_mask(payload, mask), mask) == payload


FRAME = st.builds(
    Frame,
    st.sampled_from([Opcode.CONTINUATION, Opcode.TEXT, Opcode.BINARY]),
    st.binary(max_size=200),
    st.booleans(),
) | st.builds(
    Frame, st.sampled_from([Opcode.CLOSE, Opcode.PING, Opcode.PONG]), st.binary(max_size=125)
)


@given(FRAME, st.binary(max_size=20))
def test_every_frame_survives_the_wire(frame, junk):
    """Parse undoes serialize for every frame, whatever follows it."""
    wire = serialize(frame)

    assert parse(wire + junk, Role.CLIENT) == frame
    assert parse(wire[:-1], Role.CLIENT) is None


@given(st.binary(max_size=40), st.sampled_from(Role))
def test_random_bytes_end_in_a_frame_or_in_our_error(received, role):
    """Whatever arrives is a frame, a wish for more, or a FrameError; a verdict never changes."""
    verdicts = [verdict(received[:end], role) for end in range(len(received) + 1)]

    settled = [each for each in verdicts if each is not None]
    assert settled == settled[:1] * len(settled)
    assert verdict(received + b"junk", role) == settled[0] if settled else True


def verdict(received, role):
    """The frame, None, or the error's sentence."""
    try:
        return parse(received, role)
    except FrameError as error:
        return str(error)
