"""The opening handshake: RFC 6455 4."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from labs.errors import HandshakeError
from labs.websocket import handshake, head
from labs.websocket.head import Request, Response

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
REQUEST = (
    b"GET /bids HTTP/1.1\r\n"
    b"Host: auction\r\n"
    b"Upgrade: websocket\r\n"
    b"Connection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n\r\n"
)
ANSWER = (
    b"HTTP/1.1 101 Switching Protocols\r\n"
    b"Upgrade: websocket\r\n"
    b"Connection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
)


def answer(wire, **config):
    """Our server's answer to the bytes of a request."""
    return handshake.answer(head.parse_request(wire), **config)


def test_request_and_answer_are_these_bytes():
    """The example of RFC 6455 1.3: what a client writes, and what a server writes back."""
    request = handshake.request("auction", "/bids", b"the sample nonce")

    assert head.serialize(request) == REQUEST
    assert head.serialize(answer(REQUEST)) == ANSWER
    assert handshake.check(head.parse_response(ANSWER), KEY) is None


@pytest.mark.parametrize("wire", [REQUEST, ANSWER])
def test_head_ends_at_the_blank_line(wire):
    """No byte less makes a head, and the first frame in the same packet survives."""
    parse = head.parse_request if wire is REQUEST else head.parse_response

    assert {parse(wire[:end]) for end in range(len(wire))} == {None}
    parsed = parse(wire + b"\x81\x02hi")
    assert (wire + b"\x81\x02hi")[parsed.size :] == b"\x81\x02hi"
    assert head.serialize(parsed) == wire


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (b"GET", b"POST", 405),
        (b"HTTP/1.1", b"HTTP/1.0", 505),
        (b"HTTP/1.1", b"HTTP/2.0", 505),
        (b"Host: auction\r\n", b"", 400),
        (b"Host: auction", b"Host: auction\r\nHost: bank", 400),
        (b"Upgrade: websocket\r\n", b"", 426),
        (b"Upgrade: websocket", b"Upgrade: h2c", 426),
        (b"Connection: Upgrade\r\n", b"", 426),
        (b"Connection: Upgrade", b"Connection: keep-alive", 426),
        (b"Version: 13", b"Version: 8", 426),
        (b"Version: 13", b"Version: 13\r\nSec-WebSocket-Version: 8", 426),
        (KEY.encode(), b"AAAA", 400),
        (KEY.encode(), b"not base64, this", 400),
        (KEY.encode(), b"\xe9" * 24, 400),
        (b"Host: ", b"Host : ", 400),
        (b"Host: ", b" Host: ", 400),
        (b"Host: auction", b"Host: auc\0tion", 400),
        (b"GET /bids", b"GET  /bids", 400),
        (b"\r\n", b"\n", 400),
    ],
)
def test_each_broken_request_has_its_status(old, new, status):
    """A request that breaks a rule is refused with the status that says which."""
    with pytest.raises(HandshakeError) as caught:
        answer(REQUEST.replace(old, new))

    assert caught.value.status == status
    refusal = handshake.rejection(caught.value)
    assert head.parse_response(head.serialize(refusal)).status == status


def test_refusals_say_what_their_status_obliges_them_to():
    """405 names the method that is allowed, 426 the protocol and the version that are spoken."""
    wrong_method = handshake.rejection(HandshakeError("", status=405))
    wrong_version = handshake.rejection(HandshakeError("", status=426))

    assert ("Allow", "GET") in wrong_method.headers
    assert ("Upgrade", "websocket") in wrong_version.headers
    assert ("Sec-WebSocket-Version", "13") in wrong_version.headers


