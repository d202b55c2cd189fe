"""Fifteen bodies that real senders write, and that a JSON library writes otherwise."""

from __future__ import annotations

from collections.abc import Mapping

BODIES: Mapping[str, bytes] = {
    "spaces after , and :": b'{"id": "evt_1", "amount": 120}',
    "no spaces": b'{"amount":120,"id":"evt_1"}',
    "indented": b'{\n  "id": "evt_1"\n}',
    "keys not in alphabetical order": b'{"id":"evt_1","amount":120}',
    "escaped slashes": b'{"next":"https:\\/\\/bank.example\\/evt_1"}',
    "a price with two decimals": b'{"amount":1.10}',
    "an exponent": b'{"amount":1e2}',
    "more digits than a float holds": b'{"rate":0.12345678901234567890}',
    "minus zero": b'{"change":-0}',
    "the same key twice": b'{"amount":120,"amount":120}',
    "letters beyond ASCII": '{"bidder":"Zoë"}'.encode(),
    "the same letters escaped": b'{"bidder":"Zo\\u00eb"}',
    "an escape in capital letters": b'{"bidder":"Zo\\u00EB"}',
    "a byte order mark": b'\xef\xbb\xbf{"id":"evt_1"}',
    "a line break at the end": b'{"id":"evt_1"}\n',
}
