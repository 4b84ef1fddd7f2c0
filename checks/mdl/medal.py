"""Medals, badges and lines in words."""

from __future__ import annotations

from checks.audit import Audit, CannotTell, DoesNotApply
from checks.text import Text

LEVELS = ("ordinary", "silver", "gold")
"""From the lowest to the highest; the history keeps a level as its place here."""

NAMES = {
    "ordinary": Text("普通商家", "ordinary"),
    "silver": Text("银牌", "silver"),
    "gold": Text("金牌", "gold"),
    "jbp": Text("JBP 年框", "JBP"),
    "stylised": Text("风格化店铺", "stylised shop"),
    "plus": Text("PLUS（MALL）", "PLUS (MALL)"),
    "none": Text("无标识", "no badge"),
}
MENU = Text("店铺 → 店铺表现 → 金银牌权益中心", "Store → Store performance → Medal benefits centre")


def above(level: str) -> str | None:
    """The medal over a level."""
    place = LEVELS.index(level) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def not_shown(audit: Audit, key: str, meaning: Text) -> Exception:
    """A figure that the page leaves out: unreadable, or left out because ``meaning`` holds."""
    reading = audit.reading("medal")
    for problem in reading.problems:
        if problem.field == key and problem.type == "value_not_understood":
            shown = problem.text
            return CannotTell(Text(f"medal.{key} 的值无法识别：{shown!r}", f"medal.{key} reads {shown!r}, no value"))
    return DoesNotApply(meaning)
