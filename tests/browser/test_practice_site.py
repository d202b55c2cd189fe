"""Questions, cards and progress in Chromium: by keyboard, kept, taken along, deleted."""

import csv
import io
import json
import re

import pytest
from playwright.sync_api import expect

from .until import until

LESSON, CARDS, PROGRESS = "/lessons/90_sample/", "/practice/cards/", "/practice/progress/"
NOTHING_IS_KEPT = """
for (const name of ["getItem", "setItem", "removeItem"]) {
  const before = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...more) {
    if (key.startsWith("hls-")) throw new DOMException("denied", "SecurityError");
    return before.call(this, key, ...more);
  };
}
"""


def questions(page, kind="quiz"):
    """The forms of a lesson's questions, which come when the reader begins to read."""
    page.keyboard.press("Tab")
    page.locator(".hls-test-out").wait_for()
    if kind == "test_out":
        page.locator(".hls-test-out > summary").click()
        return page.locator(".hls-test-out form")
    return page.locator(".hls-quiz > form")


def answer(form, text):
    """Choose the answer of this text, and settle on it."""
    form.get_by_label(text, exact=False).check()
    form.get_by_role("button", name="Answer").click()


def front(page):
    """Where the question of the card that is asked stands."""
    return page.locator(".hls-front")


def rated(page, rating):
    """Turn the card and rate it."""
    page.get_by_role("button", name="Show the answer").click()
    page.get_by_role("button", name=rating).click()


