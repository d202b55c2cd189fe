"""The decision guide in Chromium: keyboard, address, back, and the page without scripts."""

import re
import shutil
from pathlib import Path

import markdown
import pytest
from playwright.sync_api import expect

from course.publish import notebook
from course.publish.reference import parts
from labs.choosing import TREE, walk
from labs.lessons import lesson

SITE = Path(__file__).resolve().parents[2] / "site"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """The guide's page as a file, made with the site's own Markdown and none of its theme."""
    folder = tmp_path_factory.mktemp("site") / "reference" / "choosing"
    folder.mkdir(parents=True)
    for name in ("scripts/choosing.js", "styles/reference.css"):
        (folder.parents[1] / name).parent.mkdir()
        shutil.copy(SITE / name, folder.parents[1] / name)
    made = parts({path: lesson(path.stem) for path in notebook.files(notebook.NOTEBOOKS)})
    frame = (SITE / "reference" / "choosing.md").read_text("utf-8").split("---", 2)[2]
    for name, text in made.items():
        frame = frame.replace(f'--8<-- "{name}"', text)
    html = markdown.markdown(frame, extensions=["attr_list", "md_in_html", "tables", "toc"])
    file = folder / "index.html"
    file.write_text(f'<!doctype html><html lang="en"><title>x</title>{html}', encoding="utf-8")
    return file


@pytest.fixture
def visit(browser, page_file):
    """Opens the page, with answers in its address if there are any."""
    errors = []

    def opened(fragment="", **more):
        page = browser.new_context(**more).new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(page_file.as_uri() + fragment)
        return page

    yield opened
    assert errors == []


def asked(page):
    """Where the guide shows the question, or the decision."""
    return page.locator(".hls-guide h2")


def decided(page, mechanism):
    """Waits until the guide has decided on this mechanism."""
    guide = page.locator(".hls-guide")
    guide.get_by_role("heading", name=mechanism, exact=True).wait_for()


def test_questions_are_answered_by_the_keyboard(visit):
    """Each answer moves the focus to the next question, and the last one to the decision."""
    page = visit()
    for answer in ("A page or an app", "Both speak, at any time", "Proxies of ours"):
        page.locator(".hls-guide li button", has_text=answer).focus()
        page.keyboard.press("Enter")
        page.locator(".hls-guide h2:focus").wait_for()
    expect(asked(page)).to_have_text(TREE.leaves["websocket"].mechanism)
    expect(page.get_by_role("status")).to_have_text("Decided after 3 questions")
    expect(page.locator(".hls-guide")).to_contain_text(TREE.leaves["websocket"].interview)


def test_the_number_of_questions_is_told(visit):
    """Before each answer one knows how many may still come."""
    page = visit()
    expect(page.get_by_role("status")).to_have_text("Question 1 of at most 6")
    page.get_by_role("button", name="A server of another organisation").click()
    page.get_by_role("status").filter(has_text="Question 2 of at most 4").wait_for()


def test_back_takes_an_answer_back(visit):
    """The browser's Back, and a change on the page, lead to the question as it was."""
    page = visit()
    first = asked(page).inner_text()
    page.get_by_role("button", name="A server of another organisation").click()
    reachable = page.get_by_role("button", name="Yes: it has a public name")
    reachable.wait_for()
    second = asked(page).inner_text()
    reachable.click()
    page.get_by_role("heading", name=second).wait_for(state="detached")
    page.go_back()
    page.get_by_role("heading", name=second).wait_for()
    page.go_back()
    page.get_by_role("heading", name=first).wait_for()
    page.go_forward()
    page.get_by_role("button", name="Change: A server of another organisation").click()
    page.get_by_role("heading", name=first).wait_for()


def test_each_product_leads_to_its_decision(visit):
    """A click on its name answers the questions, and the address can be shared."""
    page = visit()
    for case in TREE.cases:
        page.locator("[data-answers] button", has_text=case.name).click()
        decided(page, walk(case.answers).mechanism)
        expect(page.get_by_role("status")).to_have_text(re.compile("^Decided"))
    again = visit("#" + page.url.partition("#")[2])
    expect(asked(again)).to_have_text(asked(page).inner_text())


def test_nonsense_in_the_address_leads_as_far_as_it_makes_sense(visit):
    """A link that was cut short, or that is older than the tree, asks the rest."""
    page = visit("#decide=page,both,carrier-pigeon")
    expect(asked(page)).to_have_text(TREE.questions["between"].asks)


def test_without_scripts_the_list_is_the_guide(visit):
    """Every path stands on the page, and its end leads to the decision's section."""
    page = visit(java_script_enabled=False)
    expect(page.locator(".hls-guide")).to_be_hidden()
    expect(page.locator(".hls-tree a")).to_have_count(19)
    for link in page.locator(".hls-tree a").all():
        expect(page.locator(f"section{link.get_attribute('href')}")).to_be_visible()
