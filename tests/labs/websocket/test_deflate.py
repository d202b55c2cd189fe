"""permessage-deflate: RFC 7692."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Frame as WebsocketsFrame
from websockets.frames import Opcode as WebsocketsOpcode

from labs.errors import FrameError
from labs.websocket.deflate import Inflater
from labs.websocket.frames import Role
from labs.websocket.messages import FrameReader, Text


@given(st.lists(st.text(max_size=100), max_size=5), st.booleans())
def test_reads_what_websockets_compresses(texts, takeover):
    """Messages that the library compressed come out whole, with and without shared context."""
    extension = PerMessageDeflate(not takeover, not takeover, 15, 15)
    inflater = Inflater(takeover)
    for text in texts:
        frame = WebsocketsFrame(WebsocketsOpcode.TEXT, text.encode())
        assert inflater.inflate(extension.encode(frame).data, 1000).decode() == text


@given(st.binary(max_size=60))
def test_random_bytes_end_in_a_message_or_in_our_error(payload):
    """Bytes that are not DEFLATE raise FrameError and nothing else."""
    reader = FrameReader(Role.CLIENT, inflater=Inflater())
    reader.receive_data(bytes([0xC1, len(payload)]) + payload)
    try:
        message = reader.next_message()
    except FrameError:
        return
    assert isinstance(message, Text)


@pytest.mark.parametrize("wire", [b"\xc9\x00", b"\x01\x00\xc0\x00"])
def test_only_the_first_frame_of_a_message_is_marked(wire):
    """RSV1 on a control frame or on a continuation breaks the protocol."""
    reader = FrameReader(Role.CLIENT, inflater=Inflater())
    reader.receive_data(wire)
    with pytest.raises(FrameError):
        reader.next_message()
