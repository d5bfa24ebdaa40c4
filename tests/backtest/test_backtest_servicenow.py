"""The backtest over a real log, where it lies beside the project: it finds the desk's own rule.

The log's README counts 23,362 tickets with a resolution, of which 20,049 (85.8 %) were closed
within an hour of it plus 120 hours; with weekends excluded almost none fit.
"""

from pathlib import Path

import pytest

from ticketcore.backtest import backtest
from ticketcore.events import write_histories
from ticketcore.importers import import_servicenow
from ticketcore.policies import load_policy, parse_policy

LOG = Path(__file__).parents[3] / "shared/data/servicenow/incident_event_log.zip"

WEEKDAYS = parse_policy("""
name = "service-desk-weekdays"
extends = "service-desk"
effective = 2016-01-01

[calendars.weekdays]
hours = "mon-fri 00:00-24:00"

[[timer]]
name = "resolved"
when = { solved = true }
from = "last-activity"
after = "120 working hours" # five days of 24 hours, Monday to Friday
calendar = "weekdays"
effect = "close"
""")


@pytest.mark.slow
def test_the_desks_own_rule_is_found_again(tmp_path: Path) -> None:
    """ClosingComparison within an hour of the recorded ones, of those that both have: with the five days
    elapsed, and with the same counted on weekdays.

    21,045 are the 20,049 of the README less the one ticket that the customer took up again after
    its resolution, and 997 that lack a ``resolved_at`` but were resolved and closed by the rule.
    """
    found = []
    for log in [LOG] if LOG.exists() else []:
        history = tmp_path / "tickets.jsonl"
        write_histories(history, import_servicenow(log, "UTC"))
        for policy in (load_policy("service-desk"), WEEKDAYS):
            report = backtest(history, policy, compare_recorded=True)
            assert (24_918, 0, 0) == (report.tickets, report.broken, report.refused)
            assert report.closings is not None
            found.append((report.closings.within_hour, report.closings.both))
    assert [(21_045, 24_904), (28, 24_904)] * LOG.exists() == found
