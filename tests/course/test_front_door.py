"""`python3 -m course`: the list, the refusals, and an environment that mends itself."""

import ast
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import psutil
import pytest

from course import __main__ as front
from course import doors
from course.refusal import Refusal
from course.setup import environment, install, lock
from course.setup.environment import State

INSIDE = "inside {root}/.venv alpha"


# The list and what is refused before anything is touched.


def test_without_an_argument_the_doors_are_listed(capsys):
    """The list names each door on a line of its own, status 0."""
    assert doors.main([]) == 0
    said = capsys.readouterr().out
    for name in ("start", "test", "site", "author", "bench"):
        assert f"  python3 -m course {name} " in said


def test_an_unknown_door_is_refused_with_the_list(capsys):
    """Status 64, and the list on standard error."""
    assert doors.main(["frob"]) == 64
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("There is no door `frob`.")
    assert "python3 -m course start" in said.err


def test_an_old_python_is_named(monkeypatch, capsys):
    """One sentence that says which Python is needed and which this is."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 4, "final", 0))

    assert front.main(["start"]) == 1
    assert capsys.readouterr().err == (
        "This course needs Python 3.11 or newer and this is Python 3.10: "
        "run it with another one, for example `python3.11 -m course start`.\n"
    )


@pytest.mark.parametrize("file", ["__init__.py", "__main__.py"])
def test_an_old_python_can_read_the_front_door(project, file):
    """Both files that run before that sentence are in the grammar of Python 3.7."""
    ast.parse((project / "course" / file).read_text(), feature_version=(3, 7))


def test_the_front_door_needs_the_standard_library_alone(project):
    """With no package to be had at all the list still comes."""
    code = "import sys; sys.path.insert(0, '.'); from course import doors; doors.main([])"
    command = [sys.executable, "-I", "-S", "-c", code]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_a_wheel_without_the_project_says_so(tmp_path, monkeypatch, capsys):
    """A door that needs the clone is refused where there is none."""
    monkeypatch.setattr(doors, "ROOT", tmp_path)

    assert doors.main(["start"]) == 1
    assert "works in a clone of the project" in capsys.readouterr().err


# Setting up and mending, with tiny packages.


def test_the_first_door_sets_up_and_opens(tiny):
    """It says what it does, installs into .venv and runs the door in there, arguments and all."""
    shutil.rmtree(tiny.root / ".venv")
    status, said = tiny.door("start", "--no-browser")

    assert status == 7
    assert said.startswith("Setting up the course in .venv")
    assert "  alpha 1.0\n" in said
    assert "  set up\n" in said
    assert said.endswith(f"{INSIDE.format(root=tiny.root)} --no-browser\n")


def test_the_second_door_opens_at_once(tiny):
    """With everything in place nothing is said and nothing is installed."""
    before = (tiny.root / ".venv" / "course.json").stat().st_mtime_ns
    status, said = tiny.door("start")

    assert (status, said) == (7, INSIDE.format(root=tiny.root) + "\n")
    assert (tiny.root / ".venv" / "course.json").stat().st_mtime_ns == before


def test_a_foreign_pythonpath_does_not_get_in(tiny, tmp_path):
    """The door runs with the course's packages, whatever PYTHONPATH has."""
    (tmp_path / "alpha.py").write_text("raise SystemExit('the wrong alpha')")
    status, said = tiny.door("start", PYTHONPATH=str(tmp_path))

    assert (status, said) == (7, INSIDE.format(root=tiny.root) + "\n")


def test_the_tests_bring_what_they_need(tiny):
    """`test` adds its own packages, and `start` afterwards takes nothing away."""
    status, said = tiny.door("test", "-x")
    again = tiny.door("start")

    assert status == 7
    assert "inside" in said
    assert "gamma -x" in said
    assert again == (7, INSIDE.format(root=tiny.root) + "\n")
    assert (tiny.packages() / "gamma").is_dir()


