"""Tests of reading notifications, templates and words, and of mistakes in them."""

import pytest

from ticketcore.errors import PolicyError
from ticketcore.policies import (
    TEMPLATE_FIELDS,
    Condition,
    NotificationDefinition,
    Policy,
    Template,
    load_policy,
    parse_policy,
    placeholders,
    presets,
)

SMALL = """\
name = "small"
effective = 2026-01-01
[types.request]
[categories.stock]
subcategories = ["level"]
[storefronts.de]
zone = "Europe/Berlin"
[[permission]]
commands = "open"
by = "customer"
"""
NOTIFICATION = '[[notification]]\nname = "n"\non = "replied"\nto = "customer"\n'
TEMPLATE = '[[template]]\nname = "t"\nlanguage = "de"\ntext = "BODY"\n'


def problems_of(text: str) -> list[str]:
    """Return the problems of a policy, each with its line and key path."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(SMALL + text)
    return [f"{p.line}: {p.path}: {p.message}" for p in caught.value.problems]


def read(text: str) -> Policy:
    """Return a small policy with these tables."""
    return parse_policy(SMALL + text)


def test_a_policy_without_notifications_notifies_nobody() -> None:
    """The library adds no notifications, templates or words of its own."""
    policy = read("")
    assert () == policy.notifications
    assert {} == policy.notification_settings.addresses
    assert () == policy.templates
    assert {} == policy.words


def test_a_notification_is_read_with_all_its_keys() -> None:
    """A definition names events, acting parties, recipients, conditions and the rule id."""
    policy = read(
        '[[notification]]\nname = "n"\non = ["replied", "closed"]\nby = "support"\n'
        'to = ["customer", "shared"]\nwhen = { category = "stock" }\nrule = "W4"\n'
    )
    expected = NotificationDefinition(
        name="n",
        on=("replied", "closed"),
        by=("support",),
        to=("customer", "shared"),
        when=Condition({"category": frozenset({"stock"})}),
        rule="W4",
    )
    assert (expected,) == policy.notifications


def test_without_by_the_actions_of_every_party_count() -> None:
    """A notification without `by` is sent whoever acted (C2)."""
    assert ("customer", "vendor", "support", "system") == read(NOTIFICATION).notifications[0].by


def test_addresses_keep_their_order() -> None:
    """C4: e-mails to a vendor without a support address go to the account address."""
    addresses = load_policy("clickbank").notification_settings.addresses
    assert {"vendor": ("support", "account")} == addresses


def test_a_template_is_read_with_its_storefronts() -> None:
    """K10: a template belongs to a language, and to some storefronts."""
    policy = read(
        '[[template]]\nname = "t"\nlanguage = "de"\nstorefronts = "de"\ntext = "{order}"\n'
    )
    expected = Template(name="t", language="de", storefronts=("de",), text="{order}")
    assert (expected,) == policy.templates


def test_words_are_read_for_names_parties_and_statuses() -> None:
    """Types, categories, sub-categories, parties and statuses (K1) can have words."""
    words = {
        "request": "Anfrage",
        "stock": "Lager",
        "level": "Bestand",
        "vendor": "Verkäufer",
        "pending": "wartend",
    }
    lines = "".join(f'{name} = "{word}"\n' for name, word in words.items())

    policy = parse_policy(f'languages = ["de"]\n{SMALL}[words.de]\n{lines}')

    assert words == policy.words["de"]


@pytest.mark.parametrize("name", presets())
def test_every_word_of_a_preset_has_text(name: str) -> None:
    """No preset has an empty word in `[words]`."""
    for words in load_policy(name).words.values():
        assert all(word.strip() for word in words.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            NOTIFICATION.replace("replied", "scheduled"),
            '13: notification[0].on: unknown "scheduled"; did you mean "rescheduled"?',
        ),
        (
            NOTIFICATION.replace("replied", "repleid"),
            '13: notification[0].on: unknown "repleid"; did you mean "replied"?',
        ),
        (
            NOTIFICATION.replace('"customer"', '"costumer"'),
            '14: notification[0].to: no recipient "costumer"; did you mean "customer"?',
        ),
        (
            NOTIFICATION + 'by = "vendro"',
            '15: notification[0].by: unknown "vendro"; did you mean "vendor"?',
        ),
        (
            NOTIFICATION + "when = { waiting_fro = 1 }",
            '15: notification[0].when.waiting_fro: unknown key; did you mean "waiting_for"?',
        ),
        (
            NOTIFICATION + NOTIFICATION,
            '16: notification[1].name: another notification is named "n"',
        ),
        (NOTIFICATION + 'bye = "x"', '15: notification[0].bye: unknown key; did you mean "by"?'),
        (
            '[notifications.addresses]\nvendor = "suport"',
            '12: notifications.addresses.vendor: unknown "suport"; did you mean "support"?',
        ),
        (
            '[notifications.addresses]\nvender = "support"',
            '12: notifications.addresses.vender: unknown key; did you mean "vendor"?',
        ),
        (
            TEMPLATE.replace("BODY", "Dear {custommer}"),
            '14: template[0].text: no field "custommer"; ',
        ),
        (
            TEMPLATE.replace("BODY", "{oder}"),
            '14: template[0].text: no field "oder"; did you mean "order"?',
        ),
        (
            TEMPLATE.replace("BODY", "{oder} {amont}"),
            '14: template[0].text: no field "oder"; did you mean "order"?; '
            'no field "amont"; did you mean "amount"?',
        ),
        (
            TEMPLATE.replace("BODY", "{order.number}"),
            "14: template[0].text: {order.number} is not a field; write its name only",
        ),
        (
            TEMPLATE.replace("BODY", "{order[0]}"),
            "14: template[0].text: {order[0]} is not a field; write its name only",
        ),
        (
            TEMPLATE.replace("BODY", "{order!r}"),
            "14: template[0].text: {order!r} is not a field; write its name only",
        ),
        (
            TEMPLATE.replace("BODY", "{amount:>9}"),
            "14: template[0].text: {amount:>9} is not a field; write its name only",
        ),
        (
            TEMPLATE.replace("BODY", "{}"),
            "14: template[0].text: {} is not a field; write its name only",
        ),
        (
            TEMPLATE.replace("BODY", "{order"),
            "14: template[0].text: a brace is unmatched: write {{ or }} for a brace in the text",
        ),
        (
            TEMPLATE.replace("BODY", "100 }"),
            "14: template[0].text: a brace is unmatched: write {{ or }} for a brace in the text",
        ),
        (
            TEMPLATE.replace('"de"', '"German"'),
            '13: template[0].language: "German" is not an ISO 639-1 language code: '
            'expected one such as "de"',
        ),
        (
            TEMPLATE + 'storefronts = ["fr"]',
            '15: template[0].storefronts: no storefront "fr"; expected "de"',
        ),
        (
            TEMPLATE + 'storefronts = ["de", "de"]',
            '15: template[0].storefronts[1]: the text "de" is listed twice',
        ),
        (
            TEMPLATE + TEMPLATE,
            '16: template[1].name: another template "t" in de is for all storefronts',
        ),
        (
            '[words.German]\nrequest = "x"',
            '11: words.German: "German" is not an ISO 639-1 language code: '
            'expected one such as "de"',
        ),
        (
            '[words.de]\nrequets = "x"',
            '12: words.de.requets: nothing in this file is named "requets"; '
            'did you mean "request"?',
        ),
        (
            '[words.de]\nrequest = "Anfrage"\n[words.hu]\nrequest = "kérés"',
            '11: words.it: no word for "request", but one in another language: add it, or leave',
        ),
        (
            NOTIFICATION + 'offers = "request"',
            "15: notification[0].offers: offers a type in a template: add include",
        ),
        (
            NOTIFICATION + 'include = "tip"\n' + TEMPLATE.replace('"t"', '"tips"'),
            '15: notification[0].include: no template "tip" for all storefronts; '
            'did you mean "tips"?',
        ),
        (
            NOTIFICATION + 'include = "t"\n' + TEMPLATE,
            '15: notification[0].include: template "t" has no version in en, hu, it',
        ),
    ],
)
def test_a_mistake_is_reported_with_its_place_and_the_nearest_name(
    text: str, expected: str
) -> None:
    """A mistake in a notification is reported by the check of the policy, at its place."""
    problems = problems_of(text)

    assert 1 == len(problems)
    assert expected == problems[0][: len(expected)]


def test_fields_tags_roles_and_teams_have_words() -> None:
    """Fields, tags, roles and teams can have words, and so can pauses and calendars."""
    names = ("priority", "high", "vip", "lead", "asked", "hours", "second-level")
    words = "".join(f'{name} = "{name} in words"\n' for name in names)
    policy = parse_policy(
        'name = "p"\neffective = 2026-01-01\nlanguages = ["en", "de"]\n[types.request]\n'
        '[[permission]]\ncommands = "open"\nby = "customer"\n'
        '[fields.priority]\nchoices = ["low", "high"]\n'
        '[tags]\nvalues = ["vip"]\n[roles.lead]\n[calendars.hours]\nhours = "mon 09:00-17:00"\n'
        '[pauses.asked]\nwhen = { waiting_for = "customer" }\n'
        '[[timer]]\nname = "t"\nfrom = "opened"\nafter = "1 working hour"\ncalendar = "hours"\n'
        'pauses = "asked"\neffect = "breach"\n[[timer.level]]\nname = "late"\n'
        'past_due = "1 working hour"\neffect = "assign"\nassignee = "second-level"\n'
        f"[words.de]\n{words}"
    )

    assert "high in words" == policy.words["de"]["high"]


def test_an_included_template_names_only_fields_of_every_ticket() -> None:
    """An included template may use only fields that every ticket has."""
    templates = [TEMPLATE.replace('"de"', f'"{lang}"') for lang in ("en", "it", "hu", "de")]
    policy = NOTIFICATION + 'include = "t"\n' + "".join(templates)
    assert [
        '15: notification[0].include: template "t" needs the order, which not every ticket has'
    ] == [*dict.fromkeys(problems_of(policy.replace("BODY", "{ticket} {order}")))]
    assert 4 == len(problems_of(policy.replace("BODY", "{")))
    assert 4 == len(problems_of(policy.replace("BODY", "{custommer}")))


def test_an_extending_file_replaces_notifications_and_templates_by_name() -> None:
    """A template is replaced if name and language match."""
    policy = parse_policy(
        'extends = "clickbank"\nname = "mine"\n'
        '[[notification]]\nname = "reply"\nremove = true\n'
        '[[template]]\nname = "refund-is-possible"\nlanguage = "de"\ntext = "Geld zurück?"\n'
    )
    assert "reply" not in [rule.name for rule in policy.notifications]
    texts = {text.language: text.text for text in policy.templates}
    assert "Geld zurück?" == texts["de"]
    assert "refund request" in texts["en"]


def test_a_policy_of_any_type_may_name_any_word() -> None:
    """With `any_type`, the file does not list the types, so every word is accepted."""
    policy = parse_policy('extends = "service-desk"\nname = "d"\n[words.de]\nprinter = "Drucker"')
    assert "Drucker" == policy.words["de"]["printer"]


@pytest.mark.parametrize("field", TEMPLATE_FIELDS)
def test_every_field_may_be_named(field: str) -> None:
    """A template may name each field of `TEMPLATE_FIELDS`."""
    assert [("", field)] == list(
        placeholders(read(TEMPLATE.replace("BODY", f"{{{field}}}")).templates[0].text)
    )


def test_two_braces_stand_for_one() -> None:
    """Two braces in a template stand for one."""
    assert "a {b}" == "".join(before for before, _ in placeholders("a {{b}}"))


def test_a_template_may_offer_any_type_if_the_policy_accepts_any() -> None:
    """A template may offer any type if the policy has `any_type`."""
    template = TEMPLATE.replace("BODY", "Ask for a refund.")
    policy = parse_policy(
        'extends = "service-desk"\nname = "d"\nlanguages = "de"\n'
        f'{NOTIFICATION}include = "t"\noffers = "refund"\n{template}'
    )
    assert "refund" == policy.notifications[-1].offers


def test_a_template_offers_a_type_of_the_policy() -> None:
    """C18: a template may offer only a type of the policy."""
    template = TEMPLATE.replace("BODY", "Ask for a refund.")
    text = f'languages = "de"\n{SMALL}{NOTIFICATION}include = "t"\noffers = "reqeust"\n{template}'
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert 'no type "reqeust"; did you mean "request"?' in str(caught.value)
