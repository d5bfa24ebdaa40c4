"""Parts of sentences."""

from datetime import date

import attrs
import pytest

from ticketcore.events import Money
from ticketcore.policies import (
    Condition,
    Language,
    Other,
    Range,
    RefundRules,
    load_policy,
    parse_policy,
)
from ticketcore.terms._wording import TermsWording


def test_a_key_without_a_phrase_is_written_as_in_the_file() -> None:
    """A key without a phrase is written in the terms as in the file."""
    wording = TermsWording.of(load_policy("office"), "de")
    phrases = {k: text for k, text in wording.phrases.items() if k != "refunds.max_refunds"}
    clauses = attrs.evolve(wording, phrases=phrases).clauses

    assert [("max_refunds", "max_refunds: 3")] == [*clauses("refunds", RefundRules(max_refunds=3))]


@pytest.mark.parametrize(
    ("language", "key", "value", "expected"),
    [
        ("en", "effective", date(2026, 1, 5), "2026-01-05"),
        ("de", "effective", date(2026, 1, 5), "05.01.2026"),
        ("it", "effective", date(2026, 1, 5), "05/01/2026"),
        ("hu", "effective", date(2026, 1, 5), "2026. 01. 05."),
        ("de", "refund_below", {"EUR": Money(123456, "EUR")}, "1234,56 EUR"),
        ("en", "refund_below", {"EUR": Money(123456, "EUR")}, "1234.56 EUR"),
        ("it", "default", False, "no"),
        ("de", "hours", "mon-fri 09:00-17:00; sat 10:00", "Montag-Freitag 09:00-17:00; Samstag"),
        ("hu", "default", "normal", "„átlagos”"),
    ],
)
def test_values_are_written_as_in_the_language(
    language: Language, key: str, value: object, expected: str
) -> None:
    """Dates, amounts, yes and no, and weekdays have the form of the language."""
    assert (
        TermsWording.of(load_policy("help-desk"), language).value(key, value).startswith(expected)
    )


FIELDS = parse_policy("""
name = "fields"
effective = 2026-01-01
default_type = "question"
[types.question]
[[permission]]
commands = "open"
by = "customer"
[fields.weight]
type = "number"
default = 2.5
[fields.price]
type = "money"
default = "12.50 EUR"
[fields.born]
type = "date"
default = 2000-02-03
[fields.delivered_at]
type = "instant"
default = 2026-02-01T10:00:00Z
""")


@pytest.mark.parametrize(
    ("field", "english", "german"),
    [
        ("weight", "2.5", "2,5"),
        ("price", "12.50 EUR", "12,50 EUR"),
        ("born", "2000-02-03", "03.02.2000"),
        ("delivered_at", "2026-02-01T10:00Z", "2026-02-01T10:00Z"),
    ],
)
def test_a_value_of_a_field_has_one_form_in_all_sentences(
    field: str, english: str, german: str
) -> None:
    """Defaults, new values, wanted values and bounds of ranges are written alike."""
    default = FIELDS.fields[field].default
    assert default is not None
    content = Money.parse(default) if field == "price" else default  # type: ignore[arg-type]
    languages: tuple[tuple[Language, str], ...] = (("en", english), ("de", german))
    for language, text in languages:
        wording = TermsWording.of(FIELDS, language)
        wanted = (frozenset({default}), Other(frozenset({default})), Range(at_least=content))
        clauses = [
            clause
            for each in wanted
            for clause in wording.conditions(Condition(facts={f"fields.{field}": each}))
        ]

        assert text == wording.value("default", default)
        assert text == wording.value("fields", default)
        assert all(text in clause and wording.named(text) not in clause for clause in clauses)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a(z) „sor” mező", "A „sor” mező"),
        ("a(z) „állapot” mező", "Az „állapot” mező"),
        ("a(z) ügyfél", "Az ügyfél"),
    ],
)
def test_the_hungarian_article_goes_with_the_next_word(text: str, expected: str) -> None:
    """The article before a name has a z if the name begins with a vowel."""
    assert expected == TermsWording.of(load_policy("office"), "hu").sentence(text, None, (), "")


def test_a_party_has_the_word_of_the_policy() -> None:
    """The acting party has the policy's word, or else the usual word with its preposition."""
    office = load_policy("office")
    own = attrs.evolve(TermsWording.of(office, "de"), words={"vendor": "Verkäuferin"})

    assert ["(Verkäuferin)", "durch den Kunden"] == [own.agent(x) for x in ("vendor", "customer")]
    assert ["Verkäuferin", "der Kunde"] == [own.party(x) for x in ("vendor", "customer")]


def test_a_subcategory_does_not_name_a_recipient() -> None:
    """The word for a subcategory called account is not that for the users of an account."""
    webshippy = TermsWording.of(load_policy("webshippy"), "de")

    assert ("alle Benutzer des Kontos", "„Konto“") == (
        webshippy.party("account"),
        webshippy.named("account"),
    )
