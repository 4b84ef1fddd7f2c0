"""What commands call: tell the channels of a run or of a failure, send what waits, try a channel.

Nothing here raises because a channel is out of order: a run that was saved stays saved, and what did not arrive is kept
and reported as a :class:`Delivery`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from agent.config import Config
from agent.errors import HistoryError, ShoplintError, UsageError
from agent.history.runs import SavedRun, StoreRef
from agent.home import Home
from agent.lock import LockHeld
from agent.mistakes import suggestion
from agent.notify.address import address
from agent.notify.items import Frame, Item, failure, item
from agent.notify.message import compose, merged
from agent.notify.news import chosen, news_of
from agent.notify.outbox import KEEP, Outbox, Waiting, total
from agent.notify.sender import Sender
from agent.unattended import NotifyConfig
from checks.text import Language, Text
from extractors.models import Store

log = logging.getLogger(__name__)

State = Literal["sent", "held", "kept", "dropped", "lost"]
"""held: for the digest or the end of quiet hours; kept: the channel refused it; lost: it could not even be kept."""


class Setting(Protocol):
    """What is needed to know of the user's settings; :class:`agent.cli.options.Setting` has it."""

    @property
    def home(self) -> Home: ...
    @property
    def config(self) -> Config: ...
    @property
    def database(self) -> Path: ...


@dataclass(frozen=True)
class Delivery:
    """What became of the messages for one channel; ``lines`` is how many findings they tell."""

    channel: str
    state: State
    lines: int
    text: Text

    @property
    def is_trouble(self) -> bool:
        return self.state in ("kept", "dropped", "lost")


