"""Whether the channels could be told: their addresses, and what waits for them. Nothing is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from agent.checkup import Check, editing, is_open_to_others
from agent.config import Config
from agent.errors import ChannelUnusable
from agent.home import Home
from agent.notify.address import address, place, variable
from agent.notify.outbox import Outbox, Waiting, total
from agent.notify.sender import Sender
from agent.unattended import NotifyConfig
from checks.text import Text, moment

NAME = "notifications"
SLACK = timedelta(hours=1)
"""A message may wait this long after its time: a schedule in the foreground sends every ten minutes."""


@dataclass(frozen=True)
class NotifyCheckup:
    """Looks at every channel of a configuration, and at what lies in the outbox."""

    home: Home
    config: Config
    path: Path
    """The file of the configuration."""
    now: datetime
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def checks(self) -> Iterator[Check]:
        """One line a channel and more where something is wrong with it; then what waits for nobody."""
        channels = self.config.notify
        if not channels:
            told = Text("没有设置通知渠道", "no channel is told of audits")
            yield Check(NAME, True, told)
        waiting = Outbox(self.home).all()
        for channel in channels:
            mine = [one for one in waiting if one.channel == channel.name]
            yield self._address(channel)
            yield from self._waiting(channel.name, mine)
        if any(channel.url for channel in channels) and self._is_open:
            told = Text(
                f"{self.path} 中有通知地址，却可被其他用户读取",
                f"{self.path} holds an address and can be read by others",
            )
            yield Check(NAME, False, told, f"chmod 600 {self.path}", needed=False)
        yield from self._orphans(waiting)

    @property
    def _is_open(self) -> bool:
        """Whether others may read the file: neither its own mode nor that of its folder keeps them out."""
        return is_open_to_others(self.path) and is_open_to_others(self.path.absolute().parent)

    def _address(self, channel: NotifyConfig) -> Check:
        try:
            service = Sender(channel.name, address(channel, self.environ)).service
        except ChannelUnusable as error:
            return Check(NAME, False, error.text, self._mending(channel))
        where = place(channel)
        told = Text(
            f"通知渠道 {channel.name}：{service.zh}，地址在{where.zh}",
            f"the channel {channel.name}: {service.en}, its address in {where.en}",
        )
        return Check(NAME, True, told)

    def _mending(self, channel: NotifyConfig) -> str:
        if channel.url:
            return editing(self.path)
        if channel.keyring:
            return f"shoplint notify --remember {channel.name}"
        return f"export {variable(channel)}='…'"

    def _waiting(self, name: str, mine: list[Waiting]) -> Iterator[Check]:
        refused = [one for one in mine if one.problem]
        late = [one for one in mine if not one.problem and one.ripe_at + SLACK < self.now]
        held = [one for one in mine if one not in refused and one not in late]
        if refused:
            yield Check(NAME, False, self._refused(name, refused), "shoplint notify --flush", needed=False)
        if late:
            since = self._at(min(one.ripe_at for one in late))
            told = Text(
                f"{name}：{total(late)} 条消息本应在 {since} 发送，至今没有发",
                f"{name}: {total(late)} findings were to be told at {since} and still wait",
            )
            yield Check(NAME, False, told, "shoplint notify --flush", needed=False)
        if held:
            until = self._at(min(one.ripe_at for one in held))
            told = Text(
                f"{name}：{total(held)} 条消息等到 {until} 发送", f"{name}: {total(held)} findings wait until {until}"
            )
            yield Check(NAME, True, told)

    def _refused(self, name: str, refused: list[Waiting]) -> Text:
        last = max(refused, key=lambda one: (one.refused_at or one.created_at, one.tries))
        why, count = last.problem or Text("", ""), total(refused)
        at = self._at(last.refused_at or last.created_at)
        return Text(
            f"{name}：{count} 条消息没有送到，试过 {last.tries} 次，最近一次 {at}：{why.zh}",
            f"{name}: {count} findings were not delivered, refused {last.tries} times, last at {at}: {why.en}",
        )

    def _orphans(self, waiting: list[Waiting]) -> Iterator[Check]:
        """Messages for channels that the configuration no longer has."""
        known = {channel.name for channel in self.config.notify}
        for name in dict.fromkeys(one.channel for one in waiting if one.channel not in known):
            count = total([one for one in waiting if one.channel == name])
            told = Text(
                f"{count} 条消息在等渠道 {name}，但 config.toml 中已没有它",
                f"{count} findings wait for the channel {name}, which config.toml no longer has",
            )
            yield Check(NAME, False, told, editing(self.path), needed=False)

    def _at(self, at: datetime) -> str:
        return moment(at.astimezone(self.config.zone))
