"""Reports of many verdicts: for a CI, for a reader, for a roll-up."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from course.grading import check, reports, rollup
from course.refusal import Refusal
from labs.exercises.exercise import ids

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
ID = "m4.handshake"


def record(name, verdict, bug=None, **more):
    """A verdict as it stands in a report."""
    parts = dict.fromkeys(("did", "saw", "expected", "next", "link"), "words" if bug else "")
    return {"exercise": name, "verdict": verdict, "bug": bug, **parts, "diagram": "#1 a", **more}


RECORDS = [
    record("m4.a", "correct", says="3 scenarios"),
    record("m4.b", "incorrect", "any_method", saw="it said <ok> & \x1b[1m"),
    record("m6.c", "not_attempted"),
    record("m6.d", "unclear", says="ours"),
]


def test_junit_counts_each_outcome():
    """Incorrect is a failure, unclear an error, not attempted skipped; a lesson is a case."""
    lessons = {"04_handshake": "", "06_liveness": "cell 3 raises NameError"}
    root = ET.fromstring(reports.junit(reports.report(RECORDS, "ann", lessons, AT)))
    exercises, ran = root.findall("testsuite")

    counted = {name: exercises.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counted == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    failure = exercises.find("testcase[@name='b']/failure")
    assert failure.get("message") == "m4.b: incorrect (any_method)"
    assert "it said <ok> & \ufffd[1m" in failure.text
    assert (ran.get("tests"), ran.get("failures")) == ("2", "1")
    assert "cell 3 raises NameError" in ran.find("testcase/failure").get("message")


def test_markdown_has_a_table_and_every_verdict_in_full():
    """What is incorrect can be unfolded below the table."""
    said = reports.markdown(reports.report(RECORDS, when=AT))

    assert said.startswith("1 correct, 1 incorrect, 1 not attempted, 1 could not tell.")
    assert "| `m4.b` | incorrect | `any_method` |" in said
    assert "<details><summary>m4.b: incorrect</summary>" in said


def test_all_exercises_are_graded_and_reported(capsys, about, lessons, fill, tmp_path):
    """Every exercise has its row; an untouched one is no failure, a wrong one is."""
    files = {name: tmp_path / name for name in ("a.xml", "a.md", "a.json")}
    wanted = ["--all", "--notebooks", lessons, "--junit", files["a.xml"]]
    wanted += ["--markdown", files["a.md"], "--report-file", files["a.json"], "--who", "ann"]
    assert check.main([str(each) for each in wanted]) == 0
    assert all(file.stat().st_size for file in files.values())
    fill(about.solutions("wrong")["any_method"])
    capsys.readouterr()
    assert check.main([*map(str, wanted), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)

    assert [each["exercise"] for each in report["exercises"]] == list(ids())
    assert report["who"] == "ann"
    verdicts = {each["exercise"]: each["verdict"] for each in report["exercises"]}
    assert verdicts[ID] == "incorrect"
    assert json.loads(files["a.json"].read_text())["exercises"] == report["exercises"]


# The roll-up.


def saved(folder, name, who, when, *records):
    """A report as a file."""
    moment = datetime.fromisoformat(when).replace(tzinfo=UTC)
    (folder / name).write_text(json.dumps(reports.report(records, who, when=moment)))


def test_a_bug_is_since_the_first_report_of_its_row(tmp_path):
    """Who, which bug, since when; what was mended in between begins anew."""
    wrong, right = record("m4.b", "incorrect", "any_method"), record("m4.b", "correct")
    saved(tmp_path, "1.json", "ann", "2026-11-01", wrong)
    saved(tmp_path, "2.json", "ann", "2026-11-02", right)
    saved(tmp_path, "4.json", "ann", "2026-11-04", wrong)
    saved(tmp_path, "3.json", "ann", "2026-11-03", wrong)
    saved(tmp_path, "5.json", "", "2026-11-05", right)
    table = rollup.standings([rollup.read(path) for path in rollup.expanded([tmp_path])])

    assert table["ann"]["m4.b"] == rollup.Standing("incorrect", "any_method", "2026-11-03")
    assert table["5"]["m4.b"].verdict == "correct"


def test_the_page_is_complete_and_safe(tmp_path, capsys):
    """One file without anything from elsewhere; names are text, not markup."""
    saved(tmp_path, "1.json", "<b>ann</b>", "2026-11-01", *RECORDS)
    out = tmp_path / "class.html"
    assert rollup.main([str(tmp_path / "1.json"), "--out", str(out)]) == 0
    page = out.read_text()

    assert "&lt;b&gt;ann&lt;/b&gt;" in page
    assert "incorrect: any_method" in page
    assert "since 2026-11-01" in page
    assert "http" not in page
    assert "1 learners" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "[]", '{"exercises": [{}]}', "\0"])
def test_what_is_no_report_is_named(tmp_path, content):
    """Status 64, with the file."""
    path = tmp_path / "other.json"
    path.write_text(content)
    with pytest.raises(Refusal, match=r"other\.json is not a report") as refused:
        rollup.main([str(path)])

    assert refused.value.status == 64
