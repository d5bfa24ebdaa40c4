"""Checks of declared fields, each with its exact message."""

import pytest

from support.policies.policy_problems import HEAD, OPEN, problems
from ticketcore.policies import parse_policy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[fields.a]\n",
            "8:1: fields.a: the field has no values: "
            'add choices = [...], or a type such as "text"',
        ),
        (
            '[fields.a]\ntype = "text"\nchoices = ["x"]\n',
            "9:1: fields.a.type: the choices of a field are text: remove one of the two keys",
        ),
        (
            '[opening]\nrequired = "fields.a"\n',
            '9:1: opening.required: no field "a"; this file declares none: add [fields.a]',
        ),
        (
            '[opening]\nrequired = "fields.knd"\n[fields.kind]\ntype = "text"\n',
            '9:1: opening.required: no field "knd"; did you mean "kind"?',
        ),
        (
            '[opening]\nrequired = "fields.a"\n[fields.a]\ntype = "text"\ndefault = "x"\n',
            "9:1: opening.required: a has a default, so no opening lacks it: remove one of the "
            "two",
        ),
        (
            '[fields.a]\ntype = "integer"\n',
            '9:1: fields.a.type: unknown "integer"; expected one of "date", "instant", "money", '
            '"number", "text", "yes-no"',
        ),
        (
            '[fields.a]\nchoices = ["low", "high"]\ndefault = "lo"\n',
            '10:1: fields.a.default: expected "low" or "high", found the text "lo"',
        ),
        (
            '[fields.a]\ntype = "money"\ndefault = 5\n',
            '10:1: fields.a.default: expected an amount such as "49.00 USD", found the integer 5',
        ),
        (
            '[fields.a]\ntype = "money"\ndefault = "5"\n',
            '10:1: fields.a.default: expected an amount such as "49.00 USD", found the text "5"',
        ),
        (
            '[fields.a]\ntype = "instant"\ndefault = 2026-01-01T09:00:00\n',
            "10:1: fields.a.default: an instant needs an offset, such as 2026-01-01T09:00:00Z",
        ),
        (
            '[fields.a]\ntype = "number"\ndefault = nan\n',
            "10:1: fields.a.default: expected text, a number, a date, an instant, true or false, "
            "found the number nan",
        ),
        (
            '[fields.a]\ntype = "number"\ndefault = 1e200\n',
            '10:1: fields.a.default: expected a number such as "12.5", of at most 30 digits, '
            "found the number 1e+200",
        ),
        (
            '[fields.a]\ntype = "text"\ndefault = ["x"]\n',
            "10:1: fields.a.default: expected text, a number, a date, an instant, true or false, "
            "found an array",
        ),
        (
            '[fields.a]\ntype = "text"\nwaiting_for = { x = "customer" }\n',
            "10:1: fields.a.waiting_for: only works with choices",
        ),
        (
            '[fields.a]\nchoices = ["open"]\nwaiting_for = { opn = "customer" }\n',
            '10:17: fields.a.waiting_for.opn: no value "opn"; did you mean "open"?',
        ),
        (
            '[fields.a]\ntype = "text"\n[[permission]]\ncommands = "set-field"\n'
            'by = "vendor"\nfields = ["a", "b"]\n',
            '13:1: permission[1].fields: no field "b"; expected "a"',
        ),
        (
            '[fields.a]\ntype = "text"\n[[permission]]\ncommands = ["set-field", "reply"]\n'
            'by = "vendor"\nfields = ["a"]\n',
            '13:1: permission[1].fields: only works with commands = ["open", "set-field"]',
        ),
        (
            '[[notification]]\nname = "n"\non = "note-added"\nto = ["support", "shared"]\n',
            '11:1: notification[0].to: a note is internal, so "shared" does not '
            "receive it: leave one out",
        ),
    ],
)
def test_a_mistake_is_reported(text: str, expected: str) -> None:
    """A mistake in a field is reported with what is wrong and what would be right."""
    assert [expected] == problems(HEAD + OPEN + text)


@pytest.mark.parametrize(
    ("kind", "default", "text"),
    [
        ("text", '"x"', "x"),
        ("number", "5", "5"),
        ("number", "2.50", "2.5"),
        ("money", '"5.00 USD"', "5.00 USD"),
        ("date", "2026-01-31", "2026-01-31"),
        ("instant", "2026-01-31T09:00:00+01:00", "2026-01-31T08:00:00.000000Z"),
        ("yes-no", "true", "yes"),
    ],
)
def test_a_default_is_written_as_toml_has_it(kind: str, default: str, text: str) -> None:
    """Amounts are text, as everywhere in a policy."""
    policy = parse_policy(f'{HEAD}{OPEN}[fields.a]\ntype = "{kind}"\ndefault = {default}\n')
    value = policy.fields["a"].default_value

    assert value is not None
    assert (kind, text) == (value.kind, value.value)
