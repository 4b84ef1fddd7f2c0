"""The distance to the next level and medal for a terminal and for programs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import RenderableType
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text as Styled

from agent.history.runs import StatedFinding
from agent.reports import Look
from agent.reports.catalogue import printed
from agent.reports.moments import Clock
from agent.reports.wrapping import wrapped
from agent.standing import Course, Ladder, Need
from checks.measure import distance
from checks.text import Text, day

MARKS = {True: "✔", False: "✖", None: "?"}
STYLES = {True: "green", False: "bold red", None: "yellow"}
NAMES = {"level": Text("卖家等级", "Seller level"), "medal": Text("金银牌", "Medal")}
NEXT_ON = {"level": Text("下次评估", "next evaluation"), "medal": Text("本季度考核到", "the quarter ends")}


def level_page(ladders: list[Ladder], look: Look) -> str:
    """Every requirement with its value, gap, trend and day; below, the findings that stand in the way."""
    parts: list[RenderableType] = []
    for ladder in ladders:
        if parts:
            parts.append("")
        parts += _ladder(ladder, look)
    legend = Text(
        "趋势为每天的变化；按此趋势的日期是推算，不是承诺。",
        "A trend is the change a day; a date at this trend is an extrapolation, no promise.",
    )
    parts += ["", *(Styled(line, style="dim") for line in wrapped(legend.to(look.language), look.width or 80))]
    return printed(parts, look)


def _ladder(ladder: Ladder, look: Look) -> list[RenderableType]:
    say = look.language
    aim = (
        Text(f"：{ladder.current.zh} → {ladder.goal.zh}", f": {ladder.current.en} → {ladder.goal.en}")
        if ladder.goal
        else Text(f"：{ladder.current.zh}（已是最高）", f": {ladder.current.en} (the highest)")
    )
    short = sum(need.met is False for need in ladder.needs)
    parts: list[RenderableType] = [
        Line(Styled(NAMES[ladder.kind].to(say) + aim.to(say), style="bold"), align="left", characters="━"),
        Styled(_seen(ladder, look), style="dim"),
        Text(
            f"{len(ladder.needs)} 项要求，{short} 项未达到",
            f"{len(ladder.needs)} requirements, {short} not met",
        ).to(say),
    ]
    if ladder.needs:
        parts += ["", _table(ladder, look)]
    for need in ladder.needs:
        if need.keep is not None:
            risk = Text(
                f"{ladder.current.zh}有风险：{need.title.zh} {need.shown.zh}，保住它要求 {need.keep.zh}",
                f"{ladder.current.en} is at risk: {need.title.en} is {need.shown.en}, keeping it takes {need.keep.en}",
            ).to(say)
            parts += [Styled(line, style=STYLES[False]) for line in wrapped(risk, look.width or 80)]
    blocked = [need for need in ladder.needs if need.blockers]
    if blocked:
        heading = Text("挡在前面的问题", "Findings in the way").to(say)
        parts += ["", Styled(heading, style="bold")]
        for need in blocked:
            lines = wrapped(f"{need.title.to(say)}: {_codes(need.blockers)}", (look.width or 80) - 4)
            parts += [Styled(("  " if n == 0 else "    ") + line) for n, line in enumerate(lines)]
    return parts


def _seen(ladder: Ladder, look: Look) -> str:
    told = Text("页面采集于", "page captured").to(look.language) + f" {Clock.of(look).tell(ladder.captured_at)}"
    if ladder.next_on is not None:
        told += f" · {NEXT_ON[ladder.kind].to(look.language)} {day(ladder.next_on)}"
    return told


def _table(ladder: Ladder, look: Look) -> Table:
    say = look.language
    table = Table(box=None, padding=(0, 1, 0, 0), show_edge=False, header_style="bold")
    titles = (
        Text("", ""),
        Text("要求", "requirement"),
        Text("现值", "value"),
        Text("差距", "gap"),
        Text("趋势", "trend"),
        Text("可达到", "reached"),
    )
    for number, title in enumerate(titles):
        table.add_column(title.to(say), overflow="fold", no_wrap=number == 0)
    for need in ladder.needs:
        wanted = need.wanted.to(say) if need.line is not None else ""
        table.add_row(
            Styled(MARKS[need.met], style=STYLES[need.met]),
            f"{need.title.to(say)} {wanted}".strip(),
            need.shown.to(say),
            _short(need.gap.to(say)) if need.gap else "-",
            _trend(need, look),
            _when(need, look),
        )
    return table


def _trend(need: Need, look: Look) -> str:
    course = need.course
    if course is None:
        return "-"
    if course.slope is None:
        return Text(f"{course.points}/{course.wanted} 次", f"{course.points}/{course.wanted} runs").to(look.language)
    if abs(course.slope) < 1e-9:
        return Text("持平", "flat").to(look.language)
    arrow = "↑" if course.slope > 0 else "↓"
    return f"{arrow} {_short(distance(course.slope, 0, need.unit).to(look.language))}"


def _short(told: str) -> str:
    """A distance in a narrow column."""
    return told.replace(" percentage points", " pp")


def _when(need: Need, look: Look) -> str:
    """The day at which the line is reached at this trend, or why there is none."""
    if need.met is True:
        return Text("已达到", "met").to(look.language)
    course: Course | None = need.course
    if need.met is None or course is None:
        return "-"
    if course.slope is None:
        return Text("数据不足", "too few runs").to(look.language)
    if course.reaches is None:
        return Text("按此趋势达不到", "not at this trend").to(look.language)
    return day(course.reaches)


def _codes(blockers: tuple[StatedFinding, ...]) -> str:
    counted = Counter(stated.finding.code for stated in blockers)
    return ", ".join(code if n == 1 else f"{code} × {n}" for code, n in counted.items())


def as_dict(ladder: Ladder, look: Look) -> dict[str, Any]:
    """A ladder as plain data; every key is always there."""
    say = look.language
    return {
        "kind": ladder.kind,
        "run": ladder.run,
        "captured_at": ladder.captured_at.isoformat(),
        "current": ladder.current.to(say),
        "goal": ladder.goal.to(say) if ladder.goal else None,
        "next_on": ladder.next_on.isoformat() if ladder.next_on else None,
        "requirements": [_need(need, look) for need in ladder.needs],
    }


def _need(need: Need, look: Look) -> dict[str, Any]:
    say, course = look.language, need.course
    return {
        "id": need.id,
        "title": need.title.to(say),
        "value": need.value,
        "threshold": need.line,
        "unit": need.unit,
        "met": need.met,
        "observed": need.shown.to(say),
        "expected": need.wanted.to(say),
        "gap": need.gap.to(say) if need.gap else None,
        "keep": need.keep.to(say) if need.keep else None,
        "trend_per_day": course.slope if course else None,
        "trend_points": course.points if course else 0,
        "reached_on": course.reaches.isoformat() if course and course.reaches else None,
        "findings": [stated.finding.fingerprint for stated in need.blockers],
    }
