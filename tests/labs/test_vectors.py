"""Every case of vectors.json is checked here, or stands in the list of those that wait."""

import hmac
import json
import math
import re
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from labs import backoff
from labs.errors import FrameError, HandshakeError, InvalidSignature
from labs.stream.event_stream import Comment, EventStreamReader
from labs.webhook import schedules, schemes, signature
from labs.webhook.envelope import Envelope
from labs.webhook.providers import PROVIDERS
from labs.webhook.signed_text import Post, join, pieces
from labs.websocket import handshake, head, reconnection
from labs.websocket.deflate import Inflater
from labs.websocket.frames import RSV1, Frame, Opcode, Role, apply_mask, parse, serialize
from labs.websocket.messages import Binary, FrameReader, Text

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text("utf-8"))
OTHER_ROLE = {"server->client": Role.CLIENT, "client->server": Role.SERVER}
CHECKS = {}


def checks(path):
    """Let the decorated function check each case under `path`."""

    def register(function):
        CHECKS[path] = function
        return function

    return register


SSRF = "what a sender must not call comes with the lesson on SSRF"
UNUSED = "no lesson uses this client's schedule yet"
PROOF = "a proof of the URL, which is checked with the lesson on the contract (M11)"
WAITING = {
    "signatures.meta": PROOF,
    "signatures.x_crc": PROOF,
    "signatures.rfc9421": "no sender of this course signs its messages in this way",
    "ssrf_targets.must_block": SSRF,
    "ssrf_targets.must_allow": SSRF,
    "ssrf_targets.also": SSRF,
    "ssrf_targets.python_ipaddress_rule": SSRF,
    "backoff.reconnecting_websocket_ms": UNUSED,
    "backoff.centrifuge_js_ms": UNUSED,
    "backoff.action_cable_s": UNUSED,
    "backoff.tcp": "the kernel's own timers come with the lesson on what lies underneath",
    "backoff.herd_demo": "another model of the herd: its clients are never refused",
    "backoff.overhead": "the costs of polling come with M1 and M2",
}  # fmt: skip

# What describes cases and is none: notes, sources, and texts that the cases repeat.
PROSE = re.compile(
    r"meta|handshake\.(guid|algorithm|verified_with|rfc_quirk)|permessage_deflate\.(source|offer_example)"
    r"|signatures\.common|sse\.(rules|verified_with|caution_empty_retry)|ssrf_targets\.source"
)


# Where a group keeps its cases, if it is not a list of them; else the group is one case.
INSIDE = {"server_requests": "cases", "python_ipaddress_rule": "computed"}


def cases_under(path):
    """The cases of a group: the items of its list, or the group itself."""
    group = VECTORS
    *_, last = path.split(".")
    for name in path.split("."):
        group = group[name]
    if isinstance(group, dict):
        group = group.get(INSIDE.get(last, "vectors"), group)
    if last in INSIDE and isinstance(group, dict):
        return list(group.items())
    if isinstance(group, list) and not isinstance(group[0], int):
        return group
    return [group]


def all_cases():
    """Each case with the path of its group's check."""
    for path in CHECKS:
        for number, case in enumerate(cases_under(path)):
            name = case.get("name", number) if isinstance(case, dict) else number
            yield pytest.param(path, case, id=f"{path}-{name}")


@checks("handshake.vectors")
def accept_value(case):
    assert case["sec_websocket_accept"] == handshake.accept(case["sec_websocket_key"])


# Where RFC 6455 decides otherwise than the library that was observed; see `disagreements`.
OUR_STATUS = {"missing-version": 426, "version-8": 426, "subprotocol-none-common": 101}


@checks("handshake.server_requests")
def server_answer(case):
    request, config = head.parse_request(case["request"].encode()), case["server_config"]
    try:
        response = handshake.answer(request, **config)
    except HandshakeError as error:
        response = handshake.rejection(error)

    assert OUR_STATUS.get(case["name"], case["observed"]["status"]) == response.status
    if case["observed"]["status"] == 101:
        assert tuple(case["observed"]["headers"].items()) == response.headers


