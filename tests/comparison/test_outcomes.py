"""The table of outcomes: its file, its columns, and the tickets that are left out."""

from pathlib import Path
from typing import Any

import attrs
import pyarrow.parquet as pq
import pytest

from support.histories.backtests import CLICKBANK, ORDER, SERVICE_DESK, hours, opened, replied
from support.histories.comparisons import FAST, SLOW, record, stories
from ticketcore import events as e
from ticketcore.comparison import (
    OUTCOME_COLUMNS,
    TICKET_COLUMNS,
    compare,
    holds,
    outcomes,
    write_outcomes,
)
from ticketcore.comparison import _outcomes as module
from ticketcore.comparison.wording import amount, share, signed
from ticketcore.errors import QueryError
from ticketcore.events import write_histories
from ticketcore.policies import PolicyVersions, parse_policy


def outcome_of(folder: Path, *events: e.Event, policy: Any = SERVICE_DESK) -> dict[str, Any]:
    """Return the outcome of one ticket under a policy."""
    path = folder / "history.jsonl"
    write_histories(path, [("T1", events)])
    with outcomes(path, [policy], workers=1) as table:
        (row,) = table.rows()
    outcome: dict[str, Any] = row["base"]
    return outcome


def test_an_edited_policy_of_the_same_version_has_its_digest(tmp_path: Path) -> None:
    """Two policies of one name and version can be told apart, and a policy needs no digest."""
    edited = attrs.evolve(SERVICE_DESK, title="Edited", timers=())
    path = tmp_path / "history.jsonl"
    write_histories(path, [("T1", [opened()])])
    with outcomes(path, [SERVICE_DESK, edited, SERVICE_DESK], workers=1) as table:
        plain = "service-desk 2016-01-01"
        assert (plain, f"{plain} ({edited.digest})", plain) == table.labels


def test_each_deadline_has_its_outcome(tmp_path: Path) -> None:
    """The outcome of a deadline is cancelled or fired; people may reopen or confirm a closing."""
    solved = replied(1, "support", solution=True)
    again = replied(2, "customer"), replied(3, "support", solution=True), replied(200, "customer")
    closed = replied(201, "support", solution=True), e.Closed(at=hours(400), by="support")
    outcome = outcome_of(tmp_path, opened(), solved, *again, *closed)
    assert [("cancelled", None), ("fired", "reopened"), ("fired", "confirmed")] == [
        (deadline["outcome"], deadline["verdict"]) for deadline in outcome["deadlines"]
    ]
    assert {"resolved"} == {deadline["timer"] for deadline in outcome["deadlines"]}
    assert [hours(121), hours(123), hours(321)] == [d["due"] for d in outcome["deadlines"]]


def test_a_ticket_that_the_policy_does_not_open_has_no_outcome(tmp_path: Path) -> None:
    """A ticket that the policy refuses to open has no outcome."""
    outcome = outcome_of(tmp_path, opened(type="refund"), replied(1, "vendor"), policy=CLICKBANK)
    assert (False, None, 2, []) == (
        outcome["opened"],
        outcome["closed_at"],
        outcome["refused"],
        outcome["deadlines"],
    )


def test_a_refund_that_failed_moves_no_money(tmp_path: Path) -> None:
    """Refunds are listed with their timer, or as those of people; failed ones are left out."""
    policy = parse_policy(
        'name = "shop"\neffective = 2026-01-01\ndefault_type = "request"\nzone = "UTC"\n'
        "[types.request]\n[refunds]\npartial = true\nrequires_confirmation = true\n"
        '[[permission]]\ncommands = ["open", "refund", "fail-refund", "reply"]\n'
        'by = ["customer", "vendor", "system"]\n'
    )
    refunds = [
        e.Refunded(at=hours(n), by="vendor", amount=e.Money(n, "USD"), reference=f"R{n}")
        for n in (1, 2)
    ]
    failed = e.RefundFailed(at=hours(3), by="system", reference="R1")
    opening = opened(type="request", order=ORDER)
    outcome = outcome_of(tmp_path, opening, *refunds, failed, policy=policy)
    paid = {
        "moved_at": hours(2),
        "kind": "refund",
        "timer": None,
        "minor": 2,
        "currency": "USD",
    }
    assert (2, [paid]) == (outcome["refunded"], outcome["money"])


def test_money_that_does_not_move_is_a_number_too(tmp_path: Path) -> None:
    """A condition on money holds for a currency of the orders in which nothing moves."""
    path = tmp_path / "history.jsonl"
    write_histories(path, [("T1", [opened(type="refund", order=ORDER, zone="Europe/Berlin")])])
    with outcomes(path, [SERVICE_DESK, SERVICE_DESK], workers=1) as table:
        comparison = compare(table)
        numbers = comparison.numbers()
        assert (("USD",), ()) == (comparison.currencies, comparison.money)
        assert {0} == {
            numbers[f"{kind}_usd{of}"]
            for kind in ("refund", "lost")
            for of in ("", "_base", "_other")
        }
        assert not holds(table, comparison, "refund_usd > 500000")


