"""m4.handshake: the server's half of the opening handshake, judged behind a line of raw streams."""
