"""``ticketcore policy terms`` and ``diff``: the rules of policies in sentences."""

from typing import Annotated

import typer

from ticketcore.cli.commands._options import PolicyLanguage, PolicyName

LanguageOption = Annotated[
    PolicyLanguage | None,
    typer.Option(
        "--language", help="Language of the sentences. Default: the policy's first language."
    ),
]


def terms(name: PolicyName, language: LanguageOption = None) -> None:
    """Show the whole policy as numbered plain sentences with their rule ids."""
    from rich.text import Text

    from ticketcore.cli._screen import console, heading, line
    from ticketcore.cli._table import show_table
    from ticketcore.policies import load_policy
    from ticketcore.terms import policy_terms
    from ticketcore.timeline import single_line

    out, policy = console(), load_policy(name)
    chosen = language.value if language else policy.languages[0]
    title = policy.words.get(chosen, {}).get("title") or policy.title or policy.name
    line(out, Text(single_line(title), "bold"))
    line(out, Text(single_line(f"{policy.name} {policy.version}"), "dim"))
    section = None
    for number, term in enumerate(policy_terms(policy, chosen), 1):
        if term.section != section:
            section = term.section
            heading(out, section)
        show_table(out, [(Text(f"{number:>3}."), Text(single_line(term.text)))], whole=(0,))
