"""A course that is up: what it serves, to whom, and what it keeps to itself."""

import json
import os
import stat
import subprocess

import psutil
import pytest

# The first start of a clone builds Python for the tab and turns every panel.
pytestmark = pytest.mark.timeout(400)


def test_the_site_is_served_and_the_link_signs_in(running, talk):
    """The ready line's link leads to the home page, and from there to a lesson in JupyterLab."""
    link = running.link()
    origin = link.partition("/?")[0]
    address, token = talk.way_to_lab(link, "06_liveness.ipynb")

    assert talk.ask(f"{origin}/")[0] == 200
    assert talk.ask(f"{origin}/lessons/06_liveness/")[0] == 200
    assert talk.ask(f"{address}/api/contents", Authorization=f"token {token}")[0] == 200
    assert talk.ask(f"{address}/api/contents")[0] == 403


@pytest.fixture(scope="module")
def lab(running, talk, folder):
    """Address and token of the running JupyterLab."""
    link = subprocess.run(
        running.process.args, cwd=folder, capture_output=True, text=True, check=True
    ).stdout.split()[-1]
    return talk.way_to_lab(link)


def test_a_second_start_prints_a_new_link(running, talk, folder):
    """Run again while it runs, it prints a link that works, and ends."""
    again = subprocess.run(
        running.process.args, cwd=folder, capture_output=True, text=True, check=False, timeout=30
    )

    assert again.returncode == 0, again
    assert again.stdout.startswith("The course runs already. A new link: http://127.0.0.1:")
    assert talk.signed_in(again.stdout.split()[-1])


def test_no_secret_stands_on_a_command_line(running, lab, folder):
    """Neither JupyterLab's token nor a link nor the owner's key is in the process list."""
    secrets = {lab[1], running.link().partition("=")[2]}
    secrets.add(json.loads((folder / ".course" / "running.json").read_text())["owner"])
    seen = [" ".join(p.info["cmdline"] or ()) for p in psutil.process_iter(["cmdline"])]

    assert any("course.server.jupyter" in line for line in seen)
    assert [line for line in seen if any(secret in line for secret in secrets)] == []


def test_secrets_are_for_their_owner_alone(running, folder):
    """Nobody else may enter `.course/`, and the owner's key is a file of mode 0600."""
    state = folder / ".course"

    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    assert stat.S_IMODE((state / "running.json").stat().st_mode) == 0o600


def test_only_loopback_is_listened_on(running):
    """No port of the course is open to the network."""
    everybody = [psutil.Process(running.process.pid), *running.family()]
    listening = [
        connection.laddr.ip
        for process in everybody
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]

    assert len(listening) >= 2
    assert set(listening) == {"127.0.0.1"}


def test_jupyterlab_has_a_process_group_of_its_own(running):
    """Ctrl-C in the terminal reaches us alone: JupyterLab would ask a question and stay."""
    assert os.getpgid(running.jupyter().pid) != os.getpgid(running.process.pid)


def test_jupyterlab_asks_no_questions(lab, talk):
    """The prompts for news and updates are answered beforehand."""
    address, token = lab
    _, _, body = talk.ask(
        f"{address}/lab/api/settings/@jupyterlab/apputils-extension:notification",
        Authorization=f"token {token}",
    )
    settings = json.loads(json.loads(body)["raw"])

    assert settings == {"fetchNews": "false", "checkForUpdates": False}


def test_shipped_notebooks_are_trusted(lab, talk, folder):
    """Before any cell runs, JupyterLab may show each lesson's stored pictures."""
    address, token = lab
    lessons = sorted(file.name for file in (folder / "notebooks").glob("*.ipynb"))
    trusted = {}
    for name in lessons:
        url = f"{address}/api/contents/{name}"
        _, _, body = talk.ask(url, Authorization=f"token {token}")
        cells = json.loads(body)["content"]["cells"]
        code = [cell["metadata"].get("trusted") for cell in cells if cell["cell_type"] == "code"]
        trusted[name] = code != [] and all(code)

    assert lessons
    assert trusted == dict.fromkeys(lessons, True)


def test_a_kernel_finds_labs_in_any_folder(lab, talk, folder):
    """`import labs` works in a notebook that the learner put into a folder of their own."""
    (folder / "work" / "mine" / "deep").mkdir(parents=True, exist_ok=True)
    code = "import os, labs; print(os.path.basename(os.getcwd()), labs.__name__)"
    said = talk.run_cell(lab, "mine/deep", code, lambda m: m["msg_type"] in ("stream", "error"))

    assert said.get("text") == "deep labs\n", said
