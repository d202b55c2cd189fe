"""What is done to a delivery that no sender would sign: by forgers, by clocks, on the way.

Each change takes the sender, an event and the time, and gives the POST that arrives; None where
the scheme has nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from course.fieldtest.senders import MANNERS, Event, Sender
from labs.webhook.signed_text import Post

AMOUNT, OTHER_AMOUNT = b"1200", b"9200"
FAR = 3_300  # seconds beyond the tolerance
OLDER = {"v1": "v0", "sha256": "sha1", "h1": "h0", "v1a": "v0"}

Change: TypeAlias = Callable[[Sender, Event, float], Post | None]


def body_changed(sender: Sender, event: Event, now: float) -> Post | None:
    """One byte of the body, another amount, after it was signed."""
    post = sender.post(event, now)
    changed = Post(post.headers, post.body.replace(AMOUNT, OTHER_AMOUNT, 1))
    return changed if sender.signs else None


def rewritten(sender: Sender, event: Event, now: float) -> Post | None:
    """The same JSON with other bytes: somebody on the way has parsed and written it."""
    post = sender.post(event, now)
    others = (sender.writing(manner).body(event) for manner in MANNERS)
    other = next((body for body in others if body != post.body), None)
    return Post(post.headers, other) if other and sender.signs and not sender.form else None


def no_signature(sender: Sender, event: Event, now: float) -> Post | None:
    """Without the header that holds the signature."""
    return sender.post(event, now).with_header(sender.scheme.header, None)


def empty_signature(sender: Sender, event: Event, now: float) -> Post | None:
    """The header of the signature with nothing in it."""
    return sender.post(event, now).with_header(sender.scheme.header, "")


def cut_signature(sender: Sender, event: Event, now: float) -> Post | None:
    """The signature cut off in the middle."""
    post = sender.post(event, now)
    value = _value(sender, post)
    written = value.rpartition(sender.scheme.separator or "\0")[2]
    return post.with_header(sender.scheme.header, value[: len(value) - len(written) // 2])


def doubled_signature(sender: Sender, event: Event, now: float) -> Post | None:
    """The header of the signature twice, and neither signature is by the secret."""
    first, second = (sender.post(event, now, (sender.other_secret(),)) for _ in range(2))
    again = (sender.scheme.header, _value(sender, second))
    return Post((*first.headers, again), first.body)


def downgraded(sender: Sender, event: Event, now: float) -> Post | None:
    """The signature under the name of an older version."""
    name, sign = sender.scheme.written.partition("{")[0][:-1], sender.scheme.written
    if name not in OLDER or not sign.startswith(name):
        return None
    post = sender.post(event, now)
    after = sign.partition("{")[0][-1]
    value = _value(sender, post).replace(name + after, OLDER[name] + after)
    return post.with_header(sender.scheme.header, value)


def old_secret(sender: Sender, event: Event, now: float) -> Post | None:
    """Signed with a secret that was replaced."""
    return sender.post(event, now, (sender.other_secret(),))


def other_tenant(sender: Sender, event: Event, now: float) -> Post | None:
    """Signed with the secret of another tenant's endpoint."""
    return sender.post(event, now, (sender.other_secret(),))


def newer_time(sender: Sender, event: Event, now: float) -> Post | None:
    """An old signature, its time moved to now."""
    if not sender.scheme.time or "{time}" not in sender.scheme.signed:
        return None
    then = int(now) - FAR
    post = sender.post(event, then)
    moved = tuple((name, value.replace(str(then), str(int(now)))) for name, value in post.headers)
    return Post(moved, post.body)


def other_id(sender: Sender, event: Event, now: float) -> Post | None:
    """Another id in the header, after it was signed."""
    place = sender.scheme.id
    if not place or not place.header or "{id}" not in sender.scheme.signed:
        return None
    return sender.post(event, now).with_header(place.header, f"{event.id}x")


FORGERIES: dict[str, tuple[Change, str]] = {
    "body_changed": (body_changed, "body changed by one byte after it was signed"),
    "body_rewritten": (rewritten, "body re-serialised: the same JSON, other bytes"),
    "signature_missing": (no_signature, "no signature"),
    "signature_empty": (empty_signature, "an empty signature"),
    "signature_cut": (cut_signature, "a signature cut off in the middle"),
    "signature_doubled": (doubled_signature, "two signatures' headers, both by somebody else"),
    "signature_downgraded": (downgraded, "the signature under an older version's name"),
    "time_moved": (newer_time, "an old signature with its time moved to now"),
    "id_changed": (other_id, "another id in the header after it was signed"),
    "old_secret": (old_secret, "signed with a secret that was replaced"),
    "other_tenant": (other_tenant, "signed with the secret of another tenant"),
}


def _value(sender: Sender, post: Post) -> str:
    return next(value for name, value in post.headers if name == sender.scheme.header)
