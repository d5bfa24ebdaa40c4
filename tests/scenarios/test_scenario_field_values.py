"""Values of the policy's own fields in a scenario are written as TOML has them."""

from pathlib import Path

from ticketcore.scenarios import check_scenario, load_scenario

POLICY = """
name = "small"
effective = 2026-01-01
zone = "Europe/Vienna"
default_type = "request"
[types.request]
[fields.weight]
type = "number"
[fields.known]
type = "yes-no"
[fields.delivered_at]
type = "instant"
[fields.flight]
type = "date"
[[permission]]
commands = ["open", "set-field"]
by = "customer"
"""
SCENARIO = """
name = "values"
policy = "small.toml"
[ticket]
zone = "Europe/Vienna"
fields = { weight = 2.50, known = true }
[[step]]
at = 2026-01-12T10:00:00
command = "open"
by = "customer"
[[step]]
at = 2026-01-12T11:00:00
command = "set-field"
by = "customer"
field = "delivered_at"
value = 2026-01-12T09:00:00
[[step]]
at = 2026-01-12T12:00:00
command = "set-field"
by = "customer"
field = "flight"
value = 2026-02-28
[expect]
events = ["opened", "field-set", "field-set"]
[[expect.event]]
event = "field-set"
field = "delivered_at"
value = 2026-01-12T09:00:00+01:00
[[expect.event]]
event = "field-set"
field = "flight"
kind = "date"
value = "2026-02-28"
"""


def test_values_are_read_by_their_kind(tmp_path: Path) -> None:
    """An instant without an offset is local time of the ticket."""
    (tmp_path / "small.toml").write_text(POLICY)
    file = tmp_path / "values.toml"
    file.write_text(SCENARIO)
    scenario = load_scenario(file)
    opening = scenario.steps[0].command

    assert {"weight": "2.5", "known": "yes"} == getattr(opening, "fields", None)
    assert () == check_scenario(file).findings
