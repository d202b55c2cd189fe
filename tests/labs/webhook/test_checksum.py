"""A checksum can be had at will."""

import json
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from labs.webhook.checksum import with_crc32
from labs.webhook.senders import EVENT, SENDERS
from labs.webhook.signed_text import Post


@given(st.binary(max_size=80), st.binary(max_size=80), st.integers(0, 2**32 - 1))
def test_any_sum_can_be_had(start, end, wanted):
    """Whatever stands before and after, forty digits of 0 and 1 give the sum that is wanted."""
    made = with_crc32(start, end, wanted)

    assert crc32(made) == wanted
    assert made.startswith(start)
    assert made.endswith(end)
    assert set(made[len(start) : len(start) + 40]) <= set(b"01")


def test_a_signature_over_a_checksum_moves_to_another_body():
    """The signature that PayPal's scheme gave one event verifies another amount."""
    sender = SENDERS["PayPal"]
    caught = sender.send()
    start = b'{"id":"evt_1","tenant":"harbour","amount":999999,"note":"'
    forged = with_crc32(start, b'"}', crc32(EVENT))

    assert sender.verify(Post(caught.headers, forged)).covers == (
        "id", "time", "webhook_id", "crc32",
    )  # fmt: skip
    assert json.loads(forged)["amount"] == 999999
