"""What a policy says about telling people, and every way to say it wrong."""

import pytest

from ticketcore.errors import PolicyError
from ticketcore.policies import (
    TEXT_FIELDS,
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
NOTICE = '[[notification]]\nname = "n"\non = "replied"\nto = "customer"\n'
TEXT = '[[template]]\nname = "t"\nlanguage = "de"\ntext = "SAID"\n'


def problems_of(text: str) -> list[str]:
    """What is wrong with a policy, one line a problem, with its place."""
    with pytest.raises(PolicyError) as caught:
        parse_policy(SMALL + text)
    return [f"{p.line}: {p.path}: {p.message}" for p in caught.value.problems]


def read(text: str) -> Policy:
    """A small policy that says this, too."""
    return parse_policy(SMALL + text)


def test_a_policy_that_says_nothing_tells_nobody() -> None:
    """Never a silent default."""
    policy = read("")
    assert () == policy.notifications
    assert {} == policy.notification_settings.addresses
    assert () == policy.templates
    assert {} == policy.words


def test_a_notice_says_who_is_told_of_what() -> None:
    """By whom, to whom, when, and what is said too."""
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


def test_without_by_everybodys_doing_is_told() -> None:
    """C2: on whoever's action."""
    assert ("customer", "vendor", "support", "system") == read(NOTICE).notifications[0].by


def test_addresses_are_tried_in_their_order() -> None:
    """C4: the support address, or, without one, the account's."""
    addresses = load_policy("clickbank").notification_settings.addresses
    assert {"vendor": ("support", "account")} == addresses


def test_a_text_is_read_with_its_places() -> None:
    """K10: per storefront, in a language."""
    policy = read(
        '[[template]]\nname = "t"\nlanguage = "de"\nstorefronts = "de"\ntext = "{order}"\n'
    )
    expected = Template(name="t", language="de", storefronts=("de",), text="{order}")
    assert (expected,) == policy.templates


def test_words_name_what_the_file_names() -> None:
    """Types, categories, storefronts and parties, in a reader's language."""
    words = 'request = "Anfrage"\nstock = "Lager"\nlevel = "Bestand"\nvendor = "Verkäufer"\n'
    assert "Bestand" == read(f"[words.de]\n{words}").words["de"]["level"]


@pytest.mark.parametrize("name", presets())
def test_every_word_of_a_preset_is_a_text(name: str) -> None:
    """And none of them is empty."""
    for words in load_policy(name).words.values():
        assert all(word.strip() for word in words.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            NOTICE.replace("replied", "scheduled"),
            '13: notification[0].on: unknown "scheduled"; did you mean "rescheduled"?',
        ),
        (
            NOTICE.replace("replied", "repleid"),
            '13: notification[0].on: unknown "repleid"; did you mean "replied"?',
        ),
        (
            NOTICE.replace('"customer"', '"costumer"'),
            '14: notification[0].to: unknown "costumer"; did you mean "customer"?',
        ),
        (
            NOTICE + 'by = "vendro"',
            '15: notification[0].by: unknown "vendro"; did you mean "vendor"?',
        ),
        (
            NOTICE + "when = { waiting_fro = 1 }",
            '15: notification[0].when.waiting_fro: unknown key; did you mean "waiting_for"?',
        ),
        (NOTICE + NOTICE, '16: notification[1].name: another notification is named "n"'),
        (NOTICE + 'bye = "x"', '15: notification[0].bye: unknown key; did you mean "by"?'),
        (
            '[notifications.addresses]\nvendor = "suport"',
            '12: notifications.addresses.vendor: unknown "suport"; did you mean "support"?',
        ),
        (
            '[notifications.addresses]\nvender = "support"',
            '12: notifications.addresses.vender: unknown key; did you mean "vendor"?',
        ),
        (
            TEXT.replace("SAID", "Dear {custommer}"),
            '14: template[0].text: no field "custommer"; ',
        ),
        (
            TEXT.replace("SAID", "{oder}"),
            '14: template[0].text: no field "oder"; did you mean "order"?',
        ),
        (
            TEXT.replace("SAID", "{order.number}"),
            "14: template[0].text: {order.number} is not a field; write its name only",
        ),
        (
            TEXT.replace("SAID", "{order[0]}"),
            "14: template[0].text: {order[0]} is not a field; write its name only, as in {ticket}",
        ),
        (
            TEXT.replace("SAID", "{order!r}"),
            "14: template[0].text: {order!r} is not a field; write its name only, as in {ticket}",
        ),
        (
            TEXT.replace("SAID", "{amount:>9}"),
            "14: template[0].text: {amount:>9} is not a field; write its name only",
        ),
        (
            TEXT.replace("SAID", "{}"),
            "14: template[0].text: {} is not a field; write its name only, as in {ticket}",
        ),
        (
            TEXT.replace("SAID", "{order"),
            "14: template[0].text: expected '}' before end of string; write a brace of",
        ),
        (
            TEXT.replace("SAID", "100 }"),
            "14: template[0].text: single '}' encountered in format string; write a brace of ",
        ),
        (
            TEXT.replace('"de"', '"German"'),
            '13: template[0].language: "German" is not a language: write its ISO 639 code, ',
        ),
        (
            TEXT + 'storefronts = ["fr"]',
            '15: template[0].storefronts: no storefront "fr"; expected "de"',
        ),
        (
            TEXT + 'storefronts = ["de", "de"]',
            '15: template[0].storefronts[1]: the text "de" is listed twice',
        ),
        (TEXT + TEXT, '16: template[1].name: another template "t" in de is for all storefronts'),
        (
            '[words.German]\nrequest = "x"',
            '11: words.German: "German" is not a language: write its ISO 639 code, such as "de"',
        ),
        (
            '[words.de]\nrequets = "x"',
            '12: words.de.requets: nothing in this file is named "requets"; '
            'did you mean "request"?',
        ),
        (
            NOTICE + 'include = "tip"\n' + TEXT.replace('"t"', '"tips"'),
            '15: notification[0].include: no template "tip" for all storefronts; '
            'did you mean "tips"?',
        ),
        (
            NOTICE + 'include = "t"\n' + TEXT,
            '15: notification[0].include: template "t" has no version in en, hu, it',
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_name(text: str, expected: str) -> None:
    """An unknown field is an error when the policy is checked, not when the customer reads it."""
    found = problems_of(text)
    assert 1 == len(found)
    assert expected == found[0][: len(expected)]


def test_a_text_that_a_notice_adds_names_what_every_ticket_has() -> None:
    """Or some notice could not be written; and a text that is wrong is told of once."""
    texts = [TEXT.replace('"de"', f'"{lang}"') for lang in ("en", "it", "hu", "de")]
    told = NOTICE + 'include = "t"\n' + "".join(texts)
    assert [
        '15: notification[0].include: template "t" needs the order, which not every ticket has'
    ] == [*dict.fromkeys(problems_of(told.replace("SAID", "{ticket} {order}")))]
    assert 4 == len(problems_of(told.replace("SAID", "{")))
    assert 4 == len(problems_of(told.replace("SAID", "{custommer}")))


def test_a_file_that_extends_another_replaces_notices_and_texts_by_name() -> None:
    """A text is one of its name in its language."""
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
    """The types of a service desk are not in its file."""
    policy = parse_policy('extends = "service-desk"\nname = "d"\n[words.de]\nprinter = "Drucker"')
    assert "Drucker" == policy.words["de"]["printer"]


@pytest.mark.parametrize("field", TEXT_FIELDS)
def test_every_field_may_be_named(field: str) -> None:
    """Each of those that the documentation lists."""
    assert [("", field)] == list(
        placeholders(read(TEXT.replace("SAID", f"{{{field}}}")).templates[0].text)
    )


def test_a_brace_that_is_meant_is_written_twice() -> None:
    """As everywhere in Python."""
    assert "a {b}" == "".join(said for said, _ in placeholders("a {{b}}"))
