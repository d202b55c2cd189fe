"""The door `start`: the site on one port, JupyterLab on another, until Ctrl-C.

Everything it begins it also ends, whichever way it is left.
"""

import asyncio
import secrets
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from course.refusal import Refusal
from course.server import again, browser, ports, site, trust, work
from course.server.app import Course, Lab
from course.server.lab import Jupyter
from course.server.options import Options, parsed
from course.server.pages import Pages
from course.server.serving import serving
from course.server.signin import SignIn
from course.setup import lock
from course.tutor import answerers, at_home
from course.tutor.service.answerer import Answerer

ROOT = Path(__file__).resolve().parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: Sequence[str]) -> int:
    """Serve until told to stop; exit status 0 then, 130 when that came before the ready line."""
    options = parsed(arguments)
    state = lock.private_folder(ROOT)
    try:
        with lock.held(state / "start.lock"):
            return asyncio.run(until_told(options, state))
    except lock.Taken:
        return again.another_link(state, options.opens_browser)


async def until_told(options: Options, state: Path) -> int:
    """Run the course until a signal comes, then end all of it; later signals change nothing."""
    told = asyncio.Event()
    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    ready = asyncio.Event()
    course = asyncio.create_task(run(options, state, ready))
    stop = asyncio.create_task(told.wait())
    await asyncio.wait({course, stop}, return_when=asyncio.FIRST_COMPLETED)
    if told.is_set():
        print("\nStopping the course.", flush=True)
        course.cancel()
    stop.cancel()
    await asyncio.wait({course})
    if not course.cancelled():
        course.result()  # it never ends by itself except in an error, which is raised here
    return 0 if ready.is_set() else 130


async def run(options: Options, state: Path, ready: asyncio.Event) -> None:
    """Bring everything up, say so, and stay; leaving takes everything down again."""
    async with AsyncExitStack() as ends:
        listener = ends.enter_context(ports.listen(options.port))
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        lab = Jupyter(state, ROOT / "work", ports.free(options.lab_port))
        for sentence in work.hand_out(ROOT / "notebooks", lab.work, state / "work.json"):
            print(sentence, flush=True)
        ends.push_async_callback(lab.stop)
        answerer = await together(lab, state, origin)
        course = Course(
            origin=origin,
            pages=Pages(site.folder(state)),
            lab=Lab(lab.url, lab.token, lab.work, lab.is_running),
            sign_in=SignIn(lambda: secrets.token_urlsafe(32)),
            owner=secrets.token_urlsafe(32),
            progress_file=state / "progress.json",
        )
        mount = await tutored(ends, course, state, answerer)
        await ends.enter_async_context(serving(course, listener, mount))
        ends.enter_context(again.reachable(state, course))
        print(f"Course ready: {course.link()}", flush=True)
        print("The link signs in one browser, once. Ctrl-C stops the course.", flush=True)
        ready.set()
        if options.opens_browser:
            ends.enter_context(browser.shown(course.link(), ROOT / "build"))
        print(await lab.ended(), flush=True)
        await asyncio.Event().wait()


async def tutored(
    ends: AsyncExitStack, course: Course, state: Path, answerer: Answerer | Refusal
) -> Callable[[web.Application], None]:
    """What adds the tutor to the server; without it the course still runs, and says why."""
    try:
        if isinstance(answerer, Refusal):
            raise answerer
        tutor = await ends.enter_async_context(
            at_home.tutor(
                course.origin, course.lab.url, course.sign_in, course.cookie, course.owner,
                state, answerer,
            )
        )  # fmt: skip
    except Refusal as why:
        print(why, flush=True)
        return lambda app: None
    return tutor.mount


async def together(lab: Jupyter, state: Path, origin: str) -> Answerer | Refusal:
    """The tutor's answerer, or why there is none, once all that takes long is done side by side.

    That is JupyterLab's start, the signatures, and the site, which the answerer reads.
    """
    shipped = sorted((ROOT / "notebooks").glob("*.ipynb"))
    try:
        async with asyncio.TaskGroup() as all_of:
            await lab.start()
            all_of.create_task(lab.answering())
            reading = all_of.create_task(read(state, origin))
            all_of.create_task(trust.signed(shipped, lab.trust_folder))
    except* Refusal as several:
        raise several.exceptions[0] from None
    return reading.result()


async def read(state: Path, origin: str) -> Answerer | Refusal:
    """What answers from the present site, or why nothing does."""
    await site.brought_up_to_date(state, origin)
    passages = site.folder(state) / "tutor" / "passages.json"
    try:
        return await asyncio.to_thread(answerers.configured, passages)
    except Refusal as why:
        return why
