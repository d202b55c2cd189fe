"""One-way streams from server to client as values: the event-stream grammar."""