@checks("frames.mask_example")
def mask_example(case):
    plain, masked = bytes.fromhex(case["plain"]), bytes.fromhex(case["masked"])
    assert masked == apply_mask(plain, bytes.fromhex(case["key"]))


@checks("frames.header_size_table")
def header_size(case):
    length = int(re.match(r"\d+", case["payload"])[0])
    frame, masked = (Frame(Opcode.BINARY, bytes(length), mask=key) for key in (None, b"abcd"))
    assert case["server_to_client"] == frame.size - length == len(serialize(frame)) - length
    assert case["client_to_server"] == masked.size - length == len(serialize(masked)) - length


@checks("frames.well_formed")
def well_formed(case):
    role, wire = OTHER_ROLE[case["direction"]], whole(case)
    frame = parse(wire + b"junk", role)

    assert case["total_bytes"] == len(wire) == frame.size
    assert parse(wire[:-1], role) is None
    assert wire == serialize(frame)
    for event in case.get("observed_events", []):
        name = "CONT" if frame.opcode is Opcode.CONTINUATION else frame.opcode.name
        assert event == f"{name} fin={frame.fin} {frame.payload[:20].hex()}"


def whole(case):
    """The bytes of a frame; of a long one only the start is given, the rest repeats."""
    if not case.get("hex_is_prefix"):
        return bytes.fromhex(case["hex"])
    start = bytes.fromhex(case["hex"].rstrip("."))
    size = case.get("header_bytes")
    payload = start[size:]
    key = start[size - 4 : size] if start[1] & 0x80 else None
    fill = apply_mask(payload, key)[:1] * (case["total_bytes"] - size)
    wire = start[:size] + apply_mask(fill, key)
    assert wire.startswith(start)
    return wire


def read(case):
    """Every message that a reader gets from the case's frames."""
    reader = FrameReader(Role(case["receiver"]), **case.get("server_config", {}))
    reader.receive_data(bytes.fromhex("".join(case["frames_hex"])))
    return list(iter(reader.next_message, None))


@checks("frames.sequences")
def sequence(case):
    expected = [
        Text(message["text"]) if "text" in message else Binary(bytes.fromhex(message["binary"]))
        for message in case["expected"]["messages"]
    ]
    assert expected == [message for message in read(case) if isinstance(message, Text | Binary)]


@checks("frames.malformed")
def malformed(case):
    allowed = re.findall(r"\b1\d{3}\b", str(case["expected_close_code"]))
    with pytest.raises(FrameError) as caught:
        read(case)
    assert str(caught.value.close_code) in allowed


@checks("permessage_deflate.vectors")
def deflate(case):
    names = {"7.2.3.2 context takeover: second 'Hello' in the same window": ["c107f248cdc9c90700"]}
    before = names.get(case["name"], [])
    reader = FrameReader(Role.CLIENT, inflater=Inflater())
    reader.receive_data(bytes.fromhex("".join(before + case.get("frames_hex", []))))
    reader.receive_data(bytes.fromhex(case.get("frame_hex", "")))
    messages = list(iter(reader.next_message, None))
    assert [Text("Hello")] * (len(before) + 1) == messages


@checks("permessage_deflate.bomb_demo")
def bomb(case):
    packed = zlib.compressobj(wbits=-15)
    payload = packed.compress(bytes(case["plain_bytes"]))
    payload = (payload + packed.flush(2)).removesuffix(b"\x00\x00\xff\xff")
    reader = FrameReader(Role.CLIENT, case["plain_bytes"] - 1, Inflater())
    reader.receive_data(serialize(Frame(Opcode.BINARY, payload, rsv=RSV1)))

    assert len(payload) < 2 * case["compressed_bytes"]
    with pytest.raises(FrameError, match="1048575 bytes once inflated"):
        reader.next_message()


