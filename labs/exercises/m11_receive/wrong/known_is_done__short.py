from labs.errors import EnvelopeError, InvalidSignature
from labs.webhook import envelope, signature

async def receive(request):
    if request.method != "POST":
        return 405
    body, app = b"", request.app
    async for piece in request.body:
        if len(body := body + piece) > 65_536:
            return 413
    try:
        event = signature.verify(request.headers, body, app.secret, app.clock.time())
        envelope.event(event)
        if not await app.store.keep(event.id, body):
            return 200
        await app.queue.put(event.id)
    except InvalidSignature:
        return 401
    except EnvelopeError as why:
        await app.store.set_aside(event.id, body, str(why))
    except ConnectionError:
        return 503
    return 200
