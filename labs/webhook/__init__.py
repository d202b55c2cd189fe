"""Webhooks as values: signature, envelope, delivery, inbox; files are twins of `websocket/`."""