def test_the_file_has_the_documented_columns(tmp_path: Path) -> None:
    """Each policy has a structured column; rows come in groups of many parts."""
    path, target = tmp_path / "history.jsonl", tmp_path / "out.parquet"
    record(path, list(stories(30, seed=2)))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_ROWS_PER_GROUP", 10)
        written = write_outcomes(path, [SLOW, FAST, SLOW], target, workers=1, range_size=500)
    file = pq.ParquetFile(target)
    assert (30, 30) == (written.rows, file.metadata.num_rows)
    assert 1 < file.num_row_groups < 5
    names = file.schema_arrow.names
    assert [*(c.name for c in TICKET_COLUMNS), "base", "other", "other_2"] == names
    assert [c.name for c in OUTCOME_COLUMNS] == [
        field.name for field in file.schema_arrow.field("other_2").type
    ]
    assert all(column.doc.endswith(".") for column in (*TICKET_COLUMNS, *OUTCOME_COLUMNS))


def test_the_first_broken_tickets_are_listed(tmp_path: Path) -> None:
    """All broken tickets are counted, and the first twenty are listed."""
    path = tmp_path / "history.jsonl"
    path.write_text("?\n" * 50, "utf-8")
    written = write_outcomes(path, [SLOW], tmp_path / "out.parquet", workers=1)
    assert (0, 50, 20) == (written.rows, written.broken, len(written.broken_examples))


def test_the_fields_of_a_policy_group_tickets(tmp_path: Path) -> None:
    """The fields of a policy are a map of texts, by which tickets can be grouped."""
    path = tmp_path / "history.jsonl"
    urgent = e.FieldSet(at=hours(1), by="support", field="it's", kind="text", value="high")
    write_histories(path, [("T1", [opened(), urgent]), ("T2", [opened()])])
    with outcomes(path, [SERVICE_DESK, SERVICE_DESK], workers=1) as table:
        first, second = table.rows()
        groups = compare(table, by=["fields.it's"]).groups["fields.it's"]
        assert [1, 1] == [table.count(group.where) for group in groups]
    assert ({"it's": "high"}, {}) == (first["fields"], second["fields"])
    assert {"high", None} == {group.value for group in groups}


def test_tags_are_a_list_that_conditions_can_search(tmp_path: Path) -> None:
    """Tags are a list that conditions can search, and that may be empty."""
    path = tmp_path / "history.jsonl"
    tagged = e.Tagged(at=hours(1), by="support", tag="vip")
    write_histories(path, [("T1", [opened(), tagged]), ("T2", [opened()])])
    with outcomes(path, [SERVICE_DESK], workers=1) as table:
        assert [["vip"], []] == [row["tags"] for row in table.rows()]
        assert 1 == table.count("list_contains(tags, 'vip')")


def test_versions_of_a_policy_are_one_policy(tmp_path: Path) -> None:
    """Each ticket is replayed under the version in force, and the label names all versions."""
    path = tmp_path / "history.jsonl"
    record(path, list(stories(10, seed=2)))
    later = parse_policy(
        'extends = "service-desk"\nname = "service-desk"\neffective = 2026-01-10\n'
    )
    versions = PolicyVersions.of(SERVICE_DESK, later)
    with outcomes(path, [SERVICE_DESK, versions], workers=1) as table:
        comparison = compare(table)
        with pytest.raises(QueryError, match='no policy "oter": did you mean "other"'):
            compare(table, "oter")
    assert "service-desk 2016-01-01 to 2026-01-10" == comparison.other
    assert (0, {"resolved"}) == (
        comparison.changed.tickets,
        {timer.timer for timer in comparison.timers},
    )


def test_numbers_are_written_for_people() -> None:
    """Numbers are written with signs, separators and units."""
    assert ("+1,200", "-3", "0") == (signed(1200), signed(-3), signed(0))
    assert ("50.0 % of 4", "- of 0") == (share(2, 4), share(0, 0))
    assert "+1,049.00 USD" == amount(104900, "USD", sign=True)
    assert ("-0.05 EUR", "1,000 JPY") == (amount(-5, "EUR"), amount(1000, "JPY"))


@pytest.mark.parametrize("deep", ["(" * 65, "[" * 65, ")" * 65 + "{" * 65])
def test_brackets_inside_one_another_are_limited(tmp_path: Path, deep: str) -> None:
    """Brackets in a condition are limited: DuckDB takes gigabytes to refuse too many."""
    path = tmp_path / "history.jsonl"
    write_histories(path, [("T1", [opened()])])
    with (
        outcomes(path, [SERVICE_DESK], workers=1) as table,
        pytest.raises(QueryError, match="more than 64 brackets inside one another"),
    ):
        table.rows(deep)


class _Interrupted:
    def execute(self, _: str) -> None:
        raise RuntimeError("Query interrupted")  # by DuckDB, after a signal


def test_an_interrupted_query_ends_as_ctrl_c_does(tmp_path: Path) -> None:
    """An interrupted query of DuckDB ends without a traceback."""
    path = tmp_path / "history.jsonl"
    write_histories(path, [("T1", [opened()])])
    with outcomes(path, [SERVICE_DESK], workers=1) as table:
        vars(table)["_database"] = _Interrupted()
        with pytest.raises(KeyboardInterrupt):
            table.rows()
