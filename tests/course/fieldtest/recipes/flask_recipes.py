"""Webhooks on Flask by the recipes of the vendors' documentation: not an example to follow.

Each does what its recipe says and no more; where that leaves a gap ("handle the event"), it
counts. Sources, read 2026-11-25: stripe/stripe-python, examples/webhooks.py; docs.svix.com, How to
Verify Webhooks (Standard Webhooks has the same call); slackapi/python-slack-sdk, webhook.md.
"""

import json
import os
import sys
from collections import Counter

import stripe
from flask import Flask, jsonify, make_response, request
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = os.environ["WEBHOOK_SECRET"]
app = Flask(__name__)
effects = {"stripe": Counter(), "standardwebhooks": Counter(), "slack": Counter()}


@app.post("/stripe")
def from_stripe():
    """`construct_event`, 400 for what it raises."""
    payload, signature = request.data, request.headers.get("Stripe-Signature", None)
    try:
        event = stripe.Webhook.construct_event(payload, signature, SECRET)
    except ValueError:
        return "Bad payload", 400
    except stripe.SignatureVerificationError:
        return "Bad signature", 400
    effects["stripe"][event.id] += 1
    return "", 200


@app.post("/standardwebhooks")
def from_standardwebhooks():
    """`Webhook(secret).verify`, 400 for what it raises, else 204."""
    headers = request.headers
    payload = request.get_data()
    try:
        Webhook(SECRET).verify(payload, headers)
    except WebhookVerificationError:
        return "", 400
    effects["standardwebhooks"][headers["webhook-id"]] += 1
    return "", 204


@app.post("/slack")
def from_slack():
    """`is_valid`, 403 where it is not."""
    if not SignatureVerifier(SECRET).is_valid(
        body=request.get_data(),
        timestamp=request.headers.get("X-Slack-Request-Timestamp"),
        signature=request.headers.get("X-Slack-Signature"),
    ):
        return make_response("invalid request", 403)
    event = json.loads(request.get_data())
    effects["slack"][event["event_id"]] += 1
    return make_response("", 200)


@app.get("/<recipe>/effects")
def counted(recipe):
    """How often each event took effect."""
    return jsonify(effects[recipe])


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(sys.argv[1]))
