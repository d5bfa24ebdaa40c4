"""The work on one part of a history: a range of bytes that holds whole tickets."""

import pickle
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import TypeAlias

import attrs

from ticketcore.backtest._closings import ClosingComparison
from ticketcore.backtest._replay import Replay
from ticketcore.backtest._tally import BacktestTally
from ticketcore.errors import TicketcoreError
from ticketcore.events import History, scan_histories
from ticketcore.policies import Policy, PolicyVersions

ByteRange: TypeAlias = tuple[int, int | None]

# So many tickets take each step together: Python is faster at what it has just done than at what
# it comes back to.
_TOGETHER = 32
_STEPS = (Replay.begin, Replay.open, Replay.act, Replay.finish)


@attrs.frozen
class BacktestJob:
    """What is done with every range: whose histories, under which policy, with which types."""

    path: str
    policy: Policy | PolicyVersions
    as_type: str | None
    compare_recorded: bool

    def on(self, part: ByteRange) -> BacktestTally:
        """What the tickets of one range come to. What is wrong with a ticket is counted."""
        start, end = part
        tally = self.tally()
        found = scan_histories(self.path, start, end)
        while together := tuple(islice(found, _TOGETHER)):
            replays = []
            for one in together:
                if isinstance(one, History):
                    replays.append(Replay(one, self.policy, self.as_type))
                else:
                    tally.add_broken((start, one.line), one.ticket, one.error)
            for step in _STEPS:
                replays = [replay for replay in replays if _takes(step, replay, start, tally)]
            for replay in replays:
                tally.add((start, replay.history.first_line), replay)
        return tally

    def tally(self) -> BacktestTally:
        """A tally in which nothing was counted yet."""
        return BacktestTally(closings=ClosingComparison() if self.compare_recorded else None)


def _takes(
    step: Callable[[Replay], None], replay: Replay, start: int, tally: BacktestTally
) -> bool:
    """Whether a step goes well. What goes wrong is counted."""
    try:
        step(replay)
    except TicketcoreError as error:  # a deadline beyond its calendar, no policy in force
        history = replay.history
        tally.add_broken((start, history.first_line), history.ticket, error)
        return False
    return True


def run_job(work: bytes, part: ByteRange) -> BacktestTally:
    """What a worker does: `BacktestJob.on` for work that was pickled once for all ranges."""
    return _load(work).on(part)


@lru_cache(maxsize=2)
def _load(work: bytes) -> BacktestJob:
    loaded: BacktestJob = pickle.loads(work)  # noqa: S301  # pickled by backtest a moment ago
    return loaded
