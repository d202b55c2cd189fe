"""The life of a subscription: from a URL that somebody typed to one that is switched off.

The twin of a connection's life in `websocket/lifecycle.py`: here nothing is open between two
events, and the state stands in the sender's database.
"""

from __future__ import annotations

from labs.lifecycle import Lifecycle

REGISTERED, ACTIVE, ROTATING = "REGISTERED", "ACTIVE", "ROTATING"
PAUSED, DISABLED, DELETED = "PAUSED", "DISABLED", "DELETED"

SUBSCRIPTION = Lifecycle(
    "a subscription",
    {
        (REGISTERED, "the URL consents"): ACTIVE,
        (REGISTERED, "no consent in time"): DELETED,
        (ACTIVE, "event within the filter: sent"): ACTIVE,
        (ACTIVE, "event outside it: not sent"): ACTIVE,
        (ACTIVE, "secret replaced: both sign"): ROTATING,
        (ACTIVE, "owner pauses"): PAUSED,
        (ACTIVE, "fails for too long, or 410"): DISABLED,
        (ROTATING, "old secret expires"): ACTIVE,
        (PAUSED, "owner resumes"): ACTIVE,
        (DISABLED, "repaired: asked again"): REGISTERED,
        (DISABLED, "nobody comes back"): DELETED,
    },
)
