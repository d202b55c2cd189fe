"""The first lessons in Debian's Firefox: a cell runs, a knob turns, a run is stepped through."""

import shutil

import pytest

from course.publish.runtime import build, node

from .firefox import firefox

pytestmark = pytest.mark.timeout(300)  # the whole site is built first


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    """A tab of firefox-esr in which no script may fail."""
    command = shutil.which("firefox-esr")
    if command is None:
        pytest.skip("firefox-esr is not installed; `apt install firefox-esr` brings it")
    with firefox(command, tmp_path_factory.mktemp("firefox")) as opened:
        yield opened
    assert opened.failed == []


def test_a_cell_runs_in_the_tab(tab, published):
    """Python is fetched, and what comes out is what the notebook stores."""
    if node.found() is None:
        pytest.skip(build.MISSING)
    tab.open(f"{published.address}/lessons/00_ten_minutes/")
    tab.until("document.querySelector('.hls-cell[data-runs=tab] .hls-bar')")
    cell = "[...document.querySelectorAll('.hls-cell[data-runs=tab]')].find((each) => place(each))"
    place = (
        "const place = ({ dataset }) => document.querySelector("
        '`.hls-outputs[data-of="${dataset.cell}"]:not(details *):has(svg)`);'
    )
    tab.ask(f"(() => {{ {place} window.cell = {cell}; window.place = place(window.cell); }})()")
    before = tab.ask("window.place.querySelector('.hls-twin pre').textContent")
    tab.ask("(window.place.replaceChildren(), null)")
    tab.press("Run", "window.cell")
    tab.until("window.place.querySelector('.hls-twin pre')")
    after = tab.ask("window.place.querySelector('.hls-twin pre').textContent")
    assert after.rstrip() == before.rstrip()


def test_a_run_is_stepped_through(tab, published):
    """The wire view is the one of JupyterLab."""
    tab.open(f"{published.address}/lessons/00_ten_minutes/")
    tab.press("Step through this run, byte by byte")
    tab.press("→")
    tab.until("document.querySelector('.hls-wire .hls-now').textContent.startsWith('Event 1 of')")


def test_a_knob_turns_before_python_is_there(tab, published):
    """Its recorded positions are unpacked, and the figures follow."""
    tab.open(f"{published.address}/lessons/01_polling/")
    box = ".hls-outputs:has(> .hls-panel)"
    tab.until(f"document.querySelector('{box}')")
    tab.ask(f"(document.querySelector('{box}').scrollIntoView(), null)")
    tab.until("document.querySelector('.hls-knob input[type=range]')")
    figures = "document.querySelector('.hls-panel:has(.hls-knob) .hls-figures').textContent"
    before = tab.ask(figures)
    tab.ask("""(() => {
      const knob = document.querySelector(".hls-knob input[type=range]");
      knob.value = knob.value === knob.max ? knob.min : knob.max;
      knob.dispatchEvent(new Event("input"));
    })()""")
    tab.until(f"{figures} !== {before!r}")
