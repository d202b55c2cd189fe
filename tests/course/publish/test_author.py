"""The author's door: it stores what a fresh kernel puts out, and refuses with sentences."""

import json

import pytest

from course.publish import notebook
from course.publish.author import main, shared_ids


def stripped(path):
    """The notebook without outputs, as an author has just converted it."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for number, cell in enumerate(content["cells"]):
        cell["id"] = f"{number:x}-as-a-tool-made-it"
        cell["metadata"] = {"tags": cell["metadata"]["tags"], "collapsed": True}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    content["metadata"] = {"jupytext": {"text_representation": {}}}
    path.write_text(json.dumps(content), encoding="utf-8")


def test_write_stores_the_same_bytes_again(sample, capsys):
    """Outputs, counts, ids and metadata come from the sources alone."""
    path = sample / "90_sample.ipynb"
    before = path.read_bytes()
    stripped(path)
    assert main(["--write", "90"], sample) == 0
    assert path.read_bytes() == before
    assert "27 cells, 17 code, 20 core" in capsys.readouterr().out


def test_a_changed_digit_is_refused_and_stays(sample, capsys):
    """Without --write nothing is repaired."""
    path = sample / "90_sample.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("50 sent", "51 sent"))
    changed = path.read_bytes()
    assert main(["90_sample"], sample) == 1
    assert r"'51 sent\n0 arrived\n' is stored, '50 sent\n0 arr" in capsys.readouterr().out
    assert path.read_bytes() == changed


def test_a_cell_that_raises_is_refused_and_not_stored(sample, capsys):
    """The sentence names the cell and the error; the stored notebook stays as it was."""
    path = sample / "90_sample.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("tunnel(50)", "tunnel(fifty)"))
    changed = path.read_bytes()
    assert main(["--write"], sample) == 1
    assert "REFUSED cell 9 raises NameError: name 'fifty' is not defined" in capsys.readouterr().out
    assert path.read_bytes() == changed


def test_core_cells_stand_without_the_deep_ones(sample, capsys):
    """Who reads the core path only meets no name that a deep cell made."""
    path = sample / "90_sample.ipynb"
    text = path.read_text(encoding="utf-8")
    text = text.replace("print(f'{cut.sent} sent')", "bids = cut.sent; print(f'{bids} sent')")
    path.write_text(text.replace("print(cut.raised == 0)", "print(bids == 50)"))
    assert main(["--write"], sample) == 1
    assert "REFUSED core: without the deep cells, cell 21 raises NameErr" in capsys.readouterr().out


def test_an_unknown_lesson_is_named(sample, capsys):
    """A slip of the pen is not taken for a lesson that passes."""
    assert main(["07"], sample) == 64
    assert "no lesson 07 in notebooks/" in capsys.readouterr().out


def test_no_lessons_at_all_are_nothing_to_refuse(tmp_path):
    """An empty house is in order."""
    assert main([], tmp_path) == 0


def test_a_lesson_without_its_yaml_is_refused(sample, capsys):
    """A notebook alone is not a lesson."""
    (sample / "90_sample.yaml").unlink()
    assert main([], sample) == 1
    assert "90_sample.yaml is neither beside this notebook nor" in capsys.readouterr().out


@pytest.mark.parametrize("mime", [notebook.WIDGET])
def test_widgets_are_not_stored(mime):
    """A stored widget view without its state shows an error in JupyterLab."""
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    output = new_output("display_data", data={mime: {"model_id": "x"}, "text/plain": "p"})
    stored = new_notebook(cells=[new_code_cell("1", outputs=[output])], metadata={"widgets": {}})
    clean = notebook.normalised(stored)
    assert dict(clean.cells[0].outputs[0].data) == {"text/plain": "p"}
    assert set(clean.metadata) == {"kernelspec", "language_info"}


def test_two_lessons_do_not_share_an_id(sample):
    """A copied YAML keeps the id of the lesson it was copied from; somebody has to notice."""
    for suffix in ("ipynb", "yaml"):
        copy = (sample / f"90_sample.{suffix}").read_bytes()
        (sample / f"91_other.{suffix}").write_bytes(copy)
    (sentence,) = shared_ids(notebook.files(sample))
    assert sentence == "the id m90 belongs to both 90_sample and 91_other"
