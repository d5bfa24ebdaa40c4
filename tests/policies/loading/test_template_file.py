"""Tests of templates that a seller writes in addition to a policy (K13)."""

import pytest

from ticketcore.errors import NotificationError, PolicyError
from ticketcore.notifications import find_template, templates_for
from ticketcore.policies import Template, load_policy, parse_templates

KAUFLAND = load_policy("kaufland")
OWN = """\
[[template]]
name = "on-its-way"
language = "de"
storefronts = ["de", "at"]
text = "Hallo! {order} kommt bald."

[[template]]
name = "thanks"
language = "de"
text = "Vielen Dank."
"""


def test_a_seller_has_templates_beside_those_of_the_policy() -> None:
    """K13: a seller's templates come first, each for its storefronts."""
    own = parse_templates(OWN, KAUFLAND)
    offered = templates_for(KAUFLAND, "de", own)

    assert ("on-its-way", "thanks") == tuple(template.name for template in own)
    assert own == offered[:2]
    assert set(templates_for(KAUFLAND, "de")) == set(offered[2:])
    assert (own[1],) == templates_for(KAUFLAND, "cz", own)[:1]


def test_a_sellers_template_takes_precedence_over_the_policys() -> None:
    """K13: a seller's template takes precedence over the policy's of the same name."""
    own = parse_templates(OWN, KAUFLAND)

    assert own[0] == find_template(KAUFLAND, "on-its-way", "de-AT", "at", own)
    assert own[1] == find_template(KAUFLAND, "thanks", "de", "fr", own)
    assert find_template(KAUFLAND, "on-its-way", "fr", "fr") == find_template(
        KAUFLAND, "on-its-way", "fr", "fr", own
    )
    with pytest.raises(NotificationError, match="has no version in fr"):
        find_template(KAUFLAND, "thanks", "fr", "fr", own)


def test_a_sellers_template_for_all_storefronts_wins_over_the_policys_for_one() -> None:
    """A seller's template for all storefronts wins over the policy's for one storefront (K13)."""
    own = (Template(name="on-its-way", language="de", text="Unterwegs."),)

    assert own[0] == find_template(KAUFLAND, "on-its-way", "de", "de", own)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OWN.replace("{order}", "{oder}"), 'template[0].text: no field "oder"; did you mean'),
        (OWN.replace('"at"', '"es"'), 'template[0].storefronts: no storefront "es"; '),
        (OWN + OWN.split("\n\n")[1], 'template[2].name: another template "thanks" in de is for'),
        (
            OWN.replace('language = "de"', 'langauge = "de"', 1),
            "template[0].langauge: unknown key",
        ),
        ('name = "kaufland"', "name: unknown key"),
        (
            OWN.split("\n\n")[1].partition("text")[0] + 'text = " "',
            "template[0].text: expected text with a visible character",
        ),
    ],
)
def test_a_sellers_templates_are_checked_as_the_policys_are(text: str, expected: str) -> None:
    """K13, K10: a mistake is found when the templates are read, with its place."""
    with pytest.raises(PolicyError) as caught:
        parse_templates(text, KAUFLAND, "seller.toml")
    (problem,) = caught.value.problems

    assert "seller.toml" == problem.source
    assert f"{problem.path}: {problem.message}".startswith(expected)


def test_a_text_without_a_source_is_called_templates() -> None:
    """A mistake in a text whose source is not named is placed in `templates.toml`."""
    with pytest.raises(PolicyError, match=r"templates\.toml:1:1: name: unknown key"):
        parse_templates('name = "kaufland"', KAUFLAND)
