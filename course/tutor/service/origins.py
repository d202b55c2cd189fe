"""Which pages may talk to the tutor: an exact list, compared as text.

A cookie does not know the page that has it sent, nor the port (RFC 6265 8.5); Origin does, and a
page cannot write it.
"""

from collections.abc import Collection

from aiohttp import web

from course.tutor.service.refusals import Foreign


def check(request: web.Request, allowed: Collection[str]) -> None:
    """Pass a request whose one Origin is on the list. Raises Foreign."""
    given = request.headers.getall("Origin", [])
    if len(given) != 1 or given[0] not in allowed:
        raise Foreign
