"""The values of fields: texts with a kind."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from support.strategies import FIELD_CONTENTS
from ticketcore.errors import CodecError, FieldError
from ticketcore.events import (
    FieldContent,
    FieldSet,
    FieldValue,
    Money,
    content_of,
    field_text,
    kind_of,
    load_event,
    parse_field,
)

AT = datetime(2026, 1, 9, 22, tzinfo=UTC)


@given(FIELD_CONTENTS)
def test_a_value_is_read_from_its_text(content: FieldContent) -> None:
    """A value of a field is read from its text and its kind."""
    assert content == parse_field(kind_of(content), field_text(content))


@given(FIELD_CONTENTS)
def test_a_text_is_written_in_one_form(content: FieldContent) -> None:
    """Equal values of a field have one text."""
    again = parse_field(kind_of(content), field_text(content))

    assert again is not None
    assert field_text(content) == field_text(again)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (Decimal("100.0"), "100"),
        (Decimal("-0.050"), "-0.05"),
        (Decimal("0.00"), "0"),
        (Decimal("1E+2"), "100"),
        (Decimal("200"), "200"),
        (date(2026, 2, 28), "2026-02-28"),
    ],
)
def test_a_number_has_no_needless_digits(content: FieldContent, text: str) -> None:
    """The text of a number has no zeros after its last digit, and no exponent."""
    assert text == field_text(content)


@pytest.mark.parametrize(
    ("kind", "text", "content"),
    [
        ("text", "Münze", "Münze"),
        ("number", "-0012.50", Decimal("-12.5")),
        ("money", "49 JPY", Money(49, "JPY")),
        ("date", "2026-02-28", date(2026, 2, 28)),
        ("instant", "2026-01-09T22:00:00.000000Z", AT),
        ("yes-no", "no", False),
    ],
)
def test_each_kind_has_its_form(kind: Any, text: str, content: FieldContent) -> None:
    """Values of a field compare in Python as their kind does."""
    assert content == FieldValue(kind=kind, value=text).content


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("text", ""),
        ("number", ""),
        ("number", "1e3"),
        ("number", "1,5"),
        ("number", "٣"),
        ("number", "NaN"),
        ("number", "1" * 33),
        ("money", "49 USD"),
        ("money", "-"),
        ("date", "2026-02-30"),
        ("date", "20260131"),
        ("date", "2026-W05-6"),
        ("instant", "2026-01-09T22:00:00Z"),
        ("instant", "2026-01-09"),
        ("yes-no", "true"),
    ],
)
def test_other_texts_are_refused(kind: Any, text: str) -> None:
    """A text that does not fit the kind of its field is refused with the form expected."""
    with pytest.raises(FieldError, match=r"FieldValue\.value: expected"):
        FieldValue(kind=kind, value=text)
    with pytest.raises(FieldError, match=r"FieldSet\.value: expected"):
        FieldSet(at=AT, field="f", kind=kind, value=text)
    with pytest.raises(CodecError, match=r"data\.value"):
        load_event("field-set", 1, AT, {"field": "f", "kind": kind, "value": text})


@pytest.mark.parametrize("number", ["1E+999999999", "-1E-999999999"])
def test_a_number_with_a_large_exponent_stays_short(number: str) -> None:
    """A number of a billion digits keeps its exponent, so that it is refused at no cost."""
    text = field_text(Decimal(number))

    assert number == text
    assert parse_field("number", text) is None


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"kind": "colour"}, "kind"),
        ({"value": 7}, "value"),
        ({"value": None}, "value"),
        ({"personal": 1}, "personal"),
    ],
)
def test_wrong_types_are_refused(changes: dict[str, Any], wrong: str) -> None:
    """A value of a wrong type is refused with the name of its attribute."""
    with pytest.raises(FieldError, match=f"FieldValue.{wrong}"):
        FieldValue(**{"kind": "text", "value": "x", **changes})


def test_a_ticket_can_hold_any_text() -> None:
    """A ticket keeps a text that its field's kind does not have, so a fold never fails."""
    assert "soon" == content_of("date", "soon")
