"""Lists that reach over several pages: do their rows, each counted once, come to the total that the pages print?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from extractors.models import Problem, Reading

LISTS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "orders": ("orders", lambda row: row.order_id),
    "tracking": ("parcels", lambda row: (row.order_id, row.tracking_number)),
    "assessment": ("cases", lambda row: (row.order_id, row.reason)),
    "disputes": ("disputes", lambda row: (row.order_id, row.dispute_id)),
    "reviews": ("reviews", lambda row: (row.order_id, row.posted_at)),
    "violations": ("violations", lambda row: row.violation_id),
}
"""Page kind -> the list in its data and what makes a row the same row."""


def reconciled(readings: list[Reading]) -> list[Reading]:
    """The readings, with a ``list_incomplete`` problem on the last page of every list that lacks rows."""
    groups: dict[tuple[str, str | None], list[int]] = {}
    for index, reading in enumerate(readings):
        if reading.kind in LISTS and reading.data is not None and reading.data.total is not None:
            groups.setdefault((reading.kind, reading.view), []).append(index)
    found = list(readings)
    for (kind, _), members in groups.items():
        short = _shortfall(kind, [readings[i] for i in members])
        if short:
            last = found[members[-1]]
            problem = Problem(type="list_incomplete", field=LISTS[kind][0], label="total", text=short)
            found[members[-1]] = last.model_copy(update={"problems": (*last.problems, problem)})
    return found


def _shortfall(kind: str, readings: list[Reading]) -> str | None:
    """How many rows of how many were read; None when all were. The newest page's total counts."""
    name, key = LISTS[kind]
    rows = {key(row) for reading in readings for row in getattr(reading.data, name)}
    total = max(readings, key=lambda r: r.captured_at).data.total
    if len(rows) < total:
        return f"{len(rows)} / {total}"
    return None
