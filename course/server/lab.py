"""Starts JupyterLab on `work/`, says when it answers, and ends it with all that it started.

It keeps its settings, trust and workspaces in `.course/`, away from the user's own Jupyter. Its
token travels in the environment, which only the same user may read; a command line is public.
"""

import asyncio
import contextlib
import json
import os
import secrets
import sys
import time
from pathlib import Path

import aiohttp
import psutil

from course.refusal import Refusal
from labs import evidence
from labs.exercises import PROGRESS

ANSWER_WITHIN = 90.0  # seconds; a cold disk needs ten
END_WITHIN = 2.5  # seconds before what is left is killed
SHADOW = Path(__file__).parent.parent / "shadow"
KERNELS = {"InteractiveShellApp": {"extensions": ["course.tutor.notebook"]}}  # %tutor and %%tutor
CHOICES = {  # made for the learner, once: no news, no update prompt, light or dark as the system
    "notification": {"fetchNews": "false", "checkForUpdates": False},
    "themes": {"adaptive-theme": True},
}


class Jupyter:
    """One JupyterLab process in a process group of its own."""

    def __init__(self, state: Path, work: Path, port: int) -> None:
        self.state = state / "jupyter"
        self.log = self.state / "log"
        self.work = work
        self.port = port
        self.token = secrets.token_urlsafe(32)
        self.url = f"http://127.0.0.1:{port}"
        self.process: asyncio.subprocess.Process | None = None

    @property
    def trust_folder(self) -> Path:
        """Where it looks up which notebooks are trusted."""
        return self.state / "share"

    def is_running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Start the process; `answering` says when it is of use."""
        prepare(self.state)
        with self.log.open("wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "course.server.jupyter", *self.settings(),
                cwd=self.work, env=self.environment(), stdin=asyncio.subprocess.PIPE,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def settings(self) -> list[str]:
        """Its command line: nothing secret, nothing that asks the network."""
        return [
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.work}",
            "--ServerApp.open_browser=False",
            f"--ServerApp.allow_root={os.geteuid() == 0}",
            "--LabApp.news_url=None",
            "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            "--LabApp.extension_manager=readonly",
            "--KernelManager.shutdown_wait_time=1",
        ]

    def environment(self) -> dict[str, str]:
        """Its environment: the user's, with every Jupyter folder turned to ours."""
        own = {
            "JUPYTER_TOKEN": self.token,
            "JUPYTER_CONFIG_DIR": self.state / "config",
            "JUPYTER_DATA_DIR": self.trust_folder,
            "JUPYTER_RUNTIME_DIR": self.state / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": self.state / "settings",
            "JUPYTERLAB_WORKSPACES_DIR": self.state / "workspaces",
            "IPYTHONDIR": self.state / "ipython",
            "PYTHONPATH": SHADOW,
            evidence.FOLDER: self.state.parent / "evidence",
            PROGRESS: self.state.parent / "progress.json",
        }
        theirs = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
        return theirs | {name: str(value) for name, value in own.items()}

    async def answering(self) -> None:
        """Return once it answers.

        Raises: Refusal when it ends first, or takes longer than ANSWER_WITHIN.
        """
        until = time.monotonic() + ANSWER_WITHIN
        async with aiohttp.ClientSession() as http:
            while time.monotonic() < until:
                if not self.is_running():
                    raise Refusal(f"JupyterLab did not start; why is in {self.log}.")
                if await answers(http, f"{self.url}/api"):
                    return
                await asyncio.sleep(0.05)
        raise Refusal(f"JupyterLab did not answer within {ANSWER_WITHIN:.0f} s; see {self.log}.")

    async def ended(self) -> str:
        """One sentence, once the process has ended by itself."""
        if self.process is None:
            raise RuntimeError("not started")
        status = await self.process.wait()
        return (
            f"JupyterLab has ended (status {status}; its log is {self.log}); the pages are still "
            "served. Press Ctrl-C and start the course again to have it back."
        )

    async def stop(self) -> None:
        """End it, its kernels and their children, politely at first."""
        if self.process is None:
            return
        under = descendants(self.process.pid)
        if self.is_running():
            self.process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.process.wait(), END_WITHIN)
        for process in under:
            kill(process)
        if self.is_running():
            self.process.kill()
        await self.process.wait()


async def answers(http: aiohttp.ClientSession, url: str) -> bool:
    """Whether something answers there with 200."""
    try:
        async with http.get(url, timeout=aiohttp.ClientTimeout(total=5)) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


def descendants(pid: int) -> list[psutil.Process]:
    """Everything under a process: kernels lead sessions of their own, so no group holds them."""
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def kill(process: psutil.Process) -> None:
    """End a process that would not; psutil knows a process id that was given away again."""
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def prepare(state: Path) -> None:
    """Folders of its own, and in them the choices that a learner may change again."""
    for name in ("config", "share", "runtime", "settings", "workspaces", "ipython"):
        (state / name).mkdir(parents=True, exist_ok=True)
    profile = state / "ipython" / "profile_default"
    profile.mkdir(exist_ok=True)
    (profile / "ipython_kernel_config.json").write_text(json.dumps(KERNELS))
    settings = state / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True, exist_ok=True)
    for name, values in CHOICES.items():
        choice = settings / f"{name}.jupyterlab-settings"
        if not choice.exists():
            choice.write_text(json.dumps(values))
