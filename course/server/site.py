"""The site that `start` serves: in `.course/`, built anew only when its sources changed.

The building is a process of its own, so that Ctrl-C can end it and its warnings go to a log.
"""

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

from course import building
from course.refusal import Refusal

BUILD = "import sys; from course import building; sys.exit(building.main(['--into', sys.argv[1]]))"


def folder(state: Path) -> Path:
    """Where the served site stands."""
    return state / "site"


async def brought_up_to_date(state: Path, origin: str) -> None:
    """Leave the site of the present sources in its folder.

    Raises: Refusal when it cannot be built.
    """
    wanted = building.fingerprint(origin)
    if building.is_current(folder(state), wanted):
        return
    print("Building the pages. This takes about a minute.", flush=True)
    new, log = state / "site.new", state / "site.log"
    shutil.rmtree(new, ignore_errors=True)
    if await built(new, log, origin) != 0:
        raise Refusal(f"The pages could not be built; why is in {log}.")
    building.replace(folder(state), new, wanted)


async def built(destination: Path, log: Path, origin: str) -> int:
    """Exit status of one build."""
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", BUILD, str(destination),
            env={**os.environ, "SITE_URL": f"{origin}/", "SERVED_BY_COURSE": "true"},
            stdin=asyncio.subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
