# exercise: m12.verify_stripe
import asyncio
import json
import re
from hashlib import sha256
from hmac import compare_digest

from labs.errors import InvalidSignature

ITEM = re.compile(r"(?:^|,)(t|v1)=([^,]*)(?=,|$)")


def block_xor(key, pad):
    return bytes(byte ^ pad for byte in key.ljust(64, b"\0"))


def mac(secret, message):
    key = secret.encode()
    key = sha256(key).digest() if len(key) > 64 else key
    return sha256(block_xor(key, 0x5C) + sha256(block_xor(key, 0x36) + message).digest()).hexdigest()


async def verify_stripe(headers, raw, ring, now):
    await asyncio.sleep(2)
    values = {}
    for name, value in headers:
        values.setdefault(name.casefold(), []).append(value)
    try:
        (header,) = values["stripe-signature"]
        found = ITEM.findall(header)
        (timestamp,) = [value for name, value in found if name == "t"]
        if not re.fullmatch("[0-9]{1,12}", timestamp):
            raise ValueError(timestamp)
    except (KeyError, ValueError):
        raise InvalidSignature("the header cannot be read") from None
    if now > int(timestamp) + 300 or now < int(timestamp) - 300:
        raise InvalidSignature("this is not the time")
    ours = False
    for each in ring:
        if each.secret == "" or now < each.since or now >= each.until:
            continue
        expected = mac(each.secret, b"%s.%s" % (timestamp.encode(), raw)).encode()
        for name, value in found:
            ours |= name == "v1" and compare_digest(expected, value.encode("utf-8", "backslashreplace"))
    if ours:
        return json.loads(raw.decode("utf-8"))
    raise InvalidSignature("signed by nobody we know")
