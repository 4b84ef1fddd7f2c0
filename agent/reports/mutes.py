"""Mutes and baselines for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text as Styled

from agent.history.marks import Mark
from agent.history.mutes import Mute, Standing
from agent.history.runs import StatedFinding
from agent.history.silences import Baseline, Listed
from agent.reports import Look
from agent.reports.catalogue import printed
from agent.reports.digest import subject_of
from agent.reports.moments import Clock
from agent.reports.table import SIGNS
from agent.reports.wrapping import wrapped
from checks.text import Language, Text

STANDING = {
    Standing.ACTIVE: Text("生效中", "active"),
    Standing.EXPIRED: Text("已到期", "expired"),
    Standing.ENDED: Text("已提前结束", "ended early"),
    Standing.UNUSED: Text("没有用上", "not needed"),
    Standing.UNMATCHED: Text("从未匹配，请检查写法", "never matched: check how it is written"),
}
STYLES = {Standing.ACTIVE: "green", Standing.EXPIRED: "yellow", Standing.ENDED: "yellow"}
ALL_STORES = Text("全部店铺", "all stores")


def added(mute: Mute, silent: int, look: Look) -> str:
    """What a new mute does."""
    until = Clock.of(look).tell(mute.until)
    target = mute.target
    return Text(
        f"静音 {mute.id}：{target.zh}，到 {until} 为止。\n"
        f"目前静音 {silent} 条，下次检查起生效；比现在严重时提前结束。理由：{mute.reason}",
        f"mute {mute.id}: {target.en}, until {until}.\n"
        f"It silences {silent} at present, from the next run on; it ends early for what becomes worse. Reason: "
        f"{mute.reason}",
    ).to(look.language)


def mutes_table(mutes: list[Listed], stores: Mapping[str, str], look: Look) -> str:
    """A few lines for every mute: what, how it stands, until when and where, why."""
    say = look.language
    if not mutes:
        return Text("没有静音", "no mutes").to(say)
    parts: list[RenderableType] = []
    for one in mutes:
        mute = one.mute
        head = Styled(f"{mute.id}  {mute.target.to(say)}", style="bold")
        told = STANDING[one.standing].to(say)
        if one.standing is Standing.ACTIVE:
            silent = max(one.open_now - len(one.ended), 0)
            told += Text(f"，静音 {silent} 条", f", silences {silent}").to(say)
        head.append(f"  {told}", style=STYLES.get(one.standing, "red"))
        where = stores.get(mute.store, mute.store) if mute.store else ALL_STORES.to(say)
        lines = [
            Text(
                f"到 {Clock.of(look).tell(mute.until)} 为止 · {where}",
                f"until {Clock.of(look).tell(mute.until)} · {where}",
            ),
            Text(f"理由：{mute.reason}", f"reason: {mute.reason}"),
            *(
                Text(f"提前结束：{why.zh}（指纹 {f}）", f"ended early: {why.en} (fingerprint {f})")
                for f, why in one.ended
            ),
        ]
        parts.append(head)
        parts += [Styled(f"   {part}") for line in lines for part in wrapped(line.to(say), (look.width or 80) - 3)]
    return printed(parts, look)


def as_dict(mute: Mute) -> dict[str, Any]:
    """A mute as plain data."""
    return {
        "id": mute.id,
        "store": mute.store,
        "fingerprint": mute.fingerprint,
        "code": mute.code,
        "subject": mute.subject,
        "reason": mute.reason,
        "until": mute.until.isoformat(),
        "created_at": mute.created_at.isoformat(),
    }


def listed_as_dict(one: Listed, language: Language) -> dict[str, Any]:
    """A mute with how it stands as plain data."""
    return as_dict(one.mute) | {
        "standing": one.standing.value,
        "open": one.open_now,
        "ended": [{"fingerprint": f, "reason": why.to(language)} for f, why in one.ended],
    }


def baseline_page(baseline: Baseline, findings: Mapping[str, StatedFinding], look: Look) -> str:
    """What a baseline holds; ``findings`` are those of its run, by fingerprint, where that is still kept."""
    say, clock = look.language, Clock.of(look)
    head = Text(
        f"基线：运行 {baseline.run}，{clock.tell(baseline.set_at)} 设定，接受了 {len(baseline.marks)} 条",
        f"baseline: run {baseline.run}, set {clock.tell(baseline.set_at)}, {len(baseline.marks)} findings accepted",
    )
    parts: list[RenderableType] = [Styled(head.to(say), style="bold")]

    def place(mark: Mark) -> tuple[int, str]:
        stated = findings.get(mark.fingerprint)
        return mark.severity.rank, stated.finding.code if stated else mark.fingerprint

    for mark in sorted(baseline.marks.values(), key=place):
        stated = findings.get(mark.fingerprint)
        name = f"{stated.finding.code} {subject_of(stated.finding, say)}" if stated else mark.fingerprint
        line = f"{SIGNS[mark.severity.value]} {name} · {mark.observed.to(say)}"
        parts += [Styled(f"  {part}") for part in wrapped(line, (look.width or 80) - 2)]
    return printed(parts, look)


def baseline_as_dict(baseline: Baseline, language: Language) -> dict[str, Any]:
    """A baseline as plain data."""
    return {
        "store": baseline.store,
        "run": baseline.run,
        "set_at": baseline.set_at.isoformat(),
        "findings": [_mark(baseline.marks[fingerprint], language) for fingerprint in sorted(baseline.marks)],
    }


def _mark(mark: Mark, language: Language) -> dict[str, Any]:
    return {
        "fingerprint": mark.fingerprint,
        "severity": mark.severity.value,
        "observed": mark.observed.to(language),
        "value": mark.value,
        "threshold": mark.line,
        "at": mark.at.isoformat(),
    }
