"""What the bank delivers: signed bytes under an id, and what it does to them when it must not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from labs.webhook.envelope import Envelope, serialize
from labs.webhook.signature import sign

SECRET = "whsec_" + b64encode(b"the harbour auction's secret").decode()
LIMIT = 65_536  # bytes of a body that the contract allows
PIECE = 16_384  # bytes that are on the way at once


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as it is sent: `secret` signs it, `age` seconds ago; `pieces` come one by one."""

    id: str
    body: bytes
    card: str = ""  # what must not be logged
    secret: str = SECRET
    age: int = 0
    swapped: bytes = b""  # the body that is sent in the place of the one that was signed
    unsigned: bool = False
    method: str = "POST"
    chunked: bool = True
    pieces: int = 3

    def headers(self, now: float, retry: int) -> dict[str, str]:
        """The fields of one attempt; the second carries retry 1."""
        envelope = Envelope(self.id, int(now) - self.age, self.body)
        fields, _ = serialize(envelope, sign(envelope, self.secret))
        if self.unsigned:
            del fields["webhook-signature"]
        if retry:
            fields["x-slack-retry-num"] = str(retry)
        sent = self.swapped or self.body
        length = {"transfer-encoding": "chunked"} if self.chunked else {"content-length": len(sent)}
        return {"host": "auction", **fields, **{name: str(text) for name, text in length.items()}}

    def parts(self) -> Iterator[bytes]:
        """The body as it goes over the wire, piece by piece."""
        sent = self.swapped or self.body
        size = max(1, min(PIECE, -(-len(sent) // self.pieces)))
        cut = [sent[start : start + size] for start in range(0, len(sent), size)]
        if not self.chunked:
            yield from cut
            return
        for piece in cut:
            yield b"%x\r\n%s\r\n" % (len(piece), piece)
        yield b"0\r\n\r\n"


def payment(number: int, rng: Random, size: int = 0, **how: object) -> Delivery:
    """A payment, in JSON that nobody would write again in the same way; `size` bytes if given."""
    card = str(rng.randrange(10**15, 10**16))
    text = (
        '{"type":"payment.settled", "timestamp":"2026-11-23T10:00:00Z", "data":'
        f'{{"amount":{rng.randrange(20, 400)}.10, "card":"{card}", "bidder":"M\\u00fcller", '
        '"receipt":"https:\\/\\/bank\\/r", "note":"'
    )
    body = f'{text}{"." * (size - len(text) - 4)}"}}}}\n'.encode()
    return Delivery(f"evt_{number}", body, card, **how)  # type: ignore[arg-type]


def poison(number: int, rng: Random) -> Delivery:
    """A delivery that is signed, and whose body is no event."""
    card = str(rng.randrange(10**15, 10**16))
    bodies = (
        f'{{"type":"payment.settled", "data":{{"card":"{card}"',
        f"amount=120&card={card}",
        f'["payment.settled", "{card}"]',
        f'{{"data":{{"card":"{card}"}}, "timestamp":"2026-11-23T10:00:00Z"}}',
        f'{{"type":"payment.settled", "card":"{card}\udcff"}}',
    )
    body = bodies[rng.randrange(len(bodies))].encode("utf-8", "surrogateescape")
    return Delivery(f"evt_{number}", body, card)
