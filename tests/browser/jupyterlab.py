"""JupyterLab for a test: its own folders, a free port, a token that stands on no command line."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

READY = re.compile(r"http://127\.0\.0\.1:(\d+)/lab")
SETTINGS = {
    "notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "themes": {"adaptive-theme": True},
}


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab that works in `folder`, with the token in it."""
    token = secrets.token_hex(16)
    log = (folder / "jupyterlab.log").open("w+")
    with (
        log,
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyterlab",
                "--no-browser",
                "--allow-root",
                "--ip=127.0.0.1",
                "--ServerApp.port=0",
                f"--ServerApp.root_dir={folder}",
                "--LabApp.extension_manager=readonly",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | _folders(folder / "jupyter") | {"JUPYTER_TOKEN": token},
            start_new_session=True,
        ) as server,
    ):
        try:
            port = next(found[1] for line in server.stderr if (found := READY.search(line)))
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}"
        finally:
            os.killpg(server.pid, signal.SIGKILL)


def _folders(home: Path) -> dict[str, str]:
    names = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")
    folders = {f"JUPYTER_{name}": str(home / name.lower()) for name in names}
    folders |= {
        f"JUPYTERLAB_{name}": str(home / name) for name in ("SETTINGS_DIR", "WORKSPACES_DIR")
    }
    settings = home / "SETTINGS_DIR" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    for name, values in SETTINGS.items():
        (settings / f"{name}.jupyterlab-settings").write_text(json.dumps(values))
    return folders
