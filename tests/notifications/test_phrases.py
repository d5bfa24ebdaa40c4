"""Tests of phrases: complete in every language, with the same fields."""

from typing import get_args

import pytest

from ticketcore.errors import NotificationError
from ticketcore.events import PARTIES, Billing
from ticketcore.events._values import ReferenceKind
from ticketcore.notifications._phrases import fill, phrases_in, status_word
from ticketcore.policies import (
    NOTIFICATION_KINDS,
    Effect,
    Language,
    NotificationKind,
    RecipientRole,
    load_policy,
    parse_policy,
    placeholders,
)
from ticketcore.ticket import Status

LANGUAGES = get_args(Language)
VARIANTS = {
    "replied": (
        "replied",
        "replied-interim",
        "replied-solution",
        "replied-automatic",
        "replied-blank",
    ),
    "shared": ("shared", "shared-with-reader"),
    "cancelled": ("cancelled-subscription", "cancelled-units"),
    "reviewed": ("reviewed-cleared", "reviewed-abuse"),
    "closed": (
        "closed",
        "closed-withdrawn",
        "closed-duplicate",
        "closed-carried-out",
        "closed-inactive",
    ),
    "field-set": ("field-set", "field-set-none"),
    "warned": ("warned", "warned-closed", "warned-deadline"),
    "breached": ("breached", "breached-closed", "breached-deadline"),
    "dispute-resolved": tuple(
        f"dispute-resolved-{outcome}" for outcome in ("lost", "won", "superseded")
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_missing(language: str) -> None:
    """Every kind, event, party, role, effect and status has a phrase in every language."""
    expected = {f"kind.{kind}" for kind in get_args(NotificationKind)}
    expected |= {
        f"why.{key}" for event in NOTIFICATION_KINDS for key in VARIANTS.get(event, (event,))
    }
    expected |= {f"{table}.{party}" for table in ("actor", "party") for party in PARTIES}
    expected |= {f"receives.{role}" for role in get_args(RecipientRole)}
    expected.add("receives.role")
    expected |= {f"next.{effect}" for effect in get_args(Effect)}
    expected |= {f"billing.{billing}" for billing in (*get_args(Billing), "ended")}
    expected |= {f"reference.{kind}" for kind in get_args(ReferenceKind)}
    expected |= {
        f"status.{status}" for status in (*get_args(Status), "awaiting", "awaiting-you", "final")
    }
    named = (
        "kind.",
        "why.",
        "actor.",
        "party.",
        "receives.",
        "next.",
        "billing.",
        "status.",
        "reference.",
    )
    assert expected == {key for key in phrases_in(language) if key.startswith(named)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_the_same_phrases_with_the_same_fields(language: str) -> None:
    """Each language has the same phrases with the same fields."""
    assert fields_of("en") == fields_of(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_email_can_be_told_by_its_subject(language: str) -> None:
    """C22: the subject of each kind of e-mail begins with words of its own."""
    names = [phrases_in(language)[f"kind.{kind}"] for kind in get_args(NotificationKind)]

    assert [] == [(a, b) for a in names for b in names if a is not b and a.startswith(b)]


def fields_of(language: str) -> dict[str, set[str]]:
    """Return the fields of each phrase."""
    return {
        key: {field for _, field in placeholders(text) if field is not None}
        for key, text in phrases_in(language).items()
    }


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_phrase_was_left_untranslated(language: str) -> None:
    """No phrase of several words is the same as in English."""
    english = phrases_in("en")
    same = {k for k, text in phrases_in(language).items() if text == english[k] and " " in text}
    assert set() == same


def test_a_language_without_phrases_is_refused() -> None:
    """A language without phrases is refused with the languages that have them."""
    with pytest.raises(NotificationError, match="en, it, hu, de"):
        phrases_in("fr")


def test_braces_in_a_value_stay() -> None:
    """Braces in a value of a phrase stay as they are."""
    assert "{b} {}" == fill("{a} {{}}", {"a": "{b}"})


def test_a_field_without_a_value_is_refused() -> None:
    """A phrase with a field without a value is refused, so nobody reads "Dear None"."""
    with pytest.raises(NotificationError, match="the field 'b' has no value"):
        fill("{a} {b}", {"a": "x"})


def test_a_policy_names_the_statuses_in_its_own_words() -> None:
    """K1: Kaufland says "waiting" for `pending`; other policies use the usual words."""
    kaufland, office = load_policy("kaufland"), load_policy("office")
    words = [status_word("pending", policy, "en") for policy in (kaufland, office)]

    assert ["waiting", "pending"] == words
    assert "geschlossen" == status_word("closed", kaufland, "de")


def test_a_status_needs_a_word_of_the_policy_or_the_library() -> None:
    """A status needs a word of the policy or of the library in its language."""
    polish = parse_policy('extends = "kaufland"\nname = "k"\n[words.pl]\nopen = "otwarte"\n')

    assert "otwarte" == status_word("open", polish, "pl")
    with pytest.raises(NotificationError, match="the language 'pl' is not supported"):
        status_word("closed", polish, "pl")
