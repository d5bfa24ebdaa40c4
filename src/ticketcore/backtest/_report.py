"""The report of a backtest, as Python values and as JSON."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import attrs

from ticketcore._internal.terminal import visible
from ticketcore.backtest._closings import ClosingAgreement, ClosingComparison
from ticketcore.backtest._job import ReplayJob
from ticketcore.backtest._tally import BacktestTally, TimerCounts
from ticketcore.errors import CodecError, HistoryError, TicketcoreError
from ticketcore.events import format_instant
from ticketcore.policies import Effect, Policy, TimerDefinition
from ticketcore.testing import TicketStory

_BLOCK_SIZE = 1 << 20
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@attrs.frozen(kw_only=True)
class TimerReport:
    """Counts of one timer of the policy. *rule* holds its rule ids.

    *cycles* counts how often the timer was set, and the counts after it what became of the cycles,
    as in `ticketcore.metrics.TimerMetrics`: *fired* counts deadlines that acted without a breach.
    *overturned* counts firings that closed the ticket although somebody acted on it later as on an
    open ticket. *confirmed* counts firings that closed the ticket before a person closed it too.
    """

    name: str
    rule: str | None
    effect: Effect
    cycles: int
    met_in_time: int
    met_late: int
    missed: int
    fired: int
    cancelled: int
    running: int
    overturned: int
    confirmed: int

    @property
    def late(self) -> int:
        """Number of cycles that hold a `Breached`."""
        return self.met_late + self.missed


@attrs.frozen(kw_only=True)
class RefusalReport:
    """Actions of one kind that the policy does not allow, with the earliest case.

    *code* is the code of the refusal, *command* the name of the command and *by* the party.
    *ticket*, *at* (UTC) and *reason* describe the earliest case.
    """

    code: str
    command: str
    by: str
    count: int
    ticket: str
    at: datetime
    reason: str


@attrs.frozen(kw_only=True)
class GuaranteeReport:
    """One guarantee, and the number of tickets that break it.

    *ticket*, *at* (UTC) and *message* describe the first of them, or are None. *story* are the
    actions of its people as a story that can be written as a scenario; None if it does not break
    the guarantee by itself.
    """

    name: str
    rule: str | None
    broken: int
    ticket: str | None = None
    at: datetime | None = None
    message: str | None = None
    story: TicketStory | None = None


@attrs.frozen(kw_only=True)
class BrokenTicket:
    """A ticket that could not be replayed.

    *line*, from 1, is the line with the mistake, or the first line of the ticket if the replay
    failed. If the line names a ticket, *ticket* is its number.
    """

    ticket: str | None
    line: int
    error: TicketcoreError

    def __str__(self) -> str:
        if isinstance(self.error, (CodecError, HistoryError)):  # these know their line
            return str(self.error)
        return f"line {self.line}: ticket {visible(str(self.ticket))}: {self.error}"


@attrs.frozen(kw_only=True)
class BacktestReport:
    """The result of replaying a history under a policy.

    *policy* holds the name and version of each policy version. *tickets* and *events* count what
    was replayed, *actions* the actions of people among the events. *no_ops* counts actions that
    changed nothing, by command, *not_opened* the tickets whose opening was refused, and
    *type_overridden* the tickets that were replayed under another type than recorded. *first* and
    *last* are the first and the last instant of the record, in UTC. *broken* counts the tickets
    that could not be replayed; *broken_examples* holds the first 20 of them. *closings* is set
    only if the closings were compared.
    """

    policy: tuple[str, ...]
    ticket_type: str | None
    tickets: int
    events: int
    actions: int
    no_ops: Mapping[str, int]
    not_opened: int
    type_overridden: int
    first: datetime | None
    last: datetime | None
    timers: tuple[TimerReport, ...]
    refusals: tuple[RefusalReport, ...]
    guarantees: tuple[GuaranteeReport, ...]
    broken: int
    broken_examples: tuple[BrokenTicket, ...]
    closings: ClosingComparison | None

    @property
    def fired(self) -> int:
        """Number of firings of all timers, breaches among them."""
        return sum(timer.fired + timer.late for timer in self.timers)

    @property
    def overturned(self) -> int:
        """Number of firings that people overturned."""
        return sum(timer.overturned for timer in self.timers)

    @property
    def refused(self) -> int:
        """Number of actions that the policy does not allow."""
        return sum(refusal.count for refusal in self.refusals)

    def to_json(self) -> dict[str, object]:
        """Return the report as JSON values: instants as in histories, differences in seconds."""
        closings = self.closings
        plain = attrs.evolve(self, closings=None, guarantees=())
        values = attrs.asdict(plain, value_serializer=_json_value)
        return values | {
            "guarantees": [_guarantee(guarantee) for guarantee in self.guarantees],
            "closings": None if closings is None else _closings(closings),
        }


def make_report(job: ReplayJob[BacktestTally], tally: BacktestTally) -> BacktestReport:
    """Return the report on a whole history, replayed under the only policy of *job*."""
    versions = job.policies[0].versions
    return BacktestReport(
        policy=tuple(f"{policy.name} {policy.version}" for policy in versions),
        ticket_type=job.ticket_type,
        tickets=tally.tickets,
        events=tally.events,
        actions=tally.actions,
        no_ops=dict(sorted(tally.no_ops.items(), key=lambda entry: (-entry[1], entry[0]))),
        not_opened=tally.not_opened,
        type_overridden=tally.type_overridden,
        first=tally.first,
        last=tally.last,
        timers=tuple(_timers(versions, tally)),
        refusals=tuple(_refusals(tally)),
        guarantees=tuple(_guarantees(versions, tally)),
        broken=tally.broken,
        broken_examples=tuple(_broken_examples(job.path, tally)),
        closings=tally.closings,
    )


def _timers(versions: tuple[Policy, ...], tally: BacktestTally) -> Iterator[TimerReport]:
    """Yield every timer of the policy, in the order of its file; also those that were never set.

    Definitions of one name are one timer.
    """
    by_name: dict[str, list[TimerDefinition]] = {}
    for policy in versions:
        for definition in policy.timers:
            by_name.setdefault(definition.name, []).append(definition)
    for name, definitions in by_name.items():
        counts = tally.timers.get(name, TimerCounts())
        rules = dict.fromkeys(each.rule for each in definitions if each.rule is not None)
        yield TimerReport(
            name=name,
            rule=", ".join(rules) or None,
            effect=definitions[0].effect,
            **attrs.asdict(counts),
        )


def _refusals(tally: BacktestTally) -> Iterator[RefusalReport]:
    """Yield the refusals, the most frequent first."""
    ordered = sorted(tally.refusals.items(), key=lambda entry: (-entry[1].count, entry[0]))
    for (code, command, by), refusal in ordered:
        yield RefusalReport(
            code=code,
            command=command,
            by=by,
            count=refusal.count,
            ticket=refusal.ticket,
            at=refusal.at,
            reason=refusal.reason,
        )


def _guarantees(versions: tuple[Policy, ...], tally: BacktestTally) -> Iterator[GuaranteeReport]:
    """Yield each guarantee of the policy, in the order of its file, once for each name."""
    guarantees = {each.name: each for policy in versions for each in policy.guarantees}
    for name, guarantee in guarantees.items():
        count = tally.guarantees.get(name)
        if count is None:
            yield GuaranteeReport(name=name, rule=guarantee.rule, broken=0)
            continue
        yield GuaranteeReport(
            name=name,
            rule=guarantee.rule,
            broken=count.count,
            ticket=count.ticket,
            at=count.violation.at,
            message=count.violation.message,
            story=count.story,
        )


def _broken_examples(path: str, tally: BacktestTally) -> Iterator[BrokenTicket]:
    """Yield broken tickets in the order of the file, with lines counted from its beginning."""
    starts = {broken.position[0] for broken in tally.broken_examples}
    lines_before = {start: _lines_before(path, start) for start in starts}
    for broken in tally.broken_examples:
        start, line = broken.position
        line += lines_before[start]
        if isinstance(broken.error, (CodecError, HistoryError)):
            broken.error.line = line
        yield BrokenTicket(ticket=broken.ticket, line=line, error=broken.error)


def _lines_before(path: str, start: int) -> int:
    """Return the number of lines in the first *start* bytes of the file."""
    if not start:
        return 0
    lines = 0
    with Path(path).open("rb") as file:
        while start:
            block = file.read(min(start, _BLOCK_SIZE))
            lines += block.count(b"\n")
            start -= len(block)
    return lines


def _json_value(_: object, __: object, value: object) -> object:
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, TicketcoreError) else value


def _guarantee(guarantee: GuaranteeReport) -> dict[str, object]:
    """Return a guarantee with the scenario of its first ticket, under the name of the policy."""
    plain, story = attrs.evolve(guarantee, story=None), guarantee.story
    values = attrs.asdict(plain, value_serializer=_json_value)
    del values["story"]
    return values | {"scenario": None if story is None else story.scenario(story.policy.name)}


def _closings(closings: ClosingComparison) -> dict[str, object]:
    return {
        "by_system": _agreement(closings.by_system),
        "by_people": _agreement(closings.by_people),
        "only_simulated": closings.only_simulated,
        "neither": closings.neither,
    }


def _agreement(agreement: ClosingAgreement) -> dict[str, object]:
    quantiles = {str(share): agreement.quantile(share) for share in QUANTILES}
    return {
        "within_hour": agreement.within_hour,
        "earlier": agreement.earlier,
        "later": agreement.later,
        "only_recorded": agreement.only_recorded,
        "quantiles": {
            share: None if difference is None else int(difference.total_seconds())
            for share, difference in quantiles.items()
        },
    }
