"""The report of an import: the rows used, the rows left out, and the doubtful times."""

from collections import Counter

import attrs

from ticketcore.errors import FileProblem, LogError
from ticketcore.importers._times import TimeCounts
from ticketcore.importers.logs._row import compared

MAX_EXAMPLES = 20
"""Number of wrong rows, and of states of unused rows, that are kept. All are counted."""


@attrs.define
class ImportReport:
    """Counts of an import so far.

    *rows* counts all rows, *left_out* those that `log.where` excludes, and *wrong* those that
    could not be read; *wrong_examples* has the first of them. *repeated* counts rows that were
    left out because another row of the ticket has the same `log.id`, or the same cells as far as
    the mapping reads them. *unused* counts the rows that no rule took, by state, and
    *unused_examples* has the ticket and the place of one row of each. *without_effect* has the
    rules of the mapping that take no row, the columns without a value in any row, and the names of
    persons who do nothing, once all rows are read.

    *incomplete* counts events, by name, that lack a field that they need. *times* counts local
    times without a single instant. *moved* counts events that were dated before the event above
    them, and were moved to its instant. *reopened* counts the reopenings that were added because
    somebody acted on a closed ticket, *reopened_again* those that were left out because the ticket
    was open, *replied* those that became replies because the ticket was solved, but open.
    *after_closing* counts the events that were left out because the ticket was closed already, and
    *without_cause* those that answer to nothing, such as a warning about a closed ticket.
    *damaged* counts cells with characters that cannot be stored, which were replaced.
    """

    rows: int = 0
    tickets: int = 0
    events: int = 0
    left_out: int = 0
    wrong: int = 0
    wrong_examples: list[LogError] = attrs.field(factory=list)
    repeated: int = 0
    unused: Counter[str] = attrs.field(factory=Counter)
    unused_examples: dict[str, tuple[str, str]] = attrs.field(factory=dict)
    incomplete: Counter[str] = attrs.field(factory=Counter)
    times: TimeCounts = attrs.field(factory=TimeCounts)
    moved: int = 0
    reopened: int = 0
    reopened_again: int = 0
    replied: int = 0
    after_closing: int = 0
    without_cause: int = 0
    without_effect: tuple[FileProblem, ...] = ()
    damaged: int = 0

    def reject(self, error: LogError) -> None:
        """Count a row that cannot be read."""
        self.wrong += 1
        if len(self.wrong_examples) < MAX_EXAMPLES:
            self.wrong_examples.append(error)

    def leave_unused(self, state: str, ticket: str, place: str) -> None:
        """Count a row that no rule took, by its state, or else by the name of its path.

        States that differ only by case are one.
        """
        if state not in self.unused_examples:
            known = (name for name in self.unused_examples if compared(name) == compared(state))
            state = next(known, state)
        if state not in self.unused_examples:
            if len(self.unused_examples) >= MAX_EXAMPLES:
                state = OTHER_STATES
            self.unused_examples.setdefault(state, (ticket, place))
        self.unused[state] += 1


OTHER_STATES = "…"
"""The name under which unused rows of further states are counted."""
