"""The scripts that compute: when a card comes back, which one is next, what is kept. In Node.js."""

import json
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fsrs import Card, Rating, Scheduler

from course.publish.anki import html
from course.publish.runtime import node

SCRIPTS = Path(__file__).resolve().parents[3] / "site" / "scripts"
BROWSER = Path(__file__).parent / "scripts" / "browser.mjs"
HEAD = 'import { answer, given, storage } from "./browser.mjs";\n'
START = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Runs a module beside the site's scripts, with `given`; what it answers."""
    tools = node.found()
    if tools is None:
        pytest.skip("no Node.js 20 or newer")
    folder = tmp_path_factory.mktemp("scripts")
    for script in (BROWSER, *SCRIPTS.glob("*.js")):
        shutil.copy(script, folder)
    (folder / "package.json").write_text('{"type": "module"}')

    def run(source, given=None):
        (folder / "test.js").write_text(HEAD + source)
        done = subprocess.run(
            [*tools.node, "test.js"], cwd=folder, input=json.dumps(given),
            env={"TZ": "UTC"}, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def histories(count=400, reviews=12):
    """Reviews as people do them and as nobody does: minutes, days or years apart, any rating."""
    chance = random.Random(4)
    waits = [30, 600, 3_600, 80_000, 86_400, 200_000, 900_000, 30_000_000]
    return [
        [
            (chance.choice(waits) * chance.uniform(0.5, 2) // 1, chance.randint(1, 4))
            for _ in range(reviews)
        ]
        for _ in range(count)
    ]


def scheduled(history):
    """What the Python package makes of a history, review by review."""
    scheduler, card, now = Scheduler(enable_fuzzing=False), Card(card_id=1), START
    for wait, rating in history:
        now += timedelta(seconds=wait)
        card, _ = scheduler.review_card(card, Rating(rating), now)
        state = card.state.name.lower()
        due = round(card.due.timestamp() * 1000)
        yield [state, card.step or 0, due, card.stability, card.difficulty]


def test_a_card_comes_back_when_the_reference_says(told):
    """4,800 reviews: the same state, step and due time, and the same memory to nine digits."""
    source = """
    import { rated } from "./fsrs.js";
    answer(given.map((history) => {
      let card = {}, now = Date.UTC(2026, 10, 25, 8);
      return history.map(([wait, rating]) => {
        card = rated(card, rating, (now += wait * 1000));
        return [card.state, card.step, card.due, card.stability, card.difficulty];
      });
    }));
    """
    given = histories()
    for ours, history in zip(told(source, given), given, strict=True):
        for mine, theirs in zip(ours, scheduled(history), strict=True):
            assert mine[:3] == theirs[:3]
            assert mine[3:] == pytest.approx(theirs[3:], rel=1e-9)


def next_of(told, states, *, new_a_day=10, hour=8):
    """The queue's answer for four cards and two questions with these states."""
    source = """
    import { deck } from "./deck.js";
    const asked = ["p", "q"].map((id) => ({ id, asked: true }));
    const cards = [...["a", "b", "c", "d"].map((id) => ({ id })), ...asked];
    const { next, ...rest } = deck(cards, given.states, new Date(given.now), given.newADay);
    answer({ next: next?.id ?? null, ...rest });
    """
    now = START.replace(hour=hour).isoformat()
    return told(source, {"states": states, "now": now, "newADay": new_a_day})


def seen(due, state="review", began="2026-11-20T08:00:00Z", **more):
    """What is kept of a card that was rated."""
    return {"due": due, "state": state, "began": began, **more}


def test_what_is_due_comes_before_what_is_new(told):
    """A card that is being learnt first, then the reviews of the whole day, then new ones."""
    states = {
        "b": seen("2026-11-25T20:00:00Z"),
        "c": seen("2026-11-25T07:59:00Z", "learning"),
        "d": seen("2026-11-26T00:30:00Z"),
    }
    answer = next_of(told, states)
    assert (answer["next"], answer["due"], answer["fresh"]) == ("c", 2, 1)
    del states["c"]
    assert next_of(told, states)["next"] == "b"


def test_a_question_comes_when_it_was_answered_wrong_and_not_before(told):
    """Then before the other new cards; and a known card that a question asks for is due at once."""
    assert next_of(told, {})["fresh"] == 4
    wanted = {"q": {"wanted": "2026-11-25T07:00:00Z"}}
    assert (next_of(told, wanted)["next"], next_of(told, wanted)["fresh"]) == ("q", 5)
    known = {"d": seen("2027-01-01T00:00:00Z", wanted="2026-11-25T07:00:00Z")}
    assert (next_of(told, known)["next"], next_of(told, known)["due"]) == ("d", 1)


def test_new_cards_are_limited_a_day(told):
    """What was begun today counts, what was begun yesterday does not."""
    today = seen("2026-11-30T08:00:00Z", began="2026-11-25T00:10:00Z")
    yesterday = seen("2026-11-30T08:00:00Z", began="2026-11-24T23:50:00Z")
    answer = next_of(told, {"a": today, "b": yesterday}, new_a_day=2)
    assert (answer["fresh"], answer["waiting"]) == (1, 1)
    answer = next_of(told, {"a": today, "b": yesterday}, new_a_day=1)
    assert (answer["next"], answer["waiting"]) == (None, 2)


def test_with_nothing_else_to_do_a_card_may_come_minutes_early(told):
    """As Anki does it: within twenty minutes, and not later."""
    soon = {"a": seen("2026-11-25T08:10:00Z", "learning")}
    assert next_of(told, soon, new_a_day=0)["next"] == "a"
    assert next_of(told, soon, new_a_day=10)["next"] == "b"
    later = {"a": seen("2026-11-25T08:30:00Z", "learning")}
    assert next_of(told, later, new_a_day=0)["next"] is None


def test_where_two_records_meet_the_later_entry_holds(told):
    """An import adds what is new, and overwrites nothing that was done since."""
    source = """
    import { kept, keep, merge } from "./kept.js";
    keep("quizzes", "m6: old", { right: false });
    keep("quizzes", "m6: both", { right: true });
    merge(JSON.stringify({ version: 1, quizzes: {
      "m6: both": { right: false, when: "2020-01-01T00:00:00.000Z" },
      "m6: other": { right: true, when: "2020-01-01T00:00:00.000Z" },
    } }));
    answer(Object.entries(kept().quizzes).map(([name, { right }]) => [name, right]));
    """
    assert told(source) == [["m6: old", False], ["m6: both", True], ["m6: other", True]]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"version": 2}', '{"version": 1, "cards": 7, "quizzes": {"a": 3}}'],
)
def test_a_file_that_is_no_record_changes_nothing(told, text):
    """Whatever somebody picks, what was kept stays."""
    source = """
    import { kept, keep, merge } from "./kept.js";
    keep("quizzes", "m6: mine", { right: true });
    const before = JSON.stringify(kept());
    try { merge(given); } catch {}
    answer(JSON.stringify(kept()) === before);
    """
    assert told(source, text) is True


