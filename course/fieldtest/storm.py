"""The door `storm`: sends a receiver what real senders send, and says what came of it.

Exit status: 0 clean, 1 findings, 3 could not tell (nobody answers, the secret does not fit, the
effects cannot be read), 64 usage, 130 stopped by Ctrl-C.
"""

import argparse
import asyncio
import json
import os
import secrets
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from course.fieldtest import reports
from course.fieldtest.catalogue import CATALOGUE
from course.fieldtest.effects import Effects
from course.fieldtest.outcome import Outcome, outcome
from course.fieldtest.play import KNOWN, chosen, play
from course.fieldtest.senders import CANNOT, SCHEMES, SHAPES, Sender, sender
from course.fieldtest.stage import Stage
from course.fieldtest.target import target
from course.grading.reports import release
from course.refusal import Refusal
from labs.webhook.providers import PROVIDERS

USAGE, STOPPED = 64, 130
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def main(arguments: Sequence[str]) -> int:
    """Storm a receiver and report, or list what would be sent."""
    try:
        asked = _parser().parse_args(arguments)
    except SystemExit as ended:  # argparse says 2, where the others say 64
        return USAGE if ended.code else 0
    if asked.list:
        print(listing(asked.scheme, asked.json))
        return 0
    of = stormed(asked, _sender(asked))
    told(of, asked)
    return of.status


def stormed(asked: argparse.Namespace, by: Sender) -> Outcome:
    """The outcome of the storm that was asked for. Raises Refusal; Ctrl-C ends it."""
    stages: list[Stage] = []
    try:
        return asyncio.run(storm(asked, by, stages))
    except KeyboardInterrupt:
        raise Refusal(_until_now(stages), STOPPED) from None


async def storm(asked: argparse.Namespace, by: Sender, stages: list[Stage]) -> Outcome:
    """Set the stage, play, judge; `stages` gets the stage at once, for whoever ends this."""
    agent = f"hook-line-socket-storm/{release()} (a test that its receiver's owner has started)"
    effects = None
    if asked.effects or asked.effects_command:
        effects = Effects(asked.effects, asked.effects_command, agent, asked.allow)
    seed = secrets.randbelow(2**31) if asked.seed is None else asked.seed
    where = await target(asked.url, asked.allow)
    run = _number(time.time_ns() // 1_000_000 % 36**8)
    stage = Stage(by, where, effects, agent, Random(seed), run)
    stages.append(stage)
    fitting = [probe for probe in CATALOGUE if probe.fits(by)]
    try:
        played = await play(stage, chosen(asked.only, fitting))
    finally:
        if effects:
            await effects.close()
    return outcome(stage, played, seed, not asked.only)


def told(of: Outcome, asked: argparse.Namespace) -> None:
    """Print the report, and write those that were asked for."""
    try:
        if asked.html:
            asked.html.write_text(reports.html(of), encoding="utf-8")
        if asked.junit:
            asked.junit.write_bytes(reports.junit(of))
    except OSError as error:
        raise Refusal(f"The report cannot be written: {error}.", USAGE) from None
    print(json.dumps(of.record()) if asked.json else reports.text(of))


def listing(scheme: str, as_json: bool) -> str:
    """What would be sent, and the schemes; for one scheme only what that has."""
    name = (scheme or "").replace("-", "_")
    if name and name not in SCHEMES:
        raise Refusal(f"There is no scheme `{scheme}`; there are {', '.join(SCHEMES)}.", USAGE)
    if as_json:
        probes = [{"id": probe.id, "sends": probe.sends} for probe in CATALOGUE]
        schemes = {each: SHAPES[each]["named"] for each in SCHEMES}
        return json.dumps({"sends": probes, "schemes": schemes, "cannot": dict(CANNOT)})
    sends = [f"  {probe.id:<22}{probe.sends}" for probe in CATALOGUE]
    known = [f"  {each:<22}{SHAPES[each]['named']}" for each in SCHEMES]
    cannot = [f"  {each:<22}{PROVIDERS[each].name}: {why}" for each, why in CANNOT.items()]
    ids = "Schemes, and where each has the id under which effects are asked for:"
    lines = ["Sends, after a few valid deliveries:", *sends, "", ids, *known]
    return "\n".join([*lines, "", "Cannot be played:", *cannot])


def _sender(asked: argparse.Namespace) -> Sender:
    shared = asked.secret or [each for each in [os.environ.get("STORM_SECRET", "")] if each]
    missing = [
        name
        for name, given in (("URL", asked.url), ("--scheme", asked.scheme), ("--secret", shared))
        if not given
    ]
    if missing:
        raise Refusal(f"storm needs {', '.join(missing)}; `--list` shows what there is.", USAGE)
    if unknown := [name for name in asked.only if name not in KNOWN]:
        raise Refusal(f"storm sends no `{unknown[0]}`; `--list` shows what it sends.", USAGE)
    if asked.effects and asked.effects_command:
        raise Refusal("storm takes --effects or --effects-command, not both.", USAGE)
    return sender(asked.scheme, shared, asked.signed_url or asked.url)


def _until_now(stages: Sequence[Stage]) -> str:
    """What had been done when somebody pressed Ctrl-C."""
    if not stages or not stages[0].started:
        return "\nStopped before anything was sent."
    stage = stages[0]
    going = stage.started - len(stage.attempts)
    sent = f"\nStopped. {stage.started} deliveries had been sent to {stage.target.url}"
    said = [f"{sent}, {going} of them not yet answered; their events' ids hold `{stage.run}`."]
    if stage.attempts:
        last = stage.attempts[-1]
        said.append(f"The last answer was to {last.says}, {last.event.id}: {last.answer}.")
    return " ".join([*said, "Nothing is judged."])


def _number(number: int) -> str:
    """A number in letters and digits."""
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text.rjust(8, "0")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="course storm", description=main.__doc__)
    add = parser.add_argument
    add("url", nargs="?", metavar="URL", help="such as http://127.0.0.1:9000/hook")
    add("--scheme", default="", metavar="NAME", help="such as stripe; --list shows all")
    add("--secret", action="append", metavar="TEXT", help="what the receiver knows; may be given"
        " again while it is rotated; STORM_SECRET where it is not given")  # fmt: skip
    add("--effects", default="", metavar="URL", help="answers a JSON object, event id to number"
        " of times that it took effect")  # fmt: skip
    add("--effects-command", default="", metavar="COMMAND", help="prints that object")
    add("--signed-url", default="", metavar="URL", help="what schemes that sign the URL shall sign")
    add("--html", type=Path, metavar="FILE", help="a page with the wire view of each finding")
    add("--junit", type=Path, metavar="FILE", help="JUnit XML, for a CI")
    add("--json", action="store_true", help="the report as one object")
    add("--list", action="store_true", help="what is sent, and the schemes")
    add("--only", action="append", default=[], metavar="ID", help="only this part; may be repeated")
    add("--seed", type=int, metavar="N", help="the order of a run; a report names its own")
    add("--allow", action="append", default=[], metavar="HOST", help="send to this host although"
        " it is not this machine: the address is named twice")  # fmt: skip
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
