"""Debian's Firefox, without a window, by WebDriver BiDi: https://w3c.github.io/webdriver-bidi/.

Playwright drives a Firefox of its own only. What a test needs here is little: open a page, ask it
something, and hear of scripts that fail.
"""

import json
import re
import subprocess
from contextlib import contextmanager
from itertools import count

from websockets.sync.client import connect

LISTENS = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
SECONDS = 120  # Firefox starts in two, and in a minute where much else runs
PREFERENCES = """\
user_pref("remote.active-protocols", 1);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.normandy.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
"""


class Trouble(Exception):
    """Firefox, or the page in it, says that something went wrong."""


class Tab:
    """One tab; `failed` holds what scripts of its pages did not catch."""

    def __init__(self, line):
        self._line, self._ids, self.failed = line, count(1), []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        tree = self._ask("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]

    def open(self, address):
        """Opens the page and waits until it has loaded."""
        context = self._context
        self._ask("browsingContext.navigate", context=context, url=address, wait="complete")

    def ask(self, expression):
        """What the expression comes to in the page; a promise is waited for."""
        found = self._ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise Trouble(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    def until(self, expression):
        """Waits until the expression is true in the page."""
        waits = f"""new Promise((go) => {{
          const look = () => (({expression}) ? go(true) : setTimeout(look, 50));
          look();
        }})"""
        return self.ask(waits)

    def press(self, words, inside="document"):
        """Presses the button with these words, when it is there."""
        button = (
            f'[...{inside}.querySelectorAll("button")].find((b) => b.textContent === "{words}")'
        )
        self.until(f"!!{button} && !{button}.disabled")
        self.ask(f"({button}.scrollIntoView(), {button}.click())")

    def _ask(self, method, **parameters):
        asked = next(self._ids)
        self._line.send(json.dumps({"id": asked, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._line.recv(timeout=SECONDS))
            if said.get("method") == "log.entryAdded" and said["params"]["level"] == "error":
                self.failed.append(said["params"]["text"])
            if said.get("id") == asked:
                if said["type"] == "error":
                    raise Trouble(f"{method}: {said['message']}")
                return said["result"]


@contextmanager
def firefox(command, folder):
    """A tab of a Firefox that keeps what it keeps in the folder, and ends with the block."""
    (folder / "user.js").write_text(PREFERENCES)
    options = ["--headless", "--no-remote", "--profile", str(folder)]
    process = subprocess.Popen(
        [command, *options, "--remote-debugging-port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        found = next(filter(None, map(LISTENS.search, process.stderr)), None)
        if found is None:
            raise Trouble("Firefox ended before it listened")
        with connect(f"{found[1].decode()}/session", max_size=None, origin=None) as line:
            yield Tab(line)
    finally:
        process.terminate()
        process.communicate(timeout=SECONDS)
