"""The work on one part of a history: a range of bytes that holds whole tickets."""

import pickle
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from typing import TypeAlias, TypeVar

import attrs

from ticketcore.commands import Command
from ticketcore.errors import TicketcoreError
from ticketcore.events import BrokenHistory, Event, History, Opened, scan_histories
from ticketcore.policies import Policy, PolicyBook
from ticketcore.simulation._backtest_closings import Closings
from ticketcore.simulation._backtest_facts import facts, types_of
from ticketcore.simulation._backtest_replay import Replay
from ticketcore.simulation._backtest_tally import Tally

Range: TypeAlias = tuple[int, int | None]

# So many tickets take each step together. Python runs what it has run just before in two thirds
# of the time.
_TOGETHER = 32


@attrs.define
class _Case:
    """A ticket that is being replayed."""

    ticket: str
    first_line: int
    events: tuple[Event, ...]
    facts: tuple[Command, ...]
    replay: Replay


_Item = TypeVar("_Item", History, _Case)


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

        def each(step: Callable[[_Item], _Case], items: Iterable[_Item]) -> list[_Case]:
            done = []
            for item in items:
                try:
                    done.append(step(item))
                except TicketcoreError as error:  # a deadline beyond its calendar, no policy then
                    tally.add_broken((start, item.first_line), item.ticket, error)
            return done

        found = scan_histories(self.path, start, end)
        while together := tuple(islice(found, _TOGETHER)):
            for one in together:
                if isinstance(one, BrokenHistory):
                    tally.add_broken((start, one.line), one.ticket, one.error)
            cases = each(self._begin, (one for one in together if isinstance(one, History)))
            for step in (_open, _act, _rest):
                cases = each(step, cases)
            for case in cases:
                tally.add((start, case.first_line), case.ticket, case.events, case.replay)
        return tally

    def tally(self) -> Tally:
        """A tally in which nothing was counted yet."""
        return Tally(closings=Closings() if self.against_observed else None)

    def _begin(self, history: History) -> _Case:
        opened = history.events[0]
        assert isinstance(opened, Opened)
        policy = self.policy
        if isinstance(policy, PolicyBook):
            policy = policy.at(opened.at, opened.zone)
        type_of = types_of(policy, self.as_type)
        replay = Replay(policy, retyped=type_of(opened.type) != opened.type)
        told = tuple(facts(history.events, type_of))
        return _Case(history.ticket, history.first_line, history.events, told, replay)


def _open(case: _Case) -> _Case:
    for fact in case.facts[:1]:
        case.replay.act(fact)
    return case


def _act(case: _Case) -> _Case:
    for fact in case.facts[1:]:
        case.replay.act(fact)
    return case


def _rest(case: _Case) -> _Case:
    case.replay.rest()
    return case


def work_on(work: bytes, part: Range) -> Tally:
    """What a worker does: `Work.on` for work that was pickled once for all ranges."""
    return _load(work).on(part)


@lru_cache(maxsize=2)
def _load(work: bytes) -> Work:
    loaded: Work = pickle.loads(work)  # noqa: S301  # pickled by backtest a moment ago
    return loaded
