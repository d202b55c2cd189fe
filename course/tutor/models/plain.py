"""A model's words made harmless: no image, no link, no HTML, whatever is done with them later.

The page sanitises what it renders as well. Here the syntax itself is broken, piece by piece, so
that two pieces that are harmless alone are harmless one behind the other: each piece is a
sentence or a line, and none of them leaves a backtick open.
"""

import re

IMAGE = re.compile(r"!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
ADDRESS = re.compile(
    r"<?\b(?:(?:https?|ftp|data|javascript|vbscript|file|mailto):|www\.)[^\s>)\]]*>?", re.IGNORECASE
)
TAG = re.compile(r"<!--.*?(?:-->|$)|</?[A-Za-z][^>]*(?:>|$)|<[!?][^>]*(?:>|$)", re.DOTALL)
CODE = re.compile(r"(`[^`\n]*`)")
NO_ADDRESS = "(address left out)"


def plain(text: str) -> str:
    """The text without images, links, addresses and HTML; inline code stays, if it is closed."""
    text = re.sub(r"\\+`", "`", text)  # an escaped backtick opens no code, and would look like one
    text = re.sub(r"`{2,}", "`", text)
    if text.count("`") % 2:
        text = text.replace("`", "'")
    parts = CODE.split(text)
    return "".join(part if number % 2 else prose(part) for number, part in enumerate(parts))


def prose(text: str) -> str:
    """The same for words outside code."""
    text = LINK.sub(r"\1", IMAGE.sub(r"\1", text))
    text = TAG.sub("", ADDRESS.sub(NO_ADDRESS, text))
    text = re.sub(r"<(?=[A-Za-z/!?])", "&lt;", text)
    # Whatever is left of a link's syntax falls apart: its text, its address, its definition.
    return re.sub(r"\](?=[(:\[])", "] ", re.sub(r"!+\[", "[", text))
