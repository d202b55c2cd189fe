"""The site of the sample lesson, built and served once, and a way to visit it."""

import functools
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from course.publish import site

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "course" / "publish" / "sample"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *args):
        """Leave the terminal to the tests."""


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address of a built site whose only lesson is the sample."""
    root = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "site", root / "site", ignore=shutil.ignore_patterns("lessons"))
    shutil.copytree(ROOT / "course" / "publish", root / "course" / "publish")
    shutil.copy(ROOT / "mkdocs.yml", root)
    shutil.copytree(SAMPLE, root / "notebooks")
    folder = functools.partial(Quiet, directory=str(root / "build" / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), folder)
    address = f"http://127.0.0.1:{server.server_port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", f"{address}/")
        site.build(root / "build" / "site", root)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def visit(browser, served):
    """Opens a page, after a script of the test; no request may go elsewhere, no script may fail."""
    own = (served, f"blob:{served}", "data:")
    foreign, errors, contexts = [], [], []

    def opened(path, *, scheme="light", width=1350, first="", **more):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, **more
        )
        contexts.append(context)
        context.add_init_script(first)
        page = context.new_page()
        page.on("request", lambda r: r.url.startswith(own) or foreign.append(r.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(served + path, wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert foreign == []
    assert errors == []
