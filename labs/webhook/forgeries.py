"""What somebody who has read one delivery can make of it: seven things to try at a receiver.

Each takes a delivery that was caught at `AT` and gives what arrives, when, and at whose endpoint;
None where a scheme has nothing of the kind to change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from labs.errors import InvalidSignature
from labs.webhook.senders import AT, Sender, date
from labs.webhook.signed_text import Post

DAY = 86_400
OLDER = {"v1={hex}": "v0=", "v1,{base64}": "v0,", "sha256={hex}": "sha1="}


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request on its way in: what, when by the receiver's clock, and at whose endpoint."""

    post: Post
    now: int = AT
    tenant: str = "harbour"


Change: TypeAlias = Callable[[Sender, Post], Arrival | None]


def other_body(_: Sender, post: Post) -> Arrival:
    """Another amount."""
    return Arrival(Post(post.headers, post.body.replace(b"120", b"999")))


def other_id(sender: Sender, post: Post) -> Arrival:
    """Another id, so that it looks like a new event: in its header, or else in the body."""
    place = sender.scheme.id
    if place and place.header:
        return Arrival(post.with_header(place.header, "evt_2"))
    return Arrival(Post(post.headers, post.body.replace(b"evt_1", b"evt_2")))


def newer_time(_: Sender, post: Post) -> Arrival | None:
    """The time moved to today, a day after it was caught."""
    headers = [
        (name, value.replace(date(AT), date(AT + DAY)).replace(str(AT), str(AT + DAY)))
        for name, value in post.headers
    ]
    later = Post(tuple(headers), post.body)
    return None if later == post else Arrival(later, AT + DAY)


def older_version(sender: Sender, post: Post) -> Arrival | None:
    """The signature under the name of an older, weaker version."""
    if sender.scheme.written not in OLDER:
        return None
    name, prefix = sender.scheme.header, sender.scheme.written.partition("{")[0]
    renamed = dict(post.headers)[name].replace(prefix, OLDER[sender.scheme.written])
    return Arrival(post.with_header(name, renamed))


def no_signature(sender: Sender, post: Post) -> Arrival:
    """The signature's header cut out."""
    return Arrival(post.with_header(sender.scheme.header, None))


def day_later(_: Sender, post: Post) -> Arrival:
    """Nothing changed, a day later."""
    return Arrival(post, AT + DAY)


def other_tenant(_: Sender, post: Post) -> Arrival:
    """Nothing changed, sent to another tenant's endpoint, which has the same secret."""
    return Arrival(post, tenant="wharf")


def other_shop(_: Sender, post: Post) -> Arrival:
    """Another tenant in the header that names it, where one URL takes the deliveries of all."""
    return Arrival(post.with_header("X-Shopify-Shop-Domain", "wharf.example"))


CHANGES: Mapping[str, Change] = {
    "another body": other_body,
    "another id": other_id,
    "a newer time": newer_time,
    "an older version": older_version,
    "no signature": no_signature,
    "a day later": day_later,
    "another tenant": other_tenant,
}


def judge(sender: Sender, arrival: Arrival, shared: bool = True) -> Mapping[str, str]:
    """What the sender's own scheme says: its verdict, and what it vouches for or why it refuses.

    `shared`: all tenants have harbour's secret, as the customers of one app have the app's.
    """
    keys = sender.keys("harbour" if shared else arrival.tenant)
    try:
        verified = sender.verify(arrival.post, arrival.now, arrival.tenant, keys)
    except InvalidSignature as refused:
        return {"verdict": "refused", "because": refused.says}
    return {"verdict": "verifies", "vouches for": ", ".join(verified.covers) or "nothing"}


def verdict(sender: Sender, change: Change) -> str:
    """What becomes of a change where all tenants share a secret: verifies, refused, or -."""
    arrival = change(sender, sender.send())
    return "-" if arrival is None else judge(sender, arrival)["verdict"]
