"""`shoplint trend METRIC`: one figure over time, as a table with a plot, as CSV or as JSON."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options, past
from agent.cli.spans import Since
from agent.cli.speech import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.history.runs import MetricSeen


@click.command(
    "trend",
    short_help=say("一项指标随时间的走势", "one figure over time"),
    help=say(
        "画出一项指标的走势并列出每个点；只用完整的检查。METRIC 是“页面.字段”，不写则列出这家店铺有哪些。",
        "Plots one figure over time and lists its points; only complete runs count. METRIC is page.field; without it "
        "the figures of the store are listed.",
    ),
    epilog=say(
        "例：shoplint trend health.dispute_rate --since 30d",
        "Example: shoplint trend health.dispute_rate --since 30d",
    ),
)
@click.argument("metric", required=False)
@past.store
@click.option(
    "--since",
    type=Since(),
    metavar="DAY|30d",
    help=say("从哪天起，或最近多久", "from which day on, or how far back"),
)
@past.form("table", "csv", "json")
@options.places
@options.loudness
def command(
    metric: str | None,
    store: str | None,
    since: datetime | timedelta | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    setting = options.setting(home, config, db, lang, verbose, quiet)
    start = datetime.now(UTC) - since if isinstance(since, timedelta) else since
    with past.opened(setting) as history:
        who = past.store_of(history, setting, store)
        past.others(history, setting, who, store)
        known = history.metric_names(who.key)
        if metric is not None and metric not in known:
            raise click.UsageError(_unknown(metric, known))
        names = [metric] if metric else known
        found = {name: _numbers(history.metric(who.key, name, start)) for name in names}
    from agent.reports import trend as report

    look = setting.look(color=options.wants_color())
    forms = {"table": report.table, "csv": report.csv, "json": report.as_json}
    click.echo(forms[form](found, who, look) if metric else report.listed(found, form, look))
    return 0


def _numbers(points: Sequence[MetricSeen]) -> list[MetricSeen]:
    return [point for point in points if point.metric.value is not None and not isinstance(point.metric.value, str)]


def _unknown(metric: str, known: list[str]) -> str:
    """The nearest names: those with the same field, else those that are written alike; then all there are."""
    from difflib import get_close_matches

    near = [name for name in known if name.partition(".")[2] == metric] or get_close_matches(metric, known, 3)
    hint = say(f"，是不是 {' 或 '.join(near)}？", f"; did you mean {' or '.join(near)}?") if near else ""
    names = ", ".join(known) or say("无", "none")
    return say(
        f"这家店铺没有指标 {metric}{hint} 已有：{names}", f"this store has no figure {metric}{hint} It has: {names}"
    )
