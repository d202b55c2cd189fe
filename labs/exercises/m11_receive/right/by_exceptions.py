# exercise: m11.receive
import asyncio

from labs.errors import EnvelopeError, InvalidSignature
from labs.webhook import envelope, signature

class Refused(Exception):
    """The status stands in the first argument."""

async def whole(body, limit=64 * 1024):
    pieces = bytearray()
    async for piece in body:
        pieces.extend(piece)
        if len(pieces) > limit:
            raise Refused(413)
    return bytes(pieces)

async def accept(app, message):
    try:
        kind = envelope.event(message).type
    except EnvelopeError as why:
        return await app.store.set_aside(message.id, message.body, why.says)
    new = await app.store.keep(message.id, message.body)
    app.log("kept" if new else "known", message.id, kind)
    await app.queue.put(message.id)

async def receive(request):
    app = request.app
    try:
        if request.method.upper() != "POST":
            raise Refused(405)
        body = await whole(request.body)
        message = signature.verify(request.headers, body, [app.secret], app.clock.time())
        async with asyncio.timeout(2.5):
            await accept(app, message)
    except Refused as refused:
        return refused.args[0]
    except InvalidSignature as nobody:
        app.log("refused:", nobody)
        return 401
    except (ConnectionError, TimeoutError):
        return 503
    return 204
