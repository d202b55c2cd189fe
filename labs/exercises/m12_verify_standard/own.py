"""Deliveries that only Standard Webhooks has: versions in a list, an id with borders, base64."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace

from labs.exercises.verifying.door import Delivery
from labs.exercises.verifying.judged import Step
from labs.exercises.verifying.kit import AT, Kit
from labs.webhook.providers import PROVIDERS

KIT = Kit("verify_standard", PROVIDERS["standard_webhooks"].signature[0])


def other_versions(kit: Kit) -> Iterator[Delivery]:
    """A right signature among those that are for somebody else."""
    v1a = "v1a," + "R" * 86 + "=="
    for before, behind, says in (
        (f"{v1a} ", "", "a signature of version v1a before ours"),
        ("", f" {v1a}", "a signature of version v1a behind ours"),
        ("v2 ", " v3,x,y", "items of versions that nobody knows around ours"),
    ):
        good = kit.delivery("")
        value = before + kit.signature(good) + behind
        changed = kit.changed(f"a delivery with {says}", good, webhook_signature=value)
        yield replace(changed, sender="bank")


def relabelled(kit: Kit) -> Iterator[Delivery]:
    """The right signature, under the name of another version."""
    good = kit.delivery("")
    digest = kit.signature(good).removeprefix("v1,")
    for label in ("v0,", "v1a,", "v2,", "", ","):
        what = f"the right signature, written `{label}…` in place of `v1,…`,"
        yield kit.changed(what, good, webhook_signature=f"{label}{digest}")


def parts(kit: Kit) -> Iterator[Delivery]:
    """Less than a signature."""
    good = kit.delivery("")
    right = kit.signature(good)
    for value, says in (
        ("v1,", "an empty signature"),
        (right[:25], "the first half of the right signature"),
        (right[:7], "four characters of the right signature"),
    ):
        yield kit.changed(f"a delivery with {says}", good, webhook_signature=value)


def broken(kit: Kit) -> Iterator[Delivery]:
    """What is no list of signatures."""
    good = kit.delivery("")
    for value in (
        "v1",
        ",",
        " ",
        "v1,%%%",
        "v1,abc",
        "v1,A",
        "v1,,",
        "=",
        "v1 v1,",
        "v1," + "A" * 9000,
    ):
        what = f"a delivery whose webhook-signature is {value[:20]!r}"
        yield kit.changed(what, good, webhook_signature=value)


def junk_inside(kit: Kit) -> Iterator[Delivery]:
    """The right signature with characters in it that are no base64."""
    good = kit.delivery("")
    right = kit.signature(good)
    for odd in ("!", "\t", "*"):
        value = right[:20] + odd + right[20:]
        yield kit.changed(
            f"the right signature with a {odd!r} in it", good, webhook_signature=value
        )


def unreadable_times(kit: Kit) -> Iterator[Delivery]:
    """What is no count of seconds."""
    good = kit.delivery("")
    for value in ("soon", "1e9", "0x10", "nan", "inf", "-", f"{AT}.5", f"{AT} s", "9" * 400):
        what = f"a delivery whose webhook-timestamp is {value[:20]!r}"
        yield kit.changed(what, good, webhook_timestamp=value)


def two_times(kit: Kit) -> Iterator[Delivery]:
    """An hour old, with the time that was signed and a new one beside it."""
    good = kit.delivery("", age=3_600)
    rest = [pair for pair in good.headers if pair[0] != "webhook-timestamp"]
    for times in ((AT, AT + 3_600), (AT + 3_600, AT)):
        headers = (*rest, *(("webhook-timestamp", str(each)) for each in times))
        what = "an hour-old delivery with a second, newer webhook-timestamp"
        yield replace(good, what=what, headers=headers, sender="proxy")


def moved_border(kit: Kit) -> Iterator[Delivery]:
    """Bytes of the body, moved into the id: the signed text stays the same."""
    amount = kit.rng.randrange(100, 1000)
    good = kit.delivery("", body=f'{{"note":"x.{AT}.{amount}"}}'.encode()[:-2])
    name = dict(good.headers)["webhook-id"]
    longer = f'{name}.{AT}.{{"note":"x'
    moved = kit.changed("a delivery whose id holds dots", good, webhook_id=longer)
    yield replace(moved, body=str(amount).encode())


def empty_secrets(kit: Kit) -> Iterator[Step]:
    """Receivers that were never told a secret."""
    stranger = kit.delivery("", by=["whsec_" + "A" * 32])
    for secrets in ([], ["whsec_"], [""]):
        what = f"a delivery to a receiver whose secrets are {secrets}"
        open_door = replace(
            _signed_with_nothing(kit, stranger), what=what, secrets=secrets, known=()
        )
        yield Step(open_door, "", "empty_secret", "" if secrets else "other_exception")


def _signed_with_nothing(kit: Kit, delivery: Delivery) -> Delivery:
    """The same, signed with the empty key, as everybody can."""
    headers = dict(delivery.headers)
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + delivery.body
    signature = "v1," + b64encode(hmac.digest(b"", text, "sha256")).decode()
    return kit.changed("", delivery, webhook_signature=signature)