COMMON = VECTORS["signatures"]["common"]
SINGLE, *_, REFERENCE = VECTORS["signatures"]["standard_webhooks"]["vectors"]


BODY, STRIPE_SECRET = COMMON["body"], "whsec_test_secret_do_not_use"


def verify(case, secret, now=None):
    """The envelope of the case's request, what it leaves out being as in the first vector."""
    request = {**SINGLE, **case}
    headers = {
        "Webhook-Id": request["id"],
        "Webhook-Timestamp": str(request["timestamp"]),
        "Webhook-Signature": request["webhook-signature"],
    }
    return signature.verify(headers, request["body"].encode(), secret, now or request["timestamp"])


@checks("signatures.standard_webhooks.vectors")
def signed(case):
    request = {**SINGLE, **case}
    for name in ("secret", "secret_new", "secret_old"):
        if name in case:
            envelope = verify(case, case[name])
            assert signature.sign(envelope, case[name]) in request["webhook-signature"].split()
    assert bytes.fromhex(SINGLE["key_hex"]) == signature.key(SINGLE["secret"])


@checks("signatures.standard_webhooks.negative")
def forged(case):
    now = COMMON["timestamp"] + 301 if "301" in case["name"] else None
    given = {**case, "webhook-signature": case.get("wrong_signature", SINGLE["webhook-signature"])}
    if "webhook-signature" in case:
        given["webhook-signature"] = case["webhook-signature"]
    with pytest.raises(InvalidSignature):
        verify(given, SINGLE["secret"], now)


def scheme_of(name, number=0):
    """The scheme of providers.toml, by the sender's key."""
    return PROVIDERS[name].signature[number]


def refuses(scheme, post, *rest):
    """Whether our verifier says no."""
    with pytest.raises(InvalidSignature):
        schemes.verify(scheme, post, *rest)
    return True


@checks("signatures.stripe")
def stripe(case):
    post = Post((("Stripe-Signature", case["Stripe-Signature"]),), case.get("body", BODY).encode())
    secrets = [value for key, value in case.items() if key.startswith("secret")] or [STRIPE_SECRET]
    for secret in secrets:
        given = scheme_of("stripe"), post, [secret], COMMON["timestamp"]
        assert refuses(*given) if "expect" in case else schemes.verify(*given)


@checks("signatures.github")
@checks("signatures.shopify")
@checks("signatures.slack")
@checks("signatures.dropbox")
@checks("signatures.square")
def by_secret(case):
    """A case that names its own header: signed by us it is the same, and verified it holds."""
    header = next(key for key in case if key.lower().startswith("x-"))
    scheme = next(s for p in PROVIDERS.values() for s in p.signature if s.header == header)
    post = Post((), case["body"].encode())
    secret = case.get("secret") or case["app_secret"]
    at, ours = case.get("timestamp", 0), {"url": case.get("url", "")}
    signed = schemes.sign(scheme, post, [secret], str(at), ours)

    assert dict(signed.headers)[header] == case[header]
    assert schemes.verify(scheme, signed, [secret], at, ours).body == post.body


@checks("signatures.twilio")
def twilio(case):
    body = urlencode(case["params"]) if "params" in case else case["body"]
    post = Post((("X-Twilio-Signature", case["X-Twilio-Signature"]),), body.encode())
    ours = {"url": case["url"]}

    assert schemes.verify(scheme_of("twilio"), post, [case["auth_token"]], 0, ours)
    if "body" in case:  # it is signed by its hash, which stands in the URL
        other = Post(post.headers, body.replace("4200", "4201").encode())
        assert refuses(scheme_of("twilio"), other, [case["auth_token"]], 0, ours)


@checks("signatures.paypal")
def paypal(case):
    headers = (
        ("PAYPAL-TRANSMISSION-ID", case["transmission_id"]),
        (
            "PAYPAL-TRANSMISSION-TIME",
            case["time"],
        ),
    )
    parts = pieces(scheme_of("paypal"), Post(headers, case["body"].encode()), case)

    assert join(parts) == case["message"].encode()


