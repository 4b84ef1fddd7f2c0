"""Past runs for a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text as Styled

from agent.history.runs import RunHead
from agent.reports import Look
from agent.reports.catalogue import printed
from agent.reports.table import SIGNS, STYLES
from agent.words import STATE
from checks.text import Text

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
    for severity, sign in SIGNS.items():
        table.add_column(Styled(sign, style=STYLES[severity]), justify="right", no_wrap=True)
    table.add_column(Text("变化", "changes").to(say), no_wrap=True)
    for run in runs:
        summary = run.summary
        changes = f"+{summary.new} ={summary.persisting} -{summary.resolved}"
        if not run.complete:
            changes += " ?"
        table.add_row(
            run.id,
            run.store.name or run.store.key,
            f"{run.now.astimezone(look.backend_zone):%Y-%m-%d %H:%M}",
            str(summary.error),
            str(summary.warning),
            str(summary.info),
            changes,
        )
    signs = {"+": STATE["new"], "=": STATE["persisting"], "-": STATE["resolved"], "?": INCOMPLETE}
    legend = "   ".join(f"{sign} {word.to(say)}" for sign, word in signs.items())
    return printed([table, "", Styled(legend, style="dim")], look)
