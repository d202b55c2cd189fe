"""The tutor on one's own machine, as a part of `start`: its link, its database in `.course/`."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from course.server.signin import SignIn
from course.tutor.accounts.link import LinkDoor
from course.tutor.service.answerer import Answerer
from course.tutor.service.limits import AT_HOME
from course.tutor.service.mounted import Service, Setting
from course.tutor.store import database
from course.tutor.store.people import People


@asynccontextmanager
async def tutor(
    origin: str, lab: str, sign_in: SignIn, cookie: str, owner: str, state: Path, answerer: Answerer
) -> AsyncIterator[Service]:
    """Within the block a service that can be mounted; `lab` is JupyterLab's origin."""
    async with database.opened(database.in_file(state / "tutor.sqlite3")) as engine:
        door = LinkDoor(sign_in, cookie, owner, People(engine), time.time)
        setting = Setting(origin, frozenset({lab}), AT_HOME)
        yield Service(setting, engine, door, answerer)