def test_tokens_are_compared_without_regard_to_case():
    """`connection: keep-alive, UPGRADE` asks for an upgrade as well as any."""
    loud = REQUEST.replace(b"Connection: Upgrade", b"connection: keep-alive, UPGRADE")

    assert answer(loud.replace(b"Upgrade: websocket", b"UPGRADE: WebSocket")).status == 101


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (b"auction.v2, auction.v1", ["auction.v1"]),
        (b"soap", []),
        (b"soap\r\nSec-WebSocket-Protocol: auction.v1", ["auction.v1"]),
    ],
)
def test_one_offered_subprotocol_or_none_is_chosen(offered, chosen):
    """The server's dearest among those offered is named once; without one, no header is."""
    wire = REQUEST.replace(b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: " + offered + b"\r\n\r\n")
    response = answer(wire, subprotocols=["auction.v1", "auction.v2"])

    assert head.values(response.headers, "Sec-WebSocket-Protocol") == chosen
    found = handshake.check(response, KEY, ["soap", "auction.v1"])
    assert [found] == (chosen or [None])


@pytest.mark.parametrize("origin", [b"https://evil.example", b"null", b"https://a.example.evil"])
def test_origin_must_be_on_the_list(origin):
    """A foreign origin, and none at all, are refused with 403 where there is a list."""
    wire = REQUEST.replace(b"Host", b"Origin: " + origin + b"\r\nHost")
    for request in (wire, REQUEST, wire.replace(b"Host", b"Origin: https://a.example\r\nHost")):
        with pytest.raises(HandshakeError) as caught:
            answer(request, origins=["https://a.example"])
        assert caught.value.status == 403
    assert answer(wire).status == 101


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"101 Switching Protocols", b"200 OK", "answered 200, not 101"),
        (b"s3pP", b"S3pP", "does not belong to our key"),
        (b"Sec-WebSocket-Accept", b"X-Accept", "must be there once, it is there 0 times"),
        (b"Upgrade: websocket", b"Upgrade: h2c", "no 'Upgrade: websocket'"),
        (b"Connection: Upgrade", b"Connection: close", "no 'Connection: Upgrade'"),
        (b"\r\n\r\n", b"\r\nSec-WebSocket-Protocol: soap\r\n\r\n", "subprotocol that was not"),
        (b"\r\n\r\n", b"\r\nSec-WebSocket-Extensions: x\r\n\r\n", "extension that was not"),
        (b"HTTP/1.1", b"HTTP-1.1", "the first line is not"),
    ],
)
def test_client_refuses_a_broken_answer(old, new, says):
    """What a client may not accept fails its check."""
    with pytest.raises(HandshakeError, match=says):
        handshake.check(head.parse_response(ANSWER.replace(old, new)), KEY)


def test_endless_head_is_refused():
    """64 KiB without a blank line are enough, however they come."""
    with pytest.raises(HandshakeError, match="no blank line within 65536 bytes") as caught:
        head.parse_request(b"GET / HTTP/1.1\r\nX: " + b"a" * 65536)

    assert caught.value.status == 431


def test_spaces_do_not_slow_the_parser_down():
    """A header of sixty thousand spaces and a forbidden byte is refused like any other."""
    with pytest.raises(HandshakeError, match="header line"):
        head.parse_request(b"GET / HTTP/1.1\r\nX:" + b" " * 60000 + b"\0\r\n\r\n")


def test_our_client_and_the_librarys_server_agree():
    """The websockets library's server accepts our request, and our check its answer."""
    server = ServerProtocol()
    request = handshake.request("auction", "/bids", b"0123456789abcdef")
    server.receive_data(head.serialize(request))
    server.send_response(server.accept(server.events_received()[0]))
    response = head.parse_response(b"".join(server.data_to_send()))

    assert handshake.check(response, head.values(request.headers, "Sec-WebSocket-Key")[0]) is None


def test_the_librarys_client_and_our_server_agree():
    """Our server accepts the websockets library's request, and its client our answer."""
    client = ClientProtocol(parse_uri("ws://auction/bids"))
    client.send_request(client.connect())
    response = answer(b"".join(client.data_to_send()))
    client.receive_data(head.serialize(response))

    assert client.handshake_exc is None
    assert client.state.name == "OPEN"


CHUNKS = st.lists(
    st.binary(max_size=20)
    | st.sampled_from([b"\r\n", b"\r\n\r\n", b": ", b"HTTP/1.1", b"GET / ", b"101 ", b"Host"]),
    max_size=12,
).map(b"".join)


@given(CHUNKS | st.binary(max_size=200))
@example(REQUEST)
@example(ANSWER)
def test_random_bytes_end_in_a_head_or_in_our_error(received):
    """Whatever arrives, whole, byte by byte or followed by junk, only HandshakeError comes out."""
    for parse in (head.parse_request, head.parse_response):
        whole = outcome(parse, received)
        pieces = [outcome(parse, received[:end]) for end in range(len(received) + 1)]
        settled = [piece for piece in pieces if piece is not None]

        assert settled[:1] == ([whole] if whole else []) or isinstance(settled[0], str)
        if isinstance(whole, Request | Response):
            assert outcome(parse, received + b"junk") == whole
        else:
            assert len(whole or "") < 120  # an error never repeats all that a stranger sent


def outcome(parse, received):
    """The head, None, or the error's sentence; a request is answered too, a response checked."""
    try:
        parsed = parse(received)
        if isinstance(parsed, Request):
            handshake.answer(parsed)
        if isinstance(parsed, Response):
            handshake.check(parsed, KEY)
    except HandshakeError as error:
        return str(error)
    return parsed
