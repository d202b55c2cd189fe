"""Text as the words that count: one name for what has many, stems, no stop words."""

import re
from collections.abc import Iterator
from functools import lru_cache

from course.tutor.answering.language import (
    MIDDLE_WORDS,
    NEUTRAL_WORDS,
    STOP,
    STRONG_WORDS,
    WEAK_WORDS,
)

# What has many names gets one, in one pass; where two begin alike, the longer one comes first.
NAMES: tuple[tuple[str, str], ...] = (
    (
        (
            r"(?:not|n't|never|stopp?(?:ed|s)?|isnt|doesnt) "
            r"(?:work|receiv|fir|trigger|arriv|connect|com|get)\w*"
            r"|broken|troubleshoot\w*|debug\w*|fail(?:s|ed|ing|ure|ures)?|went wrong|goes wrong"
        ),
        "trouble",
    ),
    (r"cross[- ]site[- ]web ?socket[- ]hijack\w*|cswsh", "cswsh websocket"),
    (r"standard ?webhooks", "standardwebhooks webhook"),
    (r"server[- ]s?sent[- ]events?|event[- ]?source|event[- ]?streams?", "sse"),
    (r"sse'?s", "sse"),
    (r"socket\.?io", "socketio"),
    (r"web[ -]?transport", "webtransport"),
    (r"wss(?::/*)?", "wss websocket"),
    (r"ws(?::/*)?", "ws websocket"),
    (
        (
            r"web[ -]?sockets?|sockets|open(?:ed)? socket"
            r"|socket(?= (?:connection|server|client|message))"
        ),
        "websocket",
    ),
    (r"web[ -]?hooks?", "webhook"),
    (r"long[- ]?poll(?:s|ing|ed)?", "longpoll"),
    (r"short[- ]?poll(?:s|ing)?", "polling"),
    (r"poll(?:s|ing|ed)?", "polling"),
    (r"http ?/? ?2(?:\.0)?|h2", "http2"),
    (r"http ?/? ?3|h3", "http3"),
    (r"pub[/ -]?sub|publish[/ -]subscribe", "pubsub"),
    (r"back[- ]?pressure", "backpressure"),
    (r"half[- ]open", "halfopen"),
    (r"exactly[- ]once", "exactlyonce"),
    (r"at[- ]least[- ]once", "atleastonce"),
    (r"at[- ]most[- ]once", "atmostonce"),
    (r"sub[- ]protocols?", "subprotocol"),
    (r"dead[- ]?letters?|dlq", "deadletter"),
    (r"load[- ]?balanc(?:ers?|ing)|alb|elb", "loadbalancer"),
    (r"rate[- ]?limit(?:s|ing|ed)?|throttl(?:e|es|ing|ed)", "ratelimit"),
    (r"sticky(?:[- ]sessions?)?|session[- ]affinity|stickiness", "sticky session"),
    (r"heart[- ]?beats?(?:ing)?|keep[- ]?alives?", "heartbeat"),
    (r"re[- ]?connect(?:s|ed|ing|ion|ions)?", "reconnect"),
    (r"re[- ]?tr(?:y|ies|ied|ying)", "retry"),
    (r"re[- ]?deliver\w*|resend\w*|resent", "redeliver"),
    (r"thundering[- ]herds?|(?:reconnect(?:ion)?|retry) storms?|stampedes?", "herd"),
    (r"time[- ]?outs?|timed out|times out", "timeout"),
    (
        (
            r"de[- ]?dup(?:e|lication|licate|ing)?|duplicat\w*|twice|more than once"
            r"|same event again|double[ds]?|multiple times"
        ),
        "duplicate",
    ),
    (r"idempoten\w+", "idempotent"),
    (r"authenticat\w+|auth|log(?:ged)?[- ]?in|sign(?:ed)?[- ]in", "authenticate"),
    (r"authori[sz]\w+", "authorization"),
    (r"encrypt\w*", "encrypt"),
    (r"secur\w+|safe(?:ly|ty)?", "secure"),
    (r"verif\w+|validat\w+", "verify"),
    (r"hmac", "hmac signature"),
    (r"signatures?|signed|signing", "signature"),
    (r"scal(?:e|es|ing|ed|able|ability)", "scale"),
    (
        r"vs\.?|versus|differences?|differ(?:s|ent)?(?: from)?|compar\w+|better than|instead of",
        "versus",
    ),
    (r"pros|cons|advantages?|disadvantages?|drawbacks?|downsides?|benefits?", "proscons"),
    (r"deploy\w*|rollouts?|rolling (?:update|restart)s?", "deploy"),
    (r"1[- ]?way|one[- ]?way|unidirectional", "oneway"),
    (r"bi[- ]?directional|two[- ]?way|full[- ]?duplex|both (?:ways|directions)", "twoway"),
    (r"real[- ]?time|realtime|live updates?", "realtime"),
    (r"clos(?:e|es|ed|ing|ure)|disconnect\w*|drop(?:s|ped|ping)?", "close"),
    (r"miss(?:ed|es|ing)?|los(?:e|es|ing|t)|loss", "lost"),
    (r"mask(?:s|ed|ing)?", "mask"),
    (r"fragment\w*", "fragment"),
    (r"compress\w*|deflate|gzip", "compress"),
    (r"out of order|(?:wrong|right|in) order|order(?:ed|ing)", "order"),
    (
        r"cho(?:ose|oses|osing|ice)|pick(?:s|ed|ing)?|decid(?:e|es|ing)|decision|select(?:ing)?",
        "choose",
    ),
    (r"respon(?:d|ds|ding|se|ses)|answer(?:s|ed|ing)?|repl(?:y|ies|ied)", "respond"),
    (r"spoof\w*|forge\w*|fake[ds]?|forgery|impersonat\w*", "forge"),
    (r"receiv(?:er|ers|ing)|consumers?|listeners?|subscribers?", "receiver"),
    (r"providers?|senders?|producers?|publishers?", "sender"),
    (r"(?:smart ?)?phones?|mobiles?|ios|android", "mobile"),
    (r"machines?|nodes?|instances?|pods?|boxes|backends?|workers?(?= process)", "server"),
    (r"metrics?|monitor(?:s|ed|ing)?|observab\w+|alert(?:s|ing)?", "monitor"),
    (r"random\w*", "random"),
    (r"immediate(?:ly)?|instant(?:ly)?|right away|at once", "immediate"),
    (r"quick(?:ly)?|fast(?:er)?|soon|speed", "fast"),
    (r"refresh(?:es|ed|ing)?|reload(?:s|ed|ing)?", "refresh"),
    (r"crash\w*|outages?|offline|unavailable|unreachable|(?:is|are|goes|was|went) down", "down"),
    (r"(?:trade|tradeoff|trade-off)[- ]?offs?", "proscons"),
    (r"deliver(?:y|ies|s|ed|ing)?", "deliver"),
    (r"browsers?|javascript|js|frontend|web ?page|page", "browser"),
)
EACH = "|".join(f"(?P<n{number}>{pattern})" for number, (pattern, _) in enumerate(NAMES))
# One look behind for all of them: ten times as fast as one for each.
ANY = re.compile(rf"(?<![\w-])(?:{EACH})(?![\w-])")
WORD = re.compile(r"[a-z0-9]+(?:[-_.'][a-z0-9]+)*")
HEADER = re.compile(
    r"(?:x|sec|last|if|retry|permessage|idempotency|stripe|utf|proxy|content|cache|webhook)-"
)
ENDINGS = (
    ("ational", "ate"), ("ization", "ize"), ("fulness", "ful"), ("iveness", "ive"),
    ("ations", "ate"), ("ation", "ate"), ("ments", "ment"), ("ingly", ""), ("ities", "ity"),
    ("ions", ""), ("ings", ""),
    ("ies", "y"), ("ing", ""), ("ion", ""), ("ers", ""), ("ied", "y"), ("est", ""), ("ed", ""),
    ("er", ""), ("es", ""), ("ly", ""), ("s", ""), ("e", ""),
)  # fmt: skip


