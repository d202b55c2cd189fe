"""What was handed in: is it an attempt, and is it what was asked for?"""

import pytest

from labs.exercises.submission import is_attempted

CLASS = '''\
class Inbox:
    def __init__(self, db):
        self.db = db

    async def handle(self, event):
        """The status to answer."""
        ...
'''
ASKS = {"Inbox": "class"}


@pytest.mark.parametrize(
    ("source", "attempted"),
    [
        (CLASS, False),
        ("# a comment\n" + CLASS, False),
        (CLASS.replace("        ...\n", ""), False),
        (CLASS.replace("...", "return None"), False),
        (CLASS.replace("...", "return 200"), True),
        (CLASS.replace("self.db = db", "self.db, self.seen = db, set()"), False),
        (CLASS + "    def charge(self): return 1\n", True),
        ("x = 1\n", True),
        ("class Inbox:\n    def handle(self\n", True),
    ],
    ids=[
        "untouched", "comment", "no dots", "return None", "answer", "only __init__",
        "a method more", "something else", "half written",
    ],
)  # fmt: skip
def test_an_attempt_fills_something_in(source, attempted):
    """Stubs, comments and docstrings are none; a statement that does something is one."""
    assert is_attempted(source, CLASS, ASKS) is attempted
