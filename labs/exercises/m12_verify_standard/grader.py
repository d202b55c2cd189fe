"""What `verify_standard` is put through; the order is that of the verdicts."""

from __future__ import annotations

from labs.exercises.m12_verify_standard import own
from labs.exercises.m12_verify_standard.own import KIT
from labs.exercises.verifying import common
from labs.exercises.verifying.judged import scenario, strangers, welcome

SCENARIOS = (
    *common.first(KIT),
    *common.times(KIT),
    scenario(
        KIT,
        "What is no time",
        "A stranger sent nine timestamps that are no count of seconds, some of them numbers.",
        strangers(own.unreadable_times, "believes_forgery", "raises_on_time"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Two times",
        "A copy came an hour late, with the time that was signed and a newer one beside it.",
        strangers(own.two_times, "time_rewritten"),
        seeds=1,
    ),
    *common.memory(KIT),
    *common.bodies(KIT),
    *common.rotation(KIT),
    scenario(
        KIT,
        "Other people's signatures",
        "A right signature came in a list with signatures of versions that are for others.",
        welcome(own.other_versions, "stumbles_over_others"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Half a signature",
        "A stranger sent an empty signature, half of the right one, and four characters of it.",
        strangers(own.parts, "part_is_enough", "raises_on_signature"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Another label",
        "A stranger wrote the right digest under the names of other versions, and under none.",
        strangers(own.relabelled, "takes_any_version"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Broken signatures",
        "A stranger sent ten headers that are no list of signatures.",
        strangers(own.broken, "believes_forgery", "raises_on_signature"),
        seeds=1,
    ),
    scenario(
        KIT,
        "Something in between",
        "The right signature came with one character in it that does not belong there.",
        strangers(own.junk_inside, "decodes_loosely"),
        seeds=1,
    ),
    scenario(
        KIT,
        "A moved border",
        "A stranger moved the first bytes of the body into the id, so that the signed text stayed "
        "the same.",
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
