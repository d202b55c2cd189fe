# exercise: m12.verify_standard
import asyncio
import base64
import binascii
import hashlib
import json
import re

from labs.errors import InvalidSignature


class NotOurs(InvalidSignature):
    pass


def hmac_by_hand(key, message):
    """RFC 2104, with the 64-byte blocks of SHA-256."""
    if len(key) > 64:
        key = hashlib.sha256(key).digest()
    key = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(k ^ 0x36 for k in key) + message).digest()
    return hashlib.sha256(bytes(k ^ 0x5C for k in key) + inner).digest()


def same(one, other):
    if len(one) != len(other):
        return False
    difference = 0
    for a, b in zip(one, other):
        difference |= a ^ b
    return not difference


async def verify_standard(headers, raw, secrets, now):
    await asyncio.sleep(1)
    table = {}
    for name, value in headers:
        if name.lower() in table:
            table[name.lower()] = None
        else:
            table[name.lower()] = value
    try:
        webhook_id = re.fullmatch(r"[!-\-/-~]+", table["webhook-id"])[0]
        timestamp = re.fullmatch(r"\d{1,12}", table["webhook-timestamp"], re.ASCII)[0]
        signatures = re.findall(r"(?:(?<= )|^)v1,([A-Za-z0-9+/]{43}=)(?= |$)", table["webhook-signature"])
    except (KeyError, TypeError):
        raise NotOurs("a header is missing, twice or unreadable") from None
    if not -300 <= int(timestamp) - now <= 300:
        raise NotOurs("too far away in time")
    message = b".".join([webhook_id.encode(), timestamp.encode(), raw])
    good = False
    for secret in secrets:
        try:
            key = base64.b64decode(secret[len("whsec_"):], validate=True)
        except binascii.Error:
            continue
        for each in signatures:
            good |= bool(key) and same(base64.b64decode(each), hmac_by_hand(key, message))
    if not good:
        raise NotOurs("nobody whom we know has signed this")
    return json.loads(raw.decode())
