"""The interview studio in Chromium: a clock, an answer, a drawing, a run, and the reading."""

import json
import re
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import expect

from labs.journal import Journal
from labs.outcome import Run
from labs.studio.prompts import prompt
from labs.studio.review import review

AUCTION, QUESTIONS = "/studio/live-auction/", "/studio/questions/"
ANSWERS = yaml.safe_load(
    (Path(__file__).parents[1] / "labs" / "studio" / "answers.yaml").read_text("utf-8")
)
STRONG, WEAK = ANSWERS[0]["answer"], ANSWERS[1]["answer"]
MICROPHONE = """
navigator.mediaDevices.getUserMedia = async () =>
  new AudioContext().createMediaStreamDestination().stream;
"""


@pytest.fixture
def desk(visit):
    """The desk of the first prompt, at once."""
    return visit(AUCTION)


def write(page, text):
    """Write the answer and have it read."""
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Read my answer").click()


def test_an_answer_is_read_as_in_python_and_quoted(desk):
    """The same total and flags, each with the sentence it rests on."""
    write(desk, WEAK)
    seen = review(prompt("live-auction").asked(), {"answer": WEAK})
    expect(desk.locator(".hls-total b")).to_have_text(f"{seen.total} of 32")
    expect(desk.locator(".hls-flags > li")).to_have_count(len(seen.flags))
    flag = desk.locator(".hls-flags > li").filter(has_text="made the target of a webhook")
    expect(flag.locator("mark")).to_have_text("webhook to the browser")
    quoted = re.compile("so that the user sees it[.]$")
    expect(flag.locator("blockquote")).to_have_text(quoted)
    expect(desk.locator(".hls-verdict-of")).to_contain_text("words, not understanding")
    expect(desk.locator(":focus")).to_have_text("What was read")


def test_the_reader_overrules_and_the_figures_follow(desk):
    """By keyboard: a point claimed raises its dimension, given back it falls."""
    write(desk, WEAK)
    security = desk.locator(".hls-dimension").filter(has_text="Security")
    expect(security.locator("h4")).to_contain_text("0 of 4")
    security.get_by_role("button", name="I said it").first.press("Enter")
    expect(security.locator("h4")).to_contain_text("1 of 4")
    expect(desk.locator(":focus")).to_have_text("I did not say it")
    desk.keyboard.press("Enter")
    expect(security.locator("h4")).to_contain_text("0 of 4")


def test_a_flag_can_be_taken_down_and_put_up_again(desk):
    """The reader judges, and sees what was judged."""
    write(desk, WEAK)
    flag = desk.locator(".hls-flags > li").filter(has_text="They just reconnect")
    flag.get_by_role("button", name="Not what I meant").click()
    expect(desk.locator("h4:has-text('red flags')")).to_have_text("4 red flags")
    desk.get_by_role("button", name="It was right").click()
    expect(desk.locator("h4:has-text('red flags')")).to_have_text("5 red flags")


def test_the_clock_speaks_at_its_marks_and_the_requirement_changes(visit):
    """Started and paused; at minute 18 the change stands below; a reload goes on from there."""
    page = visit("/")
    page.clock.install(time=0)
    page.goto(page.url.rstrip("/") + AUCTION, wait_until="networkidle")
    page.clock.pause_at(3600)  # from here on only `run_for` moves it
    said, timer = page.locator(".hls-pace"), page.get_by_role("timer")
    changed = page.locator(".hls-changed")
    page.get_by_role("button", name="Start the clock").click()
    expect(said).to_have_text(re.compile("^Minutes 0 to 5[.] Ask before you draw"))
    page.clock.run_for(6 * 60_000)
    expect(said).to_have_text(re.compile("^Minutes 5 to 8[.]"))
    expect(timer).to_have_text("29:00")
    expect(changed).to_be_hidden()
    page.clock.run_for(13 * 60_000)
    expect(said).to_contain_text("The requirement has changed")
    expect(changed).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    page.reload(wait_until="networkidle")
    expect(timer).to_have_text("16:00")
    expect(changed).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    page.clock.run_for(17 * 60_000)
    expect(timer).to_have_text("0:00")
    expect(said).to_contain_text("Time is up")


def test_a_change_can_be_asked_for_and_is_read_apart(desk):
    """Its points are looked for in what was written after it."""
    desk.get_by_role("button", name="Change the requirement now").click()
    expect(desk.locator("textarea:focus")).to_have_count(1)
    desk.keyboard.type("Watchers get a separate path: one cached price, polled each second.")
    write(desk, STRONG)
    point = desk.locator(".hls-points > li").filter(has_text="Separates those who watch")
    expect(point).to_contain_text("To the change: Watchers get a separate path")


def test_what_is_written_is_there_after_a_reload_and_gone_after_a_new_sitting(desk):
    """Kept in this browser; the next sitting knows the last result, and has another change."""
    desk.get_by_role("button", name="Change the requirement now").click()
    first = desk.locator(".hls-changed h3").inner_text()
    write(desk, STRONG)
    total = desk.locator(".hls-total b").inner_text()
    desk.reload(wait_until="networkidle")
    expect(desk.get_by_label("Your answer")).to_have_value(STRONG)
    desk.get_by_role("button", name="Read my answer").click()
    desk.get_by_role("button", name="Begin a new sitting").click()
    desk.get_by_role("button", name="Press again").click()
    expect(desk.get_by_label("Your answer")).to_have_value("")
    desk.get_by_role("button", name="Change the requirement now").click()
    expect(desk.locator(".hls-changed h3")).not_to_have_text(first)
    write(desk, "Nothing yet.")
    expect(desk.locator(".hls-verdict-of")).to_contain_text(f"Last sitting: {total}")


