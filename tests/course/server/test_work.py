"""The learner's copy of the lessons."""

import pytest

from course.server.work import hand_out


@pytest.fixture
def folders(tmp_path):
    """Shipped lessons, the learner's folder, the ledger."""
    shipped = tmp_path / "notebooks"
    shipped.mkdir()
    (shipped / "06_liveness.ipynb").write_text("shipped 1")
    (shipped / "06_liveness.yaml").write_text("yaml 1")
    (shipped / "notes.txt").write_text("not a lesson")
    return shipped, tmp_path / "work", tmp_path / "work.json"


def names(work):
    """What stands in the folder."""
    return sorted(file.name for file in work.iterdir())


def test_lessons_are_copied(folders):
    """The first time, each notebook and its YAML come over, and nothing is said."""
    said = hand_out(*folders)

    assert said == []
    assert names(folders[1]) == ["06_liveness.ipynb", "06_liveness.yaml"]


def test_an_untouched_lesson_follows_its_update(folders):
    """What the learner did not edit is replaced by the newer one."""
    shipped, work, _ = folders
    hand_out(*folders)
    (shipped / "06_liveness.ipynb").write_text("shipped 2")

    assert hand_out(*folders) == []
    assert (work / "06_liveness.ipynb").read_text() == "shipped 2"


def test_an_edited_lesson_is_never_overwritten(folders):
    """The learner's version stays; the newer one is put beside it, said once."""
    shipped, work, _ = folders
    hand_out(*folders)
    (work / "06_liveness.ipynb").write_text("mine")
    nothing_new = hand_out(*folders)
    (shipped / "06_liveness.ipynb").write_text("shipped 2")
    said = hand_out(*folders)
    again = hand_out(*folders)

    assert (nothing_new, again) == ([], [])
    assert said == [
        "You edited 06_liveness.ipynb: its newer version is 06_liveness.new.ipynb, beside it."
    ]
    assert (work / "06_liveness.ipynb").read_text() == "mine"
    assert (work / "06_liveness.new.ipynb").read_text() == "shipped 2"


def test_an_edited_newer_version_is_not_overwritten_either(folders):
    """A third version goes beside the second when the learner worked in that."""
    shipped, work, _ = folders
    hand_out(*folders)
    for number in (2, 3):
        (work / "06_liveness.ipynb").write_text("mine")
        (shipped / "06_liveness.ipynb").write_text(f"shipped {number}")
        hand_out(*folders)
        (work / "06_liveness.new.ipynb").write_text("mine too")

    assert (work / "06_liveness.new2.ipynb").read_text() == "shipped 3"
    assert (work / "06_liveness.new.ipynb").read_text() == "mine too"


@pytest.mark.parametrize("ledger", [None, b"", b"not json", b"[]", b"\xff"])
def test_a_lost_ledger_costs_nothing(folders, ledger):
    """Without the ledger a differing file counts as edited."""
    shipped, work, file = folders
    hand_out(*folders)
    (shipped / "06_liveness.ipynb").write_text("shipped 2")
    file.unlink() if ledger is None else file.write_bytes(ledger)
    hand_out(*folders)

    assert (work / "06_liveness.ipynb").read_text() == "shipped 1"
    assert (work / "06_liveness.new.ipynb").read_text() == "shipped 2"


def test_a_deleted_lesson_comes_back(folders):
    """A lesson that the learner deleted is there again at the next start."""
    _, work, _ = folders
    hand_out(*folders)
    (work / "06_liveness.ipynb").unlink()
    hand_out(*folders)

    assert names(work) == ["06_liveness.ipynb", "06_liveness.yaml"]


def test_what_is_not_a_file_is_left_alone(folders, tmp_path):
    """A folder or a link of the learner's under a lesson's name is not written through."""
    _, work, _ = folders
    work.mkdir()
    (work / "06_liveness.ipynb").symlink_to(tmp_path / "nowhere")
    (work / "06_liveness.yaml").mkdir()
    hand_out(*folders)

    assert (work / "06_liveness.ipynb").is_symlink()
    assert not (tmp_path / "nowhere").exists()
