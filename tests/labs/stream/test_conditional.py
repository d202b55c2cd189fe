"""Entity tags, conditions, and how long Retry-After asks to wait."""

from contextlib import suppress

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from labs.errors import ConditionError
from labs.stream import conditional
from labs.stream.conditional import EntityTag, parse_tag, parse_tags, status, tag_of, wait

A, B = EntityTag("a"), EntityTag("b")
NOON = 1_767_268_800.0  # 2026-01-01, 12:00:00 GMT


def test_tag_of_the_same_body_is_the_same():
    """The tag is made from the body alone, so a body that comes back brings its tag back."""
    assert str(tag_of(b"100")) == '"ad57366865126e55"'
    assert tag_of(b"100") == tag_of(b"100") != tag_of(b"120")


@pytest.mark.parametrize(
    ("etag", "tag"),
    [
        ('"xyzzy"', EntityTag("xyzzy")),
        ('W/"xyzzy"', EntityTag("xyzzy", weak=True)),
        ('""', EntityTag("")),
        ('"a,b"', EntityTag("a,b")),
    ],
)
def test_tag_reads_as_it_is_written(etag, tag):
    """The examples of RFC 9110 8.8.3, both ways."""
    assert parse_tag(etag) == tag
    assert str(tag) == etag


@pytest.mark.parametrize(
    "etag", ["", "a", '"a', 'a"', '"a b"', '"a"b"', 'w/"a"', '"a" ', '"' * 9000]
)
def test_what_is_no_tag_is_refused(etag):
    """No quotes, or a space between them, raises ConditionError, which does not echo the field."""
    with pytest.raises(ConditionError, match="double quotes") as caught:
        parse_tag(etag)

    assert len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("if_none_match", "tags"),
    [
        ("*", ()),
        ('"a"', (A,)),
        ('"a", "b"', (A, B)),
        ('"a","b"', (A, B)),
        (',, "a" ,\t, W/"b",', (A, EntityTag("b", weak=True))),
        ('"a,b", "b"', (EntityTag("a,b"), B)),
    ],
)
def test_lists_of_tags(if_none_match, tags):
    """Members part at commas outside the quotes; empty members count for nothing (5.6.1.2)."""
    assert parse_tags(if_none_match) == tags


@pytest.mark.parametrize(
    "if_none_match", ["", ",", "a", '"a" "b"', '"a", b', '"a", *', '"a",' * 9000]
)
def test_what_is_no_list_is_refused(if_none_match):
    """A list with something else in it raises ConditionError."""
    with pytest.raises(ConditionError, match="If-None-Match"):
        parse_tags(if_none_match)


@pytest.mark.parametrize(
    ("if_none_match", "current", "answer"),
    [
        (None, A, 200),
        ('"a"', A, 304),
        ('"b"', A, 200),
        ('"b", "a"', A, 304),
        ('W/"a"', A, 304),  # RFC 9110 8.8.3.2: weak comparison
        ('"a"', EntityTag("a", weak=True), 304),
        ("*", A, 304),
        ('"a-gzip"', A, 200),  # a proxy renamed it: never 304 again
        ("a", A, 200),  # quotes forgotten: no condition
        ("", A, 200),
    ],
)
def test_status_of_a_get(if_none_match, current, answer):
    """304 only for a client that names the current state; whatever cannot be read means 200."""
    assert status(if_none_match, current) == answer


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("Thu, 01 Jan 2026 12:00:30 GMT", 30.0),
        ("Thursday, 01-Jan-26 12:00:30 GMT", 30.0),  # RFC 850
        ("Thu Jan  1 12:00:30 2026", 30.0),  # asctime
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
    ],
)
def test_retry_after_in_its_forms(retry_after, seconds):
    """Seconds, the three forms of a date, and a date that has passed (RFC 9110 10.2.3, 5.6.7)."""
    assert wait(retry_after, NOON) == seconds


@pytest.mark.parametrize(
    "retry_after", ["", "soon", "-1", "1.5", " 5", "٥", "9" * 11, "Thu, 99 Jan 2026 12:00:30 GMT"]
)
def test_retry_after_that_is_neither(retry_after):
    """What is neither seconds nor a date raises ConditionError."""
    with pytest.raises(ConditionError, match="Retry-After"):
        wait(retry_after, NOON)


@given(st.text(max_size=300))
def test_any_text_ends_in_a_value_or_in_our_error(text):
    """No field makes a parser raise anything but ConditionError; status always answers."""
    for parse in (parse_tag, parse_tags, lambda field: wait(field, NOON)):
        with suppress(ConditionError):
            parse(text)
    assert status(text, A) in (200, 304)


@given(
    st.lists(
        st.builds(EntityTag, st.text("ab,!", min_size=1, max_size=3), st.booleans()), min_size=1
    )
)
def test_lists_are_read_as_aiohttp_reads_them(tags):
    """aiohttp finds the same tags in the same field; only the empty one it does not know."""
    field = ", ".join(map(str, tags))
    request = make_mocked_request("GET", "/", CIMultiDict({"If-None-Match": field}))
    theirs = request.if_none_match or ()

    assert parse_tags(field) == tuple(EntityTag(tag.value, tag.is_weak) for tag in theirs)


def test_tags_are_written_as_aiohttp_writes_them():
    """A response of aiohttp given the same name carries the same bytes."""
    response = web.Response()
    response.etag = "a"

    assert response.headers["ETag"] == str(A) == '"a"'
    assert conditional.LONGEST == 8192
