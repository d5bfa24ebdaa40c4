"""TOML files whose mistakes are reported all at once, each with its place.

`parse` a text, `merge` it over the one that it extends, read it through `root()`, call `done()`
on the root and `raise_problems` on the document. Reading never stops at a mistake: it notes a
`Problem` and goes on with a placeholder of the right type. So nothing that was read may be used
before `raise_problems` has returned.
"""

from ticketcore.documents._document import Document
from ticketcore.documents._merge import merge
from ticketcore.documents._node import Place
from ticketcore.documents._outline import DIALECT, Outline
from ticketcore.documents._parse import parse
from ticketcore.documents._problem import Problem
from ticketcore.documents._table import Table
from ticketcore.documents._wording import describe, nearest

__all__ = [
    "DIALECT",
    "Document",
    "Outline",
    "Place",
    "Problem",
    "Table",
    "describe",
    "merge",
    "nearest",
    "parse",
]
