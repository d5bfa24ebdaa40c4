"""``ticketcore policy``: write, check, show and compare policy files."""

import typer

from ticketcore.cli.commands.policy._check import check
from ticketcore.cli.commands.policy._diff import diff
from ticketcore.cli.commands.policy._new import new
from ticketcore.cli.commands.policy._show import draw, list_policies, show
from ticketcore.cli.commands.policy._terms import terms

policy: typer.Typer = typer.Typer(
    no_args_is_help=True, help="Write, check, show and compare policy files."
)
policy.command("list")(list_policies)
policy.command()(new)
policy.command()(check)
policy.command()(show)
policy.command()(terms)
policy.command()(diff)
policy.command("diagram")(draw)
