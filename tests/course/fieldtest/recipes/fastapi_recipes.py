"""Webhooks on FastAPI by the recipes of the vendors' documentation: not an example to follow.

Each does what its recipe says and no more; where that leaves a gap ("handle the event"), it
counts. Sources, read 2026-11-25: stripe/stripe-python, examples/webhooks.py, in FastAPI's words;
svix.com, Receive Webhooks with Python (FastAPI) (Standard Webhooks has the same call);
slackapi/python-slack-sdk, webhook.md, in FastAPI's words.
"""

import os
import sys
from collections import Counter
from typing import Annotated

import stripe
import uvicorn
from fastapi import FastAPI, Header, HTTPException, Request, Response, status
from slack_sdk.signature import SignatureVerifier
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SECRET = os.environ["WEBHOOK_SECRET"]
app = FastAPI()
effects = {"stripe": Counter(), "standardwebhooks": Counter(), "slack": Counter()}


@app.post("/stripe")
async def from_stripe(request: Request, stripe_signature: Annotated[str, Header()]):
    """`construct_event`, 400 for what it raises."""
    payload = await request.body()
    try:
        event = stripe.Webhook.construct_event(payload, stripe_signature, SECRET)
    except ValueError:
        raise HTTPException(400, "Invalid payload") from None
    except stripe.SignatureVerificationError:
        raise HTTPException(400, "Invalid signature") from None
    effects["stripe"][event["id"]] += 1
    return {"success": True}


@app.post("/standardwebhooks", status_code=status.HTTP_204_NO_CONTENT)
async def from_standardwebhooks(request: Request, response: Response):
    """`Webhook(secret).verify`, 400 for what it raises, else 204."""
    headers = request.headers
    payload = await request.body()
    try:
        Webhook(SECRET).verify(payload, headers)
    except WebhookVerificationError:
        response.status_code = status.HTTP_400_BAD_REQUEST
        return
    effects["standardwebhooks"][headers["webhook-id"]] += 1


@app.post("/slack")
async def from_slack(request: Request):
    """`is_valid_request`, 403 where it is not."""
    body = await request.body()
    if not SignatureVerifier(SECRET).is_valid_request(body, dict(request.headers)):
        raise HTTPException(403, "invalid request")
    event = await request.json()
    effects["slack"][event["event_id"]] += 1


@app.get("/{recipe}/effects")
async def counted(recipe: str):
    """How often each event took effect."""
    return effects[recipe]


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
