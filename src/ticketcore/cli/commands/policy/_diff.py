"""``ticketcore policy diff``: the differences of two policies, in words and in effects."""

from typing import Annotated

import typer

from ticketcore.cli._common import FAILED, say
from ticketcore.cli.commands.policy._terms import LanguageOption


def diff(
    base: Annotated[str, typer.Argument(metavar="BASE", help="Preset name or policy file.")],
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="Preset name or policy file to compare it with.")
    ],
    language: LanguageOption = None,
    explore: Annotated[
        bool,
        typer.Option(
            "--explore",
            help="Also run the same stories under both, and show where they differ.",
        ),
    ] = False,
    max_states: Annotated[
        int, typer.Option(min=1, help="Stop after comparing this many pairs of ticket states.")
    ] = 5_000,
    stories: Annotated[
        bool, typer.Option("--stories", help="With --explore: print each story as a scenario.")
    ] = False,
) -> None:
    """Show in sentences which rules differ between two policies, and what that changes.

    Exits with 1 if something differs.
    """
    from ticketcore.cli._screen import console
    from ticketcore.cli.views._difference import show_comparison, show_differences
    from ticketcore.policies import load_policy
    from ticketcore.terms import policy_differences
    from ticketcore.testing import compare_policies

    if stories and not explore:
        raise typer.BadParameter("needs --explore", param_hint="--stories")
    out, policies = console(), (load_policy(base), load_policy(other))
    changed = policy_differences(*policies, language=language.value if language else None)
    show_differences(out, policies, changed)
    comparison = compare_policies(*policies, max_states=max_states) if explore else None
    if comparison is not None:
        show_comparison(out, policies, comparison)
        for difference in comparison.differences if stories else ():
            say(f"\n{difference.scenario(base)}", nl=False)
    if changed or (comparison is not None and comparison.differences):
        raise typer.Exit(FAILED)
