"""A lesson's cells in the reader's tab: what answers at once, what Run fetches, what Stop ends."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from course.publish import notebook
from course.publish.runtime import build, node

from .until import press, until

ROOT = Path(__file__).resolve().parents[2]
LESSON = "04_handshake"
WRONG = ROOT / "labs" / "exercises" / "m4_check" / "wrong" / "accept_missing.py"
CELLS = notebook.read(ROOT / "notebooks" / f"{LESSON}.ipynb").cells
BOOT = 60_000  # ms: Python starts in two seconds, and in twenty on a machine that does more
pytestmark = pytest.mark.timeout(300)  # the site is built first


def numbers(kind):
    """The numbers of the lesson's code cells of this kind."""
    code = (pair for pair in enumerate(CELLS, 1) if pair[1].cell_type == "code")
    return [number for number, cell in code if kind in notebook.tags(cell)]


def stored(number):
    """What the notebook stores as printed by the cell."""
    outputs = CELLS[number - 1].outputs
    return "".join(output.text for output in outputs if output.output_type == "stream").rstrip()


class Lesson:
    """The lesson's page, and every address that it asked for."""

    def __init__(self, page, address):
        self.page, self.asked = page, []
        page.set_default_timeout(BOOT)
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(f"{address}/lessons/{LESSON}/", wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")

    def fetched(self, part):
        """The names of the files below `part` that were asked for."""
        return [url.split("/")[-1] for url in self.asked if f"/{part}/" in url]

    def cell(self, number):
        """A cell's box: its code and its buttons."""
        return self.page.locator(f'.hls-cell[data-cell="{number}"]')

    def outputs(self, number):
        """What stands below a cell."""
        return self.page.locator(f'.hls-outputs[data-of="{number}"]')

    def press(self, number, words):
        """Presses one of a cell's buttons."""
        press(self.cell(number).get_by_role("button", name=words, exact=True))

    def run(self, number):
        """Runs a cell, and those above it, and waits until it is through."""
        self.press(number, "Run")
        self.page.locator(f'.hls-cell[data-cell="{number}"][aria-busy="false"]').wait_for()

    def write(self, number, code):
        """Writes other code into a cell."""
        self.press(number, "Edit")
        self.cell(number).locator(".cm-content").fill(code)


@pytest.fixture
def lesson(browser, published):
    """The lesson in a fresh browser; at the end nothing came from elsewhere, no script failed."""
    if node.found() is None:
        pytest.skip(build.MISSING)
    errors = []
    screen = {"width": 1350, "height": 844}
    with browser.new_context(viewport=screen, service_workers="block") as context:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        opened = Lesson(page, published.address)
        yield opened
    assert errors == []
    own = (published.address, "data:")
    assert [url for url in opened.asked if not url.startswith(own)] == []


def test_run_fetches_python_and_puts_out_what_the_notebook_stores(lesson):
    """Nothing of the runtime is asked for before; then no archive that a lab does not need."""
    assert lesson.fetched("runtime") == lesson.fetched("grids") == []
    printing = next(number for number in numbers("lab") if stored(number))
    lesson.run(printing)
    printed = lesson.outputs(printing).locator("pre")
    expect(printed).to_have_text(stored(printing))
    assert printed.text_content().strip() == stored(printing), "to the last blank"
    urls = [url for url in lesson.asked if "/runtime/" in url]
    assert sorted({url.split("/")[-1] for url in urls}) == sorted(build.FIRST)
    assert len(urls) == len(build.FIRST)


def test_an_edited_cell_runs_as_it_stands(lesson):
    """What is changed is kept over a reload; Reset brings the lesson's own words back."""
    first = numbers("lab")[0]
    before = lesson.cell(first).locator("code").text_content()
    lesson.write(first, "print(sum(range(5)))")
    lesson.run(first)
    expect(lesson.outputs(first)).to_have_text("10")
    lesson.page.reload(wait_until="networkidle")
    expect(lesson.cell(first).locator("code")).to_have_text("print(sum(range(5)))")
    lesson.press(first, "Reset")
    expect(lesson.cell(first).locator("code")).to_have_text(before)


def test_an_endless_loop_is_stopped(lesson):
    """The page goes on answering, and the next Run starts afresh."""
    first = numbers("lab")[0]
    lesson.write(first, "while True:\n    pass")
    lesson.press(first, "Run")
    lesson.cell(first).get_by_text("Running…").wait_for()
    lesson.press(first, "Stop")
    lesson.cell(first).get_by_text("Stopped").wait_for()
    lesson.cell(first).locator(".cm-content").fill("print('again')")
    lesson.run(first)
    expect(lesson.outputs(first)).to_have_text("again")


def test_a_cell_that_raises_ends_nothing(lesson):
    """The learner's line is shown, and what ran before is still there."""
    second = numbers("lab")[1]
    lesson.write(second, "1 / 0")
    lesson.run(second)
    error = lesson.page.locator(".hls-error")
    expect(error).to_contain_text(f"<cell {second}>")
    expect(error).to_contain_text("ZeroDivisionError")
    lesson.cell(second).locator(".cm-content").fill("print(len(REQUEST) > 100)")
    asked = len(lesson.asked)
    lesson.run(second)
    expect(lesson.outputs(second)).to_have_text("True")
    assert len(lesson.asked) == asked


def test_knobs_answer_before_python_and_are_free_after(lesson):
    """A recorded turn is one small file; freed, the knobs stand where they stood."""
    panel = lesson.outputs(numbers("break")[0])
    panel.scroll_into_view_if_needed()
    panel.locator("select").first.select_option("forgets what follows the head")
    panel.get_by_text("a line and no price", exact=True).wait_for()
    expect(panel.locator("li.hls-reached")).to_have_count(1)
    assert [name.split(".")[1] for name in lesson.fetched("grids")] == ["turns", "picture"]
    assert lesson.fetched("runtime") == []
    stops = panel.locator("input[type=range]").last
    expect(stops).not_to_have_attribute("max", "30")
    press(panel.get_by_role("button", name="Free the knobs"))
    panel.locator("input[max='30']").wait_for()
    panel.get_by_text("a line and no price", exact=True).wait_for()
    free = panel.locator("input[type=range]").first
    expect(free).to_have_attribute("step", "0.1")
    free.focus()
    lesson.page.keyboard.press("ArrowRight")
    panel.get_by_text("price 100", exact=True).wait_for()
    expect(panel.locator("output").first).to_have_text("0.1 s")
    assert len(lesson.fetched("grids")) == 2


def test_an_exercise_is_graded_in_the_tab(lesson):
    """The grader comes at the first check, alone, and names the mistake; no solution comes."""
    exercise, check = numbers("exercise")[-1], numbers("check")[-1]
    lesson.write(exercise, f"# exercise: m4.check\n{WRONG.read_text('utf-8')}")
    lesson.run(check)
    lesson.outputs(check).locator(".hls-verdict").wait_for()
    expect(lesson.outputs(check)).to_contain_text("accept_missing")
    press(lesson.outputs(check).get_by_role("button", name="Step through this run"))
    lesson.outputs(check).locator(".hls-wire .hls-now").wait_for()
    lesson.press(check, "Hint")
    lesson.page.get_by_text("Hint 1 of 5, symptom.").wait_for()
    assert lesson.fetched("graders") == ["m4_check.zip"]
    last = "JSON.parse(localStorage.getItem('hls-kept'))?.exercises?.['m4.check']?.last"
    until(lesson.page, f"{last} === 'accept_missing'")


def test_a_line_is_spotted_without_giving_it_away(lesson):
    """What the answer is comes with the first question, and not with the page."""
    spot = lesson.outputs(numbers("spot")[0])
    assert "not be replaced by what is hoped for" not in lesson.page.content()
    spot.scroll_into_view_if_needed()
    spot.get_by_role("radio").nth(2).focus()
    lesson.page.keyboard.press("Space")
    assert lesson.fetched("graders") == []
    press(spot.get_by_role("button", name="It is this line"))
    spot.get_by_text("Line 3: this one may stay as it is").wait_for()
    spot.locator("label", has_text="found = values").click()
    spot.locator(".hls-repair input").fill('    found = values(said, "Sec-WebSocket-Accept")')
    press(spot.get_by_role("button", name="Try this repair"))
    spot.get_by_text("Repaired: 1 line changed").wait_for()
    assert sorted(lesson.fetched("graders")) == ["m4_check.wrong.zip", "m4_check.zip"]


def test_an_order_is_found_with_the_keyboard_alone(lesson):
    """Lines move by their buttons and by the arrow keys; nothing is fetched to compare them."""
    place = lesson.outputs(numbers("order")[0])
    right = [
        line.rpartition(" (")[0]
        for line in place.locator("ol:not(.hls-lines) li").all_text_contents()
    ]
    place.scroll_into_view_if_needed()
    lines = place.locator(".hls-lines li")
    compare = place.get_by_role("button", name="Is this the order?")
    compare.press("Enter")
    place.get_by_text("Something else happens before line").wait_for()
    for at, line in enumerate(right):
        for now in range(lines.locator("span").all_text_contents().index(line), at, -1):
            lines.nth(now).get_by_role("button").first.press("ArrowUp")
            expect(lines.nth(now - 1).locator("span")).to_have_text(line)
    compare.press("Enter")
    place.get_by_text("That is the order in which they happened.").wait_for()
    assert lesson.fetched("runtime") == []


def test_a_line_is_dragged_by_its_handle(lesson):
    """A finger or a mouse does what the buttons do."""
    place = lesson.outputs(numbers("order")[0])
    place.evaluate("(place) => place.scrollIntoView({ block: 'center' })")
    lines = place.locator(".hls-lines li")
    first = lines.first.locator("span").inner_text()
    lines.first.locator("i").hover()  # once it stands still: what is above is still being drawn
    last = lines.last.bounding_box()
    lesson.page.mouse.down()
    lesson.page.mouse.move(last["x"] + 5, last["y"] + last["height"], steps=5)
    lesson.page.mouse.up()
    expect(lines.last.locator("span")).to_have_text(first)
