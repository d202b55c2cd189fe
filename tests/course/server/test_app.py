"""The course's web server, asked over a real socket in raw bytes."""

import asyncio
import json
import re

import pytest

from course.server import ports
from course.server.app import Course, Lab
from course.server.pages import Pages
from course.server.serving import serving
from course.server.signin import SignIn

TOKEN = "the-token-of-jupyterlab"
SECRET = "what-stands-outside-the-site"


class Answer:
    """One HTTP answer, taken apart."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        self.status = int(first.split(" ")[1])
        self.headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}
        self.raw = raw

    def cookie(self) -> str:
        """What a browser would send back."""
        return self.headers["set-cookie"].partition(";")[0]


class Browser:
    """Sends raw requests to one running server; `{host}` and `{origin}` stand for its own."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.host = course.origin.removeprefix("http://")

    async def send(self, request: str) -> Answer:
        """One request on a connection of its own."""
        reader, writer = await asyncio.open_connection(*self.host.split(":"))
        filled = request.replace("{host}", self.host).replace("{origin}", self.course.origin)
        writer.write(filled.replace("\n", "\r\n").encode("latin-1"))
        async with asyncio.timeout(10):
            raw = await reader.read()
        writer.close()
        await writer.wait_closed()
        return Answer(raw)

    async def get(self, path: str, *headers: str, method: str = "GET") -> Answer:
        """One plain request."""
        more = "".join(f"{header}\n" for header in headers)
        ask = f"{method} {path} HTTP/1.1\nHost: {{host}}\nConnection: close\n{more}\n"
        return await self.send(ask)


@pytest.fixture
def ask(tmp_path):
    """Runs `await conversation(browser)` against a server with a small site."""
    site, work = tmp_path / "site", tmp_path / "work"
    (site / "lessons" / "06_liveness").mkdir(parents=True)
    (site / "index.html").write_text("<h1>home</h1>")
    (site / "404.html").write_text("<h1>nothing here</h1>")
    (site / "lessons" / "06_liveness" / "index.html").write_text("<h1>liveness</h1>")
    for name in ("a.js", "a.mjs", "a.css", "a.wasm", "a.svg", "a.json", "a.woff2", "a.unknown"):
        (site / name).write_text("0123456789")
    (site / "ünï.txt").write_text("café")
    (tmp_path / "outside.html").write_text(SECRET)
    (site / "link.html").symlink_to(tmp_path / "outside.html")
    work.mkdir()
    (work / "06_liveness.ipynb").write_text("{}")

    def run(conversation, lab_runs=True, used_port=0):
        async def main():
            listener = ports.listen(used_port)
            secrets = iter(f"secret-{n}" for n in range(100))
            course = Course(
                origin=f"http://127.0.0.1:{listener.getsockname()[1]}",
                pages=Pages(site),
                lab=Lab("http://127.0.0.1:9", TOKEN, work, lambda: lab_runs),
                sign_in=SignIn(lambda: next(secrets)),
                owner="the-owner",
                progress_file=site.parent / "progress.json",
            )
            async with serving(course, listener):
                return await conversation(Browser(course))

        return asyncio.run(main())

    return run


def test_the_link_signs_in_and_leaves_a_clean_address(ask):
    """A one-time link sets a cookie no script can read and no other site can send."""

    async def conversation(browser):
        return await browser.get(browser.course.link().removeprefix(browser.course.origin))

    answer = ask(conversation)

    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(
        r"course-\d+=secret-1; HttpOnly; Path=/; SameSite=Strict", cookie
    ), cookie
    assert answer.headers["cache-control"] == "no-store"


def test_the_link_again(ask):
    """Opened again it works in the same browser, and elsewhere says how to get a new one."""

    async def conversation(browser):
        link = browser.course.link().removeprefix(browser.course.origin)
        first = await browser.get(link)
        same = await browser.get(link, f"Cookie: {first.cookie()}")
        return same, await browser.get(link)

    same, elsewhere = ask(conversation)

    assert (same.status, same.headers["location"]) == (303, "/")
    assert elsewhere.status == 403
    assert b"python3 -m course start" in elsewhere.body
    assert "set-cookie" not in elsewhere.headers


