"""The scenarios that every scheme with a signed time shares, each for the mistake it is made for.

They come in parts, so that a scheme can put its own between them. The order is that of the
verdicts.
"""

from __future__ import annotations

from labs.exercises.scenario import Scenario
from labs.exercises.verifying import deliveries, turns
from labs.exercises.verifying.door import parted
from labs.exercises.verifying.judged import Payments, both, scenario, strangers, welcome
from labs.exercises.verifying.kit import Kit


def first(kit: Kit) -> tuple[Scenario, ...]:
    """What is right, what is forged, and what is not there."""
    return (
        Scenario(
            "Three payments",
            "The bank delivered three payments, one after the other, each signed with the secret "
            "that the receiver knows.",
            Payments(kit, deliveries.plain),
            parted,
            "bank",
            5,
        ),
        scenario(
            kit,
            "A forger at work",
            "Somebody who has read one delivery changed its amount, signed it with a secret of "
            "their own, and made signatures up.",
            strangers(deliveries.forged, "believes_forgery"),
            seeds=5,
        ),
        scenario(
            kit,
            "Something is missing",
            "Deliveries came in which one header had been cut out, or was empty; the last one had "
            "none at all.",
            strangers(deliveries.missing, "passes_unsigned", "raises_on_missing"),
        ),
        scenario(
            kit,
            "Other spellings",
            "Machines on the way wrote the names of the headers in small letters, in capitals, "
            "and with a capital for each part.",
            welcome(deliveries.names, "names_by_case"),
        ),
    )


def times(kit: Kit) -> tuple[Scenario, ...]:
    """Slow roads, clocks that differ, and copies that come late."""
    return (
        scenario(
            kit,
            "A slow road",
            "Four deliveries were up to four minutes on their way, or came from a machine whose "
            "clock is 20 s ahead.",
            welcome(deliveries.slow, "impatient"),
        ),
        scenario(
            kit,
            "A copy from the log",
            "Two deliveries that had been right when they were signed came again: one an hour, "
            "one a day later.",
            strangers(deliveries.old, "never_too_old"),
        ),
        scenario(
            kit,
            "From the future",
            "A delivery came that was signed, with the right secret, for a time one hour ahead.",
            strangers(deliveries.ahead, "looks_back_only"),
        ),
        scenario(
            kit,
            "At the edge",
            "Deliveries came exactly 300 s after and before their time, then 301 s.",
            both(welcome(deliveries.inside, "edge_off"), strangers(deliveries.outside, "edge_off")),
        ),
        scenario(
            kit,
            "Milliseconds",
            "A sender with a bug signed a time in milliseconds.",
            strangers(deliveries.milliseconds, "takes_milliseconds"),
        ),
    )


def memory(kit: Kit) -> tuple[Scenario, ...]:
    """What one call must not know of another."""
    return (
        scenario(
            kit,
            "Two houses",
            "A delivery for harbour was let in at harbour's door. The same delivery came to "
            "wharf's door, which has another secret.",
            turns.another_house,
        ),
        scenario(
            kit,
            "The forger was faster",
            "A forged delivery came with an id, and after it the bank's own with the same id.",
            turns.forged_first,
        ),
        scenario(
            kit,
            "Once more",
            "The answer to a delivery got lost, and two seconds later the bank sent the same "
            "bytes again.",
            turns.again,
        ),
    )


def bodies(kit: Kit) -> tuple[Scenario, ...]:
    """What real senders write."""
    return (
        scenario(
            kit,
            "Fourteen bodies",
            "The bank delivered bodies such as real senders write: with spaces and without, with "
            "escapes, with 1.10 and 1e2, with a line break at the end.",
            welcome(deliveries.bodies, "writes_json_anew"),
            seeds=1,
        ),
    )


def rotation(kit: Kit) -> tuple[Scenario, ...]:
    """Two secrets, on either side."""
    return (
        scenario(
            kit,
            "Two secrets known",
            "In the middle of a rotation the receiver knew two secrets; the bank signed with the "
            "first, then with the second.",
            welcome(deliveries.two_secrets, "first_secret_only"),
        ),
        scenario(
            kit,
            "Two signatures sent",
            "In the middle of a rotation the bank signed with two secrets; the receiver knew one "
            "of them.",
            welcome(deliveries.two_signatures, "first_signature_only"),
        ),
    )


def last(kit: Kit) -> tuple[Scenario, ...]:
    """Hostile headers, and how it compares."""
    return (
        scenario(
            kit,
            "Beyond ASCII",
            "A stranger put letters beyond ASCII into each header in turn.",
            strangers(deliveries.not_ascii, "believes_forgery", "raises_on_letters"),
        ),
        scenario(
            kit,
            "Everything twice",
            "Each header came twice in turn: with another value before or behind the right one, "
            "then with the same value.",
            strangers(deliveries.doubled, "takes_doubled"),
        ),
        Scenario(
            "How it compares",
            "The source was read, since no run can tell how long a comparison takes.",
            turns.Comparing(kit),
            parted,
            "bank",
            1,
        ),
    )
