"""[[notify]] and [schedule] of config.toml: whom a run is told to, and when stores are visited with nobody there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field

from agent import mistakes
from agent.mistakes import Mistake
from agent.section import Name, QuietHours, Seconds, Section, Texts, Times
from agent.toml import Document
from checks.text import Text

Event = Literal["new", "worse", "resolved", "due", "failed"]
EVENTS: tuple[Event, ...] = get_args(Event)
AT_ONCE = "at once"
ADDRESSES = ("url", "url_env", "keyring")
"""The keys of a channel that say where its address stands; at most one of them is given."""

_DIGEST = re.compile(rf"{AT_ONCE}|daily ((?:[01]\d|2[0-3]):[0-5]\d)")
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def _digest(value: str) -> str:
    if not _DIGEST.fullmatch(value):
        raise ValueError("digest")
    return value


def _variable(value: str) -> str:
    if not _VARIABLE.fullmatch(value):
        raise ValueError("variable")
    return value


class NotifyConfig(Section):
    """[[notify]]: one channel. Without ``url``, ``url_env`` and ``keyring`` the address goes by the channel's name."""

    name: Name
    url: Annotated[str, Field(min_length=1)] | None = None
    url_env: Annotated[str, AfterValidator(_variable)] | None = None
    keyring: Annotated[str, Field(min_length=1)] | None = None
    stores: Texts = ()
    min_severity: Literal["error", "warning", "info"] = "warning"
    language: Literal["zh", "en"] | None = None
    events: Annotated[tuple[Event, ...], Field(strict=False)] = EVENTS
    digest: Annotated[str, AfterValidator(_digest)] = AT_ONCE
    quiet_hours: QuietHours = ()
    due_hours: Annotated[float, Field(gt=0)] = 24.0

    @property
    def digest_at(self) -> time | None:
        """The time of the day at which everything is told together; None for at once."""
        found = _DIGEST.fullmatch(self.digest)
        return time.fromisoformat(found[1]) if found and found[1] else None

    def ripe_at(self, now: datetime, zone: tzinfo) -> datetime:
        """When a message written ``now`` may be sent: at the digest's time, and never in quiet hours."""
        at, digest = now.astimezone(zone), self.digest_at
        if digest is not None:
            here = at
            at = datetime.combine(here.date(), digest, zone)
            if at < here:
                at = datetime.combine(here.date() + timedelta(days=1), digest, zone)
        for _ in self.quiet_hours:  # the end of one span may lie in the next
            at = quiet_until(self.quiet_hours, at) or at
        return at


def quiet_until(spans: Sequence[str], at: datetime) -> datetime | None:
    """The end of the quiet hours in which a moment lies, on its own clock; None outside of them."""
    here = at.time()
    for span in spans:
        start, end = time.fromisoformat(span[:5]), time.fromisoformat(span[6:])
        inside = start <= here < end if start < end else not end <= here < start
        if inside:
            day = at.date() if here < end else at.date() + timedelta(days=1)
            return datetime.combine(day, end, at.tzinfo)
    return None


class ScheduleConfig(Section):
    """[schedule]: ``times`` hold for every store that has none of its own under ``stores``; an empty list is never."""

    times: Times = ("08:30",)
    stores: dict[str, Times] = Field(default_factory=dict)
    jitter_s: Seconds = 300.0
    catch_up_s: Seconds = 21_600.0

    def of(self, store: str) -> tuple[str, ...]:
        """The times of one store, in the order of the day."""
        return tuple(sorted(set(self.stores.get(store, self.times))))


def contradictions(document: Document) -> Iterator[Mistake]:
    """Channels of one name, or with several addresses; stores that the file does not have."""
    stores = document.data.get("stores")
    known = [str(name) for name in stores] if isinstance(stores, dict) else []
    channels = document.data.get("notify")
    seen: set[Any] = set()
    for place, channel in enumerate(channels if isinstance(channels, list) else ()):
        if isinstance(channel, dict):
            yield from _channel(document, place, channel, known)
            name = channel.get("name")
            if isinstance(name, str) and name in seen:
                wanted = Text("各不相同的名称", "a name that no other channel has")
                yield mistakes.wrong_value(document, ["notify", place, "name"], wanted, name)
            seen.add(str(name))
    schedule = document.data.get("schedule")
    own = schedule.get("stores") if isinstance(schedule, dict) else None
    for name in own if isinstance(own, dict) else ():
        if name not in known:
            yield mistakes.not_a_store(document, ["schedule", "stores", name], name, known)


def _channel(document: Document, place: int, channel: dict[str, Any], known: list[str]) -> Iterator[Mistake]:
    given = [key for key in ADDRESSES if key in channel]
    if len(given) > 1:
        wanted = Text("唯一的地址来源", "the only place of the address")
        # An address may hold a secret, so the names of the keys are shown, never what they hold.
        yield mistakes.wrong_value(document, ["notify", place, given[0]], wanted, " + ".join(given))
    stores = channel.get("stores")
    for number, name in enumerate(stores if isinstance(stores, list) else ()):
        if isinstance(name, str) and name not in known:
            yield mistakes.not_a_store(document, ["notify", place, "stores", number], name, known)