def test_a_record_of_a_later_version_is_left_alone(told):
    """An older page that is still open does not destroy what a newer one wrote."""
    source = """
    import { kept, keep } from "./kept.js";
    localStorage.setItem("hls-kept", '{"version":2,"new":true}');
    keep("quizzes", "m6: mine", { right: true });
    answer([localStorage.getItem("hls-kept"), kept().quizzes["m6: mine"].right]);
    """
    assert told(source) == ['{"version":2,"new":true}', True]


def test_a_browser_that_keeps_nothing_still_knows_while_the_page_is_open(told):
    """Storage that is full or forbidden is no error."""
    source = """
    import { kept, keep, lasts } from "./kept.js";
    storage.full = true;
    keep("quizzes", "m6: mine", { right: true });
    answer([kept().quizzes["m6: mine"].right, lasts()]);
    """
    assert told(source) == [True, False]


def test_deleting_leaves_nothing_of_this_site(told):
    """Predictions and edited cells go too; what is not ours stays."""
    source = """
    import { kept, keep, forget } from "./kept.js";
    const keys = ["hls-prediction-m6", "hls-cell-06-3", "__palette"];
    for (const key of keys) localStorage.setItem(key, "x");
    keep("quizzes", "m6: mine", { right: true });
    forget();
    answer([Object.keys(localStorage), kept().quizzes]);
    """
    assert told(source) == [["__palette"], {}]


def test_a_verdict_in_the_tab_counts_like_one_in_the_notebook(told):
    """Checks are counted, the first pass stays, and what says nothing of the code is not kept."""
    source = """
    import { kept, keepVerdict } from "./kept.js";
    const check = (verdict, bug = null) => keepVerdict({ exercise: "m6.heartbeat", verdict, bug });
    check("not_attempted"); check("unclear");
    const nothing = kept().exercises;
    check("incorrect", "any_traffic"); check("correct");
    const { passed } = kept().exercises["m6.heartbeat"];
    check("incorrect", "late");
    const now = kept().exercises["m6.heartbeat"];
    answer([nothing, now.attempts, now.last, Boolean(passed), now.passed === passed]);
    """
    assert told(source) == [{}, 3, "late", True, True]


def test_a_line_reads_the_same_on_the_page_and_in_anki(told):
    """Three marks, one meaning; anything else is text."""
    lines = ["`a < b` is **so**, *not* a*b*c", "2 * 3 * 4", "<b>&", "**a** `b` *c*", ""]
    source = """
    import { inline } from "./inline.js";
    const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
    const escaped = (text) => text.replace(/[&<>]/g, (each) => entities[each]);
    const tags = { code: "code", strong: "b", em: "i" };
    const marked = (tag, text) => `<${tag}>${escaped(text)}</${tag}>`;
    const html = (part) => part.name ? marked(tags[part.name], part.inside[0]) : escaped(part);
    answer(given.map((line) => inline(line).map(html).join("")));
    """
    assert told(source, lines) == [html(line) for line in lines]
