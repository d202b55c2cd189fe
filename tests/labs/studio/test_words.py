"""Text as sentences and words."""

from labs.studio.words import count, sentences, words


def says(text):
    """The words of the text as they are compared."""
    return [word.says for word in words(text)]


def test_a_number_is_compared_by_its_value():
    """Thousands lose their comma, a whole number its zeros, a unit stands apart."""
    assert says("6,700 or 40.0 in 20s, 2.50 and 50k, 99%") == [
        *["6700", "or", "40", "in", "20", "s", "2.5", "and", "50k", "99", "percent"]
    ]


def test_articles_and_possessives_decide_nothing():
    """“the peer's pong” and “a peer pong” are the same words."""
    assert says("The peer's pong") == says("my peer’s pong") == ["peer", "pong"]


def test_a_hyphen_parts_two_words():
    """half-open, at-least-once."""
    assert says("half-open at-least-once") == ["half", "open", "at", "least", "once"]


def test_a_clause_ends_at_a_comma_and_not_within_a_number():
    """2,000 is one word, and what follows the comma is another clause."""
    assert [word.clause for word in words("2,000 bidders, five bids: fast")] == [0, 0, 1, 1, 2]


def test_a_sentence_ends_where_a_reader_stops():
    """Full stops, line breaks and bullets; not e.g., and not within a section number."""
    text = "- Ping, e.g. every 20 s (RFC 6455, 5.5.2). Then wait!\n2) Close.\n\n"
    assert [one.text for one in sentences(text)] == [
        "Ping, e.g. every 20 s (RFC 6455, 5.5.2).",
        "Then wait!",
        "Close.",
    ]


def test_words_are_counted_as_a_reader_counts_them():
    """With the small ones."""
    assert count("The line is a line, for 20 s.") == 8
