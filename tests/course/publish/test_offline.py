"""What the service worker is told, and the archive: on a site of a few files."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from course.publish import offline

WORKER = Path(__file__).resolve().parents[3] / "site" / "sw.js"


@pytest.fixture
def built(tmp_path):
    """A built site: two pages, a script, Python for the tab, a sitemap twice."""
    files = {
        "index.html": "home",
        "run-it/index.html": f"<p>before</p>\n{offline.MARK}\n<p>after</p>",
        "scripts/page.js": "1;",
        "assets/runtime/0123abcd/worker.mjs": "2;",
        "assets/grids/04_handshake-77/a.picture": "<svg/>",
        "sitemap.xml": "<urlset/>",
        "sitemap.xml.gz": "packed",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    shutil.copy(WORKER, tmp_path)
    return tmp_path


def constant(site, name):
    """What the site's worker declares under this name."""
    line = re.search(rf"^const {name} = (.*);", (site / "sw.js").read_text(), re.MULTILINE)
    return json.loads(line[1])


def test_the_worker_knows_every_page_with_its_digest(built):
    """Pages, scripts and the sitemap, by the SHA-256 that `sha256sum` prints."""
    offline.worker(built)
    files = constant(built, "FILES")
    assert sorted(files) == ["index.html", "run-it/index.html", "scripts/page.js", "sitemap.xml"]
    assert files["index.html"] == "4ea140588150773c"


def test_what_is_large_and_named_after_its_content_is_left_for_later(built):
    """Python for the tab and the knobs' turns are kept by their folders, when asked for."""
    offline.worker(built)
    folders = constant(built, "FOLDERS")
    assert folders == ["assets/grids/04_handshake-77/", "assets/runtime/0123abcd/"]


def test_the_version_changes_with_the_content_and_with_nothing_else(built):
    """The same files again, later, are the same version; one letter more is another."""
    first, again = offline.worker(built), offline.worker(built)
    (built / "index.html").write_text("home!")
    assert first == again == constant(built, "VERSION")
    assert offline.worker(built) != first


def test_a_worker_that_cannot_be_told_is_refused(built):
    """A worker without the line would keep nothing, silently."""
    (built / "sw.js").write_text("const VERSION = 1;")
    with pytest.raises(ValueError, match="declares FILES"):
        offline.worker(built)


def test_the_archive_holds_the_site_and_not_itself(built):
    """Every file in one folder, without a link to an archive; the page of the site has the link."""
    offline.worker(built)
    made = offline.archive(built)
    with zipfile.ZipFile(made) as whole:
        names = whole.namelist()
        inside = whole.read("hook-line-socket/run-it/index.html").decode()
        worker = whole.read("hook-line-socket/sw.js").decode()
    assert "hook-line-socket/assets/runtime/0123abcd/worker.mjs" in names
    assert not any(name.endswith((".zip", ".gz")) for name in names)
    assert inside == f"<p>before</p>\n{offline.MARK}\n<p>after</p>"
    assert '"index.html":"4ea140588150773c"' in worker
    assert 'href="../hook-line-socket.zip"' in (built / "run-it" / "index.html").read_text()


def test_the_same_site_gives_the_same_archive(built, tmp_path_factory):
    """Byte for byte: no time of day is in it."""
    other = shutil.copytree(built, tmp_path_factory.mktemp("other") / "site")
    assert offline.archive(built).read_bytes() == offline.archive(other).read_bytes()


def test_the_worker_in_the_archive_knows_the_pages_in_the_archive(built):
    """Else it would refuse the page whose link is missing there."""
    offline.worker(built)
    with zipfile.ZipFile(offline.archive(built)) as whole:
        whole.extractall(built / "out")
    unpacked = built / "out" / "hook-line-socket"
    page = unpacked / "run-it" / "index.html"
    assert constant(unpacked, "FILES")["run-it/index.html"] == offline.digest(page)


def test_the_page_without_an_archive_has_no_link(built):
    """The link is there only when what it leads to is."""
    offline.worker(built)
    assert "hook-line-socket.zip" not in (built / "run-it" / "index.html").read_text()


def test_the_frame_has_a_place_for_the_link():
    """The page about running the course says where the link goes."""
    assert offline.MARK in (WORKER.parent / "run-it" / "index.md").read_text("utf-8")
