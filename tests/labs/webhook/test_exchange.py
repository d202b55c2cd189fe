"""What the ways of validation share: fields that are there, and fields that are not."""

import pytest

from labs.errors import ValidationError
from labs.webhook.exchange import (
    LONGEST,
    Response,
    accepted,
    header,
    is_json,
    json_object,
    text,
)


def test_a_header_is_found_whatever_its_case():
    """Names of header fields are compared without regard to case; a missing one is empty."""
    fields = {"WebHook-Allowed-Origin": "*"}

    assert header(fields, "webhook-allowed-origin") == "*"
    assert header(fields, "webhook-allowed-rate") == ""


def test_only_200_is_an_answer():
    """The body of any other status counts for nothing, and the error says which it was."""
    assert accepted(Response(body=b"x"), "Slack") == b"x"
    with pytest.raises(ValidationError, match=r"the answer is 201, not 200 \(Slack\)"):
        accepted(Response(body=b"x", status=201), "Slack")


@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b"\xff", b'{"a":', b"[" * 100_000])
def test_what_is_no_object_is_refused(body):
    """Nothing, a list, bytes that are no text, half an object, a tower of brackets."""
    assert not is_json(body, {})
    with pytest.raises(ValidationError, match="not a JSON object"):
        json_object(body, "Zoom")


def test_json_is_compared_by_what_it_says():
    """Spaces and the order of keys do not count."""
    assert is_json(b'{"b": 2,\n "a":1}', {"a": 1, "b": 2})
    assert not is_json(b'{"a": 1}', {"a": 2})


@pytest.mark.parametrize("found", [None, "", 5, ["x"], "x" * (LONGEST + 1), "a\nb", "\ud800"])
def test_what_is_no_short_line_of_text_is_refused(found):
    """A token is sent back, so it has to be text, short, and without control characters."""
    with pytest.raises(ValidationError, match="token is not a text of 1 to 4096"):
        text({"token": found}, "token", "Graph")
    assert text({"token": "é b"}, "token", "Graph") == "é b"
    with pytest.raises(ValidationError):
        text("no mapping", "token", "Graph")
