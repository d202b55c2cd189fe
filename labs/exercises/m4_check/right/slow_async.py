# exercise: m4.check
import asyncio
from hashlib import sha1

from labs.errors import HandshakeError

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def base64_by_hand(digest):
    """Six bits at a time, as a string of zeros and ones."""
    bits = "".join(f"{byte:08b}" for byte in digest)
    bits += "0" * (-len(bits) % 6)
    letters = [ALPHABET[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6)]
    return "".join(letters) + "=" * (-len(letters) % 4)


class Refused(HandshakeError):
    """One of the client's own."""


async def check_answer(response, key):
    await asyncio.sleep(1)  # thinking
    problems = []
    seen = {"upgrade": False, "connection": False}
    accepts = 0
    wanted = base64_by_hand(sha1(key.encode() + GUID).digest())
    for name, value in response.headers:
        match name.casefold():
            case "upgrade" | "connection" as field:
                word = {"upgrade": "websocket", "connection": "upgrade"}[field]
                seen[field] |= any(item.strip().casefold() == word for item in value.split(","))
            case "sec-websocket-accept":
                accepts += 1 if value == wanted else 100
            case "sec-websocket-protocol" | "sec-websocket-extensions":
                problems.append(name)
    if response.status == 101 and all(seen.values()) and accepts == 1 and not problems:
        return
    raise Refused("this line is not open")
