"""`shoplint why`: where a finding comes from; `shoplint why not`: why a rule reported nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options, past
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.history.runs import SavedRun, StatedFinding
    from checks.rule import Rule


@click.command(
    "why",
    short_help=say(
        "一条问题从何而来；why not 说明一条规则为何没有报", "why a finding is there; why not: a silent rule"
    ),
    help=say(
        "一步步说明一条问题：哪一页、哪个标签、原文、读作什么、哪条规则、谁的阈值、状态。"
        "FINDING 是指纹（或它的开头），或规则代码加对象编号。\n\n"
        "why not CODE 说明一条规则在最近一次检查里为何没有报：缺什么、为何通过或不适用。",
        "Walks one finding step by step: page, label, text, what was read, rule, whose threshold, state. FINDING is a "
        "fingerprint, or the beginning of one, or a rule's code and the subject.\n\n"
        "why not CODE tells why a rule reported nothing in the last run: what it lacked, why it passed or does not "
        "apply.",
    ),
    epilog=say(
        "例：shoplint why LOG003 8225665662093622；shoplint why not LOG001",
        "Example: shoplint why LOG003 8225665662093622; shoplint why not LOG001",
    ),
)
@click.argument("finding", nargs=-1, metavar="FINDING | CODE SUBJECT | not CODE")
@click.option("--not", "silent", metavar="CODE", help=say("同 why not CODE", "the same as why not CODE"))
@click.option("--run", "run_id", metavar="RUN", default="last", show_default=True, help=say("哪一次检查", "which run"))
@past.store
@options.places
def command(
    finding: tuple[str, ...],
    silent: str | None,
    run_id: str,
    store: str | None,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    words = list(finding)
    if silent is None and words and words[0].lower() == "not":
        if len(words) != 2:
            raise click.UsageError(say("why not 后面要一条规则，如 LOG001", "why not takes one rule, such as LOG001"))
        silent, words = words[1], []
    if (silent is None) == (not words):
        raise click.UsageError(
            say(
                "请给出一条问题的指纹、规则代码加对象，或 not 加规则代码",
                "name a finding by its fingerprint or by code and subject, or write not and a rule's code",
            )
        )
    rule = _rule(silent) if silent is not None else None
    setting = options.setting(home, config, db, lang)
    with past.opened(setting) as history:
        run = past.run_of(history, setting, store, run_id)
        if run_id == "last":
            run = past.hushed(history, run, datetime.now(UTC))
        past.others(history, setting, run.record.store, store if run_id == "last" else run_id)
    from agent.reports.why import why_not_page, why_page

    look = setting.look(channel_id=run.record.store.channel_id, color=options.wants_color())
    click.echo(why_not_page(rule, run, look) if rule else why_page(_found(run, words), run, look))
    return 0


def _rule(code: str) -> Rule:
    chosen = options.chosen_rules(code, None)
    if len(chosen) != 1 or chosen[0].code != code.upper():
        first = chosen[0].code
        raise click.UsageError(say(f"{code} 不是一条规则，如 {first}", f"{code} is not one rule, such as {first}"))
    return chosen[0]


def _found(run: SavedRun, words: list[str]) -> StatedFinding:
    """The finding meant by a fingerprint, or by a code and a subject; a usage error lists what comes near."""
    if len(words) == 1 and not _is_code(words[0]):
        near = [f for f in run.findings if f.finding.fingerprint.startswith(words[0].lower())]
    else:
        code = options.chosen_rules(words[0], None)[0].code
        same = [f for f in run.findings if f.finding.code == code]
        subject = " ".join(words[1:])
        exact = [f for f in same if f.finding.subject.id == subject]
        near = exact or [f for f in same if subject in f.finding.subject.id]
    if len(near) == 1:
        return near[0]
    raise click.UsageError(_several(near) if near else _nothing(run, words))


def _is_code(word: str) -> bool:
    from checks.policy import FAMILIES

    return word[:3].upper() in FAMILIES


def _several(near: list[StatedFinding]) -> str:
    named = ", ".join(f"{f.finding.fingerprint} ({f.finding.code} {f.finding.subject.id})" for f in near[:5])
    more = " …" if len(near) > 5 else ""
    return say(
        f"有 {len(near)} 条符合，请写明其中一条：{named}{more}",
        f"{len(near)} findings fit; name one of them: {named}{more}",
    )


def _nothing(run: SavedRun, words: list[str]) -> str:
    told, here = " ".join(words), run.record.id
    if _is_code(words[0]):
        code = words[0].upper()
        return say(
            f"检查 {here} 里没有 {told}；shoplint why not {code} 说明这条规则的结果",
            f"run {here} holds no {told}; shoplint why not {code} tells how the rule came out",
        )
    return say(
        f"检查 {here} 里没有以 {told} 开头的指纹；shoplint show {here} -v 列出全部",
        f"run {here} holds no finding whose fingerprint begins with {told}; shoplint show {here} -v lists them",
    )
