"""What one side of a WebSocket connection believes: connecting, open, waiting, closing, closed."""

from __future__ import annotations

from labs.errors import HandshakeError
from labs.journal import Ended
from labs.messages.message import Message
from labs.messages.sides import NOTICED, Seen, Thought, seconds
from labs.websocket.handshake import accept
from labs.websocket.head import parse_request, parse_response, values

NEVER = float("inf")


class OpenLine:
    """One side of a WebSocket connection, from its opening handshake on."""

    def __init__(self, seen: list[Seen], is_client: bool) -> None:
        self.is_client, self.state = is_client, ""
        self.request: Message | None = None
        self.asked: dict[bytes, Message] = {}  # pings that wait for their pong, by payload
        self.anxious: set[bytes] = set()  # those whose pong is late enough to be mentioned
        self.close_sent: Seen | None = None
        self.close_got: Message | None = None
        self.first_end: Seen | None = None
        self.pongs = _pongs(seen)

    def notice(self, event: Seen) -> Thought | None:
        """What this side makes of one more thing it saw."""
        if self.state == "closed":
            return None
        react = REACTIONS.get(event.says)
        return react(self, event) if react else None

    def ask(self, event: Seen) -> Thought | None:
        """The opening handshake's request."""
        self.state = self.state or "connecting"
        self.request = self.request or event.message
        first = self.is_client and self.state == "connecting"
        return Thought(event.key, "connecting", "connecting") if first else None

    def answer(self, event: Seen) -> Thought | None:
        """Its response."""
        if self.state != "connecting" or event.message is None:
            return None
        why = self._refusal(event.message)
        self.state = "closed" if why else "open"
        return Thought(event.key, self.state, f"not open: {why}" if why else "open")

    def _refusal(self, response: Message) -> str:
        """Why this answer opens no line; "" when it does."""
        if not response.name.startswith("101"):
            return response.name
        if self.is_client and self.request and not _accepted(self.request, response):
            return "the accept value is wrong"
        return ""

    def ping(self, event: Seen) -> Thought | None:
        """A question of ours."""
        ping = event.message
        if ping is None:
            return None
        self.asked[ping.payload] = ping
        if self.pongs.get(ping.payload, NEVER) - event.time <= NOTICED:
            return None
        self.anxious.add(ping.payload)
        return Thought(event.key, "waiting", "waits for the pong to #?", ping)

    def pong(self, event: Seen) -> Thought | None:
        """An answer to one."""
        payload = event.message.payload if event.message else b""
        if payload not in self.asked:
            return None
        waited = event.time - self.asked.pop(payload).time
        if payload not in self.anxious:
            return None
        self.anxious.discard(payload)
        return Thought(event.key, "open", f"open: the pong took {waited:.1f} s")

    def send_close(self, event: Seen) -> Thought | None:
        """We say goodbye, or return it."""
        if self.close_sent is not None or event.message is None:
            return None
        self.close_sent, self.state = event, "closing"
        if self.close_got is not None:
            return None
        ping = next(iter(self.asked.values()), None)
        name = event.message.name
        if ping is not None and name == "close 1011":
            waited = seconds(event.time - ping.time)
            return Thought(event.key, "closing", f"gives up: {name}, {waited} after its ping")
        return Thought(event.key, "closing", f"closing: {name}")

    def get_close(self, event: Seen) -> Thought | None:
        """They say goodbye, or return it."""
        self.close_got, self.state = event.message, "closing"
        return None

    def end(self, event: Seen) -> Thought | None:
        """TCP is closed by an RST, by both sides' FIN, or by a program that lets go of it."""
        how = event.what.how if isinstance(event.what, Ended) else "left"
        first, self.first_end = self.first_end, self.first_end or event
        half = how == "FIN" and (first is None or first.how == event.how)
        if half or not self.state:
            return None
        self.state = "closed"
        return Thought(event.key, "closed", self._last_words(event, how))

    def over(self, event: Seen) -> Thought | None:
        """The run ends here."""
        if not self.state:
            return None
        if self.state == "open" and self.anxious & set(self.asked):
            ping = next(reversed(self.asked.values()))
            return Thought(event.key, "waiting", "still waits for the pong to #?", ping)
        return Thought(event.key, self.state, f"still {self.state}")

    def _last_words(self, event: Seen, how: str) -> str:
        if self.close_got is not None:
            return f"closed {self.close_got.name.removeprefix('close').strip() or 1005}"
        if self.close_sent is not None:
            return f"closed: no answer in {seconds(event.time - self.close_sent.time)}"
        if self.first_end is not None and self.first_end.how == "ends":
            return "drops the connection"
        return "closed 1006: reset" if how == "RST" else "closed 1006: ended without a close frame"


REACTIONS = {
    "request sent": OpenLine.ask,
    "request got": OpenLine.ask,
    "response sent": OpenLine.answer,
    "response got": OpenLine.answer,
    "ping sent": OpenLine.ping,
    "pong got": OpenLine.pong,
    "close sent": OpenLine.send_close,
    "close got": OpenLine.get_close,
    "ends": OpenLine.end,
    "told": OpenLine.end,
    "over": OpenLine.over,
}


def _pongs(seen: list[Seen]) -> dict[bytes, float]:
    """When the first pong with each payload was received."""
    pongs: dict[bytes, float] = {}
    for event in seen:
        if event.says == "pong got" and event.message is not None:
            pongs.setdefault(event.message.payload, event.time)
    return pongs


def _accepted(request: Message, response: Message) -> bool:
    """Does the answer carry the accept value of the request's key, as a client has to check?"""
    try:
        asked, answered = parse_request(request.data), parse_response(response.data)
    except HandshakeError:
        return True  # not for us to say
    if asked is None or answered is None:
        return True
    keys = values(asked.headers, "Sec-WebSocket-Key")
    return values(answered.headers, "Sec-WebSocket-Accept") == [accept(key) for key in keys]
