"""What every request must show before anything looks at it: our Host, and our Origin on a change.

The server listens on loopback, so every program of this machine and, through a name that is
made to resolve to 127.0.0.1, every web page can reach it; these two lines keep the pages out.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ORIGIN = web.AppKey("origin", str)  # "http://127.0.0.1:8000"

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")  # RFC 9110 9.2.1; TRACE is refused like the rest
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    # Nothing the site shows may leave this machine; live servers of a lesson are on other ports.
    "Content-Security-Policy": (
        "default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' data: blob:; "
        "connect-src 'self' data: blob: http://127.0.0.1:* ws://127.0.0.1:*; "
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    ),
}


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The answer to a request that is meant for us, or the refusal of one that is not."""
    response = refused(request) or await handler(request)
    response.headers.update({k: v for k, v in HEADERS.items() if k not in response.headers})
    return response


def refused(request: web.Request) -> web.Response | None:
    """The refusal of a request that is not meant for us; None lets it through."""
    origin = request.app[ORIGIN]
    authority = origin.partition("://")[2]
    # RFC 9112 3.2.2: a request line may name a whole URL, which then beats Host. Not here.
    if not request.raw_path.startswith("/") or len(request.headers.getall("Host", [])) != 1:
        return web.Response(status=400, text="This request does not say where it goes.\n")
    if (
        request.method in SAFE_METHODS[:2]
        and request.headers["Host"] == local(authority) != authority
    ):
        return web.Response(status=307, headers={"Location": origin + one_slash(request.raw_path)})
    if request.headers["Host"] != authority:
        return web.Response(status=421, text=f"The course answers to {authority} only.\n")
    if request.method not in SAFE_METHODS and request.headers.getall("Origin", []) != [origin]:
        return web.Response(status=403, text=f"A change must come from {origin}.\n")
    return None


def local(authority: str) -> str:
    """The same place, by the name that people type."""
    return authority.replace("127.0.0.1", "localhost")


def one_slash(path: str) -> str:
    """A path that cannot be read as `//another.host`."""
    return "/" + path.lstrip("/\\")
