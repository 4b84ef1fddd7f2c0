"""Thresholds in words: the value with its unit, and whose line it is."""

from __future__ import annotations

from agent.words import PROGRAMME
from checks.finding import Threshold
from checks.measure import figure
from checks.text import Language, Text, number, plain

UNITS = {
    "points": Text("分", "points"),
    "hours": Text("小时", "hours"),
    "minutes": Text("分钟", "minutes"),
    "months": Text("个月", "months"),
    "years": Text("年", "years"),
    "working_days": Text("个工作日", "working days"),
    "day_of_month": Text("日", "th of the month"),
}


def value_of(line: Threshold) -> Text:
    """The value of a line in its unit: 0.018 as ratio -> "1.80%"."""
    if line.value is None:
        return Text("未设置", "not set")
    if line.unit in UNITS:
        unit, shown = UNITS[line.unit], number(line.value)
        return Text(f"{shown} {unit.zh}", f"{shown}{unit.en}" if unit.en[:2] == "th" else f"{shown} {unit.en}")
    if line.unit == "money":
        return plain(f"US ${figure(line.value, 'money').en}")
    return figure(line.value, line.unit)


def whose(line: Threshold) -> Text:
    """Whose line it is; the user's own says so."""
    if line.overridden:
        return PROGRAMME["user"]
    return PROGRAMME.get(line.programme) or plain(line.programme)


def told(line: Threshold, language: Language) -> str:
    """The line in one phrase: "One Diamond 0.80% (S0)"."""
    return f"{whose(line).to(language)} {value_of(line).to(language)} ({line.source})"
