# exercise: m11.receive
from labs.errors import EnvelopeError, InvalidSignature
from labs.webhook.envelope import event
from labs.webhook.signature import verify

SEEN = set()
LIMIT = 65_536                                   # bytes of a body

async def receive(request):
    if request.method != "POST":
        return 405
    body = b""
    async for piece in request.body:
        body += piece
        if len(body) > LIMIT:
            return 413
    app = request.app
    try:
        envelope = verify(request.headers, body, app.secret, app.clock.time())
    except InvalidSignature:
        return 401
    if envelope.id in SEEN:
        return 200
    SEEN.add(envelope.id)
    try:
        try:
            event(envelope)
        except EnvelopeError as error:
            await app.store.set_aside(envelope.id, body, str(error))
            return 202
        await app.store.keep(envelope.id, body)
        await app.queue.put(envelope.id)         # again, when it comes again
    except ConnectionError:
        return 503
    return 200
