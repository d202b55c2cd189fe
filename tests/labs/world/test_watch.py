"""The thread that watches runs: it ends when there are none, and misses none that comes."""

import os

from labs.world.watch import PATIENCE, Watcher


def test_a_run_that_comes_while_the_thread_would_leave_is_watched(monkeypatch):
    """After its last look at an old run the thread goes on with the new one."""
    began = []
    monkeypatch.setattr("_thread.start_new_thread", lambda *given: began.append(given))
    watcher, old, new = Watcher(), object(), object()
    watcher.look_at(old)
    watcher.look_at(new)
    assert not watcher._leaves(PATIENCE + 1, old)
    assert (watcher.watch, watcher.process, len(began)) == (new, os.getpid(), 1)
    assert watcher._leaves(PATIENCE + 1, new)
    assert (watcher.watch, watcher.process) == (None, 0)
    watcher.look_at(old)
    assert len(began) == 2
