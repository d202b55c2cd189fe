"""`storm` as a process against an address, and the effects of a receiver at an address."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DOOR = """
import sys
from course.doors import answered
from course.fieldtest.storm import main
sys.exit(answered(lambda: main(sys.argv[1:])))
"""


def stormed(url: str, scheme: str, secret: str, effects: str, *more: str) -> dict:
    """What a storm found, and its exit status."""
    flags = ["--scheme", scheme, "--secret", secret, "--effects", effects, "--json", *more]
    done = subprocess.run(
        [sys.executable, "-c", DOOR, url, *flags],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return {**json.loads(done.stdout), "status": done.returncode}


@contextmanager
def told(effects: Callable[[], dict[str, int]]) -> Iterator[str]:
    """An address that answers what `effects` returns."""

    class Telling(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(effects()).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Telling)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
