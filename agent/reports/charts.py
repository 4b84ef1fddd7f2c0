"""Small charts: the geometry of one figure over time, drawn by the template as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT, MARGIN = 240.0, 56.0, 5.0
MOST = 120
"""Points that are drawn at most: more would not be seen at this width."""


@dataclass(frozen=True)
class Chart:
    """A polyline and its lines in the coordinates of a box of WIDTH by HEIGHT, y growing downwards."""

    points: str
    area: str
    last: tuple[float, float]
    lines: tuple[float, ...]
    near: tuple[float, ...]
    """The values of the lines that are drawn."""


def drawn(values: Sequence[tuple[datetime, float]], lines: Sequence[float] = ()) -> Chart:
    """The chart of values over time, oldest first, and of the lines that lie near them. At least one value is needed.

    A line that is farther from the values than they are from each other would press them flat; it is left out.
    """
    shown = _thinned(values)
    figures = [value for _, value in shown]
    low, high = min(figures), max(figures)
    span = (high - low) or abs(high) * 0.02 or 1.0
    near = [line for line in lines if low - 3 * span <= line <= high + 3 * span]
    low, high = min([low, *near]), max([high, *near])
    if high == low:  # a figure that never moved lies in the middle
        low, high = low - span, high + span
    start, end = shown[0][0], shown[-1][0]
    whole = (end - start).total_seconds() or 1.0

    def x(at: datetime) -> float:
        return round(MARGIN + (WIDTH - 2 * MARGIN) * (at - start).total_seconds() / whole, 1)

    def y(value: float) -> float:
        return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / (high - low), 1)

    places = [(x(at), y(value)) for at, value in shown]
    path = " ".join(f"{a},{b}" for a, b in places)
    floor = HEIGHT - MARGIN / 2
    return Chart(
        points=path,
        area=f"{places[0][0]},{floor} {path} {places[-1][0]},{floor}",
        last=places[-1],
        lines=tuple(y(line) for line in near),
        near=tuple(near),
    )


def _thinned(values: Sequence[tuple[datetime, float]]) -> Sequence[tuple[datetime, float]]:
    """At most MOST values, evenly chosen, the first and the last among them."""
    if len(values) <= MOST:
        return values
    step = (len(values) - 1) / (MOST - 1)
    return [values[round(n * step)] for n in range(MOST)]
