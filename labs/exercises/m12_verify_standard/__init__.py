"""m12.verify_standard: a verifier of Standard Webhooks, judged behind a door on the wire."""
