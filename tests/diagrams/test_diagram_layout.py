"""States and labels of a diagram do not overlap."""

from itertools import combinations

from support.diagrams import EACH_POLICY
from ticketcore.diagrams import build_diagram
from ticketcore.diagrams._layout import Box, lay_out
from ticketcore.policies import Policy


@EACH_POLICY
def test_boxes_do_not_overlap(policy: Policy) -> None:
    """All boxes are apart from each other and inside the picture."""
    layout = lay_out(build_diagram(policy))
    overlapping = [
        (one.lines, other.lines)
        for one, other in combinations(layout.boxes, 2)
        if abs(one.x - other.x) * 2 < one.width + other.width - 1e-6
        and abs(one.y - other.y) * 2 < one.height + other.height - 1e-6
    ]

    assert [] == overlapping
    assert all(_is_inside(box, layout.width, layout.height) for box in layout.boxes)


def _is_inside(box: Box, width: float, height: float) -> bool:
    across = box.width / 2 <= box.x <= width - box.width / 2
    return across and box.height / 2 <= box.y <= height - box.height / 2
