"""Phrases, and where they stand in a sentence."""

import pytest

from labs.studio.phrases import PhraseError, found, parts, said_against
from labs.studio.words import sentences


def on(phrase, text):
    """The words of the text that the phrase stands on, or None."""
    [sentence] = sentences(text)
    place = found(phrase, sentence)
    return place and sentence.between(place.first, place.last)


@pytest.mark.parametrize(
    ("phrase", "text", "stands"),
    [
        ("retr*", "We retried twice", "retried"),
        ("(unique|primary key) index", "under a unique index", "unique index"),
        ("(unique|primary key) index", "a primary key index", "primary key index"),
        ("interval .. timeout", "interval and then a timeout", "interval and then a timeout"),
        ("webhook . browser", "a webhook to the browser", "webhook to the browser"),
        ("webhook . browser", "a webhook to us, then to the browser", None),
        ("# (second*|s)", "after 20s", "20s"),
        ("# (second*|s)", "after twenty seconds", "twenty seconds"),
        ("jitter & cap", "a cap, and full jitter", "jitter"),
        ("backoff", "with back-off", "back-off"),
        ("webhook*", "Web hooks are late", "Web hooks"),
    ],
)
def test_a_phrase_stands_on_words(phrase, text, stands):
    """Prefixes, alternatives, gaps, numbers, two parts in any order, a word written as two."""
    assert on(phrase, text) == stands


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("We sign the body", True),
        ("We do not sign the body", False),
        ("We don't sign the body", False),
        ("It is not slow, we sign the body", True),
        ("This is not the place where the bank would sign", True),
    ],
)
def test_what_stands_behind_a_not_does_not_count(text, counts):
    """Within three words, in the same clause."""
    assert bool(on("sign", text)) is counts


@pytest.mark.parametrize(
    ("text", "against"),
    [
        ("Redis gives exactly once delivery", False),
        ("Exactly once delivery is a myth", True),
        ("The effect is exactly once, delivery is not", True),
        ("Once is not enough, so exactly once delivery", True),
    ],
)
def test_a_doubt_in_the_same_breath_is_heard(text, against):
    """A flag is not raised by a sentence that argues against it."""
    [sentence] = sentences(text)
    phrase = "exactly once .. delivery"
    assert said_against(phrase, found(phrase, sentence), sentence) is against


@pytest.mark.parametrize("phrase", ["(a|b", "a b)", "( )", "the", "caf\u00e9", "a|b", "a ... b"])
def test_a_phrase_that_cannot_be_read_is_named(phrase):
    """The author sees which one."""
    with pytest.raises(PhraseError, match="phrase"):
        parts(phrase)
