"""`ticketcore compare` prints differences first, and fails if the condition of --fail-if holds."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from support.command_line import EXAMPLES, ticketcore, usage_error
from support.histories.comparisons import Desk


def compared(desk: Desk, *args: str) -> Any:
    """Return the comparisons as JSON values."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, "--json", *args)
    assert 0 == ran.code
    return json.loads(ran.out)


def test_the_screen_shows_the_numbers_of_the_json(desk: Desk) -> None:
    """Differences come first; each has the condition that lists its tickets."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, width=300)
    [values] = compared(desk)
    lines = ran.out.splitlines()
    assert (0, "slow 2026-01-01  ->  fast 2026-01-01  over history.jsonl") == (ran.code, lines[0])
    assert f"{values['changed']['tickets']}  tickets change" in lines[4]
    reopened = values["reopened"]
    assert f"+{reopened['difference']}  closings that people reopen: " in ran.out
    assert f"{reopened['base']} -> {reopened['other']}" in ran.out
    assert all(f"+{reopened['interval'][end]}" in ran.out for end in ("low", "high"))
    assert "other.reopened_by_people >" in ran.out
    assert "of 28 orders from" in lines[1]
    titles = ["What changes", "Money", "Timers", "By type", "Look at these", "Assumptions"]
    assert titles == [t for t in titles if any(line.startswith(t) for line in lines)]
    assert "refunded in all" in ran.out
    assert "refunded by people" in ran.out
    assert "lost in disputes by the timer claim" in ran.out
    policies = f"--policy {desk.slow} --{{}} {desk.fast}"
    assert f"ticketcore replay {desk.history} TICKET {policies.format('policy')}" in lines
    listing = f'{policies.format("against")} --where "CONDITION"'
    assert f"ticketcore tickets {desk.history} {listing}" in lines


def test_money_that_one_payer_moves_is_printed_once(desk: Desk) -> None:
    """The total is left out if it equals the row of the only payer."""
    args = ("compare", desk.history, desk.slow, desk.fast)
    [values] = compared(desk)
    payers = [
        {m["payer"] for m in values["money"] if (m["kind"], m["currency"]) == key}
        for key in dict.fromkeys((m["kind"], m["currency"]) for m in values["money"])
    ]
    alone = [those for those in payers if len(those) == 2]
    assert 0 < len(alone) < len(payers)
    out = ticketcore(*args, width=300).out

    assert len(payers) - len(alone) == out.count(" in all ")


def test_the_total_comes_before_those_who_move_the_money() -> None:
    """Of each kind and currency the total comes first, then what no timer moved, then timers."""
    history = EXAMPLES / "histories" / "marketplace.jsonl.gz"
    ran = ticketcore("compare", history, "amazon-pay", "service-desk", width=300)
    titles = [line.split("  ")[0] for line in ran.out.splitlines() if " EUR " in line]
    assert [
        "lost in disputes in all",
        "lost in disputes by a decision",
        "lost in disputes by the timer chargeback",
        "lost in disputes by the timer claim",
        "refunded by people",
    ] == titles


def test_many_groups_are_summed_up(desk: Desk) -> None:
    """Groups after the first eight are summed up in one row."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, "--by", "order_number")
    assert "By order_number" in ran.out
    assert " others " in ran.out
    by_category = ticketcore("compare", desk.history, desk.slow, desk.fast, "--by", "category")
    assert any(line.startswith("-  ") for line in by_category.out.splitlines())


def test_equal_policies_differ_in_nothing(desk: Desk) -> None:
    """Two equal policies change no ticket, so no examples are listed."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.slow)
    assert "0  tickets change, 0.0 % of 40" in ran.out
    assert "Look at these" not in ran.out


def test_more_than_two_policies_are_each_compared_with_the_base(desk: Desk) -> None:
    """Each further policy is compared with the base."""
    ran = ticketcore(
        "compare", desk.history, desk.slow, desk.fast, "service-desk", "--json", "--by", "type"
    )
    first, second = json.loads(ran.out)
    assert ("slow 2026-01-01", "service-desk 2016-01-01") == (second["base"], second["other"])
    assert first == compared(desk, "--by", "type")[0]
    assert "other_2.late < base.late" == second["late"]["fewer"]["where"]
    effects = {timer["timer"]: (timer["base"], timer["other"]) for timer in second["timers"]}
    assert effects["resolved"][0] is None
    assert effects["answer"][1] is None
    ran = ticketcore("compare", desk.history, desk.slow, "service-desk")
    assert "close under slow 2026-01-01 only" in ran.out


@pytest.mark.parametrize(
    ("condition", "code"),
    [("changed > 0", 1), ("reopened < 0 or refund_usd_base = 0", 0), ("late_other >= late", 1)],
)
def test_a_condition_can_fail_the_run(desk: Desk, condition: str, code: int) -> None:
    """The condition of --fail-if is SQL over the numbers of the comparison."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, "--fail-if", condition)
    assert code == ran.code
    assert (f"failed: fast 2026-01-01: {condition}" in ran.err) == bool(code)


