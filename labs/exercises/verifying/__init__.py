"""What the exercises of M12 share: a verifier of webhooks, judged behind a door on the wire."""