@dataclass
class Desk:
    """Tells channels. The clock and the waiting between attempts are handed in, for tests."""

    setting: Setting
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.setting.home)

    @property
    def config(self) -> Config:
        return self.setting.config

    # --- what is told -----------------------------------------------------------------------------------------

    def run(self, run: SavedRun, *, at_once: bool = False, again: bool = False) -> list[Delivery]:
        """Tell every channel of the store what is news in a run. ``again`` repeats deadlines that were told before."""
        lost = []
        before = self._before(run)
        for channel in self._channels(run.record.store):
            try:
                self._tell(channel, run, before, at_once, again)
            except (ShoplintError, OSError) as error:
                lost.append(_lost(channel.name, error))
        return [*lost, *self.flush()]

    def failed(self, store: str, error: ShoplintError) -> list[Delivery]:
        """Tell the channels of a store that it could not be visited, once until it could."""
        lost = []
        kind = type(error).__name__
        for channel in self._channels_of(store):
            if "failed" not in channel.events:
                continue
            try:
                if kind not in self.outbox.told(channel.name, store):
                    told = failure(kind, error.text, self._frame(channel, store, "", self.now()))
                    self._put(channel, [told])
                    self.outbox.remember(channel.name, store, {kind: self.now().isoformat()})
            except (ShoplintError, OSError) as trouble:
                lost.append(_lost(channel.name, trouble))
        return [*lost, *self.flush()]

    def _tell(self, channel: NotifyConfig, run: SavedRun, before: SavedRun | None, at_once: bool, again: bool) -> None:
        name = self._store_name(run.record.store)
        news = news_of(run, before, due_within=timedelta(hours=channel.due_hours))
        told = {} if again else self.outbox.told(channel.name, name)
        due = {
            n.finding.fingerprint: n.finding.due_at.isoformat() for n in news if n.event == "due" and n.finding.due_at
        }
        fresh = [n for n in news if n.event != "due" or told.get(n.finding.fingerprint) != due[n.finding.fingerprint]]
        frame = self._frame(channel, run.record.store.name or name, run.record.id, run.record.now)
        items = [item(n, frame) for n in chosen(fresh, channel.events, channel.min_severity)]
        if items:
            self._put(channel, items, at_once=at_once)
        self.outbox.remember(channel.name, name, due)

    def _put(self, channel: NotifyConfig, items: Sequence[Item], *, at_once: bool = False) -> None:
        now = self.now()
        ripe = now if at_once else channel.ripe_at(now, self.config.zone)
        self.outbox.put(Waiting(channel.name, tuple(items), created_at=now, ripe_at=ripe, at_once=at_once))

    def _frame(self, channel: NotifyConfig, store: str, run: str, now: datetime) -> Frame:
        return Frame(self.language(channel), self.config.zone, store, run, now)

    def _before(self, run: SavedRun) -> SavedRun | None:
        """The run that this one was compared with; without it only what is new, due or resolved is told."""
        if run.compared_with is None or not self.config.notify:
            return None
        from agent.history.database import History

        try:
            with History(self.setting.database, create=False) as history:
                return history.run(run.compared_with)
        except HistoryError as error:
            log.warning(Text("不知道哪些变得更严重：%s", "what grew worse is not told: %s"), error)
            return None

    # --- whom -------------------------------------------------------------------------------------------------

    def language(self, channel: NotifyConfig) -> Language:
        return channel.language or self.config.language

    def channel(self, name: str) -> NotifyConfig:
        """The channel of that name; UsageError naming the ones there are."""
        for channel in self.config.notify:
            if channel.name == name:
                return channel
        meant = suggestion(name, [channel.name for channel in self.config.notify])
        raise UsageError(
            Text(
                f'config.toml 中没有通知渠道 {name}{meant.zh}；请添加 [[notify]] 并写上 name = "{name}"',
                f'config.toml has no channel {name}{meant.en}; add [[notify]] with name = "{name}"',
            )
        )

    def _store_name(self, store: StoreRef) -> str:
        known = Store(id=store.id, name=store.name, channel_id=store.channel_id)
        found = self.config.store_for(known)
        return found[0] if found else store.name or store.key

    def _channels(self, store: StoreRef) -> list[NotifyConfig]:
        return self._channels_of(self._store_name(store))

    def _channels_of(self, store: str) -> list[NotifyConfig]:
        return [channel for channel in self.config.notify if not channel.stores or store in channel.stores]

    # --- sending ----------------------------------------------------------------------------------------------

    def flush(self, *, at_once: bool = False) -> list[Delivery]:
        """Send every message whose time has come (``at_once``: all of them), and say what became of each channel."""
        try:
            waiting = self.outbox.all()
            if not waiting:
                return []
            with self.outbox.delivering():
                return self._deliver(self.outbox.all(), at_once)
        except LockHeld:
            said = Text("另一个任务正在发送，消息由它送出", "another run is sending at the moment and takes them along")
            return [Delivery(name, "held", total(mine), said) for name, mine in _by_channel(waiting)]
        except (ShoplintError, OSError) as error:
            return [_lost("outbox", error)]

    def _deliver(self, waiting: list[Waiting], at_once: bool) -> list[Delivery]:
        now = self.now()
        found = []
        for name, mine in _by_channel(waiting):
            old = [w for w in mine if w.created_at < now - KEEP]
            for one in old:
                self.outbox.drop(one)
            if old:
                found.append(Delivery(name, "dropped", total(old), _said_dropped(total(old))))
            ripe = [w for w in mine if w not in old and (at_once or w.ripe_at <= now)]
            held = [w for w in mine if w not in old and w not in ripe]
            if ripe:
                found.append(self._send(name, ripe, at_once))
            if held:
                found.append(Delivery(name, "held", total(held), self._said_held(held)))
        return found

    def _send(self, name: str, waiting: list[Waiting], at_once: bool) -> Delivery:
        """Send what waits for one channel as one message; what does not arrive is kept in one piece."""
        channel = next((c for c in self.config.notify if c.name == name), None)
        now = self.now()
        if channel is not None and not (at_once or any(one.at_once for one in waiting)):
            quiet = channel.model_copy(update={"digest": "at once"}).ripe_at(now, self.config.zone)
            if quiet > now.astimezone(self.config.zone):
                return Delivery(name, "held", total(waiting), self._said_held(waiting, quiet))
        items = merged([entry for one in waiting for entry in one.items])
        done = 0
        try:
            if channel is None:
                self.channel(name)
                raise AssertionError("a channel that is there was found above")
            sender = Sender(name, address(channel), sleep=self.sleep)
            for part in compose(items, self.language(channel), sender.most_bytes):
                sender.send(part.title, part.body)
                done = part.done
        except ShoplintError as error:
            return self._keep(name, waiting, items[done:], done, error)
        for one in waiting:
            self.outbox.drop(one)
        said = Text(f"已发送 {len(items)} 条", f"{findings(len(items))} told")
        return Delivery(name, "sent", len(items), said)

    def _keep(
        self, name: str, waiting: list[Waiting], left: Sequence[Item], done: int, error: ShoplintError
    ) -> Delivery:
        reason = getattr(error, "said", error.text)
        first, *others = waiting
        tries = max(one.tries for one in waiting)
        kept = Waiting(name, tuple(left), first.created_at, first.ripe_at, tries, path=first.path)
        self.outbox.put(kept.refused(reason, self.now()))
        for one in others:
            self.outbox.drop(one)
        part = Text(f"已发送 {done} 条，", f"{findings(done)} told, ") if done else Text("", "")
        said = Text(
            f"{part.zh}{len(left)} 条没有送到（{reason.zh}），已保存，下次运行或 shoplint notify --flush 时再发",
            f"{part.en}{len(left)} not delivered ({reason.en}); kept, and sent again by the next run "
            "or by shoplint notify --flush",
        )
        return Delivery(name, "kept", len(left), said)

    def _said_held(self, held: Iterable[Waiting], until: datetime | None = None) -> Text:
        held = list(held)
        at = (until or min(one.ripe_at for one in held)).astimezone(self.config.zone)
        count = total(held)
        when = f"{at:%m-%d %H:%M}"
        return Text(f"{count} 条等到 {when} 再发", f"{findings(count)} waiting until {when}")

    def test(self, channel: NotifyConfig) -> Delivery:
        """Send a sample to one channel at once; NotDelivered or ChannelUnusable when it does not arrive."""
        language = self.language(channel)
        sender = Sender(channel.name, address(channel), sleep=self.sleep)
        title = Text("shoplint：通知测试", "shoplint: a test").to(language)
        body = Text(
            f"渠道 {channel.name} 可以正常收到通知。以后检查发现新问题、问题变严重、已解决或快到期时，会发到这里。",
            f"The channel {channel.name} works. What is new, worse, resolved or due soon will be told here.",
        ).to(language)
        sender.send(title, body)
        return Delivery(
            channel.name, "sent", 1, Text(f"{sender.service.zh} 已收下测试消息", f"{sender.service.en} took it")
        )


def notify_run(run: SavedRun, setting: Setting) -> list[Delivery]:
    """Tell the channels what is news in a run; never raises because of them."""
    return Desk(setting).run(run)


def notify_failure(store: str, error: ShoplintError, setting: Setting) -> list[Delivery]:
    """Tell the channels of a store (by its name in the configuration) that it could not be visited."""
    return Desk(setting).failed(store, error)


def findings(count: int) -> str:
    """How many, in English."""
    return f"{count} finding" + "s" * (count != 1)


def _by_channel(waiting: Iterable[Waiting]) -> list[tuple[str, list[Waiting]]]:
    found: dict[str, list[Waiting]] = {}
    for one in waiting:
        found.setdefault(one.channel, []).append(one)
    return list(found.items())


def _lost(channel: str, error: Exception) -> Delivery:
    said = error.text if isinstance(error, ShoplintError) else Text(str(error), str(error))
    return Delivery(channel, "lost", 0, Text(f"消息无法保存：{said.zh}", f"the message could not be kept: {said.en}"))


def _said_dropped(count: int) -> Text:
    days = KEEP.days
    return Text(
        f"{count} 条 {days} 天没有送到，已放弃",
        f"{findings(count)} could not be delivered for {days} days: given up",
    )
