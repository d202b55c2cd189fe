"""What is not answered whatever the passages say: orders to the tutor, and asking for solutions.

Patterns over the question; a learner's code, traceback or captured messages are data, and the lines
of them that give orders are taken out before they are read.
"""

import re
from collections.abc import Mapping


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern for all of these, capital letters or not, over lines."""
    return re.compile("|".join(patterns), re.IGNORECASE | re.DOTALL | re.MULTILINE)


RULES = r"(?:instruct\w+|rules?|prompts?|guidelines?|polic\w+|restrictions?)"
OWN = r"(?:your|the) (?:own )?(?:system|prompt|instructions|rules|configuration|api key|secrets?)"
OTHERS = r"other (?:users?|students?|people|learners?)(?:'?s?'?)"
ORDERS = any_of(
    rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,40}}\b{RULES}\b",
    r"\b(?:ignore|disregard|forget) (?:all|everything|the|what is) (?:above|previous|prior)",
    r"\b(?:system|developer|initial) (?:prompt|instructions?)\b",
    r"\bhidden (?:prompt|instructions?|tests?)",
    r"\b(?:your|the) (?:system|developer) message\b",
    r"\byou are (?:now|no longer)\b",
    r"\bfrom now on,? you\b",
    r"\bact as (?:if you|an? (?:unrestricted|different|evil|new|admin\w*|root|hacker|ai)\b)",
    r"\bpretend (?:to be|you|that you)\b",
    r"\brole-?play\b",
    r"\b(?:jailbreak|do anything now|developer mode|god mode|DAN mode)\b",
    r"\bwithout (?:any )?(?:limits|restrictions|filters?)\b",
    r"\brepeat (?:everything|all|the (?:text|words)|what is) (?:above|before|written)",
    rf"\b(?:print|reveal|show|output|leak|dump|tell me|what (?:is|are)) (?:me )?{OWN}\b",
    r"^\s*(?:system|assistant|developer)\s*:",
    r"<\|?(?:im_start|system|/?inst)|\[/?INST\]",
    r"\bend of (?:prompt|context)\b",
    r"\b(?:i am|i'm|user is|as) (?:an? |the )?(?:admin\w*|developer of this|root\b|owner of this)",
    r"\bnew (?:instructions?|rules?)\s*:",
    r"\breveal\b.{0,30}\b(?:grader|solution|source|prompt)",
    r"\blabs/exercises/",
    rf"\b{OTHERS}\W+(?:questions?|answers?|history|data|conversations?|messages|code)\b",
)
EXERCISE = (
    r"(?:m\d+\.\w+|exercises?|homework|assignments?|the check|check passes|graders?|"
    r"starter(?: code)?|quiz(?:zes)?|test[- ]?out|kata|"
    r"heartbeat class|reconnector|dispatcher exercise)"
)
WHOLE = r"(?:full|complete|finished|whole|reference|model|official|right|correct|final|ready)"
SOLVE = (
    rf"(?:{WHOLE} (?:code|solutions?|answers?|implementations?|class|function)|solutions?|"
    r"answer key|answers|source(?: code)?|solve|cheat|hidden tests?|just (?:write|paste|give)|"
    r"write (?:it|the|my(?! own))|complete|finish|do my|paste|which (?:answer|choice|option) is)"
)
CHEATING = any_of(
    rf"\b{SOLVE}\b.{{0,80}}\b{EXERCISE}\b",
    rf"\b{EXERCISE}\b.{{0,80}}\b{SOLVE}\b",
    r"\b(?:grader|kill matrix) (?:of|for|code|source|file)\b",
    r"\bright (?:answers?|choices?) (?:of|to|in) the (?:quiz|test)",
    r"\bm\d+\.[a-z_]+\b.{0,60}\b(?:code|solution|implement\w*)\b",
    r"\bwrite the \w+ class for me\b",
    r"\b(?:pass|passes|green|accepted)\b.{0,30}\bcheck\b.{0,40}\b(?:for me|code|write)\b",
    r"\bfor me so that\b.{0,30}\bpass",
    r"\bquestion \d+ of (?:the )?quiz",
    r"\bquiz\b.{0,30}\b(?:answers?|solutions?|key)\b",
    r"\b(?:answers?|key)\b.{0,30}\bquiz\b",
)
PRODUCT = r"(?:pusher|ably|svix|hookdeck|twilio|stripe|zapier|pubnub|ngrok|enterprise|premium)"
VENDOR = rf"(?:{PRODUCT}|aws|azure|cloudflare|heroku|slack|github|vendors?)"
PRICE = r"(?:price|pricing|prices|charges?|fees?|discount|coupon|free tier)"
COST = rf"(?:{PRICE}|costs?|plans?)"
WALL = (
    r"(?:wall|power|electrical|cpu|eye|hip|tooth|light|drill|sim|unix|unix domain|domain|raw|"
    r"berkeley|bluetooth|docker)"
)
# What is asked of a shop, a broker, a personnel department or a poet.
OTHERS_TRADE = any_of(
    r"\b(?:stock price|share price|buy (?:stock|shares)|invest(?:ing|ment)? in|ceo|founder)\b",
    r"\b(?:cheapest|should i buy|market share|how much money|invoices?|refund|purchase)\b",
    r"\b(?:per month|monthly fee)\b",
    r"\b(?:revenue|market cap|salary|salaries|hiring|job openings?|headquarters)\b",
    rf"\b{COST}\b.{{0,60}}\b{PRODUCT}\b|\b{PRODUCT}\b.{{0,60}}\b{COST}\b",
    rf"\b{PRICE}\b.{{0,60}}\b{VENDOR}\b|\b{VENDOR}\b.{{0,60}}\b{PRICE}\b",
    r"\b(?:joke|poem|haiku|song|lyrics|recipe|horoscope|weather|translate|limerick)\b",
    r"\b(?:trout|bait|fishing|knit\w*|crochet|plumb\w*)\b|\bwater (?:heater|pressure)\b",
)
# The course's words in another sense, where none of the words is there that only it has.
NAMED = any_of(r"\bweb ?sockets?\b|\bweb ?hooks?\b|\bsse\b|server-sent|event ?source|long.?poll")
OTHER_SENSE = any_of(
    r"\b(?:react|vue|git|wordpress|laravel|pre-?commit|post-?commit|fish\w*|coat|key) hooks?\b",
    r"\bhooks? (?:in|of) (?:react|vue|git|wordpress)\b",
    r"\buse(?:effect|state|memo|ref|callback)\b",
    rf"\b{WALL} sockets?\b|\bsocket (?:wrench|set|outlet)\b",
    r"\bping[- ]pong (?:rules?|table|ball|racket|tournament|club)",
    r"\b(?:rules?|table|play\w*|game) (?:of |for )?ping[- ]?pong\b|\btable tennis\b",
    r"\b(?:heart rate|my heart\w*|irregular heart\w*|chest|cardio\w*|pregnan\w*)\b",
    r"\b(?:opinion|election|exit) polls?\b|\belections?\b|\bpolling (?:station|place)\b",
    r"\bhand ?shakes?\b.{0,40}\b(?:business|meeting|firm|etiquette|greet\w*|culture)",
    r"\bshake hands\b|\btls handshake\b|\bpost office\b|\bface masks?\b|\bmasking tape\b",
    r"\b(?:rental|employment|legal) contract\b|\be-?mail signature\b|\bhandwritten\b",
    r"\bvalves?\b|\btcp (?:vs\.?|versus|and|or|compared to) udp\b",
)
DATA = ("code", "error", "output", "wire")


def refused(question: str) -> str:
    """Why this is not answered: `guarded`, `off_topic`, or nothing."""
    if ORDERS.search(question) or CHEATING.search(question):
        return "guarded"
    other_sense = OTHER_SENSE.search(question) and not NAMED.search(question)
    return "off_topic" if other_sense or OTHERS_TRADE.search(question) else ""


def asks_for_solution(question: str) -> bool:
    """Is it a solution, an answer key or a grader that is wanted?"""
    return bool(CHEATING.search(question))


def clean(context: Mapping[str, object] | None) -> dict[str, str]:
    """The learner's texts without the lines that give orders."""
    given = {name: str(context[name]) for name in DATA if context and context.get(name)}
    return {name: "\n".join(_harmless(text)) for name, text in given.items()}


def _harmless(text: str) -> list[str]:
    return [line for line in text.splitlines() if not refused(line)]
