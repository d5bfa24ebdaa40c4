"""Coverage: which parts of a policy scenarios and tickets use."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from support.command_line import EXAMPLES, ticketcore
from support.histories.backtests import opened
from support.histories.comparisons import FAST, SLOW, record, stories
from ticketcore.commands import Close, Command, Open, Reopen, Reply, SetField
from ticketcore.comparison import outcomes
from ticketcore.coverage import (
    Coverage,
    MarkedLine,
    TicketUses,
    Use,
    marked_text,
    measure_coverage,
    parts_of,
    used_parts,
)
from ticketcore.errors import DataError
from ticketcore.events import Money, Order, write_histories
from ticketcore.policies import load_policy, parse_policy, presets
from ticketcore.scenarios import find_scenarios
from ticketcore.testing import TicketStory

AT = datetime(2026, 1, 12, 10, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = """\
name = "mine"
effective = 2026-01-01
default_type = "question"
zone = "UTC"
[types.question]
[types.refund]
order = true
windows = { customer = "14 days" }
window_rule = "W1"
[fields.priority]
choices = ["low", "high"]
[calendars.weekdays]
hours = "mon-fri 00:00-24:00"

# The first answer.
[[timer]]
name = "answer"
rule = "T1"
when = { answered = false }
from = "opened"
after = "2 working days"
calendar = "weekdays"
effect = "breach"

[[timer]]
name = "silent"
when = { answered = true }
from = "last-activity"
after = "7 days"
effect = "close"

[[permission]]
commands = ["open", "reply"]
by = ["customer", "vendor"]
[[permission]]
commands = "set-field"
by = "vendor"
fields = "priority"
[[permission]]
commands = "close"
by = "vendor"
when = { type = "refund" }
[[permission]]
commands = "close"
by = "vendor"
[[permission]]
commands = "reopen"
by = "customer"
within = "14 days"
[closing]
reply_reopens = "customer"
reply_reopens_within = "3 days"

