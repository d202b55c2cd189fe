"""The WebSocket protocol as values: bytes in, values out; no socket, no clock, no randomness."""
