"""A reader of TOML files that reports all their mistakes at once, each with its place.

A class of attrs fields declares the keys of a table (`key`), and a kind says how the value of a
key is read. `parse` reads a text, `merge` lays it over the one that it extends, `read` makes an
instance of the class that declares the head of the file, `check` looks for mistakes that concern
several values, and `Document.raise_problems` raises whatever was found.
"""

from ticketcore._toml._document import Document, parse
from ticketcore._toml._keys import Key, default_of, key, keys_of
from ticketcore._toml._kinds import (
    DATE,
    FLAG,
    NAME,
    TEXT,
    ByName,
    Kind,
    OneOf,
    PartialMapping,
    Reading,
    Scalar,
    Several,
    choice,
    exactly,
    integer,
    literal,
    parsed,
    table_entries,
)
from ticketcore._toml._merge import merge
from ticketcore._toml._node import Node
from ticketcore._toml._problem import Place, Problem, UnreadError
from ticketcore._toml._schema import share_parts
from ticketcore._toml._tables import (
    DIALECT,
    Mistake,
    NamedTables,
    Table,
    TableArray,
    check,
    demands,
    described,
    each,
    file_schema,
    identities,
    json_value,
    partial,
    read,
    read_keys,
)
from ticketcore._toml._wording import closest, describe, listed, nearest, one_of, quoted
from ticketcore._toml._written import settings, written

__all__ = [
    "DATE",
    "DIALECT",
    "FLAG",
    "NAME",
    "TEXT",
    "ByName",
    "Document",
    "Key",
    "Kind",
    "Mistake",
    "NamedTables",
    "Node",
    "OneOf",
    "PartialMapping",
    "Place",
    "Problem",
    "Reading",
    "Scalar",
    "Several",
    "Table",
    "TableArray",
    "UnreadError",
    "check",
    "choice",
    "closest",
    "default_of",
    "demands",
    "describe",
    "described",
    "each",
    "exactly",
    "file_schema",
    "identities",
    "integer",
    "json_value",
    "key",
    "keys_of",
    "listed",
    "literal",
    "merge",
    "nearest",
    "one_of",
    "parse",
    "parsed",
    "partial",
    "quoted",
    "read",
    "read_keys",
    "settings",
    "share_parts",
    "table_entries",
    "written",
]
