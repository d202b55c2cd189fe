# exercise: m11.receive
import asyncio
import io

from labs.errors import EnvelopeError, InvalidSignature
from labs.webhook.envelope import event
from labs.webhook.signature import verify

async def receive(request):
    if request.method != "POST":
        return 405
    size, file = 0, io.BytesIO()
    async for piece in request.body:
        for byte in piece:                       # one by one, and again from the start
            size += file.write(bytes([byte]))
            if size > 65_536:
                return 413
    body = file.getvalue()
    try:
        message = verify(request.headers, body, request.app.secret, request.app.clock.time())
    except InvalidSignature:
        return 401
    for pause in (0.25, 0.5, 0):                 # perhaps they are back in a moment
        try:
            try:
                event(message)
            except EnvelopeError:
                await request.app.store.set_aside(message.id, body, "no event")
            else:
                await request.app.store.keep(message.id, body)
                await request.app.queue.put(message.id)
            return 200
        except ConnectionError:
            await asyncio.sleep(pause)
    return 503
