"""Questions and their answers, as each user sees them again: list, search, export, judge."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, ScalarSelect, Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from course.tutor.protocol import Ask
from course.tutor.replies import Cited, Exchange, Refusal
from course.tutor.store.schema import exchanges

LONGEST_ANSWER = 2_000  # numbered messages of one answer


class UnknownExchange(Exception):
    """This user has no question with this id."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An exchange that is over: the numbers of its messages, and when it was asked."""

    exchange: Exchange
    first_seq: int
    last_seq: int
    asked: float


class History:
    """The exchanges of one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def begin(self, user: int, ask: Ask, first_seq: int, now: float) -> None:
        """Keep that the question was asked; a question that is kept already stays as it is."""
        asked = Exchange(ask.id, ask.question, ask.mode, "", "answering")
        await self._insert([question(user, asked, first_seq, now)])

    async def put(self, user: int, all_of: Sequence[Answered]) -> None:
        """Keep questions with their answers; those that are kept already stay as they are."""
        rows = [
            question(user, each.exchange, each.first_seq, each.asked) | answer(each)
            for each in all_of
        ]
        if rows and not await self._insert(rows):
            for row in rows:
                await self._insert([row])

    async def finish(self, user: int, answered: Answered) -> None:
        """Keep what was answered; nothing where the question is not kept as being answered."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(exchanges)
                .where(exchanges.c.user_id == user, exchanges.c.id == answered.exchange.id)
                .where(exchanges.c.state == "answering")
                .values(**answer(answered))
            )

    async def interrupted(self) -> None:
        """Say of every answer that a stopped service left unfinished that it is."""
        async with self._engine.begin() as connection:
            await connection.execute(
                update(exchanges)
                .where(exchanges.c.state == "answering")
                .values(state="interrupted")
            )

    async def page(
        self, user: int, search: str = "", before: str | None = None, limit: int = 50
    ) -> tuple[Exchange, ...]:
        """The newest exchanges in which every word stands; only those older than the one named."""
        asked = of(user).order_by(exchanges.c.number.desc()).limit(limit)
        for word in search.casefold().split():
            asked = asked.where(exchanges.c.searched.contains(word, autoescape=True))
        if before is not None:
            asked = asked.where(exchanges.c.number < number_of(user, before))
        return await self._read(asked)

    async def all_of(self, user: int) -> tuple[Exchange, ...]:
        """Everything that is kept of the user's questions, oldest first."""
        return await self._read(of(user).order_by(exchanges.c.number))

    async def find(self, user: int, ask_id: str) -> Exchange:
        """One exchange. Raises UnknownExchange."""
        for found in await self._read(of(user).where(exchanges.c.id == ask_id)):
            return found
        raise UnknownExchange(ask_id)

    async def judge(self, user: int, ask_id: str, vote: str, reason: str) -> None:
        """Keep what the user thinks of an answer. Raises UnknownExchange."""
        async with self._engine.begin() as connection:
            done = await connection.execute(
                update(exchanges)
                .where(exchanges.c.user_id == user, exchanges.c.id == ask_id)
                .values(vote=vote, reason=reason)
            )
        if done.rowcount == 0:
            raise UnknownExchange(ask_id)

    async def known(self, user: int, limit: int) -> tuple[tuple[str, ...], int]:
        """The ids of the newest questions, and a `seq` that no message to this user went beyond."""
        asked = (
            select(exchanges.c.id, exchanges.c.first_seq, exchanges.c.last_seq)
            .where(exchanges.c.user_id == user)
            .order_by(exchanges.c.number.desc())
            .limit(limit)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(asked)).all()
        ends = [last or first + LONGEST_ANSWER for _, first, last in rows]
        return tuple(row[0] for row in rows), max(ends, default=0)

    async def _insert(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the rows are there now: all of them, or none."""
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(exchanges), rows)
        except IntegrityError:  # an id is an old one, or the account has just been deleted
            return False
        return True

    async def _read(self, asked: Select[Any]) -> tuple[Exchange, ...]:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(asked)).mappings().all()
        return tuple(exchange(row) for row in rows)


def question(user: int, asked: Exchange, first_seq: int, now: float) -> dict[str, Any]:
    """The columns of a question."""
    return {
        "user_id": user, "id": asked.id, "question": asked.question, "mode": asked.mode,
        "asked": now, "first_seq": first_seq, "state": asked.state,
        "searched": asked.question.casefold(),
    }  # fmt: skip


def answer(answered: Answered) -> dict[str, Any]:
    """The columns of an answer."""
    kept = asdict(answered.exchange)
    told = ("state", "answer", "citations", "followups", "refusal", "source", "model")
    searched = f"{kept['question']}\n{kept['answer']}".casefold()
    return {name: kept[name] for name in told} | {
        "last_seq": answered.last_seq, "searched": searched,
    }  # fmt: skip


def of(user: int) -> Select[Any]:
    """The user's exchanges."""
    return select(exchanges).where(exchanges.c.user_id == user)


def number_of(user: int, ask_id: str) -> ScalarSelect[int]:
    """The number of one exchange, to be compared with."""
    named = (exchanges.c.user_id == user) & (exchanges.c.id == ask_id)
    return select(exchanges.c.number).where(named).scalar_subquery()


def exchange(row: RowMapping) -> Exchange:
    """An exchange from its row."""
    plain = ("id", "question", "mode", "state", "answer", "source", "model", "vote", "reason")
    return Exchange(
        **{name: row[name] for name in plain},
        asked=datetime.fromtimestamp(row["asked"], UTC).isoformat(timespec="milliseconds"),
        citations=tuple(Cited(**each) for each in row["citations"]),
        followups=tuple(row["followups"]),
        refusal=refusal(row["refusal"]),
    )


def refusal(kept: Mapping[str, Any] | None) -> Refusal | None:
    """A refusal from its JSON."""
    return Refusal(kept["reason"], tuple(kept["suggestions"])) if kept else None
