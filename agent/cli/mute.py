"""`shoplint mute`: a finding, or what matches a pattern, is silenced until a date, for a reason."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.cli import options, past
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.options import Setting
    from agent.history.database import History
    from agent.history.mutes import Mute

UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_SPAN = re.compile(r"(\d{1,4})([hdw])")
_FINGERPRINT = re.compile(r"[0-9a-fA-F]+")


class Span(click.ParamType[timedelta]):
    """A length of time: 36h, 14d, 2w."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = _SPAN.fullmatch(str(value).strip().lower())
        if found is None or int(found[1]) == 0:
            self.fail(
                say(f"{value!r} 不是时长，应如 36h、14d、2w", f"{value!r} is no span, such as 36h, 14d, 2w"), param, ctx
            )
        return timedelta(**{UNITS[found[2]]: int(found[1])})


class End(click.ParamType["date | datetime"]):
    """A day, which ends with its last second, or an ISO 8601 time with its offset."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        if isinstance(value, date):
            return value
        if "T" in str(value):
            return options.Moment().convert(value, param, ctx)
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(
                say(f"{value!r} 不是日期，应如 2026-12-31", f"{value!r} is no date, such as 2026-12-31"), param, ctx
            )


@click.command(
    "mute",
    short_help=say("静音一条或一类问题，须写明理由和结束日期", "silence findings, with a reason and an end"),
    help=say(
        "静音之后，问题不再计入报告和退出码。TARGET 是问题的指纹（或其开头几位）、规则代码（LOG001）或类别（LOG）；"
        "加 --subject 只静音对象编号符合的，可用 * 和 ?。必须写理由和结束日期。"
        "问题比静音时变得严重（级别升高、数值越线更多、超过时限），静音提前结束。",
        "Silenced findings no longer count in reports and exit codes. TARGET is a finding's fingerprint (or its "
        "beginning), a rule (LOG001) or a family (LOG); --subject keeps to subjects whose id matches, with * and ?. A "
        "reason and an end are always asked for. A mute ends early when the finding becomes worse than it was: graver, "
        "further over its line, past its deadline.",
    ),
    epilog=say(
        "例：shoplint mute LOG013 --reason '正在换物流商' --for 30d",
        "Example: shoplint mute LOG013 --reason 'changing the carrier' --for 30d",
    ),
)
@click.argument("target", required=False)
@click.option(
    "--subject", metavar="PATTERN", help=say("对象编号，可用 * 和 ?", "the subject's id, with * and ? as wildcards")
)
@click.option("--reason", metavar="TEXT", help=say("为什么静音", "why it is silenced"))
@click.option("--until", type=End(), help=say("结束日期（含当天）", "the last day, or a time with its offset"))
@click.option("--for", "span", type=Span(), help=say("静音多久，如 14d", "how long, such as 14d"))
@click.option("--list", "listing", is_flag=True, help=say("列出全部静音及其状态", "list the mutes and how they stand"))
@click.option("--remove", type=int, metavar="NUMBER", help=say("删除这个编号的静音", "remove the mute of this number"))
@click.option(
    "--store",
    metavar="STORE",
    help=say("只对这家店铺（默认：全部店铺）", "of this store only (default: of all stores)"),
)
@past.form("table", "json")
@options.places
@options.loudness
def command(
    target: str | None,
    subject: str | None,
    reason: str | None,
    until: date | datetime | None,
    span: timedelta | None,
    listing: bool,
    remove: int | None,
    store: str | None,
    form: str,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    setting = options.setting(home, config, db, lang, verbose, quiet)
    given = (target, subject, reason, until, span)
    if (listing or remove is not None) and (any(v is not None for v in given) or (listing and remove is not None)):
        raise click.UsageError(
            say("--list 和 --remove 不能与其他静音选项同时使用", "--list and --remove each stand alone")
        )
    with past.opened(setting) as history:
        key = past.store_of(history, setting, store).key if store is not None else None
        if listing:
            return _list(history, setting, key, form)
        if remove is not None:
            gone = history.silences.remove(remove, datetime.now(UTC))
            name = gone.target.to(setting.language)
            click.echo(say(f"已删除静音 {gone.id}（{name}）", f"mute {gone.id} is removed ({name})"))
            return 0
        wanted = _wanted(history, key, target, subject)
        clock = _clock(history, wanted.get("store"))
        if reason is None or not reason.strip():
            raise click.UsageError(say("请用 --reason 写明理由", "say why with --reason"))
        end = _end(until, span, clock, setting.config.zone)
        return _add(history, setting, wanted | {"reason": " ".join(reason.split()), "until": end}, form)


def _wanted(history: History, store: str | None, target: str | None, subject: str | None) -> dict[str, Any]:
    """What is to be silenced; a fingerprint that no finding has and a code that no rule has are mistakes."""
    if target is None and not subject:
        raise click.UsageError(
            say(
                "请写要静音的问题：指纹、规则代码（如 LOG001）或 --subject",
                "name what to silence: a fingerprint, a rule (such as LOG001) or --subject",
            )
        )
    if target is not None and _FINGERPRINT.fullmatch(target):
        if subject:
            raise click.UsageError(
                say("指纹已指明一条问题，不能再加 --subject", "a fingerprint is one finding: leave --subject out")
            )
        row = history.silences.find(target, store)
        found = {name: row[name] for name in ("store", "fingerprint", "code")}
        return found | {"subject": row["subject_id"]}
    if target is not None:
        options.chosen_rules(target.strip() or "?", None)
        if "," in target:
            raise click.UsageError(
                say("一次只能静音一个规则或类别", "one rule or family at a time: each mute has its own reason")
            )
    return {"store": store, "code": target.strip().upper() if target else None, "subject": subject}


def _clock(history: History, store: str | None) -> datetime | None:
    """The clock of the last run that the mute concerns."""
    runs = history.runs(store, 1)
    return runs[0].now if runs else None


def _end(until: date | datetime | None, span: timedelta | None, clock: datetime | None, zone: tzinfo) -> datetime:
    """When the mute ends: counted from now, or from the last run when that judged a later day."""
    if (until is None) == (span is None):
        raise click.UsageError(
            say(
                "静音必须有结束日期：--until 2026-12-31 或 --for 14d，二选一",
                "a mute has an end: either --until 2026-12-31 or --for 14d",
            )
        )
    now = datetime.now(UTC)
    if span is not None:
        return (max(now, clock or now) + span).astimezone(zone)
    assert until is not None
    end = until if isinstance(until, datetime) else datetime.combine(until, datetime.max.time(), zone)
    if end <= min(now, clock or now) or (clock is not None and end <= clock):
        seen = (clock or now).astimezone(zone)
        raise click.UsageError(
            say(
                f"结束日期 {end:%Y-%m-%d} 已经过去（最近一次检查是 {seen:%Y-%m-%d}）",
                f"the end {end:%Y-%m-%d} is already past (the last run judged {seen:%Y-%m-%d})",
            )
        )
    return end.replace(microsecond=0)


def _add(history: History, setting: Setting, given: dict[str, Any], form: str) -> int:
    from agent.history.mutes import Mute
    from agent.reports.mutes import added, as_dict

    mute, now_silent = history.silences.add(Mute(id=0, created_at=datetime.now(UTC), **given))
    if form == "json":
        click.echo(json.dumps(as_dict(mute), ensure_ascii=False, indent=2))
    else:
        click.echo(added(mute, now_silent, setting.look(color=options.wants_color())))
    if not now_silent and not setting.quiet:
        click.echo(_nothing(mute), err=True)
    return 0


def _nothing(mute: Mute) -> str:
    return "shoplint: " + say(
        f"目前没有符合的问题，请检查写法；以后出现时静音 {mute.id} 才会生效",
        f"nothing that stands matches: check how it is written; mute {mute.id} waits for findings to come",
    )


def _list(history: History, setting: Setting, store: str | None, form: str) -> int:
    from agent.reports.mutes import listed_as_dict, mutes_table

    found = history.silences.listed(datetime.now(UTC), store)
    if form == "json":
        click.echo(json.dumps([listed_as_dict(one, setting.language) for one in found], ensure_ascii=False, indent=2))
    else:
        names = {head.store.key: head.store.name for head in history.stores() if head.store.name}
        click.echo(mutes_table(found, names, setting.look(color=options.wants_color())))
    return 0
