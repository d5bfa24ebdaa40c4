"""Small logs in the form of the ServiceNow log."""

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from ticketcore.events import Event
from ticketcore.importers import ImportReport, import_log, mapping_text, parse_mapping

HEADER = (
    "number,incident_state,active,reassignment_count,reopen_count,sys_mod_count,made_sla,"
    "caller_id,opened_by,opened_at,sys_created_by,sys_created_at,sys_updated_by,sys_updated_at,"
    "contact_type,location,category,subcategory,u_symptom,cmdb_ci,impact,urgency,priority,"
    "assignment_group,assigned_to,knowledge,u_priority_confirmation,notify,problem_id,rfc,vendor,"
    "caused_by,closed_code,resolved_by,resolved_at,closed_at"
).split(",")
USUAL_ROW = dict.fromkeys(HEADER, "?") | {
    "number": "INC1",
    "incident_state": "New",
    "reassignment_count": "0",
    "sys_mod_count": "0",
    "caller_id": "Caller 7",
    "contact_type": "Phone",
    "category": "Category 5",
    "priority": "3 - Moderate",
    "opened_at": "1/3/2016 08:00",
    "sys_updated_at": "1/3/2016 08:05",
    "resolved_at": "1/3/2016 13:00",
    "closed_at": "6/3/2016 13:00",
}
_TEXT = "".join(
    line for line in mapping_text("servicenow-log").splitlines(True) if "sha256" not in line
)
MAPPING = parse_mapping(_TEXT)
"""The included mapping, for any file."""

_FIRST, _LAST = _TEXT.index("# [[event]]"), _TEXT.index('reason = "reassigned"')
_RULES = re.sub("^# ?", "", _TEXT[_FIRST:_LAST], flags=re.MULTILINE)
WITH_ESCALATIONS = parse_mapping(_TEXT[:_FIRST] + _RULES + _TEXT[_LAST:])
"""The included mapping with the rules for escalations, which are comments in the file."""

Make = Callable[..., Path]


def log_maker(folder: Path) -> Make:
    """Return a function that writes a log.

    Its arguments are rows, by the cells in which they differ from the usual row. Each row is one
    update later than the one before, and an hour later from 09:00 on.
    """

    def write(*rows: dict[str, str], header: list[str] = HEADER) -> Path:
        path = folder / "log.csv"
        with path.open("w", newline="") as file:
            table = csv.DictWriter(file, header, extrasaction="ignore")
            table.writeheader()
            for number, row in enumerate(rows):
                update = {
                    "sys_mod_count": str(number),
                    "sys_updated_at": f"1/3/2016 {9 + number:02}:00",
                }
                table.writerow(USUAL_ROW | update | row)
        return path

    return write


def imported_events(
    path: Path,
    zone: str | ZoneInfo = "UTC",
    *,
    escalations: bool = False,
    report: ImportReport | None = None,
) -> Iterator[tuple[str, tuple[Event, ...]]]:
    """Import a log in the form of the published one."""
    return import_log(path, WITH_ESCALATIONS if escalations else MAPPING, zone, report=report)