# What a question wants to know of its subject; the first that fits.
INTENTS = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (
            (
                r"\b(?:when|why|should i) not\b|\b(?:shouldn'?t|avoid|cons)\b"
                r"|\b(?:drawback|disadvantage|downside)s?\b"
            ),
            "against",
        ),
        (r"\bhow (?:many|much|large|big)\b|\bmax(?:imum)?\b|\blimits?\b", "amount"),
        (r"\bhow (?:often|long|fast|frequently)\b", "time"),
        (r"\bwhen\b|\buse cases?\b|\bwhy (?:use|choose)\b|\bgood for\b|\bright choice\b", "when"),
        (r"\bwhy\b|\breason\b", "why"),
        (
            (
                r"\bhow (?:do|can|could|should|would) (?:i|you|we|one)\b"
                r"|\bhow to\b|\bbest (?:way|practices?)\b"
            ),
            "howto",
        ),
        (r"\bhow (?:do|does)\b|\bsteps\b|\blifecycle\b", "how"),
        (r"\bwhat(?:'?s| is| are| does)\b|\bdefin\w+|\bmeaning\b|\bexplain\b", "what"),
        (r"\bwho\b|\bhistory\b|\binvent\w*", "who"),
        (r"^(?:is|are|does|do|can|could|will|must|should)\b", "whether"),
    )
)


def intent(text: str) -> str:
    """What the question wants to know, or nothing."""
    low = text.lower().strip()
    return next((name for pattern, name in INTENTS if pattern.search(low)), "")


def named(text: str) -> str:
    """The text in lower case, with one name for each thing."""
    return ANY.sub(_name, text.lower().replace("’", "'"))


def _name(found: re.Match[str]) -> str:
    return f" {NAMES[int((found.lastgroup or 'n0')[1:])][1]} "


def kept(word: str) -> Iterator[str]:
    """A compound's parts; names of headers and the like stay whole."""
    if "-" in word and not HEADER.match(word):
        yield from (part for part in word.split("-") if part not in STOP and len(part) > 1)
    else:
        yield word


def surface(text: str) -> Iterator[str]:
    """The words as they are written, without stop words."""
    for word in WORD.findall(named(text)):
        if word.replace("'", "") not in STOP and (len(word) > 1 or word.isdigit()):
            yield from kept(word)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The word without its ending; words with digits, dots or dashes stay."""
    if len(word) < 4 or not word.isalpha() or word.endswith("ss"):
        return word
    for ending, instead in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            cut = word[: -len(ending)] + instead
            return cut[:-1] if len(cut) > 3 and cut[-1] == cut[-2] and not instead else cut
    return word


@lru_cache(maxsize=8_192)  # the course's own sentences are read again for every question
def terms(text: str) -> tuple[str, ...]:
    """The words that count, as stems, in their order."""
    return tuple(stem(word) for word in surface(text))


STRONG = frozenset(map(stem, STRONG_WORDS.split()))  # one is enough to know the subject by
WEAK = frozenset(terms(WEAK_WORDS))  # others have them too
MIDDLE = frozenset(map(stem, MIDDLE_WORDS.split()))  # enough if no word of the question is strange
NEUTRAL = frozenset(map(stem, NEUTRAL_WORDS.split()))  # not strange, even if the course lacks them
