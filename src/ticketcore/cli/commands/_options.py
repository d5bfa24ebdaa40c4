"""Options and arguments that several commands have, worded once."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from ticketcore._internal.instants import utc
from ticketcore.errors import InstantError

if TYPE_CHECKING:
    from ticketcore.backtest import TicketFilter
    from ticketcore.policies import Policy

_COMMA: Final = re.compile(r""",(?=(?:[^"]*"[^"]*")*[^"]*$)""")  # outside double quotes

HistoryFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="HISTORY", help="History file (.jsonl or .jsonl.gz).")
]
PolicyName: TypeAlias = Annotated[
    str, typer.Argument(metavar="POLICY", help="Preset name or policy file.")
]

Policies: TypeAlias = Annotated[
    list[str],
    typer.Argument(metavar="BASE OTHER", help="Preset names or policy files, the base first."),
]
By: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(help="Group tickets by this field. Repeatable. Default: type and storefront."),
]
Where: TypeAlias = Annotated[
    str, typer.Option(help="Condition in SQL over the columns of the outcomes.")
]
Watch: TypeAlias = Annotated[
    bool,
    typer.Option("--watch", help="Run again whenever a file changes, until Ctrl-C."),
]
TicketPolicy: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Preset name or policy file. Default: the preset recorded on the ticket. A ticket "
        "that recorded another policy, or none, is replayed under this one first."
    ),
]
At: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="INSTANT",
        help="As of this instant, such as 2026-03-06T15:00; local time in the ticket's zone "
        "unless it has an offset. Default: the ticket's last event.",
    ),
]
JUnitFile: TypeAlias = Annotated[
    Path | None, typer.Option(help="Also write the results to this file, as JUnit XML.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsCsv: TypeAlias = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
Since: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Only tickets opened at this instant or later; a date means 00:00 UTC."),
]
Until: TypeAlias = Annotated[
    str | None,
    typer.Option(help="Only tickets opened before this instant; a date means 00:00 UTC."),
]
Only: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        metavar="FIELD=VALUE",
        help="Only tickets with this value, such as storefront=de or type=refund. Repeatable; "
        "several values of one field are alternatives.",
    ),
]
Workers: TypeAlias = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Number of worker processes. Default: one per 16 MB, at most one per CPU core.",
    ),
]
Dask: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Replay on the workers of this Dask scheduler, which must be able to read the "
        "history file.",
    ),
]
Zone: TypeAlias = Annotated[
    str | None,
    typer.Option(
        help="Time zone of the times shown, as an IANA name. Default: the policy's, else that of "
        "the tickets if all have one, else UTC.",
    ),
]


class PolicyLanguage(StrEnum):
    """The languages of policies, spelled out so that --help does not have to import them."""

    EN = "en"
    IT = "it"
    HU = "hu"
    DE = "de"


Words: TypeAlias = Annotated[
    PolicyLanguage,
    typer.Option(
        "--language",
        help="Language of the policy's words for fields, their values, tags and pauses.",
    ),
]


def refuse_several(**given: bool) -> None:
    """Raise typer.BadParameter if more than one of these options is given."""
    options = [option for option, is_given in given.items() if is_given]
    if len(options) > 1:
        message = f"cannot be combined with --{options[1]}: choose one"
        raise typer.BadParameter(message, param_hint=f"--{options[0]}")


def check_name(option: str, name: str | None, known: Collection[str], what: str) -> None:
    """Raise typer.BadParameter for a name that is not *known*. The message has the nearest one."""
    from ticketcore._toml import nearest

    if name is not None and name not in known:
        hint = nearest(name, known) if known else "it has none"
        raise typer.BadParameter(f'{what} "{name}": {hint}', param_hint=option)


def parameters_of(values: list[str]) -> dict[str, list[str]]:
    """Return the values to try by key, from texts such as ``timer.refund.after=1 days,2 days``."""
    parameters: dict[str, list[str]] = {}
    for each in values:
        key, equals, texts = (part.strip() for part in each.partition("="))
        if not equals:
            raise typer.BadParameter(f"expected KEY=VALUE,..., found {each}", param_hint="--set")
        if texts.startswith("["):
            message = f"write the values without brackets: {key}={texts.strip('[]')}"
            raise typer.BadParameter(message, param_hint="--set")
        parameters[key] = [text.strip() for text in _COMMA.split(texts)]
    return parameters


def ticket_filter(
    since: str | None, until: str | None, only: list[str] | None
) -> "TicketFilter | None":
    """Return the filter of the options --since, --until and --only; None without any of them."""
    from ticketcore.backtest import TicketFilter

    if since is None and until is None and not only:
        return None
    values: dict[str, tuple[str, ...]] = {}
    for each in only or ():
        name, equals, value = each.partition("=")
        if not equals:
            raise typer.BadParameter(f"expected FIELD=VALUE, found {each}", param_hint="--only")
        values[name] = (*values.get(name, ()), value)
    return TicketFilter(
        since=_instant(since, "--since"), until=_instant(until, "--until"), only=values
    )


def checked_filter(
    history: Path,
    since: str | None,
    until: str | None,
    only: list[str] | None,
    policies: "Sequence[Policy]" = (),
) -> "TicketFilter | None":
    """Return the filter of the options for a command that reads *history* without a replay.

    Raises QueryError for a field that neither *policies* nor the tickets have; a replay does so.
    """
    from ticketcore.backtest import check_recorded

    selected = ticket_filter(since, until, only)
    if selected is not None:
        check_recorded(history, policies, fields=selected.only)
    return selected


def filter_arguments(
    since: str | None, until: str | None, only: list[str] | None
) -> tuple[str, ...]:
    """Return the options --since, --until and --only as arguments."""
    options = [("--since", since), ("--until", until), *(("--only", each) for each in only or ())]
    return tuple(part for name, value in options if value is not None for part in (name, value))


def local_option(text: str, zone: str, option: str) -> datetime:
    """Return the instant of an option, which is local time in *zone* unless it has an offset."""
    from ticketcore.scenarios import local_instant

    try:
        return local_instant(text, zone)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def known_zone(zone: str | None) -> str | None:
    """Return the IANA name of the option --zone, or None without it."""
    return None if zone is None else zone_name(zone)


def zone_name(zone: str) -> str:
    """Return the IANA name of the option --zone. Raises typer.BadParameter for another name."""
    from ticketcore.calendar import CalendarError, zone_of

    try:
        return zone_of(zone).key
    except CalendarError as error:
        raise typer.BadParameter(str(error), param_hint="--zone") from None


def _instant(text: str | None, option: str) -> datetime | None:
    """Return the instant of a date, or of a date and time with an offset; others are UTC."""
    if text is None:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        message = f"expected a date such as 2026-03-01, or a date and time, found {text}"
        raise typer.BadParameter(message, param_hint=option) from None
    try:
        return utc(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    except InstantError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None
