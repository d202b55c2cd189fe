"""The course's web server: the site for everybody here, JupyterLab for a browser that signed in."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from course.server.guards import ORIGIN, guarded
from course.server.pages import Pages
from course.server.signin import NotSignedIn, SignIn

PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

HOW_TO_SIGN_IN = (
    "run <code>python3 -m course start</code> once more in the course's folder "
    "(leave the first one running): it prints a new one."
)
USED = "This link was used already, and each signs in one browser. For another link, "
UNKNOWN = "This browser has not signed in, so it cannot be passed on to JupyterLab. For a link, "


@dataclass(frozen=True, slots=True)
class Lab:
    """Where JupyterLab is, what opens it, and which notebooks it shows."""

    url: str
    token: str
    work: Path
    is_running: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Course:
    """Everything a request may need; `owner` is known to this user's other processes alone."""

    origin: str
    pages: Pages
    lab: Lab
    sign_in: SignIn
    owner: str
    progress_file: Path

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies do not tell ports apart, so it does."""
        return f"course-{self.origin.rpartition(':')[2]}"

    def link(self) -> str:
        """A new one-time link."""
        return f"{self.origin}/?ticket={self.sign_in.new_ticket()}"

    async def front(self, request: web.Request) -> web.StreamResponse:
        """The home page; with a ticket, the signing in, which ends at the home page."""
        # A browser that only looks ahead must not use the ticket up.
        ahead = request.headers.get("Sec-Purpose", "").startswith("prefetch")
        if request.method != "GET" or "ticket" not in request.query or ahead:
            return await self.pages.answer(request)
        home = web.Response(status=303, headers={"Location": "/", **PRIVATE})
        try:
            session = self.sign_in.redeem(request.query["ticket"])
        except NotSignedIn:
            return home if self.signed_in(request) else refusal(USED)
        home.set_cookie(self.cookie, session, httponly=True, samesite="Strict", path="/")
        return home

    async def open_lab(self, request: web.Request) -> web.StreamResponse:
        """The way to a notebook in JupyterLab, for a browser that signed in."""
        if not self.signed_in(request):
            return refusal(UNKNOWN)
        if not self.lab.is_running():
            return page(503, "JupyterLab is not running: stop the course and start it again.")
        name = request.match_info["name"]
        if name and name not in {file.name for file in self.lab.work.iterdir()}:
            return self.pages.not_found()
        where = f"/lab/tree/{quote(name)}" if name else "/lab"
        to = f"{self.lab.url}{where}?token={self.lab.token}"
        return web.Response(status=303, headers={"Location": to, **PRIVATE})

    async def progress(self, request: web.Request) -> web.StreamResponse:
        """How far the learner of this machine is, for a browser that signed in; 204 for others."""
        if not self.signed_in(request):
            return web.Response(status=204, headers=PRIVATE)
        from labs.exercises.progress import read  # the graders are not needed to get ready
        from labs.exercises.standing import standing

        return web.json_response(standing(read(self.progress_file)).record(), headers=PRIVATE)

    async def new_link(self, request: web.Request) -> web.StreamResponse:
        """A new one-time link for a second `start` of the same user."""
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self.owner}".encode()):
            return web.Response(status=403, text="Only the one who started the course may ask.\n")
        return web.json_response({"link": self.link()}, headers=PRIVATE)

    def signed_in(self, request: web.Request) -> bool:
        """Whether this browser opened a link."""
        try:
            self.sign_in.check(request.cookies.get(self.cookie))
        except NotSignedIn:
            return False
        return True


def application(
    course: Course, mount: Callable[[web.Application], None] = lambda app: None
) -> web.Application:
    """The routes, behind the guards; `mount` adds more of them."""
    app = web.Application(middlewares=[guarded])
    app[ORIGIN] = course.origin
    app.router.add_get("/", course.front)
    app.router.add_get("/open/lab/{name:[^/]*}", course.open_lab)
    app.router.add_get("/progress", course.progress)
    app.router.add_post("/links", course.new_link)
    mount(app)
    app.router.add_route("*", "/{path:.*}", course.pages.answer)
    return app


def refusal(why: str) -> web.Response:
    """A page that says why not, and how."""
    return page(403, why + HOW_TO_SIGN_IN)


def page(status: int, sentence: str) -> web.Response:
    """One sentence as a page."""
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" '
        'content="light dark"><title>Hook, Line &amp; Socket</title>'
        '<body style="font:1.1rem/1.5 system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem">'
        f'<p>{sentence}</p><p><a href="/">Read the course without signing in</a></p></body></html>'
    )
    return web.Response(status=status, text=text, content_type="text/html", headers=PRIVATE)
