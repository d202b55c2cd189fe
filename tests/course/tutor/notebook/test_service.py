"""The running course, as a kernel finds it and speaks with it."""

import json

import pytest

from course.tutor.notebook import panel
from course.tutor.notebook.conversation import asked
from course.tutor.notebook.service import NotAnswered, Service, running
from course.tutor.protocol import Citation, Delta, Done, Start
from labs.exercises import PROGRESS

from .conftest import OWNER, SILENCE

WITHIN = 10  # seconds


@pytest.fixture
def service(course):
    """The tutor with the owner's secret."""
    return Service(course.origin, OWNER)


def test_the_folder_that_start_names_says_where_the_course_is(course, monkeypatch, tmp_path):
    """A kernel of the course's JupyterLab is told; another one looks above its own folder."""
    monkeypatch.setenv(PROGRESS, str(course.state / "progress.json"))
    monkeypatch.chdir(tmp_path)
    assert running() == Service(course.origin, OWNER)
    monkeypatch.delenv(PROGRESS)
    inside = course.state.parent / "work" / "deep"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    assert running() == Service(course.origin, OWNER)


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"origin": 1}'])
def test_without_a_running_course_a_sentence_says_how_to_start_it(monkeypatch, tmp_path, text):
    """Nothing there, half a file, another file: the same words."""
    monkeypatch.delenv(PROGRESS, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".course").mkdir()
    if text is not None:
        (tmp_path / ".course" / "running.json").write_text(text)
    with pytest.raises(NotAnswered, match="python3 -m course start"):
        running()


def test_a_course_that_has_ended_is_told_as_such():
    """The file may be older than the process that it names."""
    with pytest.raises(NotAnswered, match="while the course runs"):
        Service("http://127.0.0.1:9", OWNER).status()


def test_the_owners_secret_opens_what_a_cookie_would(service):
    """Status, history and export; each ticket is a new one."""
    assert service.status()["signed_in"]
    assert service.history("nothing like it") == {"exchanges": []}
    assert {"user", "exchanges"} <= set(service.export())
    assert service.socket() != service.socket()


def test_another_secret_opens_nothing(course):
    """The refusal has its status, so that a client does not come again by itself."""
    with pytest.raises(NotAnswered, match="Sign in") as refused:
        Service(course.origin, "guess").socket()
    assert refused.value.status == 401


def test_an_answer_comes_as_the_protocols_messages(service, course):
    """From `start` to `done`, with the question's mode and the learner's work."""
    heard = list(asked(service, "Why?", "hint", {"code": "x = 1"}))
    assert [type(each) for each in heard] == [Start, Delta, Citation, Done]
    assert heard[1].text == SILENCE
    last = course.answerer.asked[-1]
    assert (last.question, last.mode, last.context) == ("Why?", "hint", {"code": "x = 1"})


def test_an_interrupted_kernel_stops_the_answer(service, course):
    """`stop` goes up, and the answerer is closed."""
    answer = asked(service, "wait", "explain", {})
    assert isinstance(next(answer), Start)
    next(answer)
    course.answerer.closed.clear()
    with pytest.raises(KeyboardInterrupt):
        answer.throw(KeyboardInterrupt())
    assert course.answerer.closed.wait(WITHIN)


def test_the_page_gets_from_the_kernel_what_takes_the_secret(course, monkeypatch):
    """The socket's address with a ticket, the history; never the secret itself."""
    monkeypatch.setenv(PROGRESS, str(course.state / "progress.json"))
    said = [panel.answered({"n": 1, "wants": each}) for each in ("status", "address", "history")]
    assert said[0]["said"]["signed_in"]
    assert said[1]["said"]["url"].startswith(course.origin.replace("http", "ws"))
    assert said[2]["n"] == 1
    assert OWNER not in json.dumps(said)
    assert "refused" in panel.answered({"n": 2, "wants": "shell"})
    monkeypatch.setenv(PROGRESS, "/nowhere/progress.json")
    monkeypatch.chdir("/")
    assert panel.answered({"n": 3, "wants": "address"})["refused"].startswith("The tutor answers")
