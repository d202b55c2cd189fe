"""storm against receivers that are right, each in its way, and wrong, each in its way."""

import pytest

from tests.course.fieldtest.storming import receiver, stormed

QUICK = {  # of the ten faults, and the parts that are enough to see each
    "CheckThenAct": ("check_then_act", ["ten"]),
    "MarksStrangers": ("mark_first", ["forged_first"]),
    "ParsesQuietly": ("parses_before_verifying", ["unparsed"]),
    "Loses": ("acknowledged_and_lost", ["burst"]),
    "KnownOnly": ("unknown_type_refused", ["unknown_type"]),
    "DropsRetries": ("drops_retries", ["retry_marked"]),
    "OldOnly": ("one_sided_age", ["too_old", "too_new"]),
    "ReserialisesCompact": ("verifies_reserialised", ["manners", "body_rewritten"]),
    "WorksFirst": ("works_before_answering", ["twice"]),
    "InMemory": ("forgets_between_workers", ["burst", "later"]),
}
WRONG = {
    "CheckThenAct": ["check_then_act"],
    "CheckThenActLater": ["check_then_act"],
    "MarkFirst": ["mark_first"],
    "MarkFirstCancelled": ["mark_first"],
    "MarksStrangers": ["mark_first"],
    "Parses": ["parses_before_verifying"],
    "ParsesAndBreaks": ["parses_before_verifying", "breaks_on_hostile_input"],
    "ParsesQuietly": ["parses_before_verifying"],
    "Loses": ["acknowledged_and_lost"],
    "LosesAll": ["acknowledged_and_lost"],
    "KnownOnly": ["unknown_type_refused"],
    "KnownOther": ["unknown_type_refused"],
    "DropsRetries": ["drops_retries"],
    "OldOnly": ["one_sided_age"],
    "NoFuture": ["one_sided_age"],
    "AnyAge": ["no_age_limit"],
    "Reserialises": ["parses_before_verifying", "verifies_reserialised"],
    "ReserialisesCompact": ["verifies_reserialised"],
    "WorksFirst": ["works_before_answering"],
    "InMemory": ["forgets_between_workers"],
    "ActsAlways": ["acts_on_duplicates"],
    "VerifiesNothing": ["no_age_limit", "verifies_reserialised", "accepts_forgery"],
    "BreaksOnForgery": ["breaks_on_hostile_input"],
    "Redirects": ["redirects"],
}
RIGHT = [
    "Receiver",
    "Created",
    "NoContent",
    "Conflict",
    "Forbids",
    "BadRequest",
    "Slow",
    "Later",
    "Busy",
    "Locks",
    "OneTypeOnly",
]


@pytest.mark.parametrize("kind", QUICK)
def test_a_fault_is_named_by_its_own_finding(kind, tmp_path):
    """Each of ten faulty receivers gets the finding made for it, and no other."""
    expected, parts = QUICK[kind]
    only = [word for part in parts for word in ("--only", part)]
    with receiver(kind, tmp_path, 2 if kind == "InMemory" else 1) as address:
        status, report = stormed(address, *only)
    assert [finding["id"] for finding in report["findings"]] == [expected]
    assert status == 1


def test_a_right_receiver_is_clean(tmp_path):
    """A receiver that verifies, keeps and acts in one transaction passes everything."""
    with receiver("Receiver", tmp_path) as address:
        status, report = stormed(address)
    assert (status, report["findings"], report["unclear"]) == (0, [], "")
    assert report["unjudged"] == []
    assert set(report["effects"].values()) == {1}
    assert report["about"]["seconds"] < 20


def test_charged_twice_is_said(tmp_path):
    """Who acts on a duplicate reads that somebody was charged twice."""
    with receiver("ActsAlways", tmp_path) as address:
        _, report = stormed(address, "--only", "twice")
    (finding,) = report["findings"]
    assert "charged twice" in finding["saw"]
    assert set(finding) == {"id", "rule", "sent", "saw", "means", "lesson"}
    assert "standard-webhooks.md" in finding["rule"]
    assert "2026-11-25" in finding["rule"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", WRONG)
def test_every_fault_in_a_whole_storm(kind, tmp_path):
    """In a whole storm too, each faulty receiver gets its findings, and no others."""
    with receiver(kind, tmp_path, 2 if kind == "InMemory" else 1) as address:
        _, report = stormed(address)
    assert [finding["id"] for finding in report["findings"]] == WRONG[kind]


@pytest.mark.slow
@pytest.mark.parametrize("kind", RIGHT)
def test_every_way_to_be_right(kind, tmp_path):
    """No honest choice of a receiver is a finding."""
    with receiver(kind, tmp_path) as address:
        status, report = stormed(address)
    assert (status, report["findings"]) == (0, [])
