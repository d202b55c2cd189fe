"""What was said: the journal's bytes as HTTP messages and WebSocket frames, numbered.

`timeline(journal)` puts everything worth a number in order: messages, what each side believes,
faults, notes, refused connections, ends. A number belongs to one event of one journal, wherever
it is shown: in the picture, its text twin, the wire view and a sentence that points at it.
"""

from labs.messages.message import Belief, Message, Row
from labs.messages.timeline import messages, timeline
from labs.messages.wire import wire

__all__ = ["Belief", "Message", "Row", "messages", "timeline", "wire"]