@pytest.mark.parametrize("method_and_header", [("HEAD", "X: y"), ("GET", "Sec-Purpose: prefetch")])
def test_looking_ahead_does_not_use_the_link_up(ask, method_and_header):
    """A HEAD and a prefetch are answered with the page and leave the ticket unused."""
    method, header = method_and_header

    async def conversation(browser):
        link = browser.course.link().removeprefix(browser.course.origin)
        return await browser.get(link, header, method=method), await browser.get(link)

    ahead, opened = ask(conversation)

    assert (ahead.status, opened.status) == (200, 303)
    assert "set-cookie" not in ahead.headers


def test_progress_is_for_the_signed_in_browser(ask, tmp_path):
    """Where the learner is, as JSON, and nothing at all for anybody else."""
    entry = {"attempts": 2, "hints": 1, "last": "any_traffic", "tried": "2026-11-25T10:00:00+00:00"}
    kept = {"version": 1, "exercises": {"m6.heartbeat": entry}}
    (tmp_path / "progress.json").write_text(json.dumps(kept))

    async def conversation(browser):
        link = browser.course.link().removeprefix(browser.course.origin)
        cookie = (await browser.get(link)).cookie()
        signed_in = await browser.get("/progress", f"Cookie: {cookie}")
        stranger = await browser.get("/progress")
        return signed_in, stranger, await browser.get("/progress", "Cookie: a=b")

    signed_in, stranger, other = ask(conversation)
    record = json.loads(signed_in.body)
    row = next(row for row in record["exercises"] if row["id"] == "m6.heartbeat")

    assert (row["state"], row["attempts"], record["following"]) == ("tried", 2, "m6.heartbeat")
    assert signed_in.headers["cache-control"] == "no-store"
    assert [(answer.status, answer.body) for answer in (stranger, other)] == [(204, b"")] * 2


def test_jupyterlab_opens_for_the_signed_in_browser_alone(ask):
    """Only the session's cookie leads to the token; the answer is kept nowhere."""

    async def conversation(browser):
        link = browser.course.link().removeprefix(browser.course.origin)
        cookie = (await browser.get(link)).cookie()
        lesson = "/open/lab/06_liveness.ipynb"
        signed_in = await browser.get(lesson, f"Cookie: {cookie}")
        home = await browser.get("/open/lab/", f"Cookie: {cookie}")
        strangers = [
            await browser.get(lesson),
            await browser.get(lesson, "Cookie: course-1=x"),
            await browser.get(lesson, f"Cookie: {cookie}x"),
            await browser.get(lesson, f"Cookie: {cookie.split('=')[0]}=secret-0"),
            await browser.get(lesson, "Authorization: Bearer the-owner"),
        ]
        return signed_in, home, strangers

    signed_in, home, strangers = ask(conversation)

    to = f"http://127.0.0.1:9/lab/tree/06_liveness.ipynb?token={TOKEN}"
    assert (signed_in.status, signed_in.headers["location"]) == (303, to)
    assert signed_in.headers["referrer-policy"] == "no-referrer"
    assert signed_in.headers["cache-control"] == "no-store"
    assert home.headers["location"] == f"http://127.0.0.1:9/lab?token={TOKEN}"
    assert [stranger.status for stranger in strangers] == [403] * 5
    assert not any(TOKEN.encode() in stranger.raw for stranger in strangers)


@pytest.mark.parametrize(
    "name", ["nothing.ipynb", "..", "%2e%2e", "..%2foutside.html", "%00", "a%5cb", "//evil.example"]
)
def test_only_a_notebook_of_work_can_be_opened(ask, name):
    """A name that is not in `work/` leads nowhere."""

    async def conversation(browser):
        link = browser.course.link().removeprefix(browser.course.origin)
        cookie = (await browser.get(link)).cookie()
        return await browser.get(f"/open/lab/{name}", f"Cookie: {cookie}")

    answer = ask(conversation)

    assert answer.status in (400, 404)
    assert TOKEN.encode() not in answer.raw