def test_no_selected_ticket_meets_no_condition(desk: Desk) -> None:
    """A condition of --fail-if is not passed by a selection without tickets."""
    args = "compare", desk.history, desk.slow, desk.fast, "--only", "type=none"
    ran = ticketcore(*args, "--fail-if", "changed > 0")
    assert (5, True) == (ran.code, "no ticket is selected" in ran.err)
    assert 0 == ticketcore(*args).code


def test_the_period_and_fields_select_tickets(desk: Desk) -> None:
    """The period and the fields of the options select the tickets that are compared."""
    [whole] = compared(desk)
    [first] = compared(desk, "--until", "2026-01-10", "--only", "type=question")
    [rest] = compared(desk, "--since", "2026-01-10T00:00+00:00", "--only", "type=question")
    [requests] = compared(desk, "--only", "type=request")
    assert whole["tickets"] == first["tickets"] + rest["tickets"] + requests["tickets"]
    [both] = compared(desk, "--only", "type=request", "--only", "type=question")
    assert whole == both


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--since", "soon"], "expected a date such as 2026-03-01, or a date and time, found"),
        (["--only", "type"], "expected FIELD=VALUE, found type"),
    ],
)
def test_wrong_options_are_usage_errors(desk: Desk, args: list[str], message: str) -> None:
    """A wrong option is a usage error that says what is expected."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, *args)
    assert 2 == ran.code
    assert message in usage_error(ran)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--by", "typ"], 'error: tickets have no field "typ": did you mean "type"?'),
        (["--only", "typ=x"], 'error: tickets have no field "typ": did you mean "type"?'),
        (
            ["--fail-if", "reopend > 1"],
            'error: unknown name "reopend" in a condition: did you mean "reopened"?',
        ),
    ],
)
def test_wrong_names_are_errors(desk: Desk, args: list[str], message: str) -> None:
    """A wrong name is an error that suggests the nearest known name."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, *args)
    assert (2, True) == (ran.code, ran.err.startswith(message))


@pytest.mark.parametrize("condition", ["reopend > 1", "other.late > base.late"])
def test_an_unknown_number_lists_those_known(desk: Desk, condition: str) -> None:
    """A condition of --fail-if with an unknown name lists the numbers that it may use."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, "--fail-if", condition)
    _, _, numbers = ran.err.partition("\nThe names are: ")
    assert 2 == ran.code
    assert {"changed", "reopened", "late", "late_base", "late_other"} <= set(
        numbers.strip().split(", ")
    )


def test_a_history_without_money_says_so() -> None:
    """The comparison says that the history has no money if no ticket has an order."""
    history = EXAMPLES / "histories" / "service-desk.jsonl"
    ran = ticketcore("compare", history, "service-desk", "office")
    assert "No money moves under either policy." in ran.out


def test_broken_tickets_are_counted(desk: Desk, tmp_path: Path) -> None:
    """Broken tickets are counted, and are not part of the totals."""
    broken = tmp_path / "broken.jsonl"
    lines = desk.history.read_text("utf-8").splitlines(keepends=True)
    broken.write_text("?\n" + "".join(lines), "utf-8")
    ran = ticketcore("compare", broken, desk.slow, desk.fast)
    assert "replayed under both; 1 ticket broken" in " ".join(ran.out.split())


@pytest.mark.parametrize(("content", "why"), [("", "the file has no events"), ("?\n", "line 1: ")])
def test_a_history_without_any_ticket_is_an_error(
    desk: Desk, tmp_path: Path, content: str, why: str
) -> None:
    """A history without any ticket is an error, because nothing was compared."""
    broken = tmp_path / "broken.jsonl"
    broken.write_text(content, "utf-8")
    ran = ticketcore("compare", broken, desk.slow, desk.fast)
    assert (2, "") == (ran.code, ran.out)
    assert ran.err.startswith(f"{broken}: {why}")


def test_an_empty_selection_has_no_tickets(desk: Desk) -> None:
    """If no ticket is selected, all counts are 0."""
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, "--until", "2020-01-01")
    assert "0 tickets, replayed under both" in ran.out
    assert "0  tickets change, - of 0" in ran.out


def test_one_policy_is_too_few(desk: Desk) -> None:
    """A comparison needs a base and another policy."""
    ran = ticketcore("compare", desk.history, desk.slow)
    assert "name at least two policies" in usage_error(ran)


def test_the_command_for_the_tickets_selects_those_that_were_compared(desk: Desk) -> None:
    """The printed command for the tickets of a count lists exactly those tickets."""
    filters = ("--since", "2026-01-10", "--only", "type=question")
    ran = ticketcore("compare", desk.history, desk.slow, desk.fast, *filters, width=300)
    [values] = compared(desk, *filters)
    command = ran.out.splitlines()[-1].replace("CONDITION", values["changed"]["where"])
    listed = ticketcore(*shlex.split(command)[1:], "--json")

    assert values["changed"]["tickets"] == len(json.loads(listed.out))
    assert values["tickets"] < 40
