"""The validation handshake in five ways: who consents, and who only seems to."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import LabError, ValidationError
from labs.webhook.exchange import LONGEST, Request, Response
from labs.webhook.providers import PROVIDERS
from labs.webhook.validation import VALIDATIONS

AGREED = {
    "slack": "",
    "microsoft_graph": "",
    "meta": "the word we chose",
    "zoom": "the secret of the signatures",
    "cloudevents": "bank.example",
}
TOKEN = "Validation: 3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
each = pytest.mark.parametrize("sender", VALIDATIONS)


@each
def test_the_answer_by_the_contract_convinces(sender):
    """Question, answer and check of each sender agree."""
    style, agreed = VALIDATIONS[sender], AGREED[sender]

    style.check(style.answer(style.request(TOKEN, agreed), agreed), TOKEN, agreed)


@each
def test_each_way_is_in_the_data(sender):
    """The providers' file says of each what is asked, with source and day."""
    proof = PROVIDERS[sender].proof

    assert proof.confirmed
    assert proof.source


@each
def test_a_bare_200_convinces_nobody(sender):
    """An endpoint that answers 200 to everything has consented to nothing."""
    with pytest.raises(ValidationError):
        VALIDATIONS[sender].check(Response(), TOKEN, AGREED[sender])


@each
def test_the_token_of_another_request_does_not_count(sender):
    """The answer belongs to the question; only an origin has no token."""
    style, agreed = VALIDATIONS[sender], AGREED[sender]
    old = style.answer(style.request("another token", agreed), agreed)

    if sender == "cloudevents":
        style.check(old, TOKEN, agreed)
    else:
        with pytest.raises(ValidationError):
            style.check(old, TOKEN, agreed)


@each
def test_an_event_is_no_question(sender):
    """A request that asks nothing gets no consent by accident."""
    event = Request("POST", {}, {"Content-Type": "application/json"}, b'{"type": "paid"}')

    with pytest.raises(ValidationError):
        VALIDATIONS[sender].answer(event, AGREED[sender])


@pytest.mark.parametrize("sender", ["slack", "microsoft_graph", "meta", "zoom"])
def test_an_answer_that_is_no_200_is_no_consent(sender):
    """The right body under another status does not count where the status does."""
    style, agreed = VALIDATIONS[sender], AGREED[sender]
    right = style.answer(style.request(TOKEN, agreed), agreed)

    with pytest.raises(ValidationError, match="the answer is 202, not 200"):
        style.check(Response(right.headers, right.body, 202), TOKEN, agreed)


def test_slack_on_the_wire():
    """The body that asks, and the two bodies that Slack takes for an answer."""
    style = VALIDATIONS["slack"]
    asked = style.request("3eZb")

    assert (asked.method, asked.body) == (
        "POST",
        b'{"type": "url_verification", "challenge": "3eZb"}',
    )
    assert style.answer(asked).body == b"3eZb"
    style.check(Response(body=b'{"challenge":"3eZb"}'), "3eZb")
    with pytest.raises(ValidationError, match="the challenge did not come back"):
        style.check(Response(body=b'{"challenge":"3eZc"}'), "3eZb")


def test_graph_wants_plain_text():
    """The token as HTML is refused, and so is an answer that wraps it."""
    style = VALIDATIONS["microsoft_graph"]

    assert style.answer(Request("POST", {"validationToken": "a b+c"})).body == b"a b+c"
    with pytest.raises(ValidationError, match="text/plain"):
        style.check(Response({"Content-Type": "text/html"}, b"a b+c"), "a b+c")
    with pytest.raises(ValidationError, match="text/plain"):
        style.check(Response({"Content-Type": "text/plain"}, b'"a b+c"'), "a b+c")


def test_meta_is_asked_for_the_word():
    """Without the word that was chosen there is no consent; a word that was never set is none."""
    style = VALIDATIONS["meta"]
    asked = style.request("1158201444", "other word")

    with pytest.raises(ValidationError, match="not the word we chose"):
        style.answer(asked, "the word")
    with pytest.raises(ValidationError, match=r"hub\.verify_token is not a text"):
        style.answer(style.request("1158201444", ""), "")
    assert style.answer(asked, "other word").body == b"1158201444"


def test_zoom_wants_the_key():
    """The HMAC is hexadecimal, over the token alone, under the secret as text (`openssl dgst`)."""
    style = VALIDATIONS["zoom"]
    answer = style.answer(style.request("qgg8vlvZRS6UYooatFL8Aw", "secret"), "secret")

    assert json.loads(answer.body) == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": "72cef096bfd47c0b8664df30d07721641e4abd7e885ba432204260db477a9a3e",
    }
    with pytest.raises(ValidationError, match="not made with our secret"):
        style.check(answer, "qgg8vlvZRS6UYooatFL8Aw", "another secret")
    with pytest.raises(LabError, match="empty secret"):
        style.answer(style.request("x", ""), "")


def test_cloudevents_asks_for_a_header():
    """The status says nothing; the origin or a star, and a rate, say it all."""
    style = VALIDATIONS["cloudevents"]
    star = {"webhook-allowed-origin": "*", "webhook-allowed-rate": "100"}

    style.check(Response(star, status=405), "", "bank.example")
    for broken in (
        {**star, "webhook-allowed-origin": "bank.example.evil.example"},
        {**star, "webhook-allowed-rate": "0"},
        {"webhook-allowed-origin": "*"},
    ):
        with pytest.raises(ValidationError):
            style.check(Response(broken), "", "bank.example")
    with pytest.raises(ValidationError, match="nothing to send here"):
        style.answer(style.request("", "evil.example"), "bank.example")
    with pytest.raises(ValidationError, match="nothing to send here"):
        style.answer(Request("OPTIONS"), "")


def test_what_is_sent_back_cannot_be_a_script():
    """Each answer that repeats the asker's text is plain text, and says so twice."""
    for sender in ("slack", "microsoft_graph", "meta"):
        style, agreed = VALIDATIONS[sender], AGREED[sender]
        answer = style.answer(style.request("<script>alert(1)</script>", agreed), agreed)

        assert answer.headers["Content-Type"] == "text/plain"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_token_has_a_length():
    """Nobody sends a megabyte through somebody else's endpoint."""
    style = VALIDATIONS["microsoft_graph"]

    style.answer(Request("POST", {"validationToken": "x" * LONGEST}))
    with pytest.raises(ValidationError, match="4096 printable characters"):
        style.answer(Request("POST", {"validationToken": "x" * (LONGEST + 1)}))


bodies = st.binary(max_size=60) | st.builds(
    lambda value: json.dumps(value).encode(),
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9) | st.just("url_verification"),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["type", "challenge", "event", "payload", "plainToken"]), inner
            )
        ),
        max_leaves=6,
    ),
)
queries = st.dictionaries(
    st.sampled_from(["validationToken", "hub.challenge", "hub.verify_token"]), st.text(max_size=9)
)


@given(sender=st.sampled_from(list(VALIDATIONS)), query=queries, body=bodies)
def test_hostile_text_ends_in_our_error(sender, query, body):
    """Whatever arrives, there is an answer in bytes or a ValidationError."""
    style = VALIDATIONS[sender]
    for act in (
        lambda: style.answer(Request("POST", query, {}, body), "agreed"),
        lambda: style.check(Response({"Content-Type": "text/plain"}, body), "token", "agreed"),
    ):
        with suppress(ValidationError):
            act()
