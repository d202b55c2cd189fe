"""Bodies that do not survive being read and written again."""

import json

import pytest

from labs.webhook.bodies import BODIES

WRITERS = {
    "default": {},
    "no spaces": {"separators": (",", ":")},
    "no spaces, UTF-8": {"separators": (",", ":"), "ensure_ascii": False},
    "no spaces, sorted": {"separators": (",", ":"), "sort_keys": True},
}


def restored(how):
    """The names of the bodies that come back as the same bytes."""
    return [
        name
        for name, body in BODIES.items()
        if json.dumps(json.loads(body), **WRITERS[how]).encode() == body
    ]


@pytest.mark.parametrize(("how", "count"), [*zip(WRITERS, (1, 3, 3, 2), strict=True)])
def test_few_bodies_come_back(how, count):
    """Of fifteen bodies one to three survive, whichever way they are written."""
    assert len(BODIES) == 15
    assert len(restored(how)) == count


def test_all_of_them_are_json():
    """None is wrong: each is read, and each means something."""
    assert all(isinstance(json.loads(body), dict) for body in BODIES.values())
    assert len(set(BODIES.values())) == 15
