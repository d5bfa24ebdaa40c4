from ticketcore.importers._servicenow import ImportReport, import_servicenow

__all__ = ["ImportReport", "import_servicenow"]
