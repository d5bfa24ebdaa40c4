"""The comparison of 200 tickets equals one worked out by brute force, and its laws hold."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.histories.comparisons import FAST, SLOW, NaiveReplay, record, stories
from ticketcore import events as e
from ticketcore.comparison import Comparison, Outcomes, compare, outcomes
from ticketcore.events import Event

STORIES = list(stories(200, seed=1))


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the history of 200 tickets, with the tickets of an order apart from each other."""
    path = tmp_path_factory.mktemp("shop") / "history.jsonl"
    record(path, STORIES)
    return path


@pytest.fixture(scope="module")
def table(history: Path) -> Iterator[Outcomes]:
    """Return the outcomes under both policies."""
    with outcomes(history, [SLOW, FAST], workers=1) as made:
        yield made


@pytest.fixture(scope="module")
def comparison(table: Outcomes) -> Comparison:
    """Return the comparison of both policies."""
    return compare(table)


@pytest.fixture(scope="module")
def naive() -> tuple[list[NaiveReplay], list[NaiveReplay]]:
    """Replay the same tickets with independent code."""
    slow, fast = ([NaiveReplay(story, policy) for story in STORIES] for policy in (SLOW, FAST))
    return slow, fast


def happened(replay: NaiveReplay, number: str) -> list[Event]:
    """Return what happened on a ticket, without the lists of its timers."""
    return [x for x in replay.events.get(number, []) if not isinstance(x, e.Scheduled)]


def test_closings_are_those_of_the_naive_replay(
    table: Outcomes, naive: tuple[list[NaiveReplay], list[NaiveReplay]]
) -> None:
    """Each ticket closes, is late and is reopened as in the naive replay."""
    rows = {row["ticket"]: row for row in table.rows()}
    assert 200 == len(rows)
    for name, replays in zip(("base", "other"), naive, strict=True):
        for story, replay in zip(STORIES, replays, strict=True):
            for number in story.tickets:
                ticket, outcome = replay.ticket(number), rows[number][name]
                events = happened(replay, number)
                assert (
                    ticket and ticket.closed_at,
                    ticket and ticket.closing_timer,
                    ticket.reopenings if ticket else 0,
                    replay.reopened[number],
                    sum(isinstance(event, e.Breached) for event in events),
                    ticket.refunded if ticket else 0,
                    replay.refused[number],
                ) == (
                    outcome["closed_at"],
                    outcome["closing_timer"],
                    outcome["reopenings"],
                    outcome["reopened_by_people"],
                    outcome["late"],
                    outcome["refunded"],
                    outcome["refused"],
                ), number


def test_changed_tickets_are_those_on_which_other_things_happen(
    table: Outcomes, naive: tuple[list[NaiveReplay], list[NaiveReplay]]
) -> None:
    """A ticket with other events counts as changed, from its first event that differs."""
    found = {row["ticket"]: row["other"]["differs_at"] for row in table.rows()}
    for story, slow, fast in zip(STORIES, *naive, strict=True):
        for number in story.tickets:
            ours, theirs = happened(slow, number), happened(fast, number)
            pairs = list(zip(ours, theirs, strict=False))[1:]
            parted = next((i for i, (a, b) in enumerate(pairs, 1) if a != b), None)
            if parted is None:
                longer = max(ours, theirs, key=len)
                rest = longer[len(pairs) + 1 :]
                expected = rest[0].at if rest else None
            else:
                expected = min(ours[parted].at, theirs[parted].at)
            assert expected == found[number], number


def test_totals_are_those_of_the_naive_replay(
    comparison: Comparison, naive: tuple[list[NaiveReplay], list[NaiveReplay]]
) -> None:
    """Totals of money, late answers and reopened closings equal those of the naive replay."""
    money: list[Counter[tuple[str, str, str]]] = []
    for replays in naive:
        paid: Counter[tuple[str, str, str]] = Counter()
        for replay in replays:
            for events in replay.events.values():
                for event in events:
                    if isinstance(event, e.Refunded):
                        for payer in ("*", event.timer or ""):
                            paid["refund", event.amount.currency, payer] += event.amount.minor
        money.append(paid)
    compared = {
        (each.kind, each.currency, each.payer): (each.amount.base, each.amount.other)
        for each in comparison.money
        if each.kind == "refund"
    }
    assert {key: (money[0][key], money[1][key]) for key in money[0] | money[1]} == compared
    assert min(money[0]["refund", "EUR", "refund"], money[0]["refund", "USD", ""]) > 0
    late = [
        sum(isinstance(x, e.Breached) for r in replays for xs in r.events.values() for x in xs)
        for replays in naive
    ]
    assert late == [comparison.late.base, comparison.late.other]
    reopened = [sum(sum(replay.reopened.values()) for replay in replays) for replays in naive]
    assert reopened == [comparison.reopened.base, comparison.reopened.other]
    assert reopened[1] > reopened[0]


def test_lost_disputes_take_money(comparison: Comparison) -> None:
    """A lost dispute takes its amount, less the refunds that settle it."""
    lost = {each.currency: each.amount for each in comparison.money if each.kind == "lost"}
    assert {"EUR", "USD"} == set(lost)
    assert all(amount.base > 0 and amount.base % 300 == 0 for amount in lost.values())


