"""What `handshake` is put through: whom it has to let in, to turn away, and what it has to keep.

Every request differs from the plainest one in one respect, so that what goes wrong has one name.
"""

from __future__ import annotations

from labs.exercises.asked import fits
from labs.exercises.m4_handshake import asking
from labs.exercises.m4_handshake.asking import fresh_key, head, plain
from labs.exercises.m4_handshake.door import OPENED, SILENT, Door, Knock
from labs.exercises.m4_handshake.guests import GUESTS
from labs.exercises.m4_handshake.refusals import REFUSALS
from labs.exercises.m4_handshake.seen import Complaint, kept_out, let_in, opened_for, parted
from labs.exercises.scenario import Scenario, Stage
from labs.websocket.head import values

SPOKEN = ("bids.v2", "bids.v1")
PROTOCOL = "Sec-WebSocket-Protocol"
SEEDS = 10  # with five keys each, beside the RFC's


async def plainest(stage: Stage) -> Complaint | None:
    """Six bidders with the five fields; the first has the RFC's key."""
    fits(stage.given.handshake, "handshake", b"", SPOKEN)
    door = Door(stage, strict=True)
    for key in (asking.RFC_KEY, *(fresh_key(stage.rng) for _ in range(5))):
        if complaint := opened_for(await door.knock(head(plain(key))), key):
            return complaint
    return None


async def slow_reading(stage: Stage) -> Complaint | None:
    """The same bytes one by one, then in four packets."""
    request = head(plain(fresh_key(stage.rng)))
    door = Door(stage)
    for door.reads, segments in (1, [request]), (65_536, asking.cut(stage.rng, request, 4)):
        knock = await door.knock(*segments)
        if knock.outcome != SILENT and knock.had < len(request):
            return "one_read", f"after {knock.had} of {len(request)} bytes {knock.says}"
        if knock.outcome != OPENED:
            return "adds_up", f"the {len(request)} bytes came bit by bit, and then {knock.says}"
    return None


async def three_offers(stage: Stage) -> Complaint | None:
    """Two of the three are spoken here."""
    knock = await _offering(Door(stage, SPOKEN), "chat, bids.v1, bids.v2")
    if complaint := let_in(knock, "insists_on_subprotocol", "a bidder with three offers"):
        return complaint
    chosen = _chosen(knock)
    if not chosen:
        return "no_subprotocol", "the answer names no subprotocol, and both ends speak two of them"
    if len(chosen) > 1 or "," in chosen[0]:
        return "echoes_all", f"the answer names more than one subprotocol: {chosen!r}"
    if chosen[0] not in SPOKEN:
        return "echoes_unknown", f"the answer names {chosen[0]!r}, which auction does not speak"
    return None


async def foreign_offer(stage: Stage) -> Complaint | None:
    """The only offer is not spoken here; then there is no offer."""
    door = Door(stage, SPOKEN)
    for offer in "chat", "":
        knock = await _offering(door, offer)
        who = f"a bidder that offers {offer or 'nothing'}"
        if complaint := let_in(knock, "insists_on_subprotocol", who):
            return complaint
        if chosen := _chosen(knock):
            bug = "echoes_unknown" if chosen == [offer] else "unasked_subprotocol"
            return bug, f"to {who} the answer names the subprotocol {chosen[0]!r}"
    return None


async def frame_behind(stage: Stage) -> Complaint | None:
    """A bid in the packet of the request."""
    frame = asking.bid(stage.rng, "bid 100")
    knock = await _bidding(stage, frame)
    if knock.outcome == SILENT:
        return "blank_line_last", f"{len(frame)} bytes followed the blank line, and {knock.says}"
    if knock.outcome == OPENED and not knock.behind:
        return (
            "drops_what_follows",
            f"{len(frame)} bytes followed the blank line, and none came back",
        )
    return _kept(knock, frame, "wrong_cut")


