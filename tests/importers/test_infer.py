"""The rule that a recorded desk seems to follow is found again."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from ticketcore.backtest import backtest
from ticketcore.calendar import BusinessCalendar
from ticketcore.events import Closed, Event, History, Opened, Replied, Warned, write_histories
from ticketcore.importers import _infer, infer_rules
from ticketcore.policies import parse_policy

BERLIN = ZoneInfo("Europe/Berlin")
WEEKDAYS = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 00:00-24:00")
OFFICE = BusinessCalendar(zone="Europe/Berlin", hours="mon-fri 09:00-17:00")


def elapsed(at: datetime) -> datetime:
    """Return the instant a week after another."""
    return at + timedelta(hours=168)


def on_weekdays(at: datetime) -> datetime:
    """Return the instant two weekdays after another."""
    return WEEKDAYS.add(at, timedelta(hours=48))


def nightly(at: datetime) -> datetime:
    """Return the first run at 01:15 after a week."""
    due = elapsed(at).astimezone(BERLIN)
    run = datetime.combine(due.date(), time(1, 15), BERLIN)
    return (run if run >= due else run + timedelta(days=1)).astimezone(UTC)


def in_working_hours(at: datetime) -> datetime:
    """Return the instant sixteen working hours after another."""
    return OFFICE.add(at, timedelta(hours=16))


def in_the_night(at: datetime) -> datetime:
    """Return the next run at 23:00, if it is due."""
    run = datetime.combine(at.astimezone(BERLIN).date(), time(23), BERLIN)
    return (run if run >= at else run + timedelta(days=1)).astimezone(UTC)


def after_36_hours(at: datetime) -> datetime:
    """Return the first run at 23:00 after a day and a half."""
    return in_the_night(at + timedelta(hours=36))


def nightly_on_weekdays(at: datetime) -> datetime:
    """Return the first run at 23:00 after two weekdays."""
    return in_the_night(on_weekdays(at))


def in_a_bell(at: datetime) -> datetime:
    """Return an instant that is mostly three to four hours after another."""
    minutes = (130, 155, 175, 185, 195, 205, 215, 225, 235, 265)
    return at + timedelta(minutes=minutes[at.minute % 10])


def in_a_night_of_three(at: datetime) -> datetime:
    """Return the run at 23:00 in one of the next three nights."""
    return in_the_night(at + timedelta(hours=8 * (at.minute % 5)))


def mixed(at: datetime) -> datetime:
    """Return the instant a day, two days or three days after another."""
    return at + timedelta(days=1 + at.minute % 3)


def histories(
    rule: object, *, solution: bool = True, warn: bool = False, late: int = 40, tickets: int = 200
) -> Iterator[History]:
    """Yield tickets that the system closed some minutes after the rule; some by hand."""
    random = Random(7)
    for number in range(tickets):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=random.randrange(100_000))
        opened = Opened(at=at, by="customer", type="x", zone="Europe/Berlin")
        replied = Replied(at=at, by="support", solution=solution)
        end_at = rule(at) + timedelta(minutes=random.randrange(late))  # type: ignore[operator]
        end: Event = Closed(at=end_at, by="support" if number % 10 == 0 else "system")
        if warn:
            end = Warned(at=end_at, timer="reminder")
        yield History(str(number), (opened, replied, end), 1)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (elapsed, (168, None, None)),
        (on_weekdays, (48, "mon-fri 00:00-24:00", None)),
        (nightly, (168, None, time(1, 15))),
        (in_the_night, (0, None, time(23, 0))),
        (after_36_hours, (36, None, time(23, 0))),
        (nightly_on_weekdays, (48, "mon-fri 00:00-24:00", time(23, 0))),
    ],
)
def test_each_kind_of_rule_is_found(rule: object, expected: tuple[object, ...]) -> None:
    """Each kind of rule is found from the closings by the system; those by people do not count."""
    (found,) = infer_rules(histories(rule))

    assert expected == (found.hours, found.open_hours, found.run)
    assert ("closing-solved", 180, 180) == (found.occasion, found.count, found.agreeing)
    assert found.explains


def test_working_hours_are_found() -> None:
    """The hours of the day in which the desk acts are found, though some actions lie outside."""
    noise = histories(elapsed, tickets=50)
    (found,) = infer_rules([*histories(in_working_hours, late=1, tickets=1_000), *noise])

    assert (16, "mon-fri 09:00-17:00") == (found.hours, found.open_hours)
    assert (945, 900, ("16 hours within mon-fri 09:00-17:00", 900)) == (
        found.count,
        found.agreeing,
        found.shares[-1],
    )


def test_a_mixture_of_rules_has_a_small_share() -> None:
    """If the desk follows several rules, the best of them explains only its part."""
    (found,) = infer_rules(histories(mixed))

    assert found.agreeing < found.count / 2
    assert not found.explains
    assert 4 == len(found.shares)  # it acts at any hour


def test_the_end_of_the_working_day_is_found() -> None:
    """If the desk acts some minutes after the end of the day, the day still ends in time."""
    (found,) = infer_rules(histories(in_working_hours, late=10, tickets=1_000))

    assert (16, "mon-fri 09:00-17:00", 900) == (found.hours, found.open_hours, found.agreeing)


@pytest.mark.parametrize("rule", [in_a_bell, in_a_night_of_three])
def test_lengths_without_a_gap_are_no_rule(rule: object) -> None:
    """A timer lets nothing come just before it, so lengths around a mean are no rule."""
    (found,) = infer_rules(histories(rule, late=1))

    assert found.agreeing >= found.count / 2
    assert found.beside > found.agreeing / 4
    assert not found.explains


def test_the_share_stands_above_the_rule() -> None:
    """The rule begins with the number and the share of the actions that agree."""
    (closed,) = infer_rules(histories(elapsed))
    (warned,) = infer_rules(histories(elapsed, warn=True))

    expected = "# 180 of 180 closings came within an hour after it: 100.0 %.\n[[timer]]\n"
    assert expected == closed.to_toml()[: len(expected)]
    assert warned.to_toml().startswith("# 200 of 200 warnings came ")


@pytest.mark.parametrize(
    "rule", [elapsed, on_weekdays, nightly, in_the_night, nightly_on_weekdays]
)
def test_the_rule_that_is_printed_gives_the_same_closings(rule: object, tmp_path: Path) -> None:
    """A policy with the printed rule agrees with every closing by the system."""
    (found,) = infer_rules(histories(rule))
    head = 'name = "found"\nextends = "service-desk"\neffective = 2016-01-01\n'
    policy = parse_policy(head + found.to_toml())
    path = tmp_path / "log.jsonl"
    write_histories(path, ((history.ticket, history.events) for history in histories(rule)))
    report = backtest(path, policy, workers=1, compare_recorded=True)

    assert report.closings is not None
    assert (180, 180) == (report.closings.by_system.within_hour, report.closings.by_system.closed)


def test_silence_and_warnings_are_occasions_of_their_own() -> None:
    """Silence and warnings start rules of their own, since the ticket waits for the customer."""
    (silent,) = infer_rules(histories(elapsed, solution=False))
    (warning,) = infer_rules(histories(elapsed, warn=True))

    assert ("closing-silent", "warning") == (silent.occasion, warning.occasion)
    assert 'when = { waiting_for = "customer" }\n' in silent.to_toml()
    assert warning.to_toml().endswith('effect = "warn"\n')


def test_a_bounded_number_of_actions_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long history gives the rule from a bounded number of its first actions."""
    monkeypatch.setattr(_infer, "_MOST", 50)
    (found,) = infer_rules(histories(elapsed))

    assert (50, 168) == (found.count, found.hours)


def test_too_few_actions_or_actions_at_once_give_no_rule() -> None:
    """Too few actions, actions at once, and unknown zones give no rule."""
    opened = Opened(at=datetime(2026, 1, 5, tzinfo=UTC), by="customer", type="x", zone="Mars/X")
    unknown = History("1", (opened, Closed(at=opened.at, by="system")), 1)

    assert [] == [*infer_rules([*histories(elapsed)][:5])]
    assert [] == [*infer_rules(histories(lambda at: at))]
    assert [] == [*infer_rules([unknown] * 20)]