def test_a_jupyterlab_that_ended_is_said(ask):
    """The way to JupyterLab says that it is not running."""

    async def conversation(browser):
        link = browser.course.link().removeprefix(browser.course.origin)
        cookie = (await browser.get(link)).cookie()
        return await browser.get("/open/lab/06_liveness.ipynb", f"Cookie: {cookie}")

    answer = ask(conversation, lab_runs=False)

    assert answer.status == 503
    assert b"JupyterLab is not running" in answer.body


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("GET / HTTP/1.1\nHost: evil.example\nConnection: close\n\n", 421),
        ("GET / HTTP/1.1\nHost: 127.0.0.1\nConnection: close\n\n", 421),
        ("GET / HTTP/1.1\nHost: {host}.evil.example\nConnection: close\n\n", 421),
        ("GET / HTTP/1.1\nHost: user@{host}\nConnection: close\n\n", 421),
        ("GET / HTTP/1.1\nHost: [::1]:80\nConnection: close\n\n", 421),
        ("GET /open/lab/ HTTP/1.1\nHost: evil.example\nConnection: close\n\n", 421),
        ("GET / HTTP/1.1\nConnection: close\n\n", 400),
        ("GET / HTTP/1.0\n\n", 400),
        ("GET / HTTP/1.1\nHost: {host}\nHost: evil.example\nConnection: close\n\n", 400),
        ("GET http://evil.example/ HTTP/1.1\nHost: {host}\nConnection: close\n\n", 400),
        ("GET http://{host}/ HTTP/1.1\nHost: {host}\nConnection: close\n\n", 400),
        ("GET / HTTP/1.1\nHost: {host}\nConnection: close\n\n", 200),
    ],
)
def test_host_is_checked_exactly(ask, request_, status):
    """A request for any other name, or for two, gets nothing of the course."""

    async def conversation(browser):
        return await browser.send(request_)

    answer = ask(conversation)

    assert answer.status == status
    assert (b"home" in answer.body) == (status == 200)


def test_localhost_is_redirected(ask):
    """The name people type leads to the address that cookies belong to, query and all."""

    async def conversation(browser):
        local = browser.host.replace("127.0.0.1", "localhost")
        asked = f"GET //evil.example/?ticket=x HTTP/1.1\nHost: {local}\nConnection: close\n\n"
        plain = f"GET /lessons/?q=1 HTTP/1.1\nHost: {local}\nConnection: close\n\n"
        posted = f"POST /links HTTP/1.1\nHost: {local}\nConnection: close\n\n"
        return browser.course.origin, [await browser.send(raw) for raw in (asked, plain, posted)]

    origin, (hostile, plain, posted) = ask(conversation)

    assert (plain.status, plain.headers["location"]) == (307, f"{origin}/lessons/?q=1")
    assert hostile.headers["location"] == f"{origin}/evil.example/?ticket=x"
    assert posted.status == 421


@pytest.mark.parametrize(
    ("origins", "key", "status"),
    [
        (["{origin}"], "the-owner", 200),
        (["{origin}"], "somebody", 403),
        (["{origin}"], "", 403),
        ([], "the-owner", 403),
        (["null"], "the-owner", 403),
        (["http://127.0.0.1:9"], "the-owner", 403),
        (["http://evil.example"], "the-owner", 403),
        (["{origin}", "http://evil.example"], "the-owner", 403),
    ],
)
def test_a_new_link_takes_our_origin_and_the_owner(ask, origins, key, status):
    """A second `start` gets a link that works; a page or another user gets none."""

    async def conversation(browser):
        headers = [f"Origin: {origin}" for origin in origins] + [f"Authorization: Bearer {key}"]
        answer = await browser.get("/links", *headers, "Content-Length: 0", method="POST")
        if answer.status != 200:
            return answer, None
        link = json.loads(answer.body)["link"].removeprefix(browser.course.origin)
        return answer, await browser.get(link)

    answer, opened = ask(conversation)

    assert answer.status == status
    assert (b"ticket" in answer.body) == (status == 200)
    assert opened is None or opened.status == 303


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_a_change_without_origin_is_refused_on_every_path(ask, method):
    """No method that may change something is let through without our Origin."""

    async def conversation(browser):
        return [await browser.get(path, method=method) for path in ("/", "/links", "/open/lab/")]

    assert [answer.status for answer in ask(conversation)] == [403] * 3


