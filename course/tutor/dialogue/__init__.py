"""Answers that depend on who asks: help with an exercise by the ladder of hints, and interviews."""
