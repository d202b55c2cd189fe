"""The site of the sample lesson and the whole site, each built and served once; a way to visit."""

import functools
import re
import shutil
import threading
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from course.publish import site

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tests" / "course" / "publish" / "sample"


@pytest.fixture(scope="session", autouse=True)
def patience():
    """What is expected of a page may take half a minute, where much else runs."""
    from playwright.sync_api import expect  # where it is missing, the tests' modules say so

    expect.set_options(timeout=30_000)


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *args):
        """Leave the terminal to the tests."""


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The address of a built site whose only lesson is the sample."""
    root = tmp_path_factory.mktemp("project")
    project(root, SAMPLE)
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


PREFIX = "/hook-line-socket"  # as GitHub Pages serves a project


class Published(Quiet):
    """Serves the site below a path, without any header of its own, and notes what was asked."""

    def translate_path(self, path):
        """Only what stands below the prefix is there."""
        below = path.startswith(f"{PREFIX}/")
        return super().translate_path(path[len(PREFIX) :] if below else "/nothing-here")

    def log_request(self, code="-", size="-"):
        """Status and path, for the test to read."""
        self.server.asked.append((int(code), self.path.removeprefix(PREFIX)))


@dataclass
class Site:
    """A published site: its address, its folder, and what was asked of its server."""

    address: str
    folder: Path
    asked: list

    def missing(self):
        """The paths that are not there."""
        return [path for status, path in self.asked if status >= 400]


def project(root, lessons=ROOT / "notebooks"):
    """A copy of what the site is made of, with these lessons."""
    shutil.copytree(ROOT / "site", root / "site", ignore=shutil.ignore_patterns("lessons"))
    (root / "course").symlink_to(ROOT / "course")  # its caches and `labs` are those beside it
    shutil.copy(ROOT / "mkdocs.yml", root)
    shutil.copytree(lessons, root / "notebooks")


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The whole site, built once and served below a path, as a static host serves it."""
    root = tmp_path_factory.mktemp("published")
    project(root)
    folder = root / "build" / "site"
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Published, directory=str(folder))
    )
    server.asked = []
    address = f"http://127.0.0.1:{server.server_port}{PREFIX}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITE_URL", f"{address}/")
        site.build(folder, root)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Site(address, folder, server.asked)
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def built_by_start():
    """Lets a context's pages say from then on that `python3 -m course start` built them."""

    def marked(route):
        answer = route.fetch()
        text = answer.text().replace("<head>", '<head><meta name="hls-course" content="here">', 1)
        route.fulfill(response=answer, body=text)

    return lambda context: context.route(re.compile("/$"), marked)


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
