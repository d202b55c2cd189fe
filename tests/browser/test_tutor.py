"""The tutor's panel on a page, with a service that says what the test has it say."""

import gzip
import json

import pytest
from playwright.sync_api import expect

from .test_quality import SCHEMES, WIDTHS, axe, found  # noqa: F401 - axe is a fixture
from .tutor_service import GATE, Tutor

pytestmark = pytest.mark.timeout(300)  # the site is built first
LESSON = "/lessons/04_handshake/"
CITED = {
    "type": "citation", "n": 1, "id": "m4", "title": "M4: The five steps",
    "url": "lessons/04_handshake/#explain",
}  # fmt: skip
FOLLOWUPS = ["What is a pong?"]
DONE = {"type": "done", "usage": {"source": "course"}, "followups": FOLLOWUPS}
BEGUN = "A handshake is one HTTP request [1]."
REST = "\n\nThen `[1]` bytes flow."
WHOLE = [CITED, {"type": "delta", "text": BEGUN}, {"type": "delta", "text": REST}, DONE]
HELD = [*WHOLE[:2], GATE, *WHOLE[2:]]
POLICY = "Content Security Policy"
QUOTA = {"left": 14, "of": 20, "resets": "2026-11-26T09:00:00Z"}


@pytest.fixture
def tutor(published):
    """A tutor beside the whole site."""
    answers = {"What is it?": WHOLE, "Slowly?": HELD, "What is a pong?": WHOLE}
    with Tutor(published.folder, answers) as served:
        yield served


@pytest.fixture
def opened(browser, tutor):
    """Opens a page and its panel; no script may fail, nothing may be refused by the policy."""
    errors, complaints, contexts = [], [], []

    def open_page(path=LESSON, width=1350, panel=True, tried=False, **more):
        viewport = {"width": width, "height": 844}
        context = browser.new_context(viewport=viewport, service_workers="block", **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: tried or complaints.append(said.text))
        page.goto(tutor.origin + path, wait_until="networkidle")
        if panel:
            page.get_by_role("button", name="Ask the tutor").click()
            page.locator(".hls-tutor-chat").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
    assert [each for each in complaints if POLICY in each] == []


def panel(page):
    """The panel."""
    return page.get_by_role("complementary", name="The tutor")


def ask(page, question):
    """Write a question and send it with the keyboard."""
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")


def answer(page):
    """The answer that came last."""
    return page.locator(".hls-tutor-log article").last


def test_before_the_first_press_nothing_but_the_button_is_there(opened, tutor, published):
    """A page fetches the opener, which weighs less than half a kilobyte, and nothing else."""
    page = opened(panel=False)
    names = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    mine = [name for name in names if "tutor" in name]
    assert [name.rpartition("/")[2] for name in mine] == ["tutor.js"]
    assert len(gzip.compress((published.folder / "scripts" / "tutor.js").read_bytes())) < 500
    assert tutor.requests == []


def test_an_answer_is_cited_and_announced_once(opened, tutor):
    """Text comes in pieces; marks become links, in code they stay; who listens hears it once."""
    page = opened()
    page.evaluate("""window.said = []; new MutationObserver(() => said.push(
      document.querySelector('.hls-tutor-heard').textContent)).observe(
      document.querySelector('.hls-tutor'), { subtree: true, childList: true })""")
    ask(page, "Slowly?")
    expect(answer(page)).to_contain_text("one HTTP request")
    expect(answer(page)).to_have_attribute("aria-busy", "true")
    tutor.open_gate()
    expect(answer(page)).to_contain_text("Quoted from the course (no AI model is configured)")
    mark = answer(page).get_by_role("link", name="Source 1: M4: The five steps")
    expect(mark).to_have_attribute("href", f"{tutor.origin}/lessons/04_handshake/#explain")
    expect(answer(page).locator("code")).to_have_text("[1]")
    expect(page.locator(".hls-tutor-log")).to_have_attribute("aria-live", "off")
    assert page.evaluate("said.filter((words) => words === 'The answer is ready.').length") >= 1
    assert set(page.evaluate("said")) == {"", "The answer is ready."}


def test_a_question_says_where_it_was_asked(opened, tutor):
    """The lesson and the page go along, the mode too, and the Origin of the page."""
    page = opened()
    page.get_by_label("How to be helped").select_option("Only a hint")
    ask(page, "What is it?")
    answer(page).get_by_text("M4: The five steps").wait_for()
    [asked] = tutor.kinds("ask")
    assert asked["mode"] == "hint"
    assert asked["context"] == {"lesson": "04_handshake", "page": LESSON}
    assert tutor.requests == [("POST", "/tutor/ticket", tutor.origin)]


