"""The contracts of real senders: what may stand in providers.toml, and that it does."""

from datetime import date

import pytest

from labs.webhook.providers import PROVIDERS, ProvidersError, read, schedules
from labs.webhook.schedules import SCHEDULES

GOOD = """
[bank]
name = "Bank"
unconfirmed = ["It may be slow."]
[[bank.signature]]
label = "v1"
algorithm = "hmac-sha256"
key = "text"
header = "Bank-Signature"
written = "v1={hex}"
signed = "{time}.{body}"
time = { item = "t" }
unsigned = []
source = "the bank's page"
checked = 2026-11-23
[bank.delivery]
words = "Once more after a minute."
delays = [0, 60]
source = "the bank's page"
checked = 2026-11-23
"""


def test_a_contract_is_read():
    """A table becomes a Provider, its parts records, its lists tuples."""
    bank = read(GOOD)["bank"]

    assert bank.unconfirmed == ("It may be slow.",)
    assert bank.signature[0].time.item == "t"
    assert bank.signature[0].checked == date(2026, 11, 23)
    assert bank.delivery.delays == (0, 60)
    assert bank.proof is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[bank]", "[bank", "providers.toml is not TOML"),
        ('name = "Bank"', "", "bank.name is missing"),
        ("words =", "word =", "bank.delivery.word is not a known key; known are words, source"),
        ('words = "Once more after a minute."', "", "bank.delivery.words is missing"),
        ("[0, 60]", "60", "bank.delivery.delays must be a list, not 60"),
        ("[0, 60]", "[0, 1.5]", "bank.delivery.delays[2] must be a int, not 1.5"),
        ("[0, 60]", "[0, true]", "bank.delivery.delays[2] must be a int, not True"),
        ('"hmac-sha256"', "256", "bank.signature[1].algorithm must be a str, not 256"),
        ('{ item = "t" }', '{ at = "t" }', "bank.signature[1].time.at is not a known key"),
        ("unsigned = []", 'unsigned = ""', "bank.signature[1].unsigned must be a list"),
        ("checked = 2026-11-23", 'checked = "today"', "checked must be a date, not 'today'"),
        ("[[bank.signature]]", "[bank.signature]", "bank.signature must be a list"),
        (GOOD, "bank = 1", "bank must be a table, not 1"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(old, new, says):
    """A wrong key, kind or hole is a sentence that says where it is."""
    assert old in GOOD
    with pytest.raises(ProvidersError) as caught:
        read(GOOD.replace(old, new))

    assert says in str(caught.value)


@pytest.mark.parametrize("key", PROVIDERS)
def test_every_fact_has_its_source_and_its_day(key):
    """No contract without a source, and none that was read after today or before this course."""
    provider = PROVIDERS[key]
    facts = [*provider.signature, provider.delivery, provider.proof]

    for fact in filter(None, facts):
        assert fact.source
        assert date(2026, 11, 1) <= fact.checked
    assert any(facts)


def test_what_is_written_down_can_be_meant():
    """Parts that a signed text names can be found, delays begin at once, algorithms are known."""
    known = {"hmac-sha256", "hmac-sha1", "ed25519", "rsa-sha256", "ecdsa-p256-sha256", "none"}
    for provider in PROVIDERS.values():
        for signature in provider.signature:
            assert signature.algorithm in known
            assert bool(signature.signed) == (signature.algorithm != "none")
            assert "{time}" not in signature.signed or signature.time
            assert "{id}" not in signature.signed or signature.id
        if provider.delivery and provider.delivery.delays:
            assert provider.delivery.delays[0] == 0


def test_schedules_agree_with_the_lessons():
    """What the lesson on senders draws is what the contracts say."""
    published = {name: delivery.delays for name, delivery in schedules()}

    for schedule in SCHEDULES:
        assert (published[schedule.sender] or (0,)) == schedule.delays
