"""The work on one part of a history: a range of bytes that holds whole tickets."""

import pickle
from functools import lru_cache
from typing import TypeAlias

import attrs

from ticketcore.errors import TicketcoreError
from ticketcore.events import BrokenHistory, Event, Opened, scan_histories
from ticketcore.policies import Policy, PolicyBook
from ticketcore.simulation._backtest_closings import Closings
from ticketcore.simulation._backtest_facts import facts, types_of
from ticketcore.simulation._backtest_replay import Replay
from ticketcore.simulation._backtest_tally import Tally

Range: TypeAlias = tuple[int, int | None]


@attrs.frozen
class Work:
    """What is done with every range: whose histories, under which policy, with which types."""

    path: str
    policy: Policy | PolicyBook
    as_type: str | None
    against_observed: bool

    def on(self, part: Range) -> Tally:
        """What the tickets of one range come to. What is wrong with a ticket is counted."""
        start, end = part
        tally = self.tally()
        for found in scan_histories(self.path, start, end):
            if isinstance(found, BrokenHistory):
                tally.add_broken((start, found.line), found.ticket, found.error)
                continue
            place = (start, found.first_line)
            try:
                replay = self._replay(found.events)
            except TicketcoreError as error:  # a deadline beyond its calendar, no policy in force
                tally.add_broken(place, found.ticket, error)
            else:
                tally.add(place, found.ticket, found.events, replay)
        return tally

    def tally(self) -> Tally:
        """A tally in which nothing was counted yet."""
        return Tally(closings=Closings() if self.against_observed else None)

    def _replay(self, events: tuple[Event, ...]) -> Replay:
        opened = events[0]
        assert isinstance(opened, Opened)
        policy = self.policy
        if isinstance(policy, PolicyBook):
            policy = policy.at(opened.at, opened.zone)
        type_of = types_of(policy, self.as_type)
        replay = Replay(policy, retyped=type_of(opened.type) != opened.type)
        for fact in facts(events, type_of):
            replay.act(fact)
        replay.rest()
        return replay


def work_on(work: bytes, part: Range) -> Tally:
    """What a worker does: `Work.on` for work that was pickled once for all ranges."""
    return _load(work).on(part)


@lru_cache(maxsize=2)
def _load(work: bytes) -> Work:
    loaded: Work = pickle.loads(work)  # noqa: S301  # pickled by backtest a moment ago
    return loaded