@pytest.mark.parametrize(
    "path", ["beta", "alpha/deep", "alpha/__init__.py", "beta-1.0.dist-info", "alpha.pth"]
)
def test_a_deleted_package_comes_back(tiny, path):
    """Whatever of a package is deleted by hand is noticed, and only that package is mended."""
    gone = tiny.packages() / path
    shutil.rmtree(gone) if gone.is_dir() else gone.unlink()
    status, said = tiny.door("start")

    assert status == 7, said
    assert said.startswith("Something was deleted from .venv: mending it.")
    assert gone.exists()
    assert "making .venv" not in said


def test_changed_requirements_are_installed(tiny):
    """A new pin is brought in; what is installed besides stays."""
    requirements = tiny.root / "requirements.txt"
    before = requirements.read_text()
    (tiny.packages() / "mine.py").write_text("mine = True")
    try:
        requirements.write_text("alpha==1.0\nbeta==2.0\n")
        status, said = tiny.door("start")
    finally:
        requirements.write_text(before)

    assert status == 7
    assert said.startswith("What the course needs has changed")
    assert (tiny.packages() / "beta-2.0.dist-info").is_dir()
    assert (tiny.packages() / "mine.py").is_file()


def break_interpreter(root: Path) -> None:
    """As an upgraded system leaves it: a link to a Python that is gone."""
    python = root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")


def empty_stamp(root: Path) -> None:
    """As an installation leaves it that was killed."""
    (root / ".venv" / "course.json").write_text("")


def other_version(root: Path) -> None:
    """As a system leaves it whose `python3` became another one."""
    stamp = root / ".venv" / "course.json"
    stamp.write_text(stamp.read_text().replace(sys.version.split()[0], "3.11.999"))


def no_pip(root: Path) -> None:
    """Somebody deleted pip itself."""
    shutil.rmtree(next((root / ".venv").glob("lib/python3*/site-packages")) / "pip")


def a_file(root: Path) -> None:
    """Something else stands where the environment should."""
    shutil.rmtree(root / ".venv")
    (root / ".venv").write_text("?")


@pytest.mark.parametrize("harm", [break_interpreter, empty_stamp, a_file])
def test_a_broken_environment_is_made_anew(tiny, harm):
    """A .venv that cannot be mended is replaced, and the door opens."""
    harm(tiny.root)
    status, said = tiny.door("start")

    assert status == 7, said
    assert "making it anew" in said.splitlines()[0]
    assert said.endswith(INSIDE.format(root=tiny.root) + "\n")


@pytest.mark.parametrize("harm", [other_version, no_pip])
def test_a_changed_interpreter_is_noticed(tiny, harm):
    """An interpreter of another version, or one without pip, is of no use any more."""
    harm(tiny.root)

    assert environment.state(tiny.root, ["requirements.txt"]) is State.DEAD


def test_a_moved_project_is_noticed(tiny, tmp_path):
    """An environment knows its folder: in another one it is not used."""
    shutil.copytree(tiny.root, tmp_path / "moved", symlinks=True)

    assert environment.state(tmp_path / "moved", ["requirements.txt"]) is State.DEAD


def test_an_environment_made_by_hand_is_kept(empty):
    """A .venv of the plain door is completed, not thrown away."""
    subprocess.run([sys.executable, "-m", "venv", empty.root / ".venv"], check=True, timeout=60)
    (empty.packages() / "mine.py").write_text("mine = True")
    status, said = empty.door("start")

    assert status == 7, said
    assert said.startswith("What the course needs has changed")
    assert (empty.packages() / "mine.py").is_file()


# What goes wrong, one sentence each.


def test_no_network_is_one_sentence(empty):
    """Without a way to the index it says so; the next try begins where this one ended."""
    with closed_port() as port:
        index = f"http://127.0.0.1:{port}/simple"
        status, said = empty.door("start", PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=index)

    assert status == 1
    assert said.splitlines()[-1] == (
        "The packages could not be fetched because the package index cannot be reached: "
        "connect this machine to the network and run the same command again."
    )
    assert empty.door("start")[0] == 7


def test_a_package_that_does_not_exist_is_named(empty):
    """Any other failure of pip is its own last error, and where the rest is."""
    (empty.root / "requirements.txt").write_text("nonesuch==1\n")
    status, said = empty.door("start")

    assert status == 1
    assert "nonesuch==1" in said.splitlines()[-1]
    assert "setup.log" in said.splitlines()[-1]