@checks("signatures.discord")
def discord(case):
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(case["private_seed_hex"]))
    post = Post((), case["body"].encode())
    signed = schemes.sign(scheme_of("discord"), post, [key.sign], case["timestamp"])

    assert dict(signed.headers)["X-Signature-Ed25519"] == case["X-Signature-Ed25519"]


@checks("signatures.sendgrid")
def sendgrid(case):
    case, scheme = case["published_vector"], scheme_of("sendgrid")
    key = load_der_public_key(b64decode(case["public_key_spki_b64"]))
    headers = (scheme.header, case["signature"]), (scheme.time.header, case["timestamp"])

    def asked(signature, text):
        return key.verify(signature, text, ECDSA(SHA256())) is None

    post = Post(headers, case["body"].encode())
    assert schemes.verify(scheme, post, [asked], 0).time == case["timestamp"]


@checks("signatures.mailgun")
@checks("signatures.adyen")
def in_the_body(case):
    """The signature stands in the body; what it is made of is as in providers.toml."""
    if "fields" in case:
        text, key = ":".join(case["fields"]), bytes.fromhex(case["key_hex"])
        digest = b64encode(hmac.digest(key, text.encode(), "sha256")).decode()
        assert len(scheme_of("adyen").signed.split(":")) == len(case["fields"])
    else:
        text, key = case["timestamp"] + case["token"], case["signing_key"].encode()
        digest = hmac.digest(key, text.encode(), "sha256").hex()
        assert scheme_of("mailgun").signed == "{time}{token}"

    assert digest in (case.get("hmacSignature"), case.get("signature"))


@checks("signatures.hmac_sanity_rfc4231_case2")
def hmac_sanity(case):
    computed = hmac.digest(case["key"].encode(), case["data"].encode(), "sha256")
    assert case["hmac_sha256_hex"] == computed.hex()


@checks("sse.streams")
def event_stream(case):
    reader, expected = EventStreamReader(), case["expected"]
    reader.receive_data(bytes.fromhex(case["stream_hex"]))
    events = list(iter(reader.next_event, None))
    comments = [event.text for event in events if isinstance(event, Comment)]
    found = [
        {"event": event.type, "data": event.data, "lastEventId": event.last_event_id}
        for event in events
        if not isinstance(event, Comment)
    ]
    assert (expected["events"], expected["comments"]) == (found, comments)
    assert expected["final_last_event_id"] == reader.last_event_id
    assert expected["id_buffer"] == reader._id
    assert expected["undispatched_data"] == reader._data
    assert expected["retry_ms"] == reader.reconnection_time


@checks("backoff.aws")
def ceilings(case):
    assert case["ceilings_base1_cap60"] == [backoff.ceiling(n, 1, 60) for n in range(10)]
    small = [backoff.ceiling(n, 0.1, 20) for n in range(10)]
    assert case["ceilings_base0.1_cap20"] == pytest.approx(small)


@checks("backoff.seeded_python_random_Random(42)_uniform")
def seeded(case):
    policies = {
        "full": backoff.full_jitter,
        "equal": backoff.equal_jitter,
        "decorrelated": backoff.decorrelated,
    }
    for name, policy in policies.items():
        assert case[name] == pytest.approx(list(islice(policy(Random(42), 1, 60), 8)), abs=1e-6)


@checks("backoff.expected_mean_fraction_of_ceiling")
def mean_fraction(case):
    policies = {
        "none": backoff.exponential,
        "equal": backoff.equal_jitter,
        "full": backoff.full_jitter,
    }
    for name, policy in policies.items():
        drawn = list(islice(policy(Random(7), 60, 60), 4000))
        assert math.fsum(drawn) / 4000 / 60 == pytest.approx(case[name], abs=0.01)


