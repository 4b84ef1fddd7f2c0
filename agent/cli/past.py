"""What commands about the past share: which store is meant, its run, and in which form the answer is given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from agent.cli.speech import say

if TYPE_CHECKING:
    from agent.cli.options import Setting
    from agent.history.database import History
    from agent.history.runs import SavedRun, StoreRef

F = TypeVar("F", bound=Callable[..., Any])


def store(function: F) -> F:
    """``--store``: of whom is asked."""
    told = say(
        "哪家店铺（配置里的名字、店铺编号或店名；默认最近检查的一家）",
        "which store: its name in the configuration, its id or its own name (default: the last judged)",
    )
    return click.option("--store", metavar="STORE", help=told)(function)


def form(*names: str) -> Callable[[F], F]:
    """``--format``: one of the names, the first by default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(names),
        default=names[0],
        show_default=True,
        help=say("输出格式", "form of the answer"),
    )


def opened(setting: Setting) -> History:
    """The history to read from; HistoryMissing when nothing was ever judged."""
    from agent.history.database import History

    return History(setting.database, create=False)


def store_of(history: History, setting: Setting, given: str | None) -> StoreRef:
    """The store meant by ``--store``: its name in the configuration, its id, channel or own name; without one the store
    of the last run. A usage error names the stores that the history holds."""
    heads = [head.store for head in history.stores()]
    if given is None:
        return heads[0] if heads else history.run("last").record.store
    wanted = {given}
    entry = setting.config.stores.get(given)
    if entry is not None:
        wanted |= {name for name in (entry.id, entry.channel_id, entry.name) if name}
    for store in heads:
        if wanted & {store.key, store.id, store.channel_id, store.name}:
            return store
    raise click.UsageError(_unknown(given, heads))


def _unknown(given: str, stores: list[StoreRef]) -> str:
    known = "; ".join(f"{s.key} {s.name}" if s.name and s.name != s.key else s.key for s in stores)
    return say(
        f"历史里没有店铺 {given} 的检查；已有：{known or '无'}",
        f"the history holds no run of store {given}; it has: {known or 'none'}",
    )


def run_of(history: History, setting: Setting, store: str | None, reference: str = "last") -> SavedRun:
    """A run by its id, or the last one, of the store when one is given; RunNotFound when there is none."""
    return history.run(reference, store_of(history, setting, store).key if store else None)


def hushed(history: History, run: SavedRun, now: datetime) -> SavedRun:
    """A last run as it stands ``now``: what was muted after it was judged is muted in it too."""
    from agent.history.runs import MutedBy, State

    store, judged = run.record.store.key, run.record.finished_at
    later = [listed.mute for listed in history.silences.listed(now, store)]
    later = [mute for mute in later if mute.created_at > judged and now <= mute.until]
    findings = []
    for stated in run.findings:
        found = stated.finding
        mute = next((m for m in later if m.matches(found.fingerprint, found.code, found.subject.id)), None)
        if mute is not None and stated.counts:
            stated = stated._replace(state=State.MUTED, mute=MutedBy(mute.id, mute.reason, mute.until))
        findings.append(stated)
    return run._replace(findings=tuple(findings))


def others(history: History, setting: Setting, store: StoreRef, given: str | None) -> None:
    """Say on stderr that there are other stores when nobody chose this one."""
    if given is None and not setting.quiet and len(history.stores()) > 1:
        name = store.name or store.key
        click.echo(
            say(
                f"历史里有多家店铺，这里是最近检查的 {name}；用 --store 换一家",
                f"the history holds several stores; this is {name}, the last judged: --store names another",
            ),
            err=True,
        )
