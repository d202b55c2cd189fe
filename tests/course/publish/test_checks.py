"""Each check of the author gate refuses what it is there for, and passes the sample."""

from dataclasses import replace

import nbformat
import pytest

from course.publish import checks
from course.publish.checks import CHECKS, problems


def cell(ran, tag, which=0):
    """The stored cell with that tag."""
    return [each for each in ran.stored.cells if tag in each.metadata.tags][which]


def fresh(ran, tag):
    """The cell with that tag as it came out of the kernel."""
    return next(each for each in ran.fresh.cells if tag in each.metadata.tags)


def test_the_sample_passes_every_check(ran):
    """A lesson that follows the template has nothing to put right."""
    assert problems(ran) == []


def _digit(ran):
    cell(ran, "reveal").outputs[0].data["text/plain"] = "sent 51"


def _heading(ran):
    cell(ran, "prose", 1).source = "## Watch"


def _minutes(ran):
    ran.stored.cells[0].source = ran.stored.cells[0].source.replace("10 min", "11 min")


def _unknown_kind(ran):
    cell(ran, "lab").metadata["tags"] = ["labb", "core"]


def _no_depth(ran):
    cell(ran, "lab").metadata["tags"] = ["lab"]


def _no_reveal(ran):
    cell(ran, "reveal").metadata["tags"] = ["lab", "core"]


def _unfolded(ran):
    del cell(ran, "reveal").metadata["jupyter"]


def _nothing_read(ran):
    fresh(ran, "read").metadata["tags"] = ["prose", "core"]


def _long_cell(ran):
    cell(ran, "lab").source = "\n".join(["pass"] * 16)


def _long_starter(ran):
    cell(ran, "exercise").source = "\n".join(["pass"] * 31)


def _too_many_words(ran):
    cell(ran, "read").source += " word" * 90


def _long_contract(ran):
    cell(ran, "read").metadata["tags"] = ["exercise", "deep"]
    cell(ran, "exercise").source += " word" * 121


def _much_core(ran):
    cell(ran, "read").source += "\n\n### Another\n\n" + "\n\n### One\n\nword" * 700


def _other_starter(ran):
    cell(ran, "exercise").source += "\n    return None"


def _no_id(ran):
    cell(ran, "exercise").source = "def heartbeat(now):\n    ..."


def _unchecked(ran):
    cell(ran, "check").source = "1"


def _nothing_to_spot(ran):
    cell(ran, "spot").metadata["tags"] = ["lab", "deep"]


def _port(ran):
    fresh(ran, "real").outputs[0]["text"] = "listening on 127.0.0.1\n"


def _time(ran):
    fresh(ran, "real").outputs[0]["text"] = "took 2.5 s\n"


def _untitled(ran):
    data = fresh(ran, "reveal").outputs[0].data
    data["image/svg+xml"] = data["image/svg+xml"].replace("title", "tilte")


def _undescribed(ran):
    data = fresh(ran, "reveal").outputs[0].data
    data["image/svg+xml"] = data["image/svg+xml"].replace("desc", "dsec")


def _no_twin(ran):
    fresh(ran, "reveal").outputs[0].data["text/plain"] = "<Tunnel object at 0x7f00>"


def _heading_twice(ran):
    cell(ran, "prose", 3).source = "### Silence looks like health"


def _card_twice(ran):
    ran.lesson.content["cards"][1]["front"] = ran.lesson.content["cards"][0]["front"]


def _broken_anchor(ran):
    ran.lesson.content["symptoms"][0]["anchor"] = "nowhere"


def _broken_link(ran):
    fresh(ran, "read").source = "See [there](#Nowhere-at-all)."


def _no_quiz(ran):
    del ran.lesson.content["quiz"]


def _quiz_not_shown(ran):
    fresh(ran, "quiz").outputs = []


def _unsaid(ran):
    ran.lesson.content["claims"][0]["says"] = "51 of 50 sends succeed"


