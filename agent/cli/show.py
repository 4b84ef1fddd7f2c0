"""`shoplint show RUN`: a past run, printed as it was; and what `shoplint report` shares with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from agent.cli import options
from agent.cli.speech import say

F = TypeVar("F", bound=Callable[..., Any])


def past_run(function: F) -> F:
    """RUN, ``--store`` and the options of every report."""
    for option in (
        options.loudness,
        options.places,
        options.output,
        click.option("--store", metavar="STORE", help=say("只在这家店铺里找", "look among this store's runs only")),
        click.argument("run", default="last"),
    ):
        function = option(function)
    return function


@click.command(
    "show",
    short_help=say("重看一次检查的报告", "one past run again"),
    help=say(
        "把一次检查的报告重新打印出来，任何语言、任何格式。RUN 是编号、编号的开头，或 last。",
        "Prints a past run again, in any language and form. RUN is an id, the beginning of one, or `last`.",
    ),
    epilog=say("例：shoplint show last --format json", "Example: shoplint show last --format json"),
)
@past_run
def command(**given: Any) -> int:
    return again(**given)


def again(
    run: str,
    store: str | None,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    """Write a past run in every form asked for."""
    from agent.cli.auditing import Wish, report, trends_for
    from agent.cli.history import store_key
    from agent.history.database import History

    targets = options.targets(formats, outputs)
    setting = options.setting(home, config, db, lang, verbose, quiet)
    with History(setting.database, create=False) as history:
        saved = history.run(run, store_key(setting, store))
        wish = Wish(targets)
        trends = trends_for(wish, history, saved)
    report(saved, setting, wish, trends)
    return 0
