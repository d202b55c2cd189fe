"""What the site serves of its own: code with few elements, scripts and styles without comments."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from course.publish import minified
from course.publish.runtime import build, node
from course.publish.site import CACHE
from course.publish.tokens import coloured

SITE = Path(__file__).resolve().parents[3] / "site"
MOST = 12_000  # bytes of gzip that a lesson loads over a plain Material page


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The site's scripts and styles, minified."""
    if node.found() is None:
        pytest.skip(build.MISSING)
    site = tmp_path_factory.mktemp("site")
    for name in ("scripts", "styles"):
        shutil.copytree(SITE / name, site / name)
    assert minified.minified(site, CACHE)
    return site


def loaded(text, scripts):
    """The scripts that the configuration names, and those that they import at once."""
    waiting = re.findall(r"scripts/(\w+\.js)", text)
    found = []
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.append(name)
            source = (scripts / name).read_text("utf-8")
            waiting += re.findall(r'(?:from|import)\s*"\./(\w+\.js)"', source)
    return found


def test_a_page_loads_little_of_ours(served):
    """Scripts and styles together, each compressed as a host does."""
    named = (SITE.parent / "mkdocs.yml").read_text("utf-8")
    named += (SITE / "overrides" / "main.html").read_text("utf-8")
    scripts = loaded(named, SITE / "scripts")
    assert {"run.js", "kept.js", "search.js"} <= set(scripts)
    files = [*(served / "scripts" / name for name in scripts), served / "styles" / "site.css"]
    sizes = {file.name: len(gzip.compress(file.read_bytes(), 6)) for file in files}
    assert sum(sizes.values()) <= MOST, sizes


def test_a_style_takes_in_what_it_imports(served):
    """One request instead of a chain; fonts keep their address."""
    style = (served / "styles" / "site.css").read_text("utf-8")
    assert "@import" not in style
    assert "url(../assets/fonts/source-sans-3.woff2)" in style


def test_scripts_keep_their_names_and_say_the_same(served):
    """Others fetch them by name; the browser reads each as a module."""
    for file in (SITE / "scripts").glob("*.js"):
        small = served / "scripts" / file.name
        assert small.stat().st_size < file.stat().st_size
    check = [*node.found().node, "--input-type=module", "--check"]
    text = (served / "scripts" / "run.js").read_text("utf-8")
    assert subprocess.run(check, input=text, text=True, check=False).returncode == 0


def test_without_node_the_site_stays_as_it_was_written(tmp_path, monkeypatch):
    """It is larger then, and works."""
    monkeypatch.setattr(node, "found", lambda: None)
    assert not minified.minified(tmp_path, CACHE)


def test_a_broken_script_does_not_stop_the_site(tmp_path, capsys):
    """It is served as it stands, and the builder is told."""
    if node.found() is None:
        pytest.skip(build.MISSING)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "a.js").write_text("let = ;")
    assert not minified.minified(tmp_path, CACHE)
    assert "as they were written" in capsys.readouterr().err


def test_code_has_an_element_only_where_it_has_a_colour():
    """Names, operators, punctuation and white space are text; the code reads the same."""
    html = '<span class="k">await</span><span class="w"> </span><span class="n">a</span>'
    assert coloured(html) == '<span class="k">await</span> a'