def test_pages_do_not_take_changes(ask):
    """With our own Origin a page still answers only GET and HEAD."""

    async def conversation(browser):
        return await browser.get("/a.js", "Origin: {origin}", method="DELETE")

    answer = ask(conversation)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/a.js", "text/javascript; charset=utf-8"),
        ("/a.mjs", "text/javascript; charset=utf-8"),
        ("/a.css", "text/css; charset=utf-8"),
        ("/a.svg", "image/svg+xml; charset=utf-8"),
        ("/a.json", "application/json; charset=utf-8"),
        ("/a.wasm", "application/wasm"),
        ("/a.woff2", "font/woff2"),
        ("/a.unknown", "application/octet-stream"),
        ("/%C3%BCn%C3%AF.txt", "text/plain; charset=utf-8"),
    ],
)
def test_each_file_has_its_type(ask, path, kind):
    """Types come from one table, and the browser is told not to guess."""

    async def conversation(browser):
        return await browser.get(path)

    answer = ask(conversation)

    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_a_folder_is_its_index(ask):
    """A folder's address ends in a slash; without it the browser is sent there."""

    async def conversation(browser):
        lesson = "/lessons/06_liveness"
        return await browser.get(lesson), await browser.get(f"{lesson}/")

    bare, whole = ask(conversation)

    assert (bare.status, bare.headers["location"]) == (308, "/lessons/06_liveness/")
    assert whole.body == b"<h1>liveness</h1>"


@pytest.mark.parametrize(
    "path",
    [
        "/../outside.html", "/..%2foutside.html", "/%2e%2e/outside.html", "/%2e%2e%2foutside.html",
        "/lessons/../../outside.html", "/lessons/..%2f..%2foutside.html", "/.%2e/outside.html",
        "//outside.html", "///etc/passwd", "/%2fetc%2fpasswd", "/..%5coutside.html",
        "/a.js%00.html", "/%00", "/link.html", "/%c0%ae%c0%ae/outside.html", "/a.js/",
        "/lessons/06_liveness/..", "/%", "/%zz", "/~root", "/.fingerprint/../../outside.html",
    ],
)  # fmt: skip
def test_nothing_outside_the_site_has_a_name(ask, path):
    """Hostile paths, and a link that leads out of the site, are answered as not found."""

    async def conversation(browser):
        return await browser.get(path)

    answer = ask(conversation)

    assert answer.status in (400, 404)
    assert SECRET.encode() not in answer.raw
    assert b"root:" not in answer.raw


def test_an_unknown_path_shows_the_sites_own_page(ask):
    """The 404 page is the site's."""

    async def conversation(browser):
        return await browser.get("/frob"), await browser.get("/frob", method="HEAD")

    whole, head = ask(conversation)

    assert (whole.status, whole.body) == (404, b"<h1>nothing here</h1>")
    assert (head.status, head.body) == (404, b"")


def test_a_page_is_asked_about_again_and_not_sent_again(ask):
    """With its ETag a file is 304; a byte range is 206 with these bytes alone."""

    async def conversation(browser):
        first = await browser.get("/a.js")
        known = await browser.get("/a.js", f"If-None-Match: {first.headers['etag']}")
        part = await browser.get("/a.js", "Range: bytes=2-4")
        beyond = await browser.get("/a.js", "Range: bytes=20-")
        return first, known, part, beyond

    first, known, part, beyond = ask(conversation)

    assert first.headers["cache-control"] == "no-cache"
    assert (known.status, known.body) == (304, b"")
    assert (part.status, part.body) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    assert beyond.status == 416