def test_a_design_is_drawn_while_it_is_written_and_what_is_missing_is_named(desk):
    """An SVG with a title and the same as text; a line that cannot be read says so."""
    lines = desk.get_by_label("From memory, one line a link")
    lines.fill("browser <-> gateway: ws\ngateway -> auction: bid\nfoo: bar")
    drawing = desk.get_by_role("img", name="Your design")
    desk.get_by_text("Line 3: no arrow before the colon.").wait_for()
    expect(drawing.locator("text.top")).to_have_text(["browser", "gateway", "auction"])
    twin = desk.locator(".hls-drawing .hls-twin pre").text_content()
    assert twin.splitlines()[1] == "  1  browser <-> gateway  ws"
    write(desk, WEAK)
    missing = desk.locator("h4:has-text('Missing from the drawing') + ul > li")
    expect(missing.get_by_text("A bus between the servers", exact=True)).to_have_count(1)
    held = missing.get_by_text("A line that the browser holds to a gateway")
    expect(held).to_have_count(0)


def test_a_kept_run_is_attached_and_its_number_counts(desk, tmp_path, monkeypatch):
    """The file that `run.keep` writes, or its line, or a link; anything else is refused."""
    monkeypatch.setenv("HOOK_LINE_SOCKET_EVIDENCE", str(tmp_path))
    kept = Run({}, Journal((), (), 53.0, seed=6)).keep("half-open, found at 40.0 s")
    [file] = tmp_path.glob("*.json")
    desk.get_by_text("Attach a run of your own").click()
    desk.get_by_label("A kept run").set_input_files(file)
    attached = desk.locator(".hls-attached")
    expect(attached).to_contain_text("half-open, found at 40.0 s")
    expect(attached).to_contain_text(kept.digest[:12])
    line = desk.get_by_label("or its line, or a link")
    for text in ("I saw it once", json.dumps({"says": "no digest"}), "https://x.y/lessons/z#run=1"):
        line.fill(text)
        desk.get_by_role("button", name="Attach").click()
        expect(desk.locator(".hls-evidence [role=status]")).to_contain_text("nothing was attached")
    line.fill("http://127.0.0.1/lessons/06_liveness/#run=16&interval=14")
    desk.get_by_role("button", name="Attach").click()
    link = attached.get_by_role("link", name="06 liveness, run 16, interval 14")
    address = re.compile("/lessons/06_liveness/#run=16&interval=14$")
    expect(link).to_have_attribute("href", address)
    write(desk, "It was found after 40 seconds.")
    quoted = desk.locator(".hls-points > li").filter(has_text="Quotes a figure of the run")
    expect(quoted.locator("mark")).to_have_text("40")
    attached.get_by_role("button", name="Remove: half-open").click()
    expect(attached.locator("li")).to_have_count(1)


def test_an_answer_can_be_spoken_where_the_browser_records(visit):
    """Played back here, kept nowhere; without a recorder there is no button."""
    page = visit(AUCTION, first=MICROPHONE)
    page.get_by_text("Say it aloud first").click()
    page.get_by_role("button", name="Record", exact=True).click()
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_role("button", name="Record again").wait_for()
    expect(page.locator(".hls-voice audio")).to_have_attribute("src", re.compile("^blob:"))
    page = visit(AUCTION, first="delete window.MediaRecorder")
    page.get_by_role("button", name="Start the clock").wait_for()
    expect(page.get_by_text("Say it aloud first")).to_have_count(0)


def test_the_model_answer_comes_last_and_on_request(desk):
    """It is folded until the reader goes there."""
    model = desk.locator("details.hls-model")
    expect(model).to_have_js_property("open", False)
    write(desk, STRONG)
    asked = desk.get_by_role("button", name="Now the model answer")
    asked.wait_for()
    expect(model).to_have_js_property("open", False)
    asked.click()
    expect(model).to_have_js_property("open", True)
    expect(desk.locator(".hls-model > :focus")).to_have_count(1)


def test_a_question_of_a_lesson_is_asked_by_its_address(visit):
    """Five minutes; points without phrases are the reader's to judge; the lesson's answer folds."""
    page = visit(f"{QUESTIONS}#m90-2")
    focused, total = page.locator(":focus"), page.locator(".hls-total b")
    expect(focused).to_have_text(re.compile("^Why can a server not"))
    expect(page.get_by_role("timer")).to_have_text("5:00")
    write(page, "A page has no port.")
    expect(total).to_have_text("0 of 2 points in 5 words")
    page.get_by_role("button", name="I said it").first.click()
    expect(total).to_have_text("1 of 2 points in 5 words")
    page.get_by_role("button", name="Another one").click()
    expect(focused).to_have_text(re.compile("^What does a reconn"))
    page.get_by_role("combobox").select_option(index=1)
    expect(page.get_by_label("Your answer")).to_have_value("A page has no port.")


def test_the_studio_reads_without_scripts(visit):
    """Brief, what an interviewer would answer, rubric and model answer are on the page."""
    page = visit(AUCTION, java_script_enabled=False)
    text = page.locator("article").text_content()
    for words in ("A harbour sells boats", "2,000 on the most wanted lot", "take a watch"):
        assert words in text
    expect(page.locator("details.hls-model")).to_have_count(1)
