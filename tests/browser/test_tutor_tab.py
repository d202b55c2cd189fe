"""The tutor of the purely static site: the course's own answering, in the reader's tab."""

import json

import pytest
from playwright.sync_api import expect

from .test_tutor import answer, ask

pytestmark = pytest.mark.timeout(300)  # the site is built first
BOOT = 60_000  # ms


@pytest.fixture
def page(browser, published):
    """The home page of the published site with its panel open; no script may fail."""
    about = json.loads((published.folder / "assets" / "tutor.json").read_text("utf-8"))
    if "worker" not in about:
        pytest.skip("Python for the tab is built with Node.js, and there is none")
    errors = []
    context = browser.new_context(service_workers="block")
    opened = context.new_page()
    opened.set_default_timeout(BOOT)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(f"{published.address}/", wait_until="networkidle")
    published.asked.clear()
    opened.get_by_role("button", name="Ask the tutor").click()
    opened.get_by_label("Your question").wait_for()
    yield opened
    context.close()
    assert errors == []


def heavy(published):
    """What was fetched of Python and of the passages."""
    paths = [path for _, path in published.asked]
    return [path for path in paths if "/assets/runtime/" in path or "worker.mjs" in path]


def test_the_tab_answers_from_the_course_without_an_account(page, published):
    """Nothing is fetched before the first question, its size is said; then an answer is cited."""
    assert heavy(published) == []
    assert "/tutor/status" not in [path for _, path in published.asked]
    expect(page.locator(".hls-tutor-says")).to_contain_text("the first question fetches 7 MB once")
    ask(page, "What is the difference between a WebSocket and a webhook?")
    expect(answer(page)).to_contain_text("Quoted from the course", timeout=BOOT)
    expect(answer(page)).to_contain_text("(no AI model is configured)")
    assert heavy(published) != []
    assert published.missing() == []
    sources = answer(page).get_by_role("list", name="Sources").get_by_role("link")
    for address in [link.get_attribute("href") for link in sources.all()]:
        path, _, anchor = address.removeprefix(published.address).partition("#")
        html = (published.folder / path.strip("/") / "index.html").read_text("utf-8")
        assert f'id="{anchor}"' in html
    refused_and_hinted(page)
    stopped(page)


def refused_and_hinted(page):
    """The tab declines what the course does not cover, and gives a hint when that is asked for."""
    ask(page, "How long do I boil an egg?")
    expect(answer(page).get_by_role("list", name="Ask next")).to_be_visible()
    page.get_by_label("How to be helped").select_option("Only a hint")
    assert page.locator("option", has_text="Interview").count() == 0
    ask(page, "How do I verify a webhook signature?")
    expect(answer(page)).to_contain_text("?")
    expect(answer(page)).to_have_attribute("aria-busy", "false")


def stopped(page):
    """After a stop the next question starts Python anew."""
    page.evaluate("""() => {
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = () => {};
      window.mended = () => void (Worker.prototype.postMessage = postMessage);
    }""")
    ask(page, "What is a pong?")
    page.get_by_role("button", name="Stop").click()
    expect(answer(page)).to_contain_text("Stopped.")
    page.evaluate("mended()")
    ask(page, "What is a close code?")
    expect(answer(page)).to_contain_text("Quoted from the course", timeout=BOOT)
