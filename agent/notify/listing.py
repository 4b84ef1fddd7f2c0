"""The channels and what waits for them, as a list to read. No address is ever shown."""

from __future__ import annotations

from collections.abc import Iterator

from agent.notify.address import place
from agent.notify.desk import Desk, findings
from agent.notify.outbox import Waiting
from agent.unattended import AT_ONCE, NotifyConfig
from agent.words import SEVERITY
from checks.text import Language, Text

EVENT = {
    "new": Text("新问题", "new"),
    "worse": Text("变严重", "worse"),
    "resolved": Text("已解决", "resolved"),
    "due": Text("快到期", "due soon"),
    "failed": Text("检查失败", "failed audits"),
}


def table(desk: Desk, language: Language) -> str:
    """Channels with what they are told, then every message that waits."""
    channels = desk.config.notify
    waiting = desk.outbox.all()
    lines = [line for channel in channels for line in _channel(channel, desk, language)]
    if not channels:
        lines.append(Text("没有通知渠道", "there is no channel").to(language))
    if waiting:
        lines += ["", Text(f"等待发送 {len(waiting)}", f"waiting: {len(waiting)}").to(language)]
        lines += [line for one in waiting for line in _waiting(one, desk, language)]
    return "\n".join(lines)


def _channel(channel: NotifyConfig, desk: Desk, language: Language) -> Iterator[str]:
    comma = Text("、", ", ").to(language)
    stores = comma.join(channel.stores) or Text("全部店铺", "all stores").to(language)
    severity = SEVERITY[channel.min_severity].to(language)
    events = comma.join(EVENT[event].to(language) for event in channel.events)
    when = (
        Text("立即", AT_ONCE) if channel.digest_at is None else Text(f"每天 {channel.digest[6:]} 汇总", channel.digest)
    )
    said = [
        Text(f"地址在{place(channel).zh}", f"address in {place(channel).en}").to(language),
        stores,
        Text(f"{severity}及以上", f"{severity} and above").to(language),
        when.to(language),
    ]
    if channel.quiet_hours:
        quiet = comma.join(channel.quiet_hours)
        said.append(Text(f"静默 {quiet}", f"quiet {quiet}").to(language))
    yield f"{channel.name}  " + " · ".join(said)
    yield f"    {events} · {desk.language(channel)}"


def _waiting(one: Waiting, desk: Desk, language: Language) -> Iterator[str]:
    at = f"{one.ripe_at.astimezone(desk.config.zone):%m-%d %H:%M}"
    count = len(one.items)
    yield Text(f"{one.channel}  {count} 条，{at} 起", f"{one.channel}  {findings(count)}, from {at}").to(language)
    if one.problem:
        last = f"{one.refused_at.astimezone(desk.config.zone):%m-%d %H:%M}" if one.refused_at else ""
        tries = Text(
            f"失败 {one.tries} 次{f'，最近 {last}' if last else ''}：",
            f"refused {one.tries} times{f', last at {last}' if last else ''}: ",
        ).to(language)
        yield f"    {tries}{one.problem.to(language)}"