def _undated(ran):
    ran.lesson.content["claims"][2]["source"]["checked"] = "last year"


SPOILT = [
    (_digit, "outputs: cell 9 differs in text/plain: "),
    (_heading, "shape: the second-level headings are ['Predict', 'Watch',"),
    (_minutes, "head: the first cell must hold this line: 10 min core"),
    (_unknown_kind, "kinds: cell 6 has the unknown tags ['labb']"),
    (_no_depth, "kinds: cell 6 needs one kind and one of core, deep"),
    (_no_reveal, "reveals: the prediction in cell 7 has no reveal"),
    (_unfolded, "reveals: cell 9 answers a prediction and is not stored folded"),
    (_nothing_read, "readings: cell 9 shows a diagram and no cell tagged read"),
    (_long_cell, "lengths: cell 6 has 16 lines; 15 are allowed"),
    (_long_starter, "lengths: cell 17 has 31 lines; 30 are allowed"),
    (_too_many_words, "budgets: cell 10 spends 107 words on one heading; 100 are allowed"),
    (_long_contract, "budgets: cell 10 spends"),
    (_much_core, "budgets: 796 words of prose in core cells; 700 are allowed"),
    (_other_starter, "practice: cell 17 is not the starter of m4.handshake"),
    (_no_id, "practice: cell 17 must begin with an exercise that exists"),
    (_unchecked, 'practice: no cell tagged check below cell 17 says check("m4.handshake")'),
    (_nothing_to_spot, "practice: the lesson has no cell tagged spot"),
    (_port, "real: cell 21 runs on real sockets and prints '127.0.0.1'"),
    (_time, "real: cell 21 runs on real sockets and prints '2.5 s'"),
    (_untitled, "pictures: cell 9 shows an SVG without <title>"),
    (_undescribed, "pictures: cell 9 shows an SVG without <desc>"),
    (_no_twin, "pictures: cell 9 shows an SVG without a text twin"),
    (_heading_twice, "ids: the heading 'silence-looks-like-health' is there 2 times"),
    (_card_twice, "ids: the card 'What does `send()` promise?' is there 2 times"),
    (_broken_anchor, "anchors: symptoms[1].anchor 'nowhere' is no heading of the page"),
    (_broken_link, "anchors: cell 10 links to #Nowhere-at-all"),
    (_no_quiz, "sections: the YAML has no section `quiz`"),
    (_quiz_not_shown, "sections: no cell shows lesson.quiz()"),
    (_unsaid, "claims: the claim '51 of 50 sends succeed' stands nowhere on the page"),
    (_undated, "claims: the claim '2 s' needs `checked` as year and month"),
]


@pytest.mark.parametrize(("spoil", "says"), SPOILT, ids=[s.__name__[1:] for s, _ in SPOILT])
def test_a_spoilt_lesson_is_refused_by_its_own_sentence(ran, spoil, says):
    """One thing wrong, and the check that is there for it says so."""
    spoil(ran)
    assert any(sentence.startswith(says) for sentence in problems(ran)), problems(ran)


def test_every_check_has_a_spoilt_lesson():
    """A check that never refused anything is not known to work."""
    assert {says.split(":")[0] for _, says in SPOILT} == set(CHECKS)


def test_the_tour_has_a_shape_of_its_own(ran):
    """Lesson 00 shows everything once and is free of the six headings and of the sections."""
    _heading(ran)
    _no_quiz(ran)
    tour = replace(ran, lesson=replace(ran.lesson, name="00_ten_minutes"))
    assert not list(checks.shape(tour))
    assert not list(checks.sections(tour))


def test_a_cell_more_than_stored_is_a_difference(ran):
    """A notebook whose cells were changed without a run is refused."""
    ran.fresh.cells.append(nbformat.v4.new_code_cell("1"))
    assert "the stored notebook has other cells than the one that ran" in list(
        checks.same_outputs(ran)
    )
