"""`shoplint schedule`: unattended audits, by the system's own timers or in the foreground."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from agent.cli import options
from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.options import Setting
    from agent.errors import StoreParked
    from agent.schedule.jobs import Installation, Kind, Step
    from agent.schedule.plan import Plan
    from agent.schedule.runner import Runner

PARKED = 4
STORES = click.argument("stores", nargs=-1, metavar="[STORE...]")
KIND = click.option(
    "--kind",
    type=click.Choice(["systemd", "cron", "launchd", "windows"]),
    help=say("用哪种定时器（默认自动选择）", "which timers (default: the best that this machine has)"),
)
YES = click.option("--yes", "-y", is_flag=True, help=say("不再询问，直接写入", "do it without asking"))


@click.group(
    "schedule",
    short_help=say("定时自动检查", "unattended audits"),
    help=say(
        "按 config.toml 中 [schedule] 的时间自动检查店铺：install 交给系统的定时器，run 在前台运行（适合容器）。",
        "Audits stores at the times of [schedule] in config.toml: install hands them to the system's own timers, run "
        "stays in the foreground, as a container wants it.",
    ),
    epilog=say("例：shoplint schedule install", "Example: shoplint schedule install"),
)
def command() -> None:
    pass


@command.command(
    "install",
    short_help=say("写入系统定时器", "write the system's timers"),
    help=say(
        "先列出将要写入的内容，确认后才写入；再次运行只改有变化的部分。不写店铺名则包括所有有时间的店铺。",
        "Shows what would be written, and writes it when you agree; run again, it changes only what has changed. "
        "Without names it takes every store that has times.",
    ),
    epilog=say("例：shoplint schedule install northwind", "Example: shoplint schedule install northwind"),
)
@STORES
@KIND
@YES
@options.places
def install(
    stores: tuple[str, ...],
    kind: str | None,
    yes: bool,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
) -> int:
    from datetime import UTC, datetime

    from agent.schedule.ledger import Ledger
    from agent.schedule.plan import plans
    from agent.schedule.timers import jobs_of, places

    setting = options.setting(home, config, db, lang)
    found = _wanted(plans(setting.config, stores), setting)
    chosen, place = _kind(setting, kind)
    setting.home.make("schedule")
    steps = chosen.install(jobs_of(setting.config, found, places(setting.home, setting.language, config, db)), place)
    code = _do(steps, place, setting, yes)
    if chosen.installed(place.machine):
        for plan in found:
            Ledger(setting.home).plan(plan.store, datetime.now(UTC))
    if code == 0 and chosen.name == "systemd":
        _say(
            setting,
            "退出登录后仍要运行，请执行一次：loginctl enable-linger",
            "to go on after you log out, call once: loginctl enable-linger",
        )
    return code


@command.command(
    "remove",
    short_help=say("删除系统定时器", "take the system's timers away"),
    help=say("删除 install 写入的一切，别的不动。", "Takes away all that install wrote, and nothing else."),
    epilog=say("例：shoplint schedule remove --yes", "Example: shoplint schedule remove --yes"),
)
@KIND
@YES
@options.places
def remove(
    kind: str | None, yes: bool, home: Path | None, config: Path | None, db: Path | None, lang: str | None
) -> int:
    from agent.schedule.timers import present

    setting = options.setting(home, config, db, lang)
    if kind:
        chosen, place = _kind(setting, kind)
        return _do(chosen.remove(place), place, setting, yes)
    place = _installation(setting)
    steps = [step for one in present(setting.home, place.machine) for step in one.remove(place)]
    return _do(steps, place, setting, yes)


@command.command(
    "status",
    short_help=say("上次、下次，以及为什么跳过", "the last audit, the next, and why one was left out"),
    help=say(
        "列出每家店铺的检查时间、上次结果、下次时间，以及最近一次为什么跳过。",
        "Tells of each store its times, the last audit, the next one, and why one was left out.",
    ),
    epilog=say("例：shoplint schedule status --format json", "Example: shoplint schedule status --format json"),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help=say("输出格式", "form of the list"),
)
@options.places
def status(form: str, home: Path | None, config: Path | None, db: Path | None, lang: str | None) -> int:
    import json
    from datetime import UTC, datetime

    from agent.schedule.ledger import Ledger
    from agent.schedule.plan import plans
    from agent.schedule.status import rows, table
    from agent.schedule.timers import present

    setting = options.setting(home, config, db, lang)
    place = _installation(setting)
    found = rows(plans(setting.config), Ledger(setting.home), datetime.now(UTC))
    installed = [(kind, kind.installed(place.machine)) for kind in present(setting.home, place.machine)]
    if form == "json":
        timers = {kind.name: slugs for kind, slugs in installed if slugs}
        answer = {"stores": [row.as_dict() for row in found], "timers": timers}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return 0
    told = [(kind.label, len(slugs)) for kind, slugs in installed if slugs]
    click.echo(table(found, told, setting.config.zone, setting.language))
    return 0


@command.command(
    "run",
    short_help=say("在前台按时检查（适合容器）", "stay in the foreground and audit in time"),
    help=say(
        "一直运行，到时间就检查；错过的补做一次，上一次没结束就跳过，店铺在要求验证后的冷却期内不打扰。"
        "收到停止信号后不再开始新的检查。--once 只检查一次，供定时器调用。",
        "Stays and audits at every planned time. One that was missed is made up for once, one that would overlap is "
        "left out, and a store that asked for a verification is left alone until its rest is over. A signal to stop "
        "lets nothing new begin. --once audits one time only, as timers call it.",
    ),
    epilog=say("例：shoplint schedule run", "Example: shoplint schedule run"),
)
@STORES
@click.option("--once", is_flag=True, help=say("立即检查一次就结束", "audit once, now, and end"))
@click.option("--missed", is_flag=True, help=say("只检查错过了时间的店铺", "only stores whose time was missed"))
@click.option(
    "--jitter",
    type=click.FloatRange(min=0),
    default=0.0,
    metavar="SECONDS",
    help=say("先随机等待至多这么多秒", "wait up to so many seconds first, at random"),
)
@options.places
@options.loudness
def run(
    stores: tuple[str, ...],
    once: bool,
    missed: bool,
    jitter: float,
    home: Path | None,
    config: Path | None,
    db: Path | None,
    lang: str | None,
    quiet: bool,
    verbose: int,
) -> int:
    from agent.schedule.plan import plans
    from agent.schedule.timers import places

    if (missed or jitter) and not once:
        raise click.UsageError(say("--missed 和 --jitter 只能与 --once 一起用", "--missed and --jitter go with --once"))
    setting = options.setting(home, config, db, lang, verbose, quiet)
    found = plans(setting.config, stores)
    runner = _runner(setting, found, places(setting.home, setting.language, config, db))
    if not once:
        _wanted(found, setting)
        names = ", ".join(plan.store for plan in found)
        runner.begun = lambda: _say(
            setting, f"开始定时检查：{names}；Ctrl-C 停止", f"auditing in time: {names}; Ctrl-C ends it"
        )
        return runner.serve()
    names_once = runner.missed() if missed else list(stores or (plan.store for plan in found))
    if jitter and names_once:
        import random
        import time

        time.sleep(random.uniform(0, jitter))
    visits = [runner.visit(name) for name in names_once]
    codes = [PARKED if code is None else code for code in visits]
    return next((code for code in (143, 130, 4, 5, 2, 1, 3) if code in codes), 0)


# --- what the commands share ----------------------------------------------------------------------------------------


def audit_one(store: str, places: tuple[str, ...]) -> int:
    """One audit, by the command that a person would call; its exit code."""
    from agent.cli.main import run as shoplint

    return shoplint(["audit", store, "--quiet", *places])


def _runner(setting: Setting, found: list[Plan], places: tuple[str, ...]) -> Runner:
    from datetime import UTC, datetime

    from agent.cli.notify import report
    from agent.notify.desk import Desk
    from agent.schedule.ledger import Ledger
    from agent.schedule.runner import Runner
    from checks.text import Text

    def tell(store: str, text: Text) -> None:
        if not setting.quiet:
            at = datetime.now(UTC).astimezone(setting.config.zone)
            click.echo(f"{at:%m-%d %H:%M} {store}: {text.to(setting.language)}", err=True)

    def flush() -> None:
        report((d for d in Desk(setting).flush() if d.state != "held"), setting)

    audit: Callable[[str], int] = lambda store: audit_one(store, places)  # noqa: E731
    return Runner(found, Ledger(setting.home), audit, lambda store: _parked(setting, store), tell, flush)


def _parked(setting: Setting, store: str) -> StoreParked | None:
    """Why a store is to be left alone now: after a verification, in quiet hours, or because its hour is used up."""
    from agent.errors import StoreParked
    from agent.live.budget import Budget

    try:
        Budget(setting.config.budget, store, setting.home.root / "visits", zone=setting.config.zone).check()
    except StoreParked as error:
        return error
    return None


def _wanted(found: list[Plan], setting: Setting) -> list[Plan]:
    if found:
        return found
    raise click.UsageError(
        say(
            f"没有要定时检查的店铺；请在 {setting.home.config} 添加 [stores.名称]，时间写在 [schedule] 的 times",
            f"there is no store to audit in time: add [stores.NAME] to {setting.home.config}, "
            "and its times to [schedule]",
        )
    )


def _installation(setting: Setting) -> Installation:
    from agent.schedule.jobs import Machine
    from agent.schedule.timers import installation

    return installation(setting.home, setting.config, Machine())


def _kind(setting: Setting, name: str | None) -> tuple[Kind, Installation]:
    from agent.schedule.timers import kind_of

    place = _installation(setting)
    return kind_of(place.machine, setting.home.root, name), place


def _do(steps: list[Step], place: Installation, setting: Setting, yes: bool) -> int:
    """Show the steps, ask, and do them."""
    from agent.cli.questions import confirm
    from agent.schedule.jobs import do, shown

    if not steps:
        _say(setting, "没有需要改动的内容", "nothing has to be changed")
        return 0
    for step in steps:
        click.echo(shown(step).to(setting.language))
    if not yes and not confirm(setting.language, "写入以上内容？", "do all this?", default=False):
        _say(setting, "什么也没有写入", "nothing was written")
        return 0
    do(steps, place.machine)
    _say(setting, "完成；状态见 shoplint schedule status", "done; see shoplint schedule status")
    return 0


def _say(setting: Setting, zh: str, en: str) -> None:
    if not setting.quiet:
        click.echo(zh if setting.language == "zh" else en, err=True)
