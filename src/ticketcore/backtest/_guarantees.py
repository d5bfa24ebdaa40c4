"""The guarantees of a policy in a backtest: how often each is broken, and by which ticket first.

A replay assumes that nobody acts after the last recorded action. So an event that a guarantee asks
for later must come from a timer.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import attrs

from ticketcore.backtest._replay import END_OF_TIME, Replay
from ticketcore.guarantees import Violation, broken_guarantees
from ticketcore.policies import Policy
from ticketcore.testing import TicketStory

_SECOND = timedelta(seconds=1)


@attrs.frozen(kw_only=True)
class BrokenCount:
    """Count of the tickets that break one guarantee, with the one that breaks it first.

    *story* is None if the commands of that ticket alone do not break the guarantee: the replay
    reopened it although the policy does not allow this, or another ticket of its order mattered.
    """

    count: int
    ticket: str
    violation: Violation
    story: TicketStory | None

    def merged(self, other: "BrokenCount") -> "BrokenCount":
        """Return the sum of both, with the earlier case, or that of the lower number."""
        first = min(self, other, key=lambda broken: (broken.violation.at, broken.ticket))
        return attrs.evolve(first, count=self.count + other.count)


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


def broken_by(replay: Replay) -> Iterator[tuple[str, BrokenCount]]:
    """Yield the guarantees that a replayed ticket breaks, by their names."""
    for violation in broken_guarantees(replay.events, replay.policy, END_OF_TIME):
        broken = BrokenCount(
            count=1,
            ticket=replay.history.ticket,
            violation=violation,
            story=_story(replay, violation),
        )
        yield violation.guarantee.name, broken


def _story(replay: Replay, violation: Violation) -> TicketStory | None:
    """Return the actions up to the violation as a story, if it breaks the guarantee too."""
    until = violation.at + _SECOND
    commands = tuple(command for command in replay.actions if command.at <= until)
    story = TicketStory(policy=replay.policy, commands=commands, until=until)
    found = broken_guarantees(story.events(), replay.policy, until)
    return story if violation.guarantee in [each.guarantee for each in found] else None


def guarantee_reports(
    policies: Iterable[Policy], broken: Mapping[str, BrokenCount]
) -> Iterator[GuaranteeReport]:
    """Yield each guarantee of the policies, in the order of their files, once for each name."""
    guarantees = {each.name: each for policy in policies for each in policy.guarantees}
    for name, guarantee in guarantees.items():
        count = broken.get(name)
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
