"""Figures that a page shows with a unit, in words: the value, and how far it is from a line."""

from __future__ import annotations

from checks.text import Text, duration, number, percent, plain


def figure(value: float, unit: str | None) -> Text:
    """A figure in its unit: 0.0196 as ratio -> "1.96%", 186400 as money -> "186,400"."""
    if unit == "ratio":
        return plain(percent(value))
    if unit == "money":
        return plain(f"{value:,.2f}".removesuffix(".00"))
    if unit == "seconds":
        return duration(value)
    if unit == "days":
        return Text(f"{number(value)} 天", f"{number(value)} d")
    return plain(number(value))


def distance(value: float, line: float, unit: str | None) -> Text:
    """How far a figure is from its line, without a sign."""
    gap = abs(value - line)
    if unit == "ratio":
        return Text(f"{gap * 100:.2f} 个百分点", f"{gap * 100:.2f} percentage points")
    if unit == "points":
        return Text(f"{number(gap)} 分", f"{number(gap)} points")
    return figure(gap, unit)
