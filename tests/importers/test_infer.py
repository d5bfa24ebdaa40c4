"""The rule that a recorded desk seems to follow is found again."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import attrs
import pytest

from ticketcore.backtest import backtest
from ticketcore.calendar import BusinessCalendar
from ticketcore.events import (
    Closed,
    Event,
    FieldValue,
    History,
    Opened,
    Replied,
    Warned,
    write_histories,
)
from ticketcore.importers import InferredRule, _infer, infer_rules
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
    rule: object,
    *,
    solution: bool = True,
    warn: bool = False,
    late: int = 40,
    tickets: int = 200,
    of: str = "x",
    **fields: str,
) -> Iterator[History]:
    """Yield tickets that the system closed some minutes after the rule; some by hand."""
    random = Random(7)
    values = {name: FieldValue(kind="text", value=value) for name, value in fields.items()}
    for number in range(tickets):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=random.randrange(100_000))
        opened = Opened(at=at, by="customer", type=of, zone="Europe/Berlin", fields=values)
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


def after(hours: int) -> Callable[[datetime], datetime]:
    """Return the rule of a number of elapsed hours."""
    return lambda at: at + timedelta(hours=hours)


def shuffled(*groups: Iterator[History]) -> list[History]:
    """Return the tickets of several groups in a random order, each with a number of its own."""
    every = [history for group in groups for history in group]
    Random(3).shuffle(every)
    return [attrs.evolve(history, ticket=str(n)) for n, history in enumerate(every)]


def divided() -> list[History]:
    """Return tickets with a target for each priority: some without one, others without a rule."""
    return shuffled(
        histories(after(48), priority="high"),
        histories(after(120), priority="3 - low"),
        histories(after(120), priority="none", tickets=10),
        histories(mixed, priority="vip", tickets=50),
        histories(after(120), tickets=20),
    )


def test_a_field_with_targets_of_its_own_is_found() -> None:
    """If the target differs by a field, each of its values has a target with its share."""
    (found,) = infer_rules(divided())

    assert ("fields.priority", None, 432, 360) == (
        found.fact,
        found.hours,
        found.count,
        found.agreeing,
    )
    assert [
        ("high", 180, 180, 48),
        ("3 - low", 180, 180, 120),
        ("none", 9, 0, None),
        ("vip", 45, 0, None),
    ] == [(each.value, each.count, each.agreeing, each.hours) for each in found.targets]
    assert ("48 to 120 hours elapsed, by fields.priority", 360) == found.shares[0]
    assert found.explains


def test_the_targets_are_printed_with_their_shares() -> None:
    """The rule in TOML names the field, and why a value has no target."""
    (found,) = infer_rules(divided())

    assert """# 360 of 432 closings came within an hour after it: 83.3 %.
# high: 180 of 180 closings, 100.0 %, after 48 hours
# "3 - low": 180 of 180 closings, 100.0 %, after 120 hours
# none: 9 closings, too few to say
# vip: 45 closings, no target explains half of them
[fields.priority]
type = "text"

[[timer]]
name = "resolved"
when = { solved = true }
from = "last-activity"
after_by = "fields.priority"
after = { high = "48 hours", "3 - low" = "120 hours" }
effect = "close"
""" == found.to_toml()


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ((after(48), after(120)), (None, None, [48, 120])),
        ((on_weekdays, lambda at: WEEKDAYS.add(at, timedelta(hours=96))), (0, None, [48, 96])),
        ((after_36_hours, lambda at: in_the_night(at + timedelta(hours=120))), (None, 23, None)),
    ],
)
def test_targets_of_each_kind_of_rule_give_the_same_closings(
    rules: tuple[object, object], expected: tuple[object, int | None, object], tmp_path: Path
) -> None:
    """A policy with the printed targets agrees with every closing by the system."""
    tickets = shuffled(
        histories(rules[0], priority="high"), histories(rules[1], priority="low", tickets=150)
    )
    (found,) = infer_rules(tickets)
    hours = [target.hours for target in found.targets]
    head = 'name = "found"\nextends = "service-desk"\neffective = 2016-01-01\n'
    policy = parse_policy(head + found.to_toml())
    path = tmp_path / "log.jsonl"
    write_histories(path, ((history.ticket, history.events) for history in tickets))
    report = backtest(path, policy, workers=1, compare_recorded=True)

    assert expected[1:] == (
        None if found.run is None else found.run.hour,
        hours if expected[2] else None,
    )
    assert (None if expected[0] is None else "mon-fri 00:00-24:00") == found.open_hours
    assert report.closings is not None
    assert (315, 315) == (report.closings.by_system.within_hour, report.closings.by_system.closed)


def test_a_value_that_no_nightly_run_meets_has_no_target() -> None:
    """Tickets that close at noon have no target in a rule of nightly runs."""

    def at_noon(at: datetime) -> datetime:
        return datetime.combine(at.date() + timedelta(days=1 + at.minute % 7), time(12), BERLIN)

    (found,) = infer_rules(
        shuffled(
            histories(after_36_hours, priority="high"),
            histories(lambda at: in_the_night(at + timedelta(hours=120)), priority="low"),
            histories(at_noon, priority="vip", tickets=50),
        )
    )

    assert ("fields.priority", time(23)) == (found.fact, found.run)
    assert [36, 120, None] == [target.hours for target in found.targets]


def test_the_type_can_select_the_target() -> None:
    """Facts that are no fields of the policy select targets too."""
    (found,) = infer_rules(
        shuffled(histories(after(48), of="question"), histories(after(120), of="complaint"))
    )

    assert "type" == found.fact
    assert 'after_by = "type"\nafter = { question = "48 hours", complaint' in found.to_toml()
    assert "[fields" not in found.to_toml()


def no_split(tickets: list[History]) -> InferredRule:
    """Return the rule of some tickets, which has one target for all."""
    (found,) = infer_rules(tickets)
    assert (None, ()) == (found.fact, found.targets)
    return found


def test_a_sample_that_is_too_small_divides_nothing() -> None:
    """Eleven actions of each value could differ by chance, a hundred could not."""
    few, many = (
        shuffled(
            histories(after(48), priority="high", tickets=number),
            histories(after(120), priority="low", tickets=number),
        )
        for number in (13, 110)
    )

    assert 22 == no_split(few).count
    (found,) = infer_rules(many)
    assert "fields.priority" == found.fact


@pytest.mark.parametrize("seed", range(20))
def test_a_field_that_has_nothing_to_do_with_the_target_divides_nothing(seed: int) -> None:
    """Small groups agree with targets of their own by chance, which other actions refute."""
    random = Random(seed)
    tickets = [
        attrs.evolve(history, ticket=str(number))
        for number in range(240)
        for history in histories(
            after(random.choice((48, 120))),
            tickets=2,
            first=str(random.randrange(2)),
            second=str(random.randrange(12)),
        )
        if history.events[-1].by == "system"
    ]

    assert 240 == no_split(tickets).count


def test_a_field_that_explains_little_more_divides_nothing() -> None:
    """A rule with one target is kept if it explains nearly as much."""
    rare = histories(after(48), priority="high", tickets=20)
    tickets = shuffled(rare, histories(after(120), priority="low", tickets=1_000))

    assert 120 == no_split(tickets).hours


def test_names_and_numbers_divide_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact with more values than a table has is left out, and so are facts beyond the limit."""
    tickets = divided()
    monkeypatch.setattr(_infer, "_MOST_VALUES", 3)
    assert not no_split(tickets).explains
    monkeypatch.undo()
    monkeypatch.setattr(_infer, "_MOST_FACTS", 2)  # the type, and who opened
    assert not no_split(tickets).explains
