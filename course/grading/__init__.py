"""The doors around exercises: list, check, hand out, roll up, reset. The judging is in `labs`."""