def test_a_python_without_ensurepip_names_the_apt_package():
    """Debian splits off what makes environments: the sentence names the package."""
    with pytest.raises(Refusal, match="sudo apt install python3-venv"):
        install.check_venv_module(find=lambda name: None if name == "ensurepip" else object())


def other_users_python() -> str:
    """An interpreter that a user without rights may run."""
    for name in ("/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(name).exists() and environment.version_of(Path(name)) > "3.11":
            return name
    pytest.skip("no Python 3.11 outside the home folder, for a user without rights to run")


def test_a_folder_that_takes_no_files_is_one_sentence(project):
    """In a folder one may only read, the sentence says to copy it elsewhere."""
    # Root may write anywhere, so then the door is opened by nobody.
    python, nobody = (other_users_python(), 65534) if os.geteuid() == 0 else (sys.executable, None)
    with open_folder() as folder:
        shutil.copytree(project / "course", folder / "course")
        shutil.copy(project / "requirements.txt", folder)
        folder.chmod(0o555)
        done = subprocess.run(
            [python, "-B", "-m", "course", "start"], cwd=folder, capture_output=True, text=True,
            check=False, user=nobody, timeout=60,
        )  # fmt: skip

    assert done.returncode == 1, done
    assert "cannot be written to" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@contextlib.contextmanager
def open_folder():
    """A folder that every user can reach, unlike pytest's own."""
    import tempfile

    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


# Interruptions: pip is held up by an index that does not answer.


@contextlib.contextmanager
def closed_port():
    """A port that refuses connections, because it is bound and nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def silent_index():
    """The URL of an index that takes requests and never answers; an event for the first one."""
    listener = socket.create_server(("127.0.0.1", 0))
    asked, connections = threading.Event(), []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connections.append(listener.accept()[0])
                asked.set()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/simple", asked
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for connection in connections:
            connection.close()


def under_way(empty, url, asked):
    """A door whose pip is waiting for the index, and everything that runs under it."""
    process = empty.start("start", PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_INDEX_URL=url)
    assert asked.wait(60)
    children = psutil.Process(process.pid).children(recursive=True)
    assert any("pip" in " ".join(child.cmdline()) for child in children)
    return process, children


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_setup_leaves_nothing_running(empty, number):
    """Ctrl-C, and a polite kill, end pip too; the status says that it was interrupted."""
    with silent_index() as (url, asked):
        process, children = under_way(empty, url, asked)
        process.send_signal(number)
        said, _ = process.communicate(timeout=10)
        _, alive = psutil.wait_procs(children, timeout=5)

    assert process.returncode == 130
    assert said.endswith("Stopped.\n")
    assert alive == []


def test_a_killed_setup_is_noticed_and_waited_for(empty):
    """After kill -9 the next door waits for the pip that is left, then makes .venv anew."""
    with silent_index() as (url, asked):
        process, _ = under_way(empty, url, asked)
        process.kill()
        process.communicate(timeout=10)
        second = empty.start("start")
        assert second.stdout.readline().startswith("Another course command is setting up")
    said, _ = second.communicate(timeout=90)

    assert second.returncode == 7
    assert said.startswith("An earlier setup of .venv was interrupted: making it anew.")


def test_two_doors_do_not_install_at_once(empty):
    """The second waits for the first, then finds everything in place."""
    first = empty.start("start")
    assert first.stdout.readline().startswith("Setting up")
    status, said = empty.door("start")
    first.communicate(timeout=90)

    assert (first.returncode, status) == (7, 7)
    assert said.splitlines()[0].startswith("Another course command is setting up")
    assert len(said.splitlines()) == 2


def test_a_lock_that_is_held_is_refused_at_once(tmp_path):
    """What only one may do is refused to the second while the first is at it, and no longer."""
    with lock.held(tmp_path / "lock"), pytest.raises(lock.Taken), lock.held(tmp_path / "lock"):
        pass
    with lock.held(tmp_path / "lock"):
        assert (tmp_path / "lock").exists()
