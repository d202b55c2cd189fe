"""The published site: below a path, without network after the first visit, and renewed whole."""

import json

import pytest
from playwright.sync_api import expect

from course.publish import offline
from course.publish.runtime import build, node

from .until import press, until

LESSON = "/lessons/04_handshake/"
READY = "navigator.serviceWorker.ready.then(() => true)"
BOOT = 60_000  # ms: Python starts in two seconds, and in twenty on a machine that does more


@pytest.fixture
def reader(browser, published):
    """A browser's window with an empty cache; what fails in its pages fails the test."""
    errors = []
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    published.asked.clear()
    yield page
    context.close()
    assert errors == []


def visited(page, published, path):
    """Open a page and wait until the browser has the whole site."""
    page.goto(published.address + path)
    assert page.evaluate(READY)
    until(page, "navigator.serviceWorker.controller")


def run_first(page):
    """Take away what the first run printed, press Run, and wait until the same is back."""
    printed = page.locator(".hls-cell[data-runs=tab] + .hls-outputs:has(pre)").first
    number = printed.get_attribute("data-of")
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    before = printed.locator("pre").first.text_content()
    assert before.strip()
    printed.evaluate("(each) => each.replaceChildren()")
    cell = page.locator(f'.hls-cell[data-cell="{number}"]')
    press(cell.get_by_role("button", name="Run", exact=True))
    page.locator(f'.hls-cell[data-cell="{number}"][aria-busy="false"]').wait_for(timeout=BOOT)
    again = page.locator(f'.hls-outputs[data-of="{number}"] pre').first
    expect(again).to_have_text(before)
    assert again.text_content().strip() == before.strip(), "to the last blank"


def test_everything_is_found_below_a_path(reader, published):
    """Home, a lesson, Run: no file is missing, and no header is needed."""
    if node.found() is None:
        pytest.skip(build.MISSING)
    reader.goto(f"{published.address}/", wait_until="networkidle")
    reader.evaluate("window.same = true")
    reader.locator(f".md-content a[href$='{LESSON[1:]}']").first.click()
    reader.locator(".hls-bar").first.wait_for()
    assert reader.evaluate("window.same")
    run_first(reader)
    assert any(path.endswith("/pyodide.asm.wasm") for _, path in published.asked)
    assert published.missing() == []


def test_a_visit_brings_the_pages_and_leaves_python_where_it_is(reader, published):
    """After one page all pages are there, and nothing of the ten megabytes was fetched."""
    visited(reader, published, "/")
    asked = {path for _, path in published.asked}
    assert LESSON + "index.html" in asked
    assert not [path for path in asked if path.startswith("/assets/runtime/")]


def test_without_network_every_page_is_read_and_python_runs(reader, published):
    """After a first Run the network goes: reload, another page by its address, a search, Run."""
    if node.found() is None:
        pytest.skip(build.MISSING)
    visited(reader, published, LESSON)
    run_first(reader)
    reader.context.set_offline(True)
    published.asked.clear()
    reader.reload()
    run_first(reader)
    for path, words in {
        "/studio/": "Interview",
        "/reference/timers": "Timers",
        "/": "Hook",
    }.items():
        reader.goto(published.address + path)
        heading = reader.locator("h1").text_content()
        assert words.lower() in f"{reader.title()}{heading}".lower()
    reader.locator("label[for=__search]").first.click()
    reader.keyboard.type("heartbeat")
    reader.locator(".md-search-result__item").first.wait_for()
    # Chromium asks for the worker itself even then: the network is cut for pages only.
    assert {path for _, path in published.asked} <= {"/sw.js"}


def test_a_new_version_begins_whole_and_drops_the_old(reader, published):
    """A changed site waits until it is there in full, begins with a next page, and is alone."""
    page, script = published.folder / "studio" / "index.html", published.folder / "scripts/page.js"
    before = {file: file.read_bytes() for file in (page, script)}
    visited(reader, published, "/")
    try:
        page.write_bytes(before[page].replace(b"</h1>", b" (renewed)</h1>"))
        script.write_bytes(before[script] + b"\nwindow.renewed = true;\n")
        version = offline.worker(published.folder)
        published.asked.clear()
        assert reader.evaluate("window.renewed") is None
        waits = """navigator.serviceWorker.ready.then(async (mine) => {
            await mine.update();
            while (!mine.waiting) await new Promise((settle) => setTimeout(settle, 50));
        })"""
        reader.evaluate(waits)
        fetched = {path for _, path in published.asked}
        assert fetched == {"/sw.js", "/studio/index.html", "/scripts/page.js"}
        reader.goto(f"{published.address}/studio/")
        heading = reader.locator("h1").first
        heading.wait_for()
        if "(renewed)" not in heading.inner_text():  # the old worker answered while it was replaced
            reader.reload()
        expect(heading).to_contain_text("(renewed)")
        until(reader, "window.renewed")
        names = json.loads(reader.evaluate("caches.keys().then(JSON.stringify)"))
        assert [name for name in names if "pages" in name] == [f"hls-pages-{version}"]
    finally:
        for file, content in before.items():
            file.write_bytes(content)
        offline.worker(published.folder)


def test_half_a_new_version_is_none(reader, published):
    """Where a file is not yet what the worker was told, the version before goes on."""
    page = published.folder / "studio" / "index.html"
    before = page.read_bytes()
    visited(reader, published, "/")
    try:
        page.write_bytes(before.replace(b"</h1>", b" (half)</h1>"))
        offline.worker(published.folder)
        page.write_bytes(before)
        failed = """navigator.serviceWorker.ready.then(async (mine) => {
            await mine.update().catch(() => {});
            while (mine.installing) await new Promise((settle) => setTimeout(settle, 50));
            return !mine.waiting;
        })"""
        assert reader.evaluate(failed)
        reader.context.set_offline(True)
        reader.goto(f"{published.address}/studio/")
        expect(reader.locator("h1")).to_be_visible()
        expect(reader.locator("h1")).not_to_contain_text("(half)")
    finally:
        offline.worker(published.folder)
