"""m4.check: the client's half of the opening handshake, judged behind a line of raw streams."""
