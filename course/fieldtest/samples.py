"""What is in unusual deliveries: a type, a body, sizes, and headers that call it a retry."""

UNKNOWN = "storm.nobody_has_heard_of_this"
LARGE, HUGE = 60_000, 2_000_000
ODD = {
    "note": "Grüße, 日本, \U0001f3a3, \u2028, \x7f, </script>, ' OR 1=1 --",
    "price": 10.00,
    "limit": 10**20,
    "nothing": None,
    "deep": [[[[[[[[{"a": []}]]]]]]]],
}
# What senders and their libraries write on a delivery that they repeat; no signature covers it.
HINTS = {
    "X-Slack-Retry-Num": "1",
    "X-Slack-Retry-Reason": "http_timeout",
    "X-Retry-Num": "1",
    "X-Retry-Count": "1",
    "Retry-Count": "1",
    "Retry-Attempt": "1",
    "X-Retry-Attempt": "1",
    "X-Retry": "1",
    "X-Attempt": "2",
    "X-Delivery-Attempt": "2",
    "X-Webhook-Attempt": "2",
    "X-Webhook-Retry": "1",
    "webhook-attempt": "2",
    "webhook-retry": "1",
    "svix-attempt": "2",
}
