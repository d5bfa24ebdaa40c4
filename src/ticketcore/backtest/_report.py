"""What a backtest found, for people and as JSON."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import attrs

from ticketcore._visible import visible
from ticketcore.backtest._closings import ClosingComparison
from ticketcore.backtest._range import BacktestJob
from ticketcore.backtest._tally import BacktestTally, TimerCounts
from ticketcore.errors import CodecError, HistoryError, TicketcoreError
from ticketcore.events import format_instant
from ticketcore.policies import Effect, Policy, PolicyVersions, TimerDefinition

_BLOCK = 1 << 20
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@attrs.frozen(kw_only=True)
class TimerReport:
    """How one timer of the policy fared.

    *set*: distinct promises, each of which then *fired* or *ended_early* before it fell due, by what a
    party did. *overturned*: firings that ended the ticket, on which a person acted later as on
    a live one. *confirmed*: those that only closed it, and later a person did too.
    """

    name: str
    rule: str | None
    effect: Effect
    set: int
    fired: int
    ended_early: int
    overturned: int
    confirmed: int


@attrs.frozen(kw_only=True)
class RefusalReport:
    """Facts that the policy would have refused, and the first of them in the file."""

    code: str
    command: str
    by: str
    count: int
    ticket: str
    at: datetime
    reason: str


@attrs.frozen(kw_only=True)
class BrokenTicket:
    """A ticket that could not be replayed; *line*, from 1, is where that was met or it begins."""

    ticket: str | None
    line: int
    error: TicketcoreError

    def __str__(self) -> str:
        """Where it is and what is wrong; an error in the replay does not know where."""
        if isinstance(self.error, (CodecError, HistoryError)):
            return str(self.error)
        return f"line {self.line}: ticket {visible(str(self.ticket))}: {self.error}"


@attrs.frozen(kw_only=True)
class BacktestReport:
    """What became of the tickets of a history under a policy.

    *actions* are the actions of people that were replayed, *no_ops* those that changed nothing,
    *not_opened* tickets whose opening was refused, *type_overridden* those that were taken as one of
    another type than recorded. *first* and *last* are instants of the record. All *broken* ones
    are counted, and the first hundred named.
    """

    policy: tuple[str, ...]
    ticket_type: str | None
    tickets: int
    events: int
    actions: int
    no_ops: int
    not_opened: int
    type_overridden: int
    first: datetime | None
    last: datetime | None
    timers: tuple[TimerReport, ...]
    refusals: tuple[RefusalReport, ...]
    broken: int
    broken_examples: tuple[BrokenTicket, ...]
    closings: ClosingComparison | None

    @property
    def fired(self) -> int:
        """How often any timer fired."""
        return sum(timer.fired for timer in self.timers)

    @property
    def overturned(self) -> int:
        """How many firings people overturned."""
        return sum(timer.overturned for timer in self.timers)

    @property
    def refused(self) -> int:
        """How many actions of people the policy would have refused."""
        return sum(refusal.count for refusal in self.refusals)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values: instants as in histories, differences in seconds."""
        closings = self.closings
        plain = attrs.asdict(attrs.evolve(self, closings=None), value_serializer=_plain)
        return plain | {"closings": None if closings is None else _closings(closings)}


def make_report(job: BacktestJob, tally: BacktestTally) -> BacktestReport:
    """The report on a whole history."""
    versions = job.policy.versions if isinstance(job.policy, PolicyVersions) else (job.policy,)
    return BacktestReport(
        policy=tuple(f"{policy.name} {policy.version}" for policy in versions),
        ticket_type=job.as_type,
        tickets=tally.tickets,
        events=tally.events,
        actions=tally.actions,
        no_ops=tally.no_ops,
        not_opened=tally.not_opened,
        type_overridden=tally.type_overridden,
        first=tally.first,
        last=tally.last,
        timers=tuple(_timers(versions, tally)),
        refusals=tuple(_refusals(tally)),
        broken=tally.broken,
        broken_examples=tuple(_broken_examples(job.path, tally)),
        closings=tally.closings,
    )


def _timers(versions: tuple[Policy, ...], tally: BacktestTally) -> Iterator[TimerReport]:
    """In the order of the policy's file, with those that were never set."""
    named: dict[str, list[TimerDefinition]] = {}
    for policy in versions:
        for rule in policy.timers:
            named.setdefault(rule.name, []).append(rule)
    for name, rules in named.items():
        counts = tally.timers.get(name, TimerCounts())
        ids = dict.fromkeys(rule.rule for rule in rules if rule.rule is not None)
        yield TimerReport(
            name=name,
            rule=", ".join(ids) or None,
            effect=rules[0].effect,
            set=counts.set,
            fired=counts.fired,
            ended_early=counts.set - counts.fired,
            overturned=counts.overturned,
            confirmed=counts.confirmed,
        )


def _refusals(tally: BacktestTally) -> Iterator[RefusalReport]:
    """The most frequent first."""
    found = sorted(tally.refusals.items(), key=lambda entry: (-entry[1].count, entry[0]))
    for (code, command, by), refusals in found:
        yield RefusalReport(
            code=code,
            command=command,
            by=by,
            count=refusals.count,
            ticket=refusals.ticket,
            at=refusals.at,
            reason=refusals.reason,
        )


def _broken_examples(path: str, tally: BacktestTally) -> Iterator[BrokenTicket]:
    """In the order of the file, with lines counted from its beginning."""
    starts = {broken.position[0] for broken in tally.broken_examples}
    lines_before = {start: _lines_before(path, start) for start in starts}
    for broken in tally.broken_examples:
        start, line = broken.position
        line += lines_before[start]
        if isinstance(broken.error, (CodecError, HistoryError)):
            broken.error.line = line
        yield BrokenTicket(ticket=broken.ticket, line=line, error=broken.error)


def _lines_before(path: str, start: int) -> int:
    if not start:
        return 0
    lines = 0
    with Path(path).open("rb") as file:
        while start:
            block = file.read(min(start, _BLOCK))
            lines += block.count(b"\n")
            start -= len(block)
    return lines


def _plain(_: object, __: object, value: object) -> object:
    if isinstance(value, datetime):
        return format_instant(value)
    return str(value) if isinstance(value, TicketcoreError) else value


def _closings(closings: ClosingComparison) -> dict[str, Any]:
    found = {str(share): closings.quantile(share) for share in QUANTILES}
    return {
        "within_hour": closings.within_hour,
        "earlier": closings.earlier,
        "later": closings.later,
        "only_simulated": closings.only_simulated,
        "only_recorded": closings.only_recorded,
        "neither": closings.neither,
        "quantiles": {
            share: None if difference is None else int(difference.total_seconds())
            for share, difference in found.items()
        },
    }
