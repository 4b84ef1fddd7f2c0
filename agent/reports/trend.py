"""One figure over time: a plot and a table for a terminal, rows for a spreadsheet, points for a program."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import RenderableType
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text as Styled

from agent.history.runs import Metric, MetricSeen, StoreRef
from agent.history.trends import shown
from agent.reports import Look
from agent.reports.catalogue import printed
from agent.reports.lines import value_of, whose
from agent.reports.moments import CLOCK, Clock
from agent.reports.wrapping import wrapped
from checks.hlt.trend import DAY
from checks.measure import distance, figure
from checks.policy import Policy
from checks.text import Text, day

Found = Mapping[str, Sequence[MetricSeen]]
SHOWN = 20
"""Points that the table lists without -v; the plot shows all."""
HEIGHT = 14
TICKS = 4
LABEL = len("2026-11-20")


def value_told(metric: Metric) -> Text:
    """A figure in its unit; money with its currency."""
    value = _value(metric)
    if metric.unit is not None and metric.unit.isupper():
        told = f"{metric.unit} {value:,.2f}".removesuffix(".00")
        return Text(told, told)
    return figure(value, metric.unit)


def _value(metric: Metric) -> float:
    if metric.value is None or isinstance(metric.value, str):
        raise ValueError(f"{metric.name} holds no number")
    return float(metric.value)


# --- terminal -----------------------------------------------------------------------------------------------------


def table(found: Found, store: StoreRef, look: Look) -> str:
    """The plot of one figure, and below it its points, the newest first."""
    ((name, points),) = found.items()
    say = look.language
    parts: list[RenderableType] = [_heading(name, store, look)]
    if not points:
        parts.append(Text("这段时间没有数据。", "There are no values in this time.").to(say))
        return printed(parts, look)
    parts += [Styled(line) for line in wrapped(_summary(points).to(say), look.width or 80)]
    lines = _lines(name, look)
    if lines:
        parts += [Styled(line, style="dim") for line in wrapped(lines, look.width or 80)]
    if len(points) > 1:
        parts += ["", *plot(points, look).split("\n")]
    parts += ["", _points(points, look)]
    hidden = len(points) - SHOWN
    if hidden > 0 and not look.verbose:
        more = Text(f"… 另有更早的 {hidden} 个点，加 -v 全部显示", f"… {hidden} earlier points, shown with -v").to(say)
        parts.append(Styled(more, style="dim"))
    return printed(parts, look)


def _heading(name: str, store: StoreRef, look: Look) -> Line:
    known = next((one for one in shown() if one.metric == name), None)
    title = Styled(name, style="bold")
    if known:
        title.append(f"  {known.name.to(look.language)}")
    title.append(f"  {store.name or store.key}", style="dim")
    return Line(title, align="left", characters="━")


def _summary(points: Sequence[MetricSeen]) -> Text:
    """First, last, lowest, highest, and what changed."""
    first, last = points[0].metric, points[-1].metric
    count = f"{len(points)} point" + "s" * (len(points) != 1)
    ranked = sorted((point.metric for point in points), key=_value)
    low, high, now, then = (value_told(m) for m in (ranked[0], ranked[-1], last, first))
    moved = _value(last) - _value(first)
    gap = distance(_value(last), _value(first), last.unit)
    zh, en = ("持平", "unchanged") if not moved else (f"上升 {gap.zh}", f"up {gap.en}")
    if moved < 0:
        zh, en = f"下降 {gap.zh}", f"down {gap.en}"
    return Text(
        f"{len(points)} 个点，{day(first.at.date())} 至 {day(last.at.date())}：{then.zh} → {now.zh}（{zh}），"
        f"最低 {low.zh}，最高 {high.zh}",
        f"{count}, {day(first.at.date())} to {day(last.at.date())}: {then.en} → {now.en} ({en}), "
        f"lowest {low.en}, highest {high.en}",
    )


def _lines(name: str, look: Look) -> str:
    """The lines that the figure must keep to, and whose they are."""
    known = next((one for one in shown() if one.metric == name), None)
    if known is None or not known.lines:
        return ""
    policy = Policy(day=datetime.now(look.backend_zone).date(), overrides={})
    sign = "≥" if known.higher_is_better else "≤"
    told = [
        f"{whose(line).to(look.language)} {sign} {value_of(line).to(look.language)}"
        for line in map(policy.threshold, known.lines)
    ]
    return Text("要求：", "Asked for: ").to(look.language) + " · ".join(told)


def plot(points: Sequence[MetricSeen], look: Look) -> str:
    """The points as a line of dots over real time, without colour, at most as wide as the look."""
    import plotext

    width = look.width or 80
    start = points[0].metric.at
    xs = [(point.metric.at - start) / DAY for point in points]
    ys = [_value(point.metric) for point in points]
    low, high = min(ys), max(ys)
    room = (high - low) * 0.05 or abs(high) * 0.05 or 1.0
    unit = points[0].metric.unit
    drawing = plotext.figure
    drawing.clear()
    drawing.theme("colorless")
    drawing.plot_size(width, HEIGHT)
    signal = drawing.signal(xs, ys, marker="braille")
    signal.lines()
    drawing.draw(signal)
    down = drawing.ruler("y")
    down.lim(low - room, high + room)
    places = [low + (high - low) * step / (TICKS - 1) for step in range(TICKS)] if high > low else [low]
    down.ticks(places, [_short(place, unit, look) for place in places])
    marks = _days(start, xs[-1], look)
    drawing.ruler("x").ticks([x for x, _ in marks], [label for _, label in marks])
    return str(plotext.uncolorize(str(drawing.build()))).rstrip("\n")


def _short(value: float, unit: str | None, look: Look) -> str:
    return figure(value, unit).to(look.language) if unit in ("ratio", "points") else f"{value:,.6g}"


def _days(start: datetime, length: float, look: Look) -> list[tuple[float, str]]:
    """Where the ruler of time names a day: evenly, each day once, with room between the names."""
    marks: dict[str, float] = {}
    for step in range(TICKS):
        x = length * step / (TICKS - 1)
        label = day((start + timedelta(days=x)).astimezone(look.backend_zone).date())
        marks.setdefault(label, x)
    return [(x, label) for label, x in marks.items()]


def _points(points: Sequence[MetricSeen], look: Look) -> Table:
    say, clock = look.language, Clock.of(look)
    found = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    found.add_column(Text("时间", "time").to(say), no_wrap=True)
    if is_own := any(clock.tell(point.metric.at).own for point in points):
        found.add_column(Text("您的时间", "yours").to(say), style="dim", no_wrap=True)
    found.add_column(Text("数值", "value").to(say), justify="right", no_wrap=True)
    found.add_column(Text("变化", "change").to(say), justify="right", no_wrap=True)
    found.add_column(Text("检查", "run").to(say), style="dim", no_wrap=True)
    before = [None, *points[:-1]]
    rows = list(zip(points, before, strict=True))[::-1]
    for point, earlier in rows if look.verbose else rows[:SHOWN]:
        told = clock.tell(point.metric.at)
        found.add_row(
            told.backend,
            *([(told.own or "")[:CLOCK]] if is_own else []),
            value_told(point.metric).to(say),
            _change(point, earlier, look),
            point.run,
        )
    return found


def _change(point: MetricSeen, earlier: MetricSeen | None, look: Look) -> str:
    if earlier is None:
        return ""
    moved = _value(point.metric) - _value(earlier.metric)
    if not moved:
        return "="
    sign = "+" if moved > 0 else "−"
    gap = distance(_value(point.metric), _value(earlier.metric), point.metric.unit).to(look.language)
    return sign + gap.replace(" percentage points", " pp")


# --- programs -----------------------------------------------------------------------------------------------------


def csv(found: Found, store: StoreRef, look: Look) -> str:
    """One line a point: time, value, unit, run; the value is the plain number."""
    ((name, points),) = found.items()
    from csv import writer
    from io import StringIO

    out = StringIO()
    rows = writer(out, lineterminator="\n")
    rows.writerow(["at", "metric", "value", "unit", "run"])
    for point in points:
        metric = point.metric
        rows.writerow([metric.at.isoformat(), name, metric.value, metric.unit or "", point.run])
    return out.getvalue().rstrip("\n")


def as_json(found: Found, store: StoreRef, look: Look) -> str:
    """The store, the figure's name and unit, and its points, the oldest first."""
    ((name, points),) = found.items()
    answer: dict[str, Any] = {
        "store": {"id": store.id, "name": store.name, "channel_id": store.channel_id},
        "metric": name,
        "unit": points[-1].metric.unit if points else None,
        "points": [
            {"at": point.metric.at.isoformat(), "value": _value(point.metric), "run": point.run} for point in points
        ],
    }
    return json.dumps(answer, ensure_ascii=False, indent=2)


def listed(found: Found, form: str, look: Look) -> str:
    """The figures that there are: name, number of points, last value."""
    last = {name: points[-1].metric for name, points in found.items() if points}
    if form == "json":
        rows = [
            {"metric": name, "unit": metric.unit, "points": len(found[name]), "last": _value(metric)}
            for name, metric in last.items()
        ]
        return json.dumps(rows, ensure_ascii=False, indent=2)
    if form == "csv":
        return "\n".join(["metric,points,last", *(f"{n},{len(found[n])},{_value(m)}" for n, m in last.items())])
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style="bold")
    titles = (Text("指标", "figure"), Text("点数", "points"), Text("最近", "last"))
    for number, title in enumerate(titles):
        table.add_column(title.to(look.language), justify="right" if number else "left", overflow="fold")
    for name, metric in last.items():
        table.add_row(name, str(len(found[name])), value_told(metric).to(look.language))
    hint = Text("看一项：shoplint trend 指标名", "One of them: shoplint trend NAME").to(look.language)
    return printed([table, "", Styled(hint, style="dim")], look)
