from ticketcore.reports._report import render_report
from ticketcore.reports._verdict import verdict

__all__ = ["render_report", "verdict"]
