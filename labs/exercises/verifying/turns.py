"""What a verifier must not remember, and how it compares: what no single call can show."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from labs.exercises.scenario import Stage
from labs.exercises.verifying.door import Door
from labs.exercises.verifying.judged import Complaint, Step
from labs.exercises.verifying.kit import Kit

# Whoever calls one of these leaves the comparison to somebody who compares in constant time.
# Random bytes are how two digests are blinded, so that it does not matter how they are compared.
CAREFUL = {"compare_digest", "verify", "verify_header", "construct_event"}
CAREFUL |= {"urandom", "token_bytes", "randbytes"}


def forged_first(kit: Kit) -> Iterator[Step]:
    """A stranger uses the id before the bank does."""
    good = kit.delivery("the bank's own delivery, after a forged one with its id,")
    body = good.body.replace(b'"amount":', b'"amount":9')
    yield Step(kit.swapped("a forged delivery", good, body), "", "believes_forgery")
    yield Step(good, "burns_ids")


def again(kit: Kit) -> Iterator[Step]:
    """The bank repeats itself, because an answer got lost."""
    good = kit.delivery("this delivery")
    yield Step(good, "refuses_good")
    yield Step(
        replace(good, what="the same delivery, two seconds later,", now=good.now + 2),
        "refuses_repeats",
    )


def another_house(kit: Kit) -> Iterator[Step]:
    """The same delivery at another tenant's door, after it was let in at its own."""
    good = kit.delivery("harbour's delivery at harbour's door")
    yield Step(good, "refuses_good")
    wharf = kit.secret()
    elsewhere = replace(good, what="harbour's delivery at wharf's door", sender="proxy")
    yield Step(
        replace(elsewhere, secrets=kit.given([wharf]), known=(wharf,)), "", "one_secret_for_all"
    )


@dataclass(frozen=True, slots=True)
class Comparing:
    """How the signatures are compared: behaviour cannot tell, so the source is looked at."""

    kit: Kit

    async def __call__(self, stage: Stage) -> Complaint | None:
        """The bug when nothing in the source compares in constant time."""
        kit = self.kit.drawing(stage.rng)
        await Door(stage, kit.function).knock(kit.delivery("a delivery"))
        found = comparison(stage.source)
        saw = f"the comparison in your code is `{found}`"
        return ("compares_bytewise", saw, 1) if found else None


def comparison(source: str) -> str:
    """A comparison that ends at the first difference, where nothing else compares; else ""."""
    nodes = list(ast.walk(ast.parse(source)))
    own = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    called = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    called |= {node.id for node in nodes if isinstance(node, ast.Name)} - own
    if called & CAREFUL or any(isinstance(node, ast.BitXor) for node in nodes):
        return ""
    early = (node for node in nodes if isinstance(node, ast.Compare) and _ends_early(node))
    return next((ast.unparse(node) for node in early), "no call that anybody knows")


def _ends_early(node: ast.Compare) -> bool:
    plain = isinstance(node.ops[0], ast.Eq | ast.NotEq | ast.In | ast.NotIn)
    return plain and not any(isinstance(s, ast.Constant) for s in (node.left, *node.comparators))
