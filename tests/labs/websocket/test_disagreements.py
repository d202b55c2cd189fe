"""The table says what the libraries do today, and that we read as the rule does."""

import pytest
from websockets.server import ServerProtocol
from wsproto import ConnectionType, WSConnection
from wsproto.utilities import RemoteProtocolError

from labs.errors import HandshakeError
from labs.websocket import handshake, head
from labs.websocket.disagreements import FRAMES, HANDSHAKES, table


def named(disagreements):
    """Each case under its own name."""
    return [pytest.param(each, id=each.name) for each in disagreements]


@pytest.mark.parametrize("case", named(FRAMES))
def test_libraries_read_frames_as_the_table_says(case, readers):
    """Each library answers the bytes as its column says, and we answer as the right one does."""
    answers = {name: "".join(read(case.received, case.role)) for name, read in readers.items()}

    assert {"websockets": case.websockets, "wsproto": case.wsproto} == {
        name: answers[name] for name in ("websockets", "wsproto")
    }
    right = [case.websockets, case.wsproto] if case.right == "both" else [answers[case.right]]
    assert answers["ours"] in right


@pytest.mark.parametrize("case", named(HANDSHAKES))
def test_libraries_answer_handshakes_as_the_table_says(case):
    """Each library answers the request as its column says, and we answer as the right one does."""
    answers = {
        "websockets": by_websockets(case.received),
        "wsproto": by_wsproto(case.received),
        "ours": ours(case.received),
    }

    assert (case.websockets, case.wsproto) == (answers["websockets"], answers["wsproto"])
    right = [case.websockets, case.wsproto] if case.right == "both" else [answers[case.right]]
    assert answers["ours"] in right


def test_table_has_a_row_for_each_disagreement():
    """The Markdown table names every disagreement, with what decides it."""
    rows = table().splitlines()[2:]

    assert len(rows) == len(FRAMES + HANDSHAKES) == 14
    assert all(row.count("|") == 6 and "RFC" in row for row in rows)


def ours(request):
    """The status of our own answer."""
    try:
        return str(handshake.answer(head.parse_request(request)).status)
    except HandshakeError as error:
        return str(error.status)


def by_websockets(request):
    """The status of the websockets library's answer."""
    protocol = ServerProtocol()
    protocol.receive_data(request)
    return str(protocol.accept(protocol.events_received()[0]).status_code)


def by_wsproto(request):
    """The status that wsproto hints at, or 101 where it accepts."""
    connection = WSConnection(ConnectionType.SERVER)
    try:
        connection.receive_data(request)
        return "101" if list(connection.events()) else "waits"
    except RemoteProtocolError as error:
        return str(error.event_hint.status_code)