def test_a_follow_up_and_a_regenerated_answer_are_new_questions(opened, tutor):
    """Each has an id of its own."""
    page = opened()
    ask(page, "What is it?")
    answer(page).get_by_role("button", name="What is a pong?").click()
    expect(answer(page).locator(".hls-tutor-question")).to_have_text("What is a pong?")
    answer(page).get_by_role("button", name="Regenerate").click()
    expect(page.locator(".hls-tutor-log article")).to_have_count(3)
    answer(page).get_by_role("button", name="Copy").wait_for()
    assert [each["question"] for each in tutor.kinds("ask")] == ["What is it?", *FOLLOWUPS * 2]
    assert len({each["id"] for each in tutor.kinds("ask")}) == 3


def test_escape_stops_the_answer_and_then_closes_the_panel(opened, tutor):
    """The first press stops, the second closes and gives the focus back to the button."""
    page = opened()
    ask(page, "Slowly?")
    expect(answer(page)).to_contain_text("one HTTP request")
    page.keyboard.press("Escape")
    expect(answer(page)).to_contain_text("Stopped.")
    assert [each["id"] for each in tutor.kinds("stop")] == [tutor.kinds("ask")[0]["id"]]
    page.keyboard.press("Escape")
    expect(panel(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Ask the tutor")).to_be_focused()
    page.keyboard.press("Control+/")
    expect(page.get_by_label("Your question")).to_be_focused()


def test_a_cut_is_resumed_and_nothing_is_asked_or_heard_twice(opened, tutor):
    """A new ticket, a new socket, `resume` after what was heard; the text is whole."""
    page = opened()
    ask(page, "Slowly?")
    expect(answer(page)).to_contain_text("one HTTP request")
    tutor.cut()
    tutor.open_gate()
    expect(answer(page)).to_contain_text("bytes flow")
    assert [each["last_seq"] for each in tutor.kinds("resume")] == [3]
    assert len({each["id"] for each in tutor.kinds("ask")}) == 1
    assert answer(page).locator(".hls-tutor-answer").inner_text().count("one HTTP request") == 1


def test_a_page_loaded_anew_goes_on_with_the_answer(opened, tutor):
    """The question and what came stay, what was missed comes after."""
    page = opened()
    ask(page, "Slowly?")
    expect(answer(page)).to_contain_text("one HTTP request")
    page.reload(wait_until="networkidle")
    tutor.open_gate()
    page.get_by_role("button", name="Ask the tutor").click()
    expect(answer(page)).to_contain_text("bytes flow")
    expect(answer(page)).to_contain_text("one HTTP request")
    assert len(tutor.kinds("ask")) == 1
    assert [each["last_seq"] for each in tutor.kinds("resume")] == [3]


@pytest.mark.parametrize(
    ("code", "says"), [(4401, "signed out"), (4403, "this page's address"), (4429, "too much")]
)
def test_a_close_that_says_why_is_not_answered_by_coming_back(opened, tutor, code, says):
    """From 4400 on the client stays away until the learner asks again, and then it is welcome."""
    page = opened()
    tutor.closes = code
    ask(page, "What is it?")
    expect(answer(page)).to_contain_text(says)
    assert page.evaluate("document.querySelector('.hls-tutor-chat').dataset.state") == "barred"
    assert len(tutor.requests) == 1
    ask(page, "What is a pong?")
    expect(answer(page)).to_contain_text("bytes flow")
    assert len(tutor.requests) == 2


def test_a_guest_is_told_where_to_sign_in(opened, tutor):
    """There is nothing to write in; once signed in, one press and there is."""
    tutor.signed_in = False
    page = opened()
    expect(panel(page)).to_contain_text("Open the link that the terminal shows.")
    expect(page.get_by_label("Your question")).to_be_hidden()
    tutor.signed_in = True
    page.get_by_role("button", name="I have signed in").click()
    expect(page.get_by_label("Your question")).to_be_focused()
    expect(panel(page)).to_contain_text("Signed in as ada.")


def test_a_refusal_offers_what_can_be_asked(opened, tutor):
    """The reason in words, and suggestions that are questions at one press."""
    refused = {"type": "refused", "reason": "off_topic", "suggestions": ["What is it?"]}
    tutor.answers["Pasta?"] = [refused, {"type": "done", "usage": {}}]
    page = opened()
    ask(page, "Pasta?")
    expect(answer(page)).to_contain_text("outside this course")
    answer(page).get_by_role("button", name="What is it?").click()
    expect(answer(page)).to_contain_text("bytes flow")


def test_an_error_and_the_quota_are_plain_to_see(opened, tutor):
    """What is left stands above, goes down with each answer; an error says when to come again."""
    tutor.quota = dict(QUOTA)
    spent = {"source": "model", "model": "sea-7b", "left": 13, "of": 20}
    tutor.answers["Model?"] = [{"type": "delta", "text": "Yes."}, {**DONE, "usage": spent}]
    error = {"type": "error", "code": "quota", "message": "No calls are left.", "retry_after": 61.5}
    tutor.answers["More?"] = [error]
    page = opened()
    expect(panel(page)).to_contain_text("14 of 20 model calls left")
    ask(page, "Model?")
    expect(panel(page)).to_contain_text("13 of 20 model calls left")
    expect(answer(page)).to_contain_text("Written by a model from the passages it cites")
    ask(page, "More?")
    expect(answer(page)).to_contain_text("No calls are left. Try again in 62 s.")


HOSTILE = (
    '<img src="/x" onerror="window.bad = 1"><script>window.bad = 2</script>'
    "![](https://127.0.0.1:1/pixel) ![words](/pixel) [run](javascript:bad=3) "
    "[page](https://example.org/) <b onclick='bad=4'>b</b>\n\n```python\nreturn 1  # <i>\n```"
)


def test_what_a_model_writes_is_text_links_and_code(opened, tutor):
    """HTML is shown as text, pictures are their words, no address but http is a link."""
    tutor.answers["Bad?"] = [{"type": "delta", "text": HOSTILE}, DONE]
    page = opened()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    ask(page, "Bad?")
    expect(answer(page).locator("pre .tok-keyword")).to_have_text("return")
    body = answer(page).locator(".hls-tutor-answer")
    expect(body).to_contain_text("<script>window.bad = 2</script>")
    expect(body).to_contain_text("words run page")
    links = body.locator("a[href]")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("rel", "noopener noreferrer")
    assert body.locator("img, script, b, i").count() == 0
    assert page.evaluate("window.bad") is None
    assert [url for url in asked if "pixel" in url] == []


INJECTED = """async () => {
  const seen = [];
  const refused = ({ effectiveDirective }) => seen.push(effectiveDirective);
  document.addEventListener("securitypolicyviolation", refused);
  const script = document.createElement("script");
  script.textContent = "window.bad = 1";
  document.body.append(script);
  document.body.insertAdjacentHTML("beforeend", "<b id=b onclick='window.bad = 2'>x</b>");
  document.querySelector("#b").click();
  await fetch("https://127.0.0.1:1/").catch(() => {});
  const late = performance.now() + 5000;
  while (seen.length < 3 && performance.now() < late) await new Promise(requestAnimationFrame);
  return [window.bad ?? null, seen.sort()];
}"""


def test_the_policy_of_a_page_runs_no_script_that_was_put_into_it(opened, tutor):
    """Neither an element with a script in it nor an attribute with one."""
    page = opened(panel=False, tried=True)
    refused = page.evaluate(INJECTED)
    assert refused == [None, ["connect-src", "script-src-attr", "script-src-elem"]]


PAST = [
    {"id": "a", "question": "Why masks?", "mode": "explain", "asked": "2026-11-24T10:00:00Z",
     "state": "done", "answer": "Caches [1].", "citations": [CITED], "followups": [],
     "refusal": None, "source": "course", "model": None, "vote": None, "reason": None},
    {"id": "b", "question": "Why pings?", "mode": "explain", "asked": "2026-11-23T10:00:00Z",
     "state": "stopped", "answer": "", "citations": [], "followups": [], "refusal": None,
     "source": "course", "model": None, "vote": None, "reason": None},
]  # fmt: skip


def test_the_history_is_searched_recalled_carried_away_and_deleted(opened, tutor):
    """Earlier questions by their words; one press shows the answer again."""
    tutor.past = list(PAST)
    page = opened()
    page.get_by_role("button", name="History").click()
    past = page.get_by_role("list", name="Earlier questions")
    expect(past.get_by_role("button")).to_have_count(2)
    page.get_by_label("Search in questions and answers").fill("masks")
    page.keyboard.press("Enter")
    expect(past.get_by_role("button")).to_have_count(1)
    past.get_by_role("button", name="Why masks?").click()
    expect(answer(page)).to_contain_text("Caches [1].")
    with page.expect_download() as carried:
        page.get_by_role("button", name="Export as JSON").click()
    assert json.loads(carried.value.path().read_text()) == {"exchanges": PAST}
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete everything").click()
    expect(page.locator(".hls-tutor-log article")).to_have_count(0)
    assert ("POST", "/tutor/delete", tutor.origin) in tutor.requests


def test_a_vote_may_say_why(opened, tutor):
    """The vote goes at once, the reason after it."""
    page = opened()
    ask(page, "What is it?")
    answer(page).get_by_role("button", name="Not helpful").click()
    page.get_by_label("Why, in a few words").fill("too short")
    page.keyboard.press("Enter")
    expect(answer(page)).to_contain_text("Thank you")
    asked = tutor.kinds("ask")[0]["id"]
    votes = [(each["id"], each["vote"], each["reason"]) for each in tutor.kinds("feedback")]
    assert votes == [(asked, "down", ""), (asked, "down", "too short")]


def test_copy_takes_the_answer_with_its_sources(opened, tutor):
    """Markdown as it came, and each citation with its address."""
    page = opened(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "What is it?")
    answer(page).get_by_role("button", name="Copy").click()
    expect(page.locator(".hls-tutor-heard")).to_have_text("Copied, with its sources.")
    address = f"{tutor.origin}/lessons/04_handshake/#explain"
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{BEGUN}{REST}\n\n[1] M4: The five steps: {address}"


def test_the_frames_of_the_own_socket_are_stepped_through(opened, tutor):
    """Each message is an event of the wire view; one from the tutor has its frame's fields."""
    page = opened()
    ask(page, "What is it?")
    answer(page).get_by_role("button", name="Copy").wait_for()
    page.get_by_role("button", name="Show frames").click()
    view = page.locator(".hls-tutor .hls-wire")
    events = view.locator(".hls-events li")
    expect(events).to_have_count(7)
    expect(events.nth(1)).to_contain_text("ask")
    expect(events.nth(2)).to_contain_text("start")
    for _ in range(3):
        view.get_by_role("button", name="Next event").click()
    expect(view.locator(".hls-fields")).to_contain_text("not masked: from the server")
    size = len(json.dumps(tutor.sent[0]))
    expect(view.locator(".hls-hex")).to_contain_text(f"81 {size:02x} 7b 22")


def test_an_exercise_goes_along_when_it_is_ticked(opened, tutor):
    """After a check the learner may take code and verdict along; unasked, nothing goes."""
    page = opened(panel=False)
    record = {"attempts": 2, "last": "accept_missing", "passed": "", "when": "2026-11-25T00:00:00Z"}
    kept = {"version": 1, "exercises": {"m4.check": record}}
    page.evaluate("(kept) => localStorage.setItem('hls-kept', JSON.stringify(kept))", kept)
    page.keyboard.press("Control+/")
    ask(page, "What is it?")
    answer(page).get_by_role("button", name="Copy").wait_for()
    page.get_by_label("Take my code of m4.check along").check()
    ask(page, "What is a pong?")
    expect(page.locator(".hls-tutor-log article")).to_have_count(2)
    answer(page).get_by_role("button", name="Copy").wait_for()
    without, along = [each["context"] for each in tutor.kinds("ask")]
    assert set(without) == {"lesson", "page"}
    assert along["code"].startswith("# exercise: m4.check\n")
    assert {name: along[name] for name in ("exercise", "verdict", "bug", "attempts")} == {
        "exercise": "m4.check", "verdict": "incorrect", "bug": "accept_missing", "attempts": 2,
    }  # fmt: skip


def test_on_a_phone_a_citation_makes_room_for_its_paragraph(opened, tutor):
    """The panel covers the page there, so it closes; the page is not loaded anew."""
    page = opened(width=390)
    page.evaluate("window.same = true")
    ask(page, "What is it?")
    answer(page).get_by_role("link", name="Source 1").click()
    expect(panel(page)).to_be_hidden()
    page.wait_for_url("**/lessons/04_handshake/#explain")
    assert page.evaluate("window.same")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_panel_has_no_violation(opened, tutor, axe, scheme, width):  # noqa: F811
    """With an answer, its history and its frames open, on a phone and on a desk."""
    tutor.past, tutor.quota = list(PAST), dict(QUOTA)
    page = opened(path="/", width=width, color_scheme=scheme)
    ask(page, "What is it?")
    answer(page).get_by_role("button", name="Helpful", exact=True).click()
    says = []
    for view, there in (("History", ".hls-tutor-past li"), ("Show frames", ".hls-tutor .hls-wire")):
        page.get_by_role("button", name=view).click()
        page.locator(there).first.wait_for()
        says += found(page, axe, view)
    assert says == []
