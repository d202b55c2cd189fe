"""What `verify_stripe` is put through; the order is that of the verdicts."""

from __future__ import annotations

from labs.exercises.m12_verify_stripe import own
from labs.exercises.m12_verify_stripe.own import KIT
from labs.exercises.verifying import common
from labs.exercises.verifying.judged import both, scenario, strangers, welcome

SCENARIOS = (
    *common.first(KIT),
    scenario(
        KIT,
        "Half a header",
        "A stranger sent a Stripe-Signature that lacks its time or its signature.",
        strangers(own.items_missing, "passes_unsigned", "raises_on_missing"),
        seeds=1,
    ),
    *common.times(KIT),
    scenario(
        KIT,
        "What is no time",
        "A stranger sent ten times that are no count of seconds, some of them numbers.",
        strangers(own.unreadable_times, "believes_forgery", "raises_on_time"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Two times",
        "A copy came an hour late, with the t that was signed and a newer one beside it.",
        strangers(own.two_times, "time_rewritten"),
        seeds=1,
    ),
    *common.memory(KIT),
    *common.bodies(KIT),
    *common.rotation(KIT),
    scenario(
        KIT,
        "An old secret",
        "Somebody found a secret that had been replaced, and signed with it: a second, and a day "
        "after its date.",
        strangers(own.expired, "never_expires"),
    ),
    scenario(
        KIT,
        "A secret for later",
        "A delivery came that was signed with a secret whose date is still to come.",
        strangers(own.not_yet, "good_too_early"),
    ),
    scenario(
        KIT,
        "The day of the change",
        "A secret became good in the very second of the delivery; another one had one second "
        "left; a third one had reached its date.",
        both(welcome(own.first_second, "dates_off"), strangers(own.last_second, "dates_off")),
    ),
    scenario(
        KIT,
        "Other people's items",
        "A right signature came in a header with items that are for others, and in another order.",
        welcome(own.other_items, "stumbles_over_others"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Half a signature",
        "A stranger sent half of the right digits, then four of them.",
        strangers(own.parts, "part_is_enough", "raises_on_signature"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Another label",
        "A stranger wrote the right digits under other names than v1, and under none.",
        strangers(own.relabelled, "takes_any_version"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Broken headers",
        "A stranger sent nine headers that are no list of items.",
        strangers(own.broken, "believes_forgery", "raises_on_signature"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Something in between",
        "The right digits came with blanks between them.",
        strangers(own.junk_inside, "decodes_loosely"),
        seeds=1,
    ),
    scenario(
        KIT,
        "A moved border",
        "A stranger moved the first digits of the body into the time, so that the signed text "
        "stayed the same.",
        strangers(own.moved_border, "moves_the_border"),
        seeds=1,
    ),
    scenario(
        KIT,
        "No secret",
        "Receivers that were never told a secret got a delivery that was signed with an empty key.",
        own.empty_secrets,
        seeds=1,
    ),
    *common.last(KIT),
)
