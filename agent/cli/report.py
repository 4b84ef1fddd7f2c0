"""`shoplint report RUN --format …`: any past run in any format."""

from __future__ import annotations

from typing import Any

import click

from agent.cli.show import again, past_run
from agent.cli.speech import say


@click.command(
    "report",
    short_help=say("把任意一次检查输出成任意格式", "any past run in any format"),
    help=say(
        "把以往任意一次检查写成网页、Markdown、CSV、JUnit、SARIF、JSON 或文字表格，可一次写多种。"
        "RUN 是编号、编号的开头，或 last。",
        "Writes any past run as an HTML page, Markdown, CSV, JUnit, SARIF, JSON or a table, several at once if wanted. "
        "RUN is an id, the beginning of one, or `last`.",
    ),
    epilog=say(
        "例：shoplint report last --format html -o 报告.html",
        "Example: shoplint report last --format html -o report.html",
    ),
)
@past_run
def command(**given: Any) -> int:
    return again(**given)
