"""How a source compares: the one thing that is read and not run."""

import pytest

from labs.exercises.verifying.turns import comparison


@pytest.mark.parametrize(
    "source",
    [
        "hmac.compare_digest(a, b)",
        "from hmac import compare_digest\ncompare_digest(a, b)",
        "signature.verify(headers, raw, secrets, now)",
        "difference |= one ^ other",
        "hmac.digest(os.urandom(16), a, 'sha256') == hmac.digest(key, b, 'sha256')",
    ],
)
def test_what_compares_in_constant_time_is_left_alone(source):
    """The standard function, somebody who calls it, exclusive or, and blinding."""
    assert comparison(source) == ""


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f(a, b):\n    return len(a) == 3 and a == b", "a == b"),
        ("x = expected in signatures", "expected in signatures"),
        ("def verify(a, b):\n    return a != b\nverify(1, 2)", "a != b"),
        ("ok = operator.eq(a, b)", "no call that anybody knows"),
    ],
)
def test_what_ends_early_is_quoted(source, found):
    """The learner's own comparison stands in the verdict, and no comparison with a constant."""
    assert comparison(source) == found
