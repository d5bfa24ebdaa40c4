"""State diagrams of policies: who may do what, and what timers do when."""

from ticketcore.diagrams._from_policy import build_diagram
from ticketcore.diagrams._mermaid import to_mermaid
from ticketcore.diagrams._model import Diagram, DiagramState, StateRole, Transition
from ticketcore.diagrams._svg import to_svg

__all__ = [
    "Diagram",
    "DiagramState",
    "StateRole",
    "Transition",
    "build_diagram",
    "to_mermaid",
    "to_svg",
]
