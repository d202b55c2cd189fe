"""The validation handshake: does this URL want these events? (CloudEvents web hooks, 4)

A sender makes a `request` around a fresh token, a receiver makes its `answer`, and the sender
runs `check`; the last two raise ValidationError. `agreed` is what both settled beforehand. The
handshake spares strangers what they never asked for; it proves nothing about later events.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from hashlib import sha256

from labs.errors import LabError, ValidationError
from labs.webhook.exchange import (
    Request,
    Response,
    Validation,
    accepted,
    header,
    is_json,
    json_object,
    text,
)

JSON = {"Content-Type": "application/json"}
# What is sent back is a stranger's text: as HTML it would be a script under our own name.
PLAIN = {"Content-Type": "text/plain", "X-Content-Type-Options": "nosniff"}
RATE = re.compile(r"\*|[1-9][0-9]{0,8}")


class _JsonChallenge:
    """The challenge comes in JSON and goes back. Nothing is agreed."""

    rule = "Slack Events API"

    def request(self, token: str, agreed: str = "") -> Request:
        asked = {"type": "url_verification", "challenge": token}
        return Request("POST", headers=JSON, body=json.dumps(asked).encode())

    def answer(self, request: Request, agreed: str = "") -> Response:
        asked = json_object(request.body, self.rule)
        if asked.get("type") != "url_verification":
            raise ValidationError("the body is no url_verification", self.rule)
        return Response(PLAIN, text(asked, "challenge", self.rule).encode())

    def check(self, response: Response, token: str, agreed: str = "") -> None:
        body = accepted(response, self.rule)
        if body != token.encode() and not is_json(body, {"challenge": token}):
            raise ValidationError("the challenge did not come back", self.rule)


class _PlainToken:
    """The token comes in the query and goes back as plain text. Nothing is agreed."""

    rule = "Microsoft Graph"

    def request(self, token: str, agreed: str = "") -> Request:
        return Request("POST", {"validationToken": token})

    def answer(self, request: Request, agreed: str = "") -> Response:
        return Response(PLAIN, text(request.query, "validationToken", self.rule).encode())

    def check(self, response: Response, token: str, agreed: str = "") -> None:
        plain = header(response.headers, "Content-Type").startswith("text/plain")
        if accepted(response, self.rule) != token.encode() or not plain:
            raise ValidationError("the token did not come back as text/plain", self.rule)


class _GetChallenge:
    """A GET brings a challenge, and a word that shows who asks. Agreed is that word."""

    rule = "Meta Webhooks"

    def request(self, token: str, agreed: str) -> Request:
        asked = {"hub.mode": "subscribe", "hub.challenge": token, "hub.verify_token": agreed}
        return Request("GET", asked)

    def answer(self, request: Request, agreed: str) -> Response:
        shown = text(request.query, "hub.verify_token", self.rule)
        if not hmac.compare_digest(shown.encode(), agreed.encode()):
            raise ValidationError("hub.verify_token is not the word we chose", self.rule)
        return Response(PLAIN, text(request.query, "hub.challenge", self.rule).encode())

    def check(self, response: Response, token: str, agreed: str) -> None:
        if accepted(response, self.rule) != token.encode():
            raise ValidationError("hub.challenge did not come back", self.rule)


class _KeyedAnswer:
    """The token goes back together with its HMAC. Agreed is the secret of the signatures."""

    rule = "Zoom webhooks"

    def request(self, token: str, agreed: str) -> Request:
        asked = {"event": "endpoint.url_validation", "payload": {"plainToken": token}}
        return Request("POST", headers=JSON, body=json.dumps(asked).encode())

    def answer(self, request: Request, agreed: str) -> Response:
        asked = json_object(request.body, self.rule)
        if asked.get("event") != "endpoint.url_validation":
            raise ValidationError("the body is no endpoint.url_validation", self.rule)
        token = text(asked.get("payload"), "plainToken", self.rule)
        return Response(JSON, json.dumps(_keyed(token, agreed)).encode())

    def check(self, response: Response, token: str, agreed: str) -> None:
        if not is_json(accepted(response, self.rule), _keyed(token, agreed)):
            raise ValidationError("encryptedToken is not made with our secret", self.rule)


class _AllowedOrigin:
    """OPTIONS names the sender, and a header of the answer names it too. Agreed is that name."""

    rule = "CloudEvents web hooks 4.2"

    def request(self, token: str, agreed: str) -> Request:
        return Request("OPTIONS", headers={"WebHook-Request-Origin": agreed})

    def answer(self, request: Request, agreed: str) -> Response:
        if not agreed or header(request.headers, "WebHook-Request-Origin") != agreed:
            raise ValidationError("this origin has nothing to send here", self.rule)
        allowed = {"WebHook-Allowed-Origin": agreed, "WebHook-Allowed-Rate": "*"}
        return Response({"Allow": "POST", **allowed})

    def check(self, response: Response, token: str, agreed: str) -> None:
        # CloudEvents 4.2: "the handshake cannot rely on status codes"
        if header(response.headers, "WebHook-Allowed-Origin") not in (agreed, "*"):
            raise ValidationError("WebHook-Allowed-Origin does not name us", self.rule)
        if not RATE.fullmatch(header(response.headers, "WebHook-Allowed-Rate")):
            raise ValidationError("WebHook-Allowed-Rate is no rate", self.rule)


# By the names under which `providers.PROVIDERS` has them, with their sources and deadlines.
VALIDATIONS: Mapping[str, Validation] = {
    "slack": _JsonChallenge(),
    "microsoft_graph": _PlainToken(),
    "meta": _GetChallenge(),
    "zoom": _KeyedAnswer(),
    "cloudevents": _AllowedOrigin(),
}


def _keyed(token: str, secret: str) -> Mapping[str, str]:
    if not secret:
        raise LabError("an empty secret is known to everybody")
    keyed = hmac.new(secret.encode(), token.encode(), sha256).hexdigest()
    return {"plainToken": token, "encryptedToken": keyed}