@checks("backoff.websockets_python")
def websockets_schedule(case):
    first, *rest = islice(reconnection.websockets_delays(Random(7)), 12)
    assert 0 <= first <= case["constants"]["initial"]
    assert case["observed_after_first"] == pytest.approx(rest, abs=1e-3)
    published = reconnection.RECONNECTIONS[0].delays
    assert case["observed_after_first"][:9] == list(published[1:])


@checks("backoff.socket_io_client")
def socket_io_schedule(case):
    drawn = [list(islice(reconnection.socket_io_delays(Random(s)), 6)) for s in range(400)]
    for attempt in range(3):
        low, high = (ms / 1000 for ms in case[f"range_ms_attempt{attempt}"])
        column = [row[attempt] for row in drawn]
        assert low <= min(column) < low * 1.1
        assert high * 0.9 < max(column) <= high
    nominal = reconnection.RECONNECTIONS[1].delays
    assert [ms / 1000 for ms in case["nominal_ms"][:4]] == list(nominal)


@checks("backoff.phoenix_js_ms")
def phoenix_schedule(case):
    assert [ms / 1000 for ms in case["socket"]] == list(reconnection.RECONNECTIONS[2].delays)


@checks("backoff.signalr_withAutomaticReconnect_ms")
def signalr_schedule(case):
    assert [ms / 1000 for ms in case] == list(reconnection.RECONNECTIONS[3].delays)


@checks("backoff.graphql_ws_ms")
def graphql_ws_schedule(case):
    assert [ms / 1000 for ms in case["nominal"]] == list(reconnection.RECONNECTIONS[4].delays)


SENDERS = {
    "standard_webhooks_example": "Standard Webhooks",
    "svix": "Svix",
    "slack_events": "Slack",
    "square_doc": "Square",
    "mailgun": "Mailgun",
    "adyen_queue": "Adyen",
    "zoom": "Zoom",
    "sns_http_default": "Amazon SNS",
}


@checks("backoff.retry_schedules")
def retry_schedules(case):
    ours = {schedule.sender: schedule for schedule in schedules.SCHEDULES}
    assert {*SENDERS, "gitlab_autodisable_minutes"} == set(case)
    for name, sender in SENDERS.items():
        assert case[name]["delays"] == list(ours[sender].delays)
        assert case[name]["cumulative"] == list(ours[sender].times())
        assert case[name]["cumulative_hms"] == list(map(schedules.clock, ours[sender].times()))
    gitlab = case["gitlab_autodisable_minutes"]
    assert gitlab["delays"] == [backoff.ceiling(n, 1, 1440) for n in range(12)]
    assert gitlab["cumulative"] == list(accumulate(gitlab["delays"]))


@pytest.mark.parametrize(("path", "case"), list(all_cases()))
def test_vector(path, case):
    """The case holds."""
    CHECKS[path](case)


def test_no_case_is_forgotten():
    """Every group of the file is checked, waits for a named lesson, or only describes others."""
    groups = {f"{chapter}.{name}" for chapter, content in VECTORS.items() for name in content} - {
        "signatures.standard_webhooks"
    }
    known = {*CHECKS, *WAITING}

    assert {path for path in groups - known if not PROSE.match(path)} == set()
    assert {path for path in known if not path.startswith("signatures.standard_webhooks")} <= groups


def test_count(capsys):
    """As many cases as the file holds are checked; those that wait are listed with the reason."""
    waiting = Counter()
    for path, reason in WAITING.items():
        waiting[reason] += len(cases_under(path))
    with capsys.disabled():
        print("", *(f"{count} vectors wait: {why}" for why, count in waiting.items()), sep="\n  ")

    assert sum(len(cases_under(path)) for path in CHECKS) == 137
    assert waiting.total() == 51


def test_envelope_of_the_vectors_is_what_was_signed():
    """The envelope that `verify` returns carries the id, the time and the raw body."""
    envelope = verify(REFERENCE, REFERENCE["secret"])

    expected = (REFERENCE["id"], REFERENCE["timestamp"], REFERENCE["body"].encode())
    assert Envelope(*expected) == envelope
