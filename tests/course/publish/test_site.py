"""The site builds strictly from notebooks, on a clean clone too, and asks nobody for anything."""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from course.publish import site
from course.publish.home import cards

SAMPLE = Path(__file__).parent / "sample"
ROOT = Path(__file__).resolve().parents[3]
QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Page(HTMLParser):
    """The ids of a page, and the addresses that it loads by itself."""

    def __init__(self):
        super().__init__()
        self.ids, self.loads, self.fragments = [], [], []

    def handle_starttag(self, tag, attrs):
        """Notes what the tag names and what it loads."""
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        if tag in LOADS and named.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(named.get(LOADS[tag]) or "")
        if tag == "a" and (named.get("href") or "").startswith("#"):
            self.fragments.append(named["href"][1:])


def parsed(path):
    """The page at `path`, read."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A project of which the only lesson is the sample."""
    root = tmp_path_factory.mktemp("project")
    for name in ("mkdocs.yml", "site", "course", "labs"):
        source, target = ROOT / name, root / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("lessons", "__pycache__"))
        else:
            shutil.copy(source, target)
    shutil.copytree(SAMPLE, root / "notebooks")
    return root


@pytest.fixture(scope="module")
def built(tree):
    """The sample project, built."""
    site.build(tree / "build" / "site", tree)
    return tree / "build" / "site"


def pages(built):
    """Each page of a built site."""
    return sorted(built.rglob("*.html"))


def test_there_is_a_page_for_each_lesson(built):
    """The lesson's address is lessons/NN_topic/."""
    assert (built / "lessons" / "90_sample" / "index.html").is_file()
    assert 'href="lessons/90_sample/"' in (built / "index.html").read_text(encoding="utf-8")


def test_pages_load_nothing_from_elsewhere(built):
    """No request leaves the machine: no font, no script, no style of somebody else."""
    for path in pages(built):
        for address in parsed(path).loads:
            assert not re.match(r"(https?:)?//", address), f"{path.name} loads {address}"
    for style in built.rglob("*.css"):
        loaded = re.findall(r"url\(([^)]*)\)", style.read_text(encoding="utf-8"))
        assert not [each for each in loaded if "://" in each and "data:" not in each], style


def test_no_page_has_an_id_twice(built):
    """Pictures of many runs stand in one page, and none takes another's name."""
    for path in pages(built):
        ids = parsed(path).ids
        assert len(ids) == len(set(ids)), [each for each in ids if ids.count(each) > 1]


def test_every_link_within_a_page_meets_its_place(built):
    """Links in outputs are not the builder's to check, so this test does."""
    for path in pages(built):
        page = parsed(path)
        lost = [each for each in page.fragments if each and each not in page.ids]
        assert not [each for each in lost if not each.startswith("__")], path


def test_the_home_page_shows_a_run(built):
    """The picture is made while the site is built, and its text stands beside it."""
    home = (built / "index.html").read_text(encoding="utf-8")
    assert "Read this diagram as text" in home
    assert "close 1011" in home


def test_a_second_build_touches_nothing(tree, built):
    """`mkdocs serve` watches these files; writing them again would make it build for ever."""
    before = {path: path.stat().st_mtime_ns for path in site.write_pages(tree)}
    assert before == {path: path.stat().st_mtime_ns for path in site.write_pages(tree)}


def test_the_page_of_a_lesson_that_is_gone_goes(tree, built):
    """A renamed notebook leaves no page behind."""
    stale = tree / "site" / "lessons" / "91_gone.md"
    stale.write_text("# Gone\n")
    site.write_pages(tree)
    assert not stale.exists()


def test_a_broken_link_is_refused(tree, built):
    """Strict means that a page with a dead link does not go out."""
    page = tree / "site" / "broken.md"
    page.write_text("# Broken\n\n[nowhere](nowhere.md) [lost](run-it/index.md#lost)\n")
    try:
        with pytest.raises(site.SiteError, match=r"nowhere\.md") as refused:
            site.build(tree / "build" / "broken", tree)
        assert "#lost" in str(refused.value)
    finally:
        page.unlink()


def test_no_lessons_are_no_trouble():
    """The site works before the first lesson is written."""
    assert cards([]) == '<ol class="hls-cards"></ol>\n'


def test_plain_mkdocs_builds_a_clean_clone(clone):
    """Lesson pages appear without any other command."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict"]
    done = subprocess.run(
        command, cwd=clone, env=QUIET, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lessons = {path.stem for path in (clone / "notebooks").glob("*.ipynb")}
    assert lessons <= {path.name for path in (clone / "build" / "site" / "lessons").iterdir()}


def test_zensical_reports(tree, built):
    """The theme's successor builds the same tree; it reports and does not block."""
    pytest.importorskip("zensical")
    try:
        site.build(tree / "build" / "site", tree, builder="zensical")
    except site.SiteError as trouble:
        pytest.skip(f"Zensical does not build the site yet: {trouble}")
    assert (tree / "build" / "site" / "lessons" / "90_sample" / "index.html").is_file()
