"""Past runs for a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text as Styled

from agent.history.runs import RunHead
from agent.reports import Look
from agent.reports.catalogue import printed
from agent.reports.moments import CLOCK, WHOLE, Clock
from agent.reports.table import SIGNS, STYLES
from agent.words import STATE
from checks.text import Text

ROOMY = 96
"""Columns from which on the user's own time stands beside the backend's."""
INCOMPLETE = Text("不完整，不作对比基准", "incomplete, no base for later runs")


def runs_table(runs: list[RunHead], look: Look) -> str:
    """One line a run: when, which store, how many of each severity, what changed."""
    say = look.language
    if not runs:
        return Text("还没有检查记录", "no runs yet").to(say)
    table = Table(box=None, padding=(0, 1), show_edge=False, header_style="bold")
    table.add_column(Text("编号", "run").to(say), no_wrap=True)
    table.add_column(Text("店铺", "store").to(say), overflow="fold", min_width=10)
    table.add_column(Text("判断时间", "as of").to(say), no_wrap=True)
    clock, is_own = Clock.of(look), (look.width or 80) >= ROOMY
    if is_own:
        table.add_column(Text("您的时间", "yours").to(say), style="dim", no_wrap=True)
    for severity, sign in SIGNS.items():
        table.add_column(Styled(sign, style=STYLES[severity]), justify="right", no_wrap=True)
    table.add_column(Text("变化", "changes").to(say), no_wrap=True)
    for run in runs:
        summary, told = run.summary, clock.tell(run.now)
        changes = f"+{summary.new} ={summary.persisting} -{summary.resolved}"
        if not run.complete:
            changes += " ?"
        table.add_row(
            run.id,
            run.store.name or run.store.key,
            told.backend[:WHOLE],
            *([(told.own or "")[:CLOCK]] if is_own else []),
            str(summary.error),
            str(summary.warning),
            str(summary.info),
            changes,
        )
    signs = {"+": STATE["new"], "=": STATE["persisting"], "-": STATE["resolved"], "?": INCOMPLETE}
    legend = "   ".join(f"{sign} {word.to(say)}" for sign, word in signs.items())
    zones = Text("判断时间是后台的美国太平洋时间", "“as of” is the backend's time, US Pacific").to(say)
    return printed([table, "", Styled(legend, style="dim"), Styled(zones, style="dim")], look)
