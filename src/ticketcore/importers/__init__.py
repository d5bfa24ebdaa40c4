from ticketcore.importers._export import write_xes
from ticketcore.importers._import import import_log
from ticketcore.importers._infer import InferredRule, InferredTarget, Occasion, infer_rules
from ticketcore.importers._report import ImportReport
from ticketcore.importers.mapping._file import LogMapping
from ticketcore.importers.mapping._load import (
    load_mapping,
    mapping_schema,
    mapping_text,
    mappings,
    parse_mapping,
)
from ticketcore.importers.sketch._sketch import LogSketch, sketch_log

__all__ = [
    "ImportReport",
    "InferredRule",
    "InferredTarget",
    "LogMapping",
    "LogSketch",
    "Occasion",
    "import_log",
    "infer_rules",
    "load_mapping",
    "mapping_schema",
    "mapping_text",
    "mappings",
    "parse_mapping",
    "sketch_log",
    "write_xes",
]
