"""`ticketcore sweep` and `ticketcore workload` print curves and hours."""

import json
from pathlib import Path

from support.command_line import ticketcore, usage_error
from support.histories.comparisons import Desk

SPANS = "timer.silent.after=20 hours, 30 hours,120 hours"


def test_a_sweep_has_a_curve_for_each_goal(desk: Desk) -> None:
    """A sweep prints a curve for each goal, with the numbers of its JSON."""
    args = ("sweep", desk.history, desk.slow, "--set", SPANS)
    values = json.loads(ticketcore(*args, "--json").out)
    ran = ticketcore(*args)
    assert 0 == ran.code
    assert ["20 hours", "30 hours", "120 hours"] == [
        point["values"]["timer.silent.after"] for point in values["points"]
    ]
    for point in values["points"]:
        change = point["totals"]["reopened"]
        line = next(
            line
            for line in ran.out.splitlines()
            if line.startswith(point["values"]["timer.silent.after"])
        )
        assert f" {change['other']}  " in line
        shown = f"{change['difference']:+} ({change['interval']['low']:+} to "
        assert ("as it is" if point["as_is"] else shown) in line
    assert [False, False, True] == [point["as_is"] for point in values["points"]]
    assert f"timer.silent.after = {values['choice']['values']['timer.silent.after']}" in ran.out
    assert "the least reopened on orders before 2026-01-" in ran.out


def test_a_value_that_is_no_better_is_named_so(desk: Desk) -> None:
    """If no value costs less than the policy as it is, the choice says so."""
    args = ("sweep", desk.history, desk.slow, "--set")
    same = ticketcore(*args, "timer.silent.after=130 hours,120 hours", "--minimize", "0 * late")
    worse = ticketcore(*args, "timer.silent.after=20 hours", "--minimize", "reopened")

    assert "timer.silent.after = 120 hours\n" in same.out
    assert "cost on those orders: 0.0, no less than with the policy as it is\n" in same.out
    assert ", no less than with the policy as it is " in worse.out


def test_dominated_points_are_marked(desk: Desk) -> None:
    """A dominated point is marked beside its days, and a legend explains the mark."""
    both = ("--set", "timer.silent.after=30 hours", "--set", "timer.answer.after=1 hours,48 hours")
    ran = ticketcore("sweep", desk.history, desk.slow, *both, "--goal", "late", width=80)
    worse, better = (line for line in ran.out.splitlines() if line.startswith("30 hours · "))
    assert "* another point is better" in ran.out
    assert ["* ", "  "] == [line[-5:-3] for line in (worse, better)]


def test_orders_are_counted_where_they_have_several_tickets(desk: Desk) -> None:
    """A sweep of orders with several tickets prints the number of orders."""
    ran = ticketcore("sweep", desk.history, desk.slow, "--set", SPANS)
    orders = json.loads(
        ticketcore("sweep", desk.history, desk.slow, "--set", SPANS, "--json").out
    )["orders"]
    assert f"40 tickets of {orders} orders, replayed" in ran.out


def test_a_curve_is_one_table_also_on_a_narrow_screen(desk: Desk) -> None:
    """On a narrow screen a curve stays one table, with shorter bars."""
    args = ("sweep", desk.history, desk.slow, "--set", SPANS, "--goal", "reopened")
    longest = {}
    for width in (80, 100):
        out = ticketcore(*args, width=width).out
        assert 1 == out.count("timer.silent.after  ")
        longest[width] = max(line.count("█") for line in out.splitlines())

    assert {80: 8, 100: 16} == longest


def test_money_of_a_sweep_has_a_currency(desk: Desk) -> None:
    """Amounts stand in a column of their currency, on a narrow screen without bars."""
    args = ("sweep", desk.history, desk.slow, "--set", SPANS, "--goal", "refund_eur")
    [point, *_] = json.loads(ticketcore(*args, "--json").out)["points"]
    amount = f"{point['totals']['refund_eur']['other'] / 100:,.2f}"
    for width, bars in ((80, False), (120, True)):
        lines = ticketcore(*args, width=width).out.splitlines()
        head = next(x for x in lines if x.startswith("timer.silent.after  "))
        assert ["EUR", "difference"] == head.split()[1:3]
        line = next(x for x in lines if x.startswith("20 hours "))
        assert f" {amount} " in line
        assert bars == ("█" in line)


