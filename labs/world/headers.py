"""What libraries say of themselves and choose on their own, fixed for the length of a run.

Bytes must not depend on a version, on what else is installed, or on the proxy of a laboratory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from labs.world.swap import once_imported, swapped

SERVER = {"server_header": "websockets", "compression": None}
CLIENT = {"user_agent_header": "websockets", "compression": None, "proxy": None}


@contextlib.contextmanager
def fixed_headers() -> Iterator[None]:
    """Server and User-Agent without versions, no compression unless asked for, no outer proxy."""
    with contextlib.ExitStack() as stack:

        def nameless(module: Any) -> None:
            stack.enter_context(swapped(module, "SERVER_SOFTWARE", "aiohttp"))

        def requests(module: Any) -> None:
            nameless(module)
            # What else aiohttp offers depends on the Python and on what is installed beside it.
            fixed = {**module.ClientRequest.DEFAULT_HEADERS, "Accept-Encoding": "gzip, deflate"}
            stack.enter_context(swapped(module.ClientRequest, "DEFAULT_HEADERS", fixed))

        def default(function: Any, values: dict[str, Any]) -> None:
            stack.callback(setattr, function, "__kwdefaults__", function.__kwdefaults__)
            function.__kwdefaults__ = {**function.__kwdefaults__, **values}

        known = {
            "aiohttp.web_response": nameless,
            "aiohttp.client_reqrep": requests,
            "websockets.asyncio.server": lambda server: default(server.serve, SERVER),
            "websockets.asyncio.client": lambda client: default(client.connect.__init__, CLIENT),
        }
        with once_imported(known):
            yield
