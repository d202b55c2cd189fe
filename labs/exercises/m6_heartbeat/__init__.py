"""m6.heartbeat: ask, wait for the answer that belongs to the question, and decide in time."""
