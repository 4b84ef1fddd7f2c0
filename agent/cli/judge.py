"""`shoplint judge`: a saved capture or an order export goes in, findings come out, the history remembers."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.capture.reader import Capture
    from agent.cli.options import Setting
    from agent.judging import Question
    from extractors.models import Store


@click.command(
    "judge",
    short_help=say("判断页面存档或官方订单导出表", "judge a saved capture or the official order export"),
    help=say(
        "读取页面存档（文件夹或 .zip）或官方订单导出表（.xlsx），按规则判断，打印报告并记入历史。不联网，不启动浏览器。"
        "与一份存档同时给出的订单表算作同一家店铺。",
        "Reads captures (a folder or .zip) or official order exports (.xlsx), judges them, prints the report and keeps "
        "it in the history. No network, no browser. An export given beside one capture belongs to that store.",
    ),
    epilog=say("例：shoplint judge 订单导出.xlsx --select LOG", "Example: shoplint judge orders.xlsx --select LOG"),
)
@click.argument("captures", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CAPTURE|ORDERS.xlsx...")
@click.option("--store", metavar="STORE", help=say("配置里的店铺名", "the store's name in the configuration"))
@click.option("--premium", is_flag=True, help=say("按精品店铺判断", "judge as a premium store"))
@click.option("--no-history", is_flag=True, help=say("不读也不写历史", "neither read nor write the history"))
@click.option(
    "--baseline",
    is_flag=True,
    help=say(
        "只计入比基线新增或严重的问题（见 shoplint baseline）",
        "count only what is new or worse than the baseline (see shoplint baseline)",
    ),
)
@options.output
@options.selection
@options.places
@options.loudness
def command(
    captures: tuple[Path, ...],
    store: str | None,
    premium: bool,
    no_history: bool,
    baseline: bool,
    formats: tuple[str, ...],
    outputs: tuple[Path, ...],
    select: str | None,
    ignore: str | None,
    fail_on: str,
    now: datetime | None,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.capture.opening import open_capture
    from agent.cli.auditing import Wish, grouped, judge_together, reading

    targets = options.targets(formats, outputs)
    codes = []
    with ExitStack() as stack:
        try:
            opened = [stack.enter_context(open_capture(path, now=now, ahead=len(captures) == 1)) for path in captures]
        finally:  # What is wrong with a capture is said in the language that the configuration names.
            setting = options.setting(home, config, db, lang, verbose, quiet)
        if baseline and no_history:
            raise click.UsageError(
                say(
                    "--baseline 需要历史，不能与 --no-history 同时使用",
                    "--baseline needs the history: leave --no-history out",
                )
            )
        wish = Wish(targets, fail_on, keep=not no_history, baseline=baseline)
        groups = grouped(opened)
        if len(groups) > 1 and outputs:
            raise click.UsageError(
                say(
                    "-o 只能用于一家店铺的存档；多份存档请逐份运行",
                    "-o takes the captures of one store: judge several stores one by one",
                )
            )
        for number, group in enumerate(groups, start=1):
            known = _store(setting, store, group[0].store)
            question = _question(setting, select, ignore, now, premium, known)
            line = reading(setting, _name(group) if len(groups) > 1 else None, number, len(groups))
            codes.append(judge_together(group, question, setting, wish, line))
    return _worst(codes)


def _name(group: Sequence[Capture]) -> str:
    """What a run of several is called while it is under way."""
    first = group[0]
    return first.store.name or first.path.name


def _worst(codes: list[int]) -> int:
    """Of several runs findings weigh most, then what stayed unknown."""
    return next((code for code in (1, 3) if code in codes), 0)


def _store(setting: Setting, name: str | None, shown: Store) -> tuple[Store, dict[str, float]]:
    """The configured store with its own thresholds: by ``--store``, else the one that the capture shows."""
    from extractors.models import Store as Known

    if name is not None:
        entry = setting.config.store(name)
    else:
        found = setting.config.store_for(shown)
        if found is None:
            return Known(), {}
        entry = found[1]
    known = Known(id=entry.id, name=entry.name, channel_id=entry.channel_id, premium=entry.premium)
    return known, dict(entry.thresholds)


def _question(
    setting: Setting,
    select: str | None,
    ignore: str | None,
    now: datetime | None,
    premium: bool,
    known: tuple[Store, dict[str, float]],
) -> Question:
    from agent.judging import Question

    store, overrides = known
    return Question(
        rules=options.chosen_rules(select, ignore),
        vocabulary=setting.vocabulary,
        overrides=overrides,
        now=now,
        premium=premium,
        store=store,
    )