[[notification]]
name = "answered"
on = "replied"
by = "vendor"
to = "customer"
"""
POLICY = parse_policy(TEXT)
OPEN = Open(at=AT, by="customer", type="question")
CLOSE = Close(at=AT + DAY, by="vendor")
ORDER = Order(number="1", sold_at=AT - DAY, amount=Money(100, "EUR"))


def used(*commands: Command) -> set[str]:
    """Return the kinds and names of the parts that a story uses."""
    story = TicketStory(policy=POLICY, commands=commands)
    return {f"{part.kind} {part.name}" for part in used_parts(story.events(), POLICY)}


def test_a_scenario_that_opens_no_ticket_follows_its_policy(tmp_path: Path) -> None:
    """A scenario whose opening is refused uses no part; one of another policy is counted apart."""
    policy = tmp_path / "mine.toml"
    policy.write_text(TEXT)
    step = '[[step]]\nat = 2026-01-05T10:00:00\ncommand = "open"\nby = "system"\n'
    refused = step + 'expect = { refused = "not-permitted" }\n'
    (tmp_path / "own.toml").write_text(f'policy = "mine.toml"\n{refused}')
    (tmp_path / "other.toml").write_text(
        f'policy = "service-desk"\n[ticket]\nzone = "UTC"\n{refused}'
    )
    coverage = measure_coverage(
        load_policy(policy), [tmp_path / "own.toml", tmp_path / "other.toml"]
    )

    assert (1, 1, 0) == (coverage.scenarios, coverage.others, coverage.used)


def test_every_part_of_a_policy_is_listed() -> None:
    """Every part of a policy is listed with its key path and its rule ids."""
    assert [
        ("timer", "answer", ("timer", 0), "T1"),
        ("timer", "silent", ("timer", 1), None),
        ("permission", "open by customer, vendor", ("permission", 0), None),
        ("permission", "reply by customer, vendor", ("permission", 0), None),
        ("permission", "set-field by vendor", ("permission", 1), None),
        ("permission", "close by vendor", ("permission", 2), None),
        ("permission", "close by vendor", ("permission", 3), None),
        ("permission", "reopen by customer", ("permission", 4), None),
        ("notification", "answered", ("notification", 0), None),
        ("calendar", "weekdays", ("calendars", "weekdays"), None),
        ("window", "refund for customer", ("types", "refund", "windows", "customer"), "W1"),
        ("window", "reopen by customer", ("permission", 4, "within"), None),
        ("window", "reply after the closing", ("closing", "reply_reopens_within"), None),
    ] == [(part.kind, part.name, part.path, part.rule) for part in parts_of(POLICY)]


def test_an_opening_uses_its_permission_and_the_timers_that_it_sets() -> None:
    """An opening uses its permission and the timers that it sets, and these use their calendar."""
    assert {"permission open by customer, vendor", "timer answer", "calendar weekdays"} == used(
        OPEN
    )


@pytest.mark.parametrize(
    ("commands", "more"),
    [
        (
            (Reply(at=AT + DAY, by="vendor", text="x"),),
            {"permission reply by customer, vendor", "timer silent", "notification answered"},
        ),
        (
            (Reply(at=AT + DAY, by="customer", text="x"),),
            {"permission reply by customer, vendor"},
        ),
        (
            (SetField(at=AT + DAY, by="vendor", field="priority", value="high"),),
            {"permission set-field by vendor"},
        ),
        (
            (CLOSE, Reopen(at=AT + 2 * DAY, by="customer")),
            {
                "permission close by vendor",
                "permission reopen by customer",
                "window reopen by customer",
            },
        ),
        (
            (CLOSE, Reply(at=AT + 2 * DAY, by="customer", text="x")),
            {
                "permission close by vendor",
                "permission reply by customer, vendor",
                "window reply after the closing",
            },
        ),
    ],
)
def test_a_command_uses_its_permission_and_windows(
    commands: tuple[Command, ...], more: set[str]
) -> None:
    """A command uses its permission and its windows, besides the parts that the opening uses."""
    assert used(OPEN) | more == used(OPEN, *commands)


def test_the_first_permission_that_applies_is_used() -> None:
    """If several permissions allow a command, the first one is counted as used."""
    refund = Open(at=AT, by="customer", type="refund", order=ORDER)
    indexes = []
    for opening in (OPEN, refund):
        events = TicketStory(policy=POLICY, commands=(opening, CLOSE)).events()
        parts = used_parts(events, POLICY)
        indexes += [part.path[1] for part in parts if part.name == "close by vendor"]

    assert [3, 2] == indexes
    assert "window refund for customer" in used(refund)


WINDOWS = """
name = "windows"
effective = 2026-01-01
default_type = "question"
zone = "UTC"
[types.question]
[calendars.weekdays]
hours = "mon-fri 00:00-24:00"
[[permission]]
commands = "open"
by = "customer"
[[permission]]
commands = ["reply", "escalate"]
by = "customer"
from = "opened"
within = "2 days"
[[permission]]
commands = "reply"
by = "customer"
from = "waiting-since"
after = "3 working days"
calendar = "weekdays"
"""


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (1, {"permission reply by customer", "window reply, escalate by customer"}),
        (7, {"permission reply by customer", "window reply by customer", "calendar weekdays"}),
    ],
)
def test_the_permission_that_is_open_is_used(days: int, found: set[str]) -> None:
    """Of several permissions in time, the one that is open is used, with window and calendar."""
    policy = parse_policy(WINDOWS)
    reply = Reply(at=AT + days * DAY, by="customer", text="x")
    events = TicketStory(policy=policy, commands=(OPEN, reply)).events()
    used = used_parts(events, policy)

    assert {"permission open by customer", *found} == {f"{p.kind} {p.name}" for p in used}
    assert used <= {*parts_of(policy)}


def test_a_type_that_the_policy_lacks_has_no_window() -> None:
    """A ticket of a type that the policy lacks uses no window."""
    events = TicketStory(policy=POLICY, commands=(OPEN,)).events()
    other = load_policy("kaufland")

    assert not [part for part in used_parts(events, other) if part.kind == "window"]


def test_an_action_that_the_policy_does_not_permit_uses_nothing() -> None:
    """An action that the policy does not permit uses nothing, even if it is replayed."""
    assert frozenset() == used_parts((opened(by="support"),), POLICY)


@pytest.mark.parametrize("name", presets())
def test_what_the_examples_use_are_parts_of_their_policy(name: str) -> None:
    """No use is counted for a part of a policy that is not listed."""
    policy = load_policy(name)
    folder = EXAMPLES / "help-desks" / name if name == "help-desk" else EXAMPLES / name
    coverage = measure_coverage(policy, find_scenarios([folder] if folder.is_dir() else []))

    assert len(coverage.uses) == len(parts_of(policy))
    assert coverage.scenarios or name in ("clickbank-24-7", "service-desk")


def test_a_history_is_replayed_under_the_policy(tmp_path: Path) -> None:
    """A history is replayed under the policy, and its broken tickets are counted."""
    history = tmp_path / "history.jsonl"
    story = TicketStory(policy=POLICY, commands=(OPEN, CLOSE))
    write_histories(history, [("1", story.events()), ("2", story.events()[:2])])
    with history.open("a") as file:
        file.write("{}\n")
    coverage = measure_coverage(POLICY, history=history)
    uses = {
        part.name: use for part, use in coverage.uses.items() if part.path != ("permission", 2)
    }

    assert (2, 1, 0) == (coverage.tickets, coverage.broken, coverage.scenarios)
    assert coverage.first_broken == "line 7: ticket: expected a value, found None"
    assert Use(0, 2) == uses["open by customer, vendor"]
    assert Use(0, 1) == uses["close by vendor"]
    assert Use(0, 0) == uses["silent"]


def test_a_ticket_whose_opening_is_refused_uses_nothing(tmp_path: Path) -> None:
    """A ticket whose opening is refused uses no part of the policy."""
    history = tmp_path / "history.jsonl"
    write_histories(history, [("1", (opened(by="support", type="question"),))])
    coverage = measure_coverage(POLICY, history=history)

    assert (1, 0) == (coverage.tickets, coverage.used)


@pytest.mark.parametrize("range_size", [3000, 1 << 20])
def test_tickets_are_counted_beside_a_table_of_outcomes(tmp_path: Path, range_size: int) -> None:
    """The pass that makes the table counts the same uses as a pass of its own."""
    history = tmp_path / "history.jsonl"
    record(history, list(stories(40, seed=3)))
    uses = TicketUses()
    with outcomes(history, [SLOW, FAST], tally=uses, workers=1, range_size=range_size) as table:
        rows = table.rows()

    assert [measure_coverage(each, history=history) for each in (SLOW, FAST)] == uses.coverage_of(
        [SLOW, FAST]
    )
    with outcomes(history, [SLOW, FAST], workers=1) as table:
        assert table.rows() == rows


def test_a_broken_ticket_is_counted_beside_a_table_too(tmp_path: Path) -> None:
    """A broken ticket is left out of the uses under both policies."""
    history = tmp_path / "history.jsonl"
    history.write_text("{}\n")
    uses = TicketUses()
    with outcomes(history, [SLOW, FAST], tally=uses, workers=1) as table:
        assert 1 == table.written.broken

    assert [(0, 1), (0, 1)] == [(c.tickets, c.broken) for c in uses.coverage_of([SLOW, FAST])]


def test_the_first_broken_ticket_of_all_parts_is_kept() -> None:
    """Parts of a history may end in any order; the ticket that comes first in it is reported."""
    late, early, none = TicketUses(), TicketUses(), TicketUses()
    late.add_broken((9, 0), "9", DataError("is late"))
    late.add_broken((9, 1), "10", DataError("is later"))
    early.add_broken((0, 4), None, DataError("is early"))
    assert "ticket 9: is late" == late.coverage_of([SLOW])[0].first_broken
    for part in (early, none):
        late.merge(part)
    assert (3, "is early") == (late.broken, late.coverage_of([SLOW])[0].first_broken)
    assert none.coverage_of([SLOW])[0].first_broken is None


def test_a_policy_without_parts_is_covered() -> None:
    """A policy without parts is fully covered."""
    assert 100 == Coverage(policy=POLICY, uses={}, scenarios=0, others=0).percent


def marks(coverage: Coverage, source: Path) -> dict[str, str | None]:
    """Return the mark of each line that names something."""
    lines = marked_text(coverage, source)
    assert source.read_text().splitlines() == [line.text for line in lines]
    return {line.text: line.mark for line in lines}


def test_the_text_is_marked_by_tables(tmp_path: Path) -> None:
    """A table that is not used is marked as such, and a comment belongs to no table."""
    file = tmp_path / "mine.toml"
    file.write_text(TEXT)
    uses = {part: Use(0, 0) for part in parts_of(POLICY)}
    by_name = {part.name: part for part in uses}
    uses[by_name["answer"]] = Use(1, 0)
    uses[by_name["silent"]] = Use(0, 1)
    uses[by_name["open by customer, vendor"]] = Use(1, 0)
    found = marks(Coverage(policy=POLICY, uses=uses, scenarios=1, others=0), file)

    assert ("scenario", "history") == (
        found['after = "2 working days"'],
        found['after = "7 days"'],
    )
    assert (None, None) == (found["# The first answer."], found["[types.question]"])
    assert "unused" == found['windows = { customer = "14 days" }']
    assert "unused" == found['commands = ["open", "reply"]']


def test_what_another_file_says_has_no_mark(tmp_path: Path) -> None:
    """A file that extends another marks its own lines, and the tables that it changes."""
    base, mine = tmp_path / "base.toml", tmp_path / "mine.toml"
    base.write_text(TEXT)
    mine.write_text('extends = "base.toml"\nname = "other"\n[calendars.weekdays]\nzone = "UTC"\n')
    coverage = measure_coverage(load_policy(mine))

    assert [
        MarkedLine('extends = "base.toml"', None),
        MarkedLine('name = "other"', None),
        MarkedLine("[calendars.weekdays]", "unused"),
        MarkedLine('zone = "UTC"', "unused"),
    ] == [*marked_text(coverage, mine)]


def test_a_preset_is_marked_by_its_name() -> None:
    """A preset is marked by its name, without a file of the author."""
    coverage = measure_coverage(load_policy("office"), find_scenarios([EXAMPLES / "office"]))
    lines = {line.text: line.mark for line in marked_text(coverage, "office")}

    assert "scenario" == lines["[calendars.office-hours]"]


OFFICE = "cover", "office", EXAMPLES / "office"


def test_the_command_lists_the_uses_of_each_part() -> None:
    """The command lists the uses of each part, and the share of used parts."""
    ran = ticketcore(*OFFICE, EXAMPLES / "kaufland" / "late-answer.toml")

    assert 0 == ran.code
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert "office 2020-01-01" == lines[0]
    assert lines[1].endswith(" scenarios, 1 of another policy")
    assert any(line.startswith("calendar office-hours O1 ") for line in lines)
    assert lines[-1].startswith("15 of 18 used, 83.3 %: 15 by scenarios; 3 unused")


def test_a_history_has_its_own_column(tmp_path: Path) -> None:
    """A history has its own column, with the number of its broken tickets."""
    history = tmp_path / "history.jsonl"
    write_histories(history, [("1", (opened(),))])
    with history.open("a") as file:
        file.write("{}\n")
    ran = ticketcore("cover", "service-desk", "--history", history)
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]

    assert (0, f"{history}: line 2: ") == (ran.code, ran.err[: len(f"{history}: line 2: ")])
    assert ["service-desk 2016-01-01", "0 scenarios, 1 ticket, 1 ticket broken"] == lines[:2]
    assert "part name rule scenarios tickets" in lines
    assert "permission open by customer, support - 1" in lines
    assert " by the history; " in lines[-1]


def test_only_the_selected_tickets_of_a_history_count() -> None:
    """Filters of a history select the tickets whose uses are counted."""
    history = EXAMPLES / "histories" / "service-desk.jsonl"
    out = ticketcore(
        "cover",
        "service-desk",
        "--history",
        history,
        "--only",
        "type=network",
        "--until",
        "2026-02-01",
    ).out

    assert 0 < int(out.splitlines()[1].split()[2]) < 166


def test_the_marked_file_can_be_printed() -> None:
    """The file of a policy can be printed with a mark on each line."""
    out = ticketcore(*OFFICE, "--text").out

    assert '\n+ [calendars.office-hours]\n+ rule = "O1"\n' in out
    assert '\n  name = "office"\n' in out


def test_too_little_coverage_fails(tmp_path: Path) -> None:
    """Too little coverage fails, with a failed case in JUnit XML for each unused part."""
    junit = tmp_path / "cover.xml"
    ran = ticketcore(*OFFICE, "--fail-under", "99.5", "--junit", junit)
    suite = ElementTree.parse(junit).getroot()

    assert 1 == ran.code
    assert ran.err.endswith(" % is less than 99.5 %\n")
    assert ("18", "3") == (suite.get("tests"), suite.get("failures"))
    assert 3 == len(suite.findall(".//failure"))
    assert 0 == ticketcore(*OFFICE, "--fail-under", "80").code


def test_a_command_without_scenarios_and_history_says_so() -> None:
    """Without scenarios and a history the command exits with 5, like `ticketcore test`."""
    ran = ticketcore("cover", "office")

    assert (5, "") == (ran.code, ran.out)
    assert ran.err.startswith("no scenario found")


def test_all_tickets_of_a_scenario_count() -> None:
    """All tickets of a scenario count, with the timers of each; the scenario counts once."""
    story = EXAMPLES / "clickbank" / "two-refund-tickets-about-one-charge.toml"
    coverage = measure_coverage(load_policy("clickbank"), [story])
    refunds = [use for part, use in coverage.uses.items() if part.name == "refund"]

    assert (1, 0) == (coverage.scenarios, coverage.others)
    assert [Use(1, 0)] * 2 == [use for use in refunds if use.is_used]
