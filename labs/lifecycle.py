"""A lifecycle is a table: (state, what happens) -> next state.

Running it is one look-up; a step that the table does not have is IllegalMove, with a sentence.
`labs.state_diagram` draws the same table, so picture and behaviour cannot come apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from labs.errors import IllegalMove


@dataclass(frozen=True)
class Lifecycle:
    """Moves by (state, event); `name` completes the sentence "... that is OPEN cannot"."""

    name: str
    moves: Mapping[tuple[str, str], str]

    def move(self, state: str, event: str) -> str:
        """The state after `event` happens in `state`. Raises IllegalMove."""
        try:
            return self.moves[state, event]
        except KeyError:
            raise IllegalMove(self.name, state, event, self.events(state)) from None

    def events(self, state: str) -> tuple[str, ...]:
        """What can happen in `state`, in the order of the table; nothing at the end of it all."""
        return tuple(event for source, event in self.moves if source == state)

    def states(self) -> tuple[str, ...]:
        """Every state, the first of the table first, those that nothing leaves at the end."""
        sources = [source for source, _ in self.moves]
        return tuple(dict.fromkeys([*sources, *self.moves.values()]))

    def with_moves(self, added: Mapping[tuple[str, str], str]) -> Lifecycle:
        """The same lifecycle with more moves, as a lesson adds them."""
        return Lifecycle(self.name, {**self.moves, **added})
