"""The prompts and the questions as data."""

import re

import pytest

pytest.importorskip("nbformat", reason="lessons are read with nbformat")

from course.publish import notebook
from course.publish.links import headings, slug
from course.publish.stops import stops
from labs.lesson_schema import LessonError
from labs.lessons import NOTEBOOKS, lesson
from labs.panel import KINDS
from labs.panel import MIME as PANEL
from labs.studio.prompts import prompt, prompts, rubric
from labs.studio.questions import questions, stale
from labs.studio.review import review

LESSONS = sorted(path.stem for path in NOTEBOOKS.glob("*.yaml"))
ABOUT = [pytest.param(each, id=each.id) for each in prompts()]


def anchors(name):
    """Every anchor of a lesson's page."""
    read = notebook.read(NOTEBOOKS / f"{name}.ipynb")
    return {slug(text) for _, _, text in headings(read)}


@pytest.fixture(scope="module")
def places():
    """Every `lesson#anchor` that there is."""
    return {f"{name}#{anchor}" for name in LESSONS for anchor in anchors(name)}


def test_five_prompts_in_their_order():
    """The five of the course's plan."""
    assert [each.id for each in prompts()] == [
        "live-auction",
        "ci-status",
        "chat",
        "payments",
        "our-webhooks",
    ]


def test_a_prompt_that_is_not_there_is_named():
    """One sentence."""
    with pytest.raises(LessonError, match="no prompt 'fax'"):
        prompt("fax")


@pytest.mark.parametrize("about", ABOUT)
def test_each_dimension_can_reach_the_top(about):
    """Three points or more, one of them at level 4, without an attached run."""
    for dimension in rubric()["dimensions"]:
        mine = [p for p in about.points if p.dimension == dimension["id"]]
        mine = [p for p in mine if p.id not in ("attached", "quoted")]
        assert len(mine) >= 3, dimension["id"]
        assert max(p.level for p in mine) == 4, dimension["id"]


@pytest.mark.parametrize("about", ABOUT)
def test_every_lesson_it_points_at_is_there(about, places):
    """Points, flags, changes and follow-ups lead to headings of lessons."""
    later = [point for change in about.changes for point in change.points]
    named = [each.lesson for each in (*about.points, *about.flags, *later) if each.lesson]
    named += [each["lesson"] for each in about.content["follow_ups"]]
    assert not [place for place in named if place not in places]


def control(declared):
    """The control of a declaration."""
    kind = next(kind for kind, name in KINDS.items() if name == declared["kind"])
    return kind(**{slot: declared[slot] for slot in kind.__slots__ if slot in declared})


@pytest.mark.parametrize("about", ABOUT)
def test_a_follow_up_s_knobs_can_stand_where_it_turns_them(about):
    """The panel is in the lesson, and has a recorded turn there, so that it answers at once."""
    for each in about.content["follow_ups"]:
        if "panel" not in each:
            continue
        name = each["lesson"].split("#")[0]
        read = notebook.read(NOTEBOOKS / f"{name}.ipynb")
        [cell] = [c for c in read.cells if re.search(rf"knobs\(\s*{each['panel']},", c.source)]
        declared = next(o.data[PANEL] for o in cell.outputs if PANEL in o.get("data", {}))
        knobs = {knob["name"]: knob for knob in declared["knobs"]}
        stands = stops({knob["name"]: control(knob) for knob in declared["knobs"]})
        for pair in each["turn"].split("&"):
            knob, position = pair.split("=")
            kind = knobs[knob]
            if kind["kind"] == "number":
                assert float(position) in stands[knob], pair
            else:
                assert position in kind.get("options", ("on", "off")), pair


@pytest.mark.parametrize("about", ABOUT)
def test_words_of_the_question_make_no_point(about):
    """Copying the brief and the answers to one's questions is not an answer."""
    said = [about.content["brief"], *(each["says"] for each in about.content["asks"])]
    assert review(about.asked(), {"answer": "\n".join(said)}).total <= 12


@pytest.mark.parametrize("name", LESSONS)
def test_no_phrase_speaks_of_words_that_a_lesson_has_given_up(name):
    """When this fails: bring labs/studio/heard/ up to the lesson's YAML."""
    assert stale(name, lesson(name).content.get("interview", ())) == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_s_own_answer_makes_its_points_and_raises_no_flag(name):
    """Two thirds of the points that can be heard, for each of its questions."""
    about = lesson(name)
    for each in questions(name, about.id, about.content.get("interview", ())):
        heard = [point for point in each.asked.points if point.heard]
        if not heard:
            continue  # nobody has written phrases yet: the reader judges
        seen = review(each.asked, {"answer": each.content["answer"]})
        made = [point for point in heard if seen.points[point.id]]
        assert 2 * len(made) >= len(heard), each.id
        assert not seen.flags, each.id
