# exercise: m11.receive
from labs.errors import EnvelopeError, InvalidSignature
from labs.webhook.envelope import event
from labs.webhook.signature import verify

LIMIT = 65_536  # bytes of a body


async def receive(request): ...
