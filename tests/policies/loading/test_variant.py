"""Single values of a policy can be replaced after its file is read."""

from pathlib import Path

import pytest

from ticketcore.errors import PolicyError, QueryError
from ticketcore.policies import load_policy


def test_a_timer_is_addressed_by_its_name() -> None:
    """A value for a timer's name replaces the key in all timers of that name."""
    policy = load_policy("service-desk", values={"timer.resolved.after": "48 hours"})
    assert ["48 hours"] == [str(timer.after) for timer in policy.timers]
    quoted = load_policy("service-desk", values={"timer.resolved.after": '"2 days"'})
    assert ["2 days"] == [str(timer.after) for timer in quoted.timers]
    before, after = (
        {timer.name: str(timer.after) for timer in load_policy("amazon-pay", values=values).timers}
        for values in ({}, {"timer.chargeback.after": "77 days"})
    )
    assert after == before | {"chargeback": "77 days"}
    names = {timer.name for timer in load_policy("clickbank").timers}
    assert names == {timer.name for timer in load_policy("clickbank", values={}).timers}


def test_numbers_and_yes_no_values_are_read_as_in_the_file() -> None:
    """Numbers and yes/no values are read as in the file, while a date stays text."""
    values = {"refunds.partial": "false", "refunds.max_refunds": "3", "title": "2026-01-01"}
    policy = load_policy("amazon-pay", values=values)
    assert (False, 3) == (policy.refunds.partial, policy.refunds.max_refunds)
    assert "2026-01-01" == policy.title


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (
            "timer.resolvd.after",
            '"timer.resolvd.after": "resolvd" is unknown; did you mean "resolved"?',
        ),
        ("timer.resolved.aftr", '"timer.resolved.aftr": "aftr" is unknown; did you mean "after"?'),
        ("timers.resolved", '"timers" is unknown; did you mean "timer"?'),
        ("permission.x.by", '"x" is unknown; expected'),
    ],
)
def test_an_unknown_key_is_an_error(key: str, message: str) -> None:
    """An unknown key is an error that suggests the nearest key or name."""
    with pytest.raises(QueryError) as caught:
        load_policy("service-desk", values={key: "1"})
    assert message in str(caught.value)


def test_a_wrong_value_is_a_problem_of_the_policy() -> None:
    """A wrong value is reported at the place of the value that it replaces."""
    with pytest.raises(
        PolicyError, match=r"service-desk\.toml:15.*, with timer\.resolved\.after = 48 hurs$"
    ):
        load_policy("service-desk", values={"timer.resolved.after": "48 hurs"})
    with pytest.raises(PolicyError) as caught:
        load_policy("service-desk", values={"timer.resolved.after": "1 hurs", "title": "7"})
    assert {("timer[0].after", True), ("title", True)} == {
        (problem.path, problem.message.endswith(", with timer.resolved.after = 1 hurs, title = 7"))
        for problem in caught.value.problems
    }
    assert {(15, 1), (5, 1)} == {
        (problem.line, problem.column) for problem in caught.value.problems
    }
    with pytest.raises(PolicyError, match="effective"):
        load_policy("service-desk", values={"effective": "2026-01-01"})


def test_a_policy_with_other_values_keeps_what_it_extends_and_its_files(tmp_path: Path) -> None:
    """Other values change neither the names of the extended files nor where files are found."""
    (tmp_path / "days.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n", encoding="utf-8"
    )
    shop = tmp_path / "shop.toml"
    shop.write_text(
        'extends = "service-desk"\nname = "shop"\n[calendars.office]\n'
        'hours = "mon-fri 09:00-17:00"\nics = "days.ics"\n',
        encoding="utf-8",
    )
    policy = load_policy(shop, values={"title": "A shop"})

    assert ("A shop", ("service-desk",)) == (policy.title, policy.extends)
    assert "days.ics" == policy.calendars["office"].ics[0].name