def test_several_parameters_are_named_once_above_the_curves(desk: Desk) -> None:
    """With several parameters the first column is "values", and a line names the parameters."""
    two = ("--set", SPANS, "--set", "timer.answer.after=12 hours,24 hours")
    out = ticketcore("sweep", desk.history, desk.slow, *two, width=80).out
    heads = [line for line in out.splitlines() if line.startswith("values  ")]

    assert 1 == out.count("values of timer.silent.after · timer.answer.after\n")
    assert ["reopened", "late"] == [head.split()[1] for head in heads]


def test_a_sweep_without_tickets_has_no_curve(desk: Desk) -> None:
    """Without a selected ticket there is no curve and no choice."""
    ran = ticketcore("sweep", desk.history, desk.slow, "--set", SPANS, "--since", "2100-01-01")
    assert "0 tickets, replayed with each value\n" in ran.out
    assert "Chosen" not in ran.out
    assert "median - days open" in ran.out


def test_a_broken_ticket_is_counted_and_reported(desk: Desk, tmp_path: Path) -> None:
    """A broken ticket is reported on stderr; the exit code is 2 if no other could be replayed."""
    broken, partly = tmp_path / "broken.jsonl", tmp_path / "partly.jsonl"
    broken.write_text("?\n", "utf-8")
    partly.write_text("?\n" + Path(desk.history).read_text("utf-8"), "utf-8")
    problem = "line 1: not JSON: Expecting value at character 1\n"
    ran = ticketcore("sweep", broken, desk.slow, "--set", SPANS)
    assert (2, "", f"{broken}: {problem}") == (ran.code, ran.out, ran.err)
    ran = ticketcore("sweep", partly, desk.slow, "--set", SPANS)
    assert (0, f"{partly}: {problem}") == (ran.code, ran.err)
    assert ", replayed with each value; 1 ticket broken\n" in ran.out


def test_a_parameter_needs_values(desk: Desk) -> None:
    """A parameter without values is refused, and the message shows the form."""
    ran = ticketcore("sweep", desk.history, desk.slow, "--set", "timer.silent.after")
    assert "expected KEY=VALUE,..., found timer.silent.after" in usage_error(ran)


def test_the_hours_of_the_week_are_a_table(desk: Desk) -> None:
    """Hours without a deadline are left out of the table; the fullest hours have percentiles."""
    ran = ticketcore("workload", desk.history, "--policy", desk.slow)
    hours = json.loads(ticketcore("workload", desk.history, "--policy", desk.slow, "--json").out)
    total = sum(hour["due"] for hour in hours)
    assert ran.out.startswith(f"{total} deadlines due, by hour and weekday in UTC")
    assert ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] == ran.out.splitlines()[1].split()
    shown = [line for line in ran.out.splitlines() if line[2:5] == ":00"]
    assert len(shown) == len({hour["hour"] for hour in hours if hour["due"]})
    assert "Fullest hours" in ran.out


def test_no_deadline_is_no_hour(desk: Desk) -> None:
    """Without deadlines only the count is printed."""
    ran = ticketcore("workload", desk.history, "--policy", desk.slow, "--where", "false")
    assert ran.out.startswith("0 deadlines due")
    assert "Fullest hours" not in ran.out


def test_an_unknown_timer_is_a_usage_error(desk: Desk) -> None:
    """An unknown timer is a usage error that suggests the nearest name."""
    ran = ticketcore("workload", desk.history, "--policy", desk.slow, "--timer", "anser")
    assert 'policy slow has no timer "anser": did you mean "answer"?' in usage_error(ran)
