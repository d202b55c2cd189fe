"""The anatomy of a frame."""

from hypothesis import given
from hypothesis import strategies as st

from labs.websocket.anatomy import Field, anatomy


def test_every_bit_of_a_masked_text_has_its_name():
    """The fields of the RFC's own example, bit by bit."""
    assert anatomy(bytes.fromhex("818537fa213d7f9f4d5158")) == (
        Field(0, 0, "FIN", "1", "the message ends here"),
        Field(1, 1, "RSV1", "0", "must be 0"),
        Field(2, 2, "RSV2", "0", "must be 0"),
        Field(3, 3, "RSV3", "0", "must be 0"),
        Field(4, 7, "opcode", "0x1", "text, in UTF-8"),
        Field(8, 8, "MASK", "1", "masked: from the client"),
        Field(9, 15, "length", "5", "bytes"),
        Field(
            16,
            47,
            "masking key",
            "37 fa 21 3d",
            "every payload byte is XORed with one of these four",
        ),
        Field(48, 87, "payload", "7f 9f 4d 51 58", "'Hello'"),
    )


def test_length_in_more_bytes_is_a_field_of_its_own():
    """126 in the short field says where the length stands."""
    fields = {field.name: field for field in anatomy(bytes.fromhex("827e0100") + bytes(256))}

    assert fields["length"].meaning == "see the next 2 bytes"
    assert (fields["payload length"].value, fields["payload length"].first) == ("256", 16)
    assert fields["payload"].value.endswith("00 ...")


def test_close_frame_is_read():
    """The payload of a close frame means code, name and reason, or what is wrong with it."""
    assert anatomy(b"\x88\x05\x03\xe8bye")[-1].meaning == "1000 (normal closure): bye"
    assert "two bytes, here is one" in anatomy(b"\x88\x01\x03")[-1].meaning


def test_compressed_payload_says_so():
    """RSV1 means that the payload cannot be read as it stands."""
    assert anatomy(bytes.fromhex("c107f248cdc9c90700"))[-1].meaning == "compressed"


@given(st.binary(max_size=300))
def test_no_bytes_are_refused(received):
    """Any bytes have an anatomy; its fields lie side by side and say what is missing."""
    fields = anatomy(received)
    firsts = [field.first for field in fields]

    assert firsts == [0, *(field.last + 1 for field in fields[:-1])]
    assert (fields[-1].name == "missing") == (8 * len(received) < fields[-1].last + 1)
    assert all(str(field) for field in fields)
