"""What a learner keeps of a run."""

import json

from labs import evidence
from labs.journal import Journal, Note

JOURNAL = Journal((Note(1.0, "bidder", "hello"),), ("bidder",), 2.0, seed=6)


def test_a_run_is_kept_with_what_repeats_it(monkeypatch):
    """Evidence names the seed, the length and the digest, in fixed words."""
    monkeypatch.setattr(evidence, "kept", [])
    monkeypatch.delenv(evidence.FOLDER, raising=False)

    one = evidence.keep("silence", JOURNAL, 0)

    expected = f"Kept: silence\n      (seed 6, 0 messages, 2.000 s, digest {JOURNAL.digest()[:12]})"
    assert expected == repr(one)
    assert [one] == evidence.kept


def test_the_same_words_replace_what_was_kept(monkeypatch):
    """Running a cell again keeps one piece of evidence, not two."""
    monkeypatch.setattr(evidence, "kept", [])
    monkeypatch.delenv(evidence.FOLDER, raising=False)

    evidence.keep("silence", JOURNAL, 0)
    evidence.keep("silence", JOURNAL, 0)

    assert len(evidence.kept) == 1


def test_a_named_folder_gets_a_file(monkeypatch, tmp_path):
    """Where a folder is named, the run is a file in it, with its whole journal."""
    monkeypatch.setattr(evidence, "kept", [])
    monkeypatch.setenv(evidence.FOLDER, str(tmp_path / "evidence"))

    evidence.keep("half-open, found at 40.0 s!", JOURNAL, 0)

    record = json.loads((tmp_path / "evidence" / "half-open-found-at-40-0-s.json").read_text())
    assert record["says"] == "half-open, found at 40.0 s!"
    assert Journal.from_json(json.dumps(record["journal"])) == JOURNAL