def test_a_question_is_answered_by_keyboard_alone(visit):
    """Arrows choose, Enter settles; a group with a name, and the verdict in words."""
    page = visit(LESSON)
    form = questions(page).nth(0)
    group = page.get_by_role("group", name="1. Of 50 sends after a cut, how many raise?")
    group.get_by_role("radio").nth(0).focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status")).to_have_text(re.compile("^Not this one: A is right[.]"))
    expect(form.locator(".hls-choice").nth(1)).to_contain_text("your answer", ignore_case=True)
    for reason in ("The kernel takes them all.", "Only a reset would make them raise."):
        expect(form.get_by_text(reason)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Ask me again")


def test_nothing_is_given_away_before_an_answer(visit):
    """The reasons are hidden, and without a choice the browser itself asks for one."""
    form = questions(visit(LESSON)).nth(0)
    form.get_by_role("button", name="Answer").click()
    expect(form.get_by_text("The kernel takes them all.")).to_be_hidden()
    expect(form.get_by_role("status")).to_have_text("")


def test_an_answer_is_kept_and_can_be_given_again(visit):
    """After a reload it stands there; asked again, it counts anew."""
    page = visit(LESSON)
    answer(questions(page).nth(0), "50")
    page.reload(wait_until="networkidle")
    form = questions(page).nth(0)
    expect(form.get_by_role("status")).to_have_text(re.compile("^Not this one"))
    form.get_by_role("button", name="Ask me again").click()
    answer(form, "A. 0")
    expect(form.get_by_role("status")).to_have_text("Right.")
    expect(page.locator(".hls-quiz-end").last).to_contain_text("1 of 5 right.")


def test_three_right_answers_lead_on_to_break(visit):
    """And any wrong one sends the reader into the lesson."""
    page = visit(LESSON)
    forms = questions(page, "test_out")
    answer(forms.nth(0), "kernel")
    answer(forms.nth(1), "closed")
    answer(forms.nth(2), "heartbeat")
    expect(forms.nth(2).get_by_role("status")).to_have_text("Right.")
    expect(page.get_by_role("link", name="Go on to Break")).to_have_count(0)
    forms.nth(1).get_by_role("button", name="Ask me again").click()
    answer(forms.nth(1), "healthy")
    page.get_by_role("link", name="Go on to Break").click()
    expect(page).to_have_url(re.compile("#break$"))


def test_a_wrong_answer_comes_back_as_a_card(visit):
    """Before all new cards, with its choices; a right one brings none."""
    page = visit(LESSON)
    answer(questions(page).nth(1), "continuation")
    answer(questions(page).nth(2), "ended")
    page.get_by_role("link", name="Practice").first.click()
    page.get_by_role("link", name="Cards").first.click()
    page.get_by_role("button", name="Show the answer").wait_for()
    expect(front(page)).to_have_text("Which frame asks whether the peer lives?")
    rated(page, "Easy")
    expect(front(page)).to_have_text("What does send() promise?")


def test_each_rating_says_when_the_card_comes_back(visit):
    """A new card: minutes, or days when it was easy; the keys 1 to 4 do the same."""
    page = visit(CARDS)
    page.get_by_role("button", name="Show the answer").click()
    waits = ["1 min", "6 min", "10 min", "8 days"]
    expect(page.locator(".hls-ratings small")).to_have_text(waits)
    page.keyboard.press("4")
    expect(front(page)).to_have_text("Half-open")
    expect(page.locator(".hls-due")).to_contain_text("1 learnt")
    page.keyboard.press("Enter")
    page.get_by_text("One side believes; the other is gone.").first.wait_for()


def test_the_days_new_cards_come_to_an_end_and_more_can_be_had(visit):
    """What was set holds on the next visit; a rating can be undone."""
    page = visit(CARDS)
    page.get_by_label("New cards a day").fill("1")
    page.get_by_label("New cards a day").press("Enter")
    rated(page, "Easy")
    expect(front(page)).to_have_text("Done for now.")
    page.get_by_role("button", name="Undo").click()
    expect(front(page)).to_have_text("What does send() promise?")
    rated(page, "Easy")
    page.reload(wait_until="networkidle")
    expect(front(page)).to_have_text("Done for now.")
    page.get_by_role("button", name="7 more new cards").click()
    expect(front(page)).to_have_text("Half-open")


def test_the_schedule_goes_along_as_csv(visit):
    """One row a card, with its state."""
    page = visit(CARDS)
    rated(page, "Easy")
    with page.expect_download() as download:
        page.get_by_role("button", name="Cards and schedule as CSV").click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    assert [row["state"] for row in rows] == ["review", *["new"] * 7]
    assert rows[1]["back"] == "One side believes; the other is gone."


def test_cards_are_offered_to_anki_and_to_spreadsheets(visit, served):
    """Both files lie where the page says."""
    page = visit(CARDS, java_script_enabled=False)
    for name in ("hook-line-socket.apkg", "cards.csv"):
        address = page.get_by_role("link", name=name).get_attribute("href")
        assert page.request.get(f"{served}{CARDS}{address}").ok


def test_cards_can_be_read_without_scripts(visit):
    """Every front, with its back folded."""
    page = visit(CARDS, java_script_enabled=False)
    page.get_by_text("M90 Who heard the last bid?").first.click()
    page.locator("summary", has_text="Half-open").click()
    expect(page.get_by_text("One side believes; the other is gone.")).to_be_visible()


def test_progress_is_taken_to_another_browser_and_deleted_here(visit, tmp_path):
    """Exported, deleted after a second press, imported: the same picture as before."""
    page = visit(LESSON)
    answer(questions(page).nth(0), "A. 0")
    page.goto(page.url.replace(LESSON, PROGRESS), wait_until="networkidle")
    summary = page.locator(".hls-sum")
    before = "0 of 1 exercises passed · 1 of 5 questions right · 0 of 8 cards learnt"
    expect(summary).to_have_text(before)
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / "progress.json"
    download.value.save_as(file)
    assert json.loads(file.read_text())["version"] == 1
    page.get_by_role("button", name="Delete").click()
    again = page.get_by_role("button", name="Delete all of it")
    again.wait_for()
    expect(summary).to_have_text(before)
    again.click()
    until(page, "!Object.keys(localStorage).some((key) => key.startsWith('hls-'))")
    page.get_by_text("0 of 5 questions right").wait_for()
    page.set_input_files("input[type=file]", file)
    page.get_by_text(before).wait_for()


def test_a_file_that_is_no_record_is_refused_in_words(visit, tmp_path):
    """And nothing changes."""
    page = visit(PROGRESS)
    (tmp_path / "other.json").write_text("[1]")
    page.set_input_files("input[type=file]", tmp_path / "other.json")
    page.get_by_text("This file is no record of this course").wait_for()


def test_a_passed_exercise_is_shown_wherever_the_lesson_is_named(visit):
    """On the lesson, in the list of lessons, at home and on the page of progress."""
    entry = {"attempts": 2, "last": "correct", "passed": "2026-11-25T08:00:00.000Z"}
    entry["when"] = entry["passed"]
    record = json.dumps({"version": 1, "exercises": {"m4.handshake": entry}})
    kept = f"localStorage.setItem('hls-kept', {json.dumps(record)})"
    for path in (LESSON, "/lessons/", "/", PROGRESS):
        page = visit(path, first=kept)
        page.get_by_text("1 of 1 exercise").first.wait_for()
    expect(page.get_by_text("m4.handshake: passed, 2 checks")).to_be_visible()


def test_served_by_the_course_the_exercises_are_those_of_jupyterlab(visit, built_by_start):
    """What the course on this machine says is shown, not what this browser kept."""
    page = visit("/practice/")
    built_by_start(page.context)
    page.reload()
    row = {"id": "m4.handshake", "lesson": "90_sample", "state": "tried", "attempts": 3}
    answer = {"exercises": [row], "following": "", "says": ""}
    page.context.route("**/progress", lambda route: route.fulfill(json=answer))
    page.get_by_role("link", name="Progress").first.click()
    page.get_by_text("m4.handshake: tried, 3 checks").wait_for()
    expect(page.locator(".hls-source-of")).to_contain_text("the same as in JupyterLab")


def test_the_home_page_leads_back_to_where_the_reader_was(visit):
    """The heading at which scrolling came to rest."""
    page = visit(LESSON)
    page.locator("#silence-looks-like-health").evaluate("each => each.scrollIntoView()")
    until(page, "localStorage.getItem('hls-kept')?.includes('silence-looks-like-health')")
    page.get_by_role("link", name="Home").first.click()
    page.get_by_role("link", name="Who heard the last bid?, Silence looks like health").click()
    page.wait_for_url("**/90_sample/#silence-looks-like-health")


@pytest.mark.parametrize("first", ["", NOTHING_IS_KEPT])
def test_practice_needs_no_storage(visit, first):
    """Where the browser keeps nothing, everything works as long as the page is open."""
    page = visit(LESSON, first=first)
    answer(questions(page).nth(1), "continuation")
    expect(page.locator(".hls-quiz-end").last).to_contain_text("0 of 5 right.")
    page.get_by_role("link", name="Practice").first.click()
    page.get_by_role("link", name="Cards").first.click()
    page.get_by_role("button", name="Show the answer").wait_for()
    expect(front(page)).to_have_text("Which frame asks whether the peer lives?")
    rated(page, "Easy")
    page.get_by_role("link", name="Progress").first.click()
    words = "This browser keeps nothing" if first else "kept in this browser"
    page.locator(".hls-source-of", has_text=words).wait_for()