async def blank_line_behind(stage: Stage) -> Complaint | None:
    """A bid in whose bytes a blank line stands."""
    frame = asking.bid_with_blank_line(stage.rng)
    return _kept(await _bidding(stage, frame), frame, "blank_line_in_frame")


async def much_behind(stage: Stage) -> Complaint | None:
    """A large frame in the packet of a small request."""
    knock = await _bidding(stage, asking.bid(stage.rng, "bid " + "1" * 70_000))
    return let_in(knock, "cap_counts_what_follows", "a small head with a large frame behind it")


async def endless_head(stage: Stage) -> Complaint | None:
    """70,000 bytes of header lines, and no blank line."""
    beginning = head(plain(fresh_key(stage.rng)))[:-2]
    knock = await Door(stage, reads=4_096).knock(beginning + b"X-More: yes\r\n" * 5_400)
    if knock.outcome == SILENT:
        return "endless_head", f"after {knock.had:,} bytes without a blank line it still read on"
    return kept_out(knock, "endless_head", "a head without an end", (431,))


async def _offering(door: Door, offer: str) -> Knock:
    """A knock with these subprotocols, or with none."""
    offers = [(PROTOCOL, offer)] if offer else []
    return await door.knock(head([*plain(fresh_key(door.stage.rng)), *offers]))


def _chosen(knock: Knock) -> list[str]:
    return values(knock.response.headers, PROTOCOL) if knock.response else []


async def _bidding(stage: Stage, frame: bytes) -> Knock:
    """A knock with a frame in the same packet."""
    return await Door(stage).knock(head(plain(fresh_key(stage.rng))) + frame)


def _kept(knock: Knock, frame: bytes, bug: str) -> Complaint | None:
    """The bug when what followed the blank line is not what came back."""
    if knock.outcome != OPENED:
        return bug, f"{len(frame)} bytes followed the blank line, and {knock.says}"
    if knock.behind != frame:
        sent, back = frame.hex(" "), knock.behind.hex(" ")
        return bug, f"behind the blank line stood {sent}, and what came back is {back}"
    return None


SCENARIOS = (
    Scenario(
        "the plainest request",
        "Six bidders knocked one after the other, each with the five fields in one packet; the "
        "first brought the key of the RFC.",
        plainest,
        parted,
        "bidder",
        seeds=SEEDS,
    ),
    Scenario(
        "slow reading",
        "The plainest request again: once auction read it byte by byte, once it came in four "
        "packets.",
        slow_reading,
        parted,
        "bidder",
        seeds=SEEDS,
    ),
    *(Scenario(one.name, one.did, one, parted, "bidder", seeds=4) for one in (*GUESTS, *REFUSALS)),
    Scenario(
        "three offers",
        "auction speaks bids.v2 and bids.v1; a bidder offered chat, bids.v1 and bids.v2.",
        three_offers,
        parted,
        "bidder",
        seeds=2,
    ),
    Scenario(
        "foreign offers",
        "auction speaks bids.v2 and bids.v1; one bidder offered chat, another one nothing.",
        foreign_offer,
        parted,
        "bidder",
        seeds=2,
    ),
    Scenario(
        "a frame in the same packet",
        "A bidder did not wait for the 101: its first frame came in the packet of its request.",
        frame_behind,
        parted,
        "bidder",
        seeds=SEEDS,
    ),
    Scenario(
        "a blank line in a frame",
        "The same, with a frame in which the bytes 0d 0a 0d 0a happen to stand.",
        blank_line_behind,
        parted,
        "bidder",
        seeds=SEEDS,
    ),
    Scenario(
        "a large frame in the same packet",
        "A small request, and in its packet a frame of 70,000 bytes.",
        much_behind,
        parted,
        "bidder",
        seeds=2,
    ),
    Scenario(
        "a head without an end",
        "A client sent 70,000 bytes of header lines and no blank line; auction read 4,096 at a "
        "time.",
        endless_head,
        parted,
        "bidder",
        seeds=2,
    ),
)
