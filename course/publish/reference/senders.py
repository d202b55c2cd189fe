"""What concerns deliveries: the senders' contracts, when they try again, and the raw body."""

from __future__ import annotations

from collections.abc import Iterator

from course.publish.outputs import picture
from course.publish.reference.tables import NOTHING, SOURCE, UNCONFIRMED, code, read_on, span, table
from labs.facts import FACTS, RawBody
from labs.schedule_chart import schedule_chart
from labs.webhook.providers import PROVIDERS, Delivery, Place, Proof, Provider, Signature
from labs.webhook.schedules import SCHEDULES

APART = {" ": "space", ",": "comma", ";": "semicolon"}
KEYS = {"text": "the secret as text", "hex": "the secret, decoded from hex"}
WEEKEND = 54 * 3600.0  # s: the outage of M13's runs, Friday evening to Monday


def overview() -> str:
    """One row a sender; what is not published, or not confirmed, says so."""
    head = ("sender", "signs", "deadline", "attempts", "tries until", "asks whose URL it is")
    return table(head, (_row(provider) for provider in PROVIDERS.values()))


def _row(provider: Provider) -> tuple[str, ...]:
    signs = ", ".join(dict.fromkeys(_signs(each) for each in provider.signature))
    delivery, proof = provider.delivery, provider.proof
    link = f"[{provider.name}](#{_id(provider)})"
    asks = "" if proof is None else "yes" if proof.confirmed else f"{UNCONFIRMED}yes"
    if delivery is None:
        return link, signs or NOTHING, NOTHING, NOTHING, NOTHING, asks or NOTHING
    last = delivery.horizon or sum(delivery.delays)
    until = span(last, rough=True) if last else NOTHING
    deadline = span(delivery.deadline, NOTHING)
    return link, signs or NOTHING, deadline, _attempts(delivery), until, asks or NOTHING


def _attempts(delivery: Delivery) -> str:
    if delivery.attempts:
        return str(delivery.attempts)
    if not delivery.delays or (delivery.horizon or 0) > sum(delivery.delays):
        return NOTHING
    return str(len(delivery.delays))


def _signs(signature: Signature) -> str:
    if not signature.signed:
        return "nothing: it shows a secret"
    if "{" not in signature.signed:
        return f"{signature.signed.count(':') + 1} fields of the body"
    return code(signature.signed)


def contracts() -> str:
    """One section a sender, with everything that the table has no room for."""
    return "\n\n".join("\n\n".join(_contract(provider)) for provider in PROVIDERS.values())


def _contract(provider: Provider) -> Iterator[str]:
    yield f"### {provider.name} {{ #{_id(provider)} }}"
    lines = [_signature(each) for each in provider.signature]
    lines += _delivery(provider.delivery) if provider.delivery else []
    lines += [_proof(provider.proof)] if provider.proof else []
    lines += [f"**Raw body:** {provider.raw_body}"] if provider.raw_body else []
    lines += [f"{UNCONFIRMED}{each}" for each in provider.unconfirmed]
    yield "\n".join(f"- {line}" for line in lines)
    parts = (*provider.signature, provider.delivery, provider.proof)
    read = dict.fromkeys(read_on(each.source, each.checked) for each in parts if each)
    yield f'<p class="hls-sources" markdown="span">Read: {"; ".join(read)}.</p>'


def _signature(signature: Signature) -> str:
    """What is signed, and below it where the parts come from and what is left to a forger."""
    lines = [_written(signature), *_places(signature)]
    if signature.unsigned:
        lines.append(f"**Covers not:** {'; '.join(signature.unsigned)}.")
    if signature.rotation:
        lines.append(f"**Rotation:** {signature.rotation}")
    return "\n    - ".join(lines)


def _written(signature: Signature) -> str:
    if not signature.signed:
        return f"**Shows** a secret in {code(signature.header)}, and signs nothing."
    place = f"in {code(signature.header)}" if signature.header else "in the body"
    apart = APART.get(signature.separator)
    several = f", several apart by a {apart}" if apart else ""
    unsure = "" if signature.confirmed else UNCONFIRMED
    return (
        f"{unsure}**Signs** {code(signature.signed)} by {signature.algorithm} ({signature.label}); "
        f"it stands {place} as {code(signature.written)}{several}. "
        f"Key: {KEYS.get(signature.key, signature.key)}."
    )


def _places(signature: Signature) -> Iterator[str]:
    window = f", {span(signature.tolerance)} of tolerance" if signature.tolerance else ""
    if signature.time:
        yield f"**Time:** {_place(signature.time)}{window}."
    if signature.id:
        yield f"**Event id:** {_place(signature.id)}."


def _place(place: Place) -> str:
    if place.header:
        return f"header {code(place.header)}"
    return f"item {code(place.item)}" if place.item else f"{code(place.body)} in the body"


def _delivery(delivery: Delivery) -> list[str]:
    deadline = delivery.deadline_words or span(delivery.deadline)
    lines = [f"**Deadline:** {deadline}."] if deadline else []
    lines += [f"**Success:** {delivery.success}."] if delivery.success else []
    unsure = "" if delivery.confirmed else UNCONFIRMED
    lines.append(f"**Tries again:** {unsure}{delivery.words}")
    lines += [f"**In the end:** {delivery.ends}"] if delivery.ends else []
    lines += [f"**Order:** {delivery.order}."] if delivery.order else []
    return lines


def _proof(proof: Proof) -> str:
    unsure = "" if proof.confirmed else UNCONFIRMED
    within = f", within {span(proof.deadline)}" if proof.deadline else ""
    return f"**Asks whose URL it is:** {unsure}{proof.asks}. You answer {proof.answer}{within}."


def schedules() -> str:
    """The chart of all published schedules, for a receiver that is down for a weekend."""
    chart = schedule_chart(SCHEDULES, down=WEEKEND, title="A weekend's outage: who still delivers")
    return picture(chart.to_svg(), str(chart), "schedules")


def retries() -> str:
    """The same in words, with sources."""
    head = ("sender", "tries again", "in the end", SOURCE)
    return table(
        head,
        (
            (
                p.name,
                p.delivery.words,
                p.delivery.ends,
                read_on(p.delivery.source, p.delivery.checked),
            )
            for p in PROVIDERS.values()
            if p.delivery and p.delivery.confirmed
        ),
    )


def raw_bodies() -> str:
    """One section a framework: how to get the bytes, and how they get lost."""
    return "\n\n".join("\n\n".join(_raw_body(each)) for each in FACTS.raw_body)


def _raw_body(row: RawBody) -> Iterator[str]:
    yield f"### {row.framework}"
    lines = [f"**Take** {row.take}.", f"**The trap:** {row.trap}"]
    lines += [f"**Or:** {row.instead}"] if row.instead else []
    lines += [f"**Limit:** {row.limit}."] if row.limit else []
    yield "\n".join(f"- {line}" for line in lines)
    ran = f"Run with {row.ran}. " if row.ran else "Read, not run. "
    yield f'<p class="hls-sources" markdown="span">{ran}{read_on(row.source, row.checked)}.</p>'


def _id(provider: Provider) -> str:
    return provider.name.lower().replace(" ", "-")
