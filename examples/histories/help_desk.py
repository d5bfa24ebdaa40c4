"""Make help-desk.jsonl.gz: 200 invented tickets, decided under the policy of a help desk.

People work from Monday to Friday, 9:00 to 17:00 UTC. Urgent tickets are answered sooner, but not
always soon enough; some wait for a third party, some get another priority, some are reopened. So
the history records timers that are met in time and late, that stand still, and that are cancelled.
Run ``python help_desk.py`` after a change of the policy or of the stored form of events.
"""

import gzip
import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from ticketcore.commands import Close, Command, Open, Reopen, Reply, SetField
from ticketcore.decider import advance_ticket, decide_and_apply
from ticketcore.errors import RefusedError
from ticketcore.events import Event, write_histories
from ticketcore.policies import load_policy
from ticketcore.ticket import Ticket

HERE = Path(__file__).parent
TARGET = HERE / "help-desk.jsonl.gz"
POLICY = load_policy("help-desk")
MONDAY, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
PRIORITIES = ("low", "normal", "normal", "normal", "high", "high", "urgent")
# Minutes of work until the desk acts, at most.
PACE = {"low": 540, "normal": 260, "high": 130, "urgent": 70}
TYPES = ("access", "hardware", "network")
OPENS, CLOSES = timedelta(hours=9), timedelta(hours=17)


class Story:
    """A ticket, and what people do about it."""

    def __init__(self, random: Random, at: datetime) -> None:
        self._random = random
        self._at = at
        self._ticket: Ticket | None = None
        self._priority = PRIORITIES[self._between(0, len(PRIORITIES) - 1)]
        self.events: tuple[Event, ...] = ()

    def tell(self) -> tuple[Event, ...]:
        """Return the events of the whole story."""
        fields = {"priority": self._priority}
        kind = TYPES[self._between(0, len(TYPES) - 1)]
        self._do(Open(at=self._at, by="customer", type=kind, fields=fields, text="It fails."))
        with suppress(RefusedError):  # the policy has closed the ticket for good
            self._serve()
        assert self._ticket is not None
        _, events = advance_ticket(self._ticket, POLICY, END)
        return self.events + events

    def _serve(self) -> None:
        if self._happens(0.1):
            self._priority = "urgent"
            self._set("priority", "urgent")
        while self._happens(0.4):
            self._say("support", "Which one?")
            self._say("customer", "This one.")
        if self._happens(0.25):
            self._set("on-hold", value=True)
            self._wait(3000)
            self._set("on-hold", value=False)
        self._say("support", "It works again.", solution=True)
        if self._happens(0.2):
            self._say("customer", "It does not.")
            self._say("support", "Now it does.", solution=True)
        if self._happens(0.5):
            self._act(Close, "support")
            if self._happens(0.15):
                self._wait(1500)
                self._act(Reopen, "customer", text="Again.")
                self._say("support", "It works again.", solution=True)

    def _say(self, by: str, text: str, **values: Any) -> None:
        self._act(Reply, by, text=f"{text} ({len(self.events)})", **values)

    def _set(self, field: str, value: object) -> None:
        self._act(SetField, "support", field=field, value=value)

    def _act(self, command: Any, by: str, **values: Any) -> None:
        self._wait(PACE[self._priority] if by == "support" else 600)
        self._do(command(at=self._at, by=by, **values))

    def _do(self, command: Command) -> None:
        self._ticket, events = decide_and_apply(self._ticket, command, POLICY)
        self.events += events

    def _wait(self, minutes: int) -> None:
        """Let up to so many minutes of work pass."""
        left = timedelta(minutes=self._between(5, minutes))
        while True:
            day = self._at.replace(hour=0, minute=0)
            begin = max(self._at, day + OPENS)
            rest = timedelta() if day.weekday() > 4 else max(day + CLOSES - begin, timedelta())
            if left < rest:
                self._at = begin + left
                return
            left -= rest
            self._at = day + timedelta(days=1)

    def _happens(self, share: float) -> bool:
        return self._random.random() < share

    def _between(self, low: int, high: int) -> int:
        # only random() gives the same numbers in every version of Python
        return low + int(self._random.random() * (high - low + 1))


def tickets(count: int = 200) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Yield ticket numbers and events, in the order of the openings."""
    random = Random(20260105)  # noqa: S311  # not for secrets
    at = MONDAY + timedelta(hours=7)
    for number in range(1, count + 1):
        at += timedelta(minutes=5 + int(random.random() * 700))
        yield f"{number:011}", Story(random, at).tell()


def packed() -> bytes:
    """Return the compressed history, which holds no date of its own."""
    file = io.BytesIO()
    write_histories(file, tickets())
    return gzip.compress(file.getvalue(), mtime=0)


if __name__ == "__main__":
    TARGET.write_bytes(packed())
