"""Templates that a seller writes for their own use, in addition to a policy (K13)."""

from functools import partial

import attrs

from ticketcore._internal.arguments import typed
from ticketcore._internal.frozen import Value, frozen
from ticketcore._toml import Table, TableArray, check, key, parse, read
from ticketcore.errors import PolicyError
from ticketcore.policies._policy import Policy
from ticketcore.policies.tables._notifications import Template


@frozen(kw_only=True)
class TemplateFile(Value):
    """The values of a file of templates."""

    templates: tuple[Template, ...] = attrs.field(
        default=(),
        metadata=key(
            TableArray(Table(Template), identity=("name", "language")),
            "The templates of a seller.",
            example='[{ name = "on-its-way", language = "de", text = "Unterwegs: {shipment}." }]',
            name="template",
            unset="none",
        ),
    )


@typed
def parse_templates(
    text: str | bytes, policy: Policy, source: str = "templates.toml"
) -> tuple[Template, ...]:
    """Read the `[[template]]` tables that a seller wrote in addition to a policy (K13).

    They are checked as the policy's own: their fields, their storefronts, which *policy* must
    have, and versions that are there twice. Raises PolicyError with all problems at once, each
    with its place in *source*.
    """
    from ticketcore.policies._checks import TEMPLATE_CHECKS  # needed by few processes

    document = parse(text, source)
    file = read(document, TemplateFile)
    check(document, file, [partial(find, policy) for find in TEMPLATE_CHECKS])
    document.raise_problems(PolicyError)
    return file.templates
