"""HLT011: if the last runs go on as they do, a figure reaches a line within two weeks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from checks.audit import DUST, Audit, CannotTell, DoesNotApply
from checks.facts import MetricPoint
from checks.finding import Finding, Severity, Subject, Threshold
from checks.hlt.lines import owner
from checks.hlt.trend import Watched, theil_sen, watched
from checks.measure import figure
from checks.rule import rule
from checks.text import Text, day, number

POINTS_SHOWN = 8


@rule(
    code="HLT011",
    name="metric-trend-crossing",
    severity=Severity.WARNING,
    sources=("history",),
    needs=tuple(one.metric for one in watched()),
    thresholds=("trend_horizon", "trend_points", "trend_span", "trend_window"),
    page="health",
    menu=Text("数据中心 → 店铺健康", "Data centre → Store health"),
    title=Text("按目前走势，指标两周内会触线", "A figure is heading for a line within two weeks"),
    why=Text(
        "指标还没过线，但最近几次采集一直朝坏的方向走；现在动手比过线后补救省力得多。",
        "The figure is still on the good side, but the last runs all lead towards the line; acting now costs far less "
        "than mending it afterwards.",
    ),
    fix=Text(
        "对照走势开始变差的那几天，查那段时间的订单、物流渠道和商品变动，先止住变差的原因。",
        "Find what changed in the days when it began to turn: orders, shipping channels, products. Stop that first.",
    ),
)
def trend_crossing(audit: Audit) -> Iterator[Finding]:
    judged = False
    for one in watched():
        points = recent(audit, one.metric)
        if not enough(audit, points):
            continue
        judged = True
        try:
            audit.value(one.metric)
        except CannotTell as stop:
            audit.gap(stop.reason)
            continue
        except DoesNotApply:
            continue
        yield from crossing(audit, one, points)
    if not judged:
        least, span = number(audit.line("trend_points")), number(audit.line("trend_span"))
        raise DoesNotApply(
            Text(f"历史数据不足：{span} 天内不到 {least} 个点", f"fewer than {least} points over {span} days")
        )


def recent(audit: Audit, metric: str) -> list[MetricPoint]:
    """The figure in the runs of the window and in this one, oldest first, one point a moment."""
    points = {point.at: point for point in audit.facts.history if point.metric == metric}
    reading = audit.facts.read(metric.partition(".")[0])
    value = audit.maybe(metric)
    value = getattr(value, "score", value)  # of a dimension of the rating its score is watched
    if reading is not None and value is not None:
        points[reading.captured_at] = MetricPoint(metric, float(value), reading.captured_at, "")
    start = audit.now - timedelta(days=audit.line("trend_window"))
    return sorted((p for p in points.values() if start <= p.at <= audit.now), key=lambda p: p.at)


def enough(audit: Audit, points: Sequence[MetricPoint]) -> bool:
    """Whether the points are many enough and far enough apart to speak of a trend."""
    if len(points) < audit.line("trend_points"):
        return False
    return points[-1].at - points[0].at >= timedelta(days=audit.line("trend_span"))


def crossing(audit: Audit, one: Watched, points: Sequence[MetricPoint]) -> Iterator[Finding]:
    """The finding about the first line that the trend reaches in time."""
    trend, latest = theil_sen(points), points[-1].value
    worse = -trend.slope if one.better == "higher" else trend.slope
    if worse <= DUST:
        return
    ahead = []
    for line in map(audit.threshold, one.lines):
        if line.value is None or (line.programme == "premium" and not audit.store.premium):
            continue
        room = latest - line.value if one.better == "higher" else line.value - latest
        when = max(trend.reaches(line.value), audit.now)
        if room >= -DUST and when <= audit.now + timedelta(days=audit.line("trend_horizon")):
            ahead.append((when, line, line.value))
    if ahead:
        when, line, value = min(ahead, key=lambda entry: entry[0])
        yield report(audit, one, points, (when, line, value))


def report(
    audit: Audit, one: Watched, points: Sequence[MetricPoint], ahead: tuple[datetime, Threshold, float]
) -> Finding:
    when, line, value = ahead
    date, shown, latest = day(when.astimezone(audit.timezone).date()), figure(value, one.unit), points[-1].value
    whose = owner(line)
    path = trail(audit, one, points)
    return audit.finding(
        Subject("metric", one.metric.partition(".")[2]),
        Text(
            f"{one.zh}按最近 {len(points)} 次的走势，预计 {date} 触到{whose.zh} {shown.zh}（{path.zh}）",
            f"After the last {len(points)} runs the {one.en} is expected to reach {shown.en} ({whose.en}) on {date} "
            f"(points: {path.en})",
        ),
        observed=figure(latest, one.unit),
        expected=Text(
            f"{'≥' if one.better == 'higher' else '≤'} {shown.zh}",
            f"{'≥' if one.better == 'higher' else '≤'} {shown.en}",
        ),
        threshold=line,
        evidence=audit.shown(one.metric),
    )


def trail(audit: Audit, one: Watched, points: Sequence[MetricPoint]) -> Text:
    """The points that the trend rests on: all of a few, else the first and the last ones."""
    steps = [
        (day(p.at.astimezone(audit.timezone).date())[5:], figure(p.value, one.unit))
        for p in (points if len(points) <= POINTS_SHOWN else (*points[:2], *points[-(POINTS_SHOWN - 2) :]))
    ]
    return Text(
        "，".join(f"{date} {value.zh}" for date, value in steps),
        ", ".join(f"{date} {value.en}" for date, value in steps),
    )
