"""The recipes of the vendors' documentation, as far as a genuine delivery goes."""

import json
import os
import time
import urllib.error
import urllib.request

import pytest

from labs.webhook.senders import SENDERS

from . import table
from .servers import RECIPES, SECRET, served

NAMES = {"stripe": "Stripe", "standardwebhooks": "Standard Webhooks", "slack": "Slack"}
BODIES = {
    "stripe": b'{"id": "evt_1", "object": "event", "type": "charge.succeeded", "data": {}}',
    "standardwebhooks": b'{"type": "bid.paid", "timestamp": "2026-11-25T12:00:00Z", "data": {}}',
    "slack": b'{"type": "event_callback", "event_id": "evt_1", "event": {"type": "message"}}',
}


@pytest.fixture(scope="module", params=RECIPES)
def framework(request, tmp_path_factory):
    """A framework's recipes, served, and which they are."""
    try:
        with served(request.param, tmp_path_factory.mktemp("recipes")) as url:
            yield url, RECIPES[request.param]
    except LookupError as missing:
        pytest.skip(str(missing))


def answered(url, headers=(), body=None):
    """Status and body of what is answered."""
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json", **dict(headers)})
    try:
        with urllib.request.urlopen(asked, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def test_each_recipe_takes_what_is_genuine_and_nothing_else(framework):
    """A signed event is answered 2xx and counted, one with another byte is refused."""
    url, recipes = framework
    for recipe in recipes:
        sender = SENDERS[NAMES[recipe]]
        post = sender.send(BODIES[recipe], at=round(time.time()), secrets=[SECRET])

        taken, _ = answered(f"{url}/{recipe}", post.headers, post.body)
        refused, _ = answered(f"{url}/{recipe}", post.headers, post.body + b" ")

        assert (taken // 100, refused // 100 in (4, 5)) == (2, True), recipe
        assert json.loads(answered(f"{url}/{recipe}/effects")[1]) == {"evt_1": 1}, recipe


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_table_is_what_a_storm_finds_today():
    """Each recipe fails as the table says, and passes the rest."""
    try:
        today = table.made()
    except LookupError as missing:
        pytest.skip(str(missing))
    if os.environ.get("STORM_AGAIN"):
        table.KEPT.write_text(json.dumps(today, indent=2) + "\n")
    kept = json.loads(table.KEPT.read_text())

    assert today["recipes"] == kept["recipes"]