def test_a_against_b_is_b_against_a_with_signs_reversed(
    history: Path, comparison: Comparison
) -> None:
    """Exchanging the policies reverses all signs, and mirrors the bootstrap intervals exactly."""
    with outcomes(history, [FAST, SLOW], workers=1) as reversed_table:
        mirrored = compare(reversed_table)
    for name in ("reopened", "late", "refused", "not_opened"):
        assert _mirrored(getattr(comparison, name)) == getattr_values(getattr(mirrored, name))
    assert [_mirrored(each.amount) for each in comparison.money] == [
        getattr_values(each.amount) for each in mirrored.money
    ]
    assert comparison.changed == mirrored.changed
    for one, two in (("earlier", "later"), ("only-base", "only-other"), ("same", "same")):
        assert comparison.closings[one].tickets == mirrored.closings[two].tickets
    assert comparison.moves["0.5"] == -(mirrored.moves["0.5"] or 0)


def getattr_values(change: object) -> tuple[int, ...]:
    """Return the numbers of a change."""
    from ticketcore.comparison import Change

    assert isinstance(change, Change)
    interval = change.interval
    return (
        change.base,
        change.other,
        change.difference,
        interval.low,
        interval.high,
        change.more.tickets,
        change.fewer.tickets,
    )


def _mirrored(change: object) -> tuple[int, ...]:
    base, other, difference, low, high, more, fewer = getattr_values(change)
    return other, base, -difference, -high, -low, fewer, more


def test_groups_add_up_to_totals(table: Outcomes) -> None:
    """Every ticket is in one group of each field."""
    comparison = compare(table, by=["type", "category", "order_number"])
    for groups in comparison.groups.values():
        assert comparison.tickets == sum(group.tickets for group in groups)
        assert comparison.changed.tickets == sum(group.changed for group in groups)
        for place, name in enumerate(("base", "other")):
            assert getattr(comparison.late, name) == sum(g.late[place] for g in groups)
            assert getattr(comparison.reopened, name) == sum(g.reopened[place] for g in groups)
        assert all(group.tickets == table.count(group.where) for group in groups)


def test_random_examples_are_drawn_by_their_numbers(
    table: Outcomes, comparison: Comparison
) -> None:
    """Random examples are changed tickets with the lowest checksums, without the top examples."""
    others = [
        row["ticket"] for row in table.rows("changed") if row["ticket"] not in comparison.examples
    ]
    drawn = sorted(others, key=lambda number: hashlib.md5(f"1 {number}".encode()).hexdigest())

    assert tuple(drawn[:5]) == comparison.random_examples


def test_deadlines_are_those_of_the_naive_replay(
    comparison: Comparison, naive: tuple[list[NaiveReplay], list[NaiveReplay]]
) -> None:
    """Each cycle of a timer is counted once, and is late by its recorded breach."""
    for name, replays in zip(("base", "other"), naive, strict=True):
        events = [event for r in replays for xs in r.events.values() for event in xs]
        late = Counter(event.timer for event in events if isinstance(event, e.Breached))
        cycles: Counter[str] = Counter()
        for replay in replays:
            for happened_on in replay.events.values():
                cycles.update(
                    name
                    for name, _, _ in {
                        (timer.name, timer.dispute, timer.cycle)
                        for event in happened_on
                        if isinstance(event, e.Scheduled)
                        for timer in event.timers
                    }
                )
        counts = {each.timer: getattr(each, name) for each in comparison.timers}
        assert cycles == {timer: count.cycles for timer, count in counts.items() if count.cycles}
        assert late == {timer: count.late for timer, count in counts.items() if count.late}
        for count in counts.values():
            outcomes_of = count.met_in_time, count.late, count.fired, count.cancelled
            assert count.cycles == sum((*outcomes_of, count.running))


def test_money_is_conserved(table: Outcomes, comparison: Comparison) -> None:
    """The totals differ by exactly the sum over the listed tickets."""
    for each in comparison.money:
        listed = table.rows(f"{each.amount.more.where} OR {each.amount.fewer.where}")
        difference = sum(
            sign * moved["minor"]
            for row in listed
            for sign, name in ((-1, "base"), (1, "other"))
            for moved in row[name]["money"]
            if (moved["kind"], moved["currency"]) == (each.kind, each.currency)
            and each.payer in ("*", moved["timer"] or "")
        )
        assert each.amount.difference == difference


def test_every_count_leads_to_its_tickets(table: Outcomes, comparison: Comparison) -> None:
    """The condition beside a count selects exactly as many tickets."""
    counts = [comparison.changed, *comparison.closings.values()]
    for each in comparison.money:
        counts += [each.amount.more, each.amount.fewer, each.earlier, each.later]
    counts += [assumption.changed for assumption in comparison.assumptions]
    assert [count.tickets for count in counts] == [len(table.rows(c.where)) for c in counts]


@pytest.mark.parametrize("range_size", [1, 3000])
def test_parts_and_workers_change_nothing(
    history: Path, table: Outcomes, comparison: Comparison, range_size: int
) -> None:
    """The rows are the same for any parts of the file and any executor."""
    with (
        ThreadPoolExecutor(3) as executor,
        outcomes(history, [SLOW, FAST], workers=executor, range_size=range_size) as again,
    ):
        assert table.rows() == again.rows()
        assert comparison == compare(again)


def test_the_order_of_the_tickets_in_the_file_changes_nothing(
    tmp_path: Path, comparison: Comparison, table: Outcomes
) -> None:
    """The order of the tickets in the file changes nothing in a comparison."""
    path = tmp_path / "history.jsonl"
    record(path, list(reversed(STORIES)))
    lines = path.read_text("utf-8").splitlines(keepends=True)
    half = next(i for i, line in enumerate(lines[300:], 300) if '"seq":1,' in line)
    path.write_text("".join(lines[half:] + lines[:half]), "utf-8")
    with outcomes(path, [SLOW, FAST], workers=1) as again:
        assert table.rows() == again.rows()
        assert comparison == compare(again)
