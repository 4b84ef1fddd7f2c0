"""A finding in the words of a message. Nothing personal goes in: figures, times, numbers of orders and parcels only.

The sentences of most rules are made of exactly those and are used as they are. Those of the families below also quote
what a page says, which may be a name or an address; of them only the rule's title and a harmless subject are told.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from agent.capture.model import BACKEND_ZONE
from agent.notify.news import News
from agent.words import SUBJECT
from checks.finding import Finding
from checks.lic.names import NAMES
from checks.page_names import page_name
from checks.rule import all_rules
from checks.text import Language, Text

QUOTING = ("LIC", "AUD", "PRM", "LVL001", "LVL005")
"""Families and rules whose sentences quote free text of a page."""

NUMBERED = frozenset({"order", "parcel", "conversation", "dispute", "refund", "review", "violation", "product"})
_NUMBER = re.compile(r"(?=.*\d)[\w:-]{4,40}", re.ASCII)
_FIELD = re.compile(r"[a-z]\w*(\.\w+)*", re.ASCII)
_ADDRESS = re.compile(r"\S*@\S*")
LONGEST = 160
BACKEND = ZoneInfo(BACKEND_ZONE)


@dataclass(frozen=True)
class Item:
    """One line of a message, in the channel's language, as it is kept until it was sent."""

    event: str
    severity: str
    code: str
    title: str
    text: str
    about: str
    fingerprint: str
    store: str
    run: str
    at: str
    """When the run judged, for the reader: "11-20 19:15"."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Item:
        """What :meth:`as_dict` gave; KeyError or TypeError for anything else."""
        return cls(**{name: str(data[name]) for name in cls.__dataclass_fields__})

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class Frame:
    """What all items of one run share: whom they are told in which language and zone, and of which store and run."""

    language: Language
    zone: tzinfo
    store: str
    run: str
    now: datetime

    @property
    def at(self) -> str:
        return f"{self.now.astimezone(self.zone):%m-%d %H:%M}"


def item(news: News, frame: Frame) -> Item:
    """A finding as an item."""
    found = news.finding
    rule = all_rules().get(found.code)
    title = rule.title.to(frame.language) if rule else found.name
    return Item(
        event=news.event,
        severity=found.severity.value,
        code=found.code,
        title=_clean(title),
        text=_clean(_text(news, frame)),
        about=_about(found, frame.language),
        fingerprint=found.fingerprint,
        store=frame.store,
        run=frame.run,
        at=frame.at,
    )


def failure(name: str, sentence: Text, frame: Frame) -> Item:
    """That a store could not be visited; ``name`` is the kind of trouble."""
    title = Text("检查没有完成", "the audit was not done").to(frame.language)
    return Item(
        event="failed",
        severity="error",
        code="",
        title=title,
        text=_clean(sentence.to(frame.language), 300),
        about="",
        fingerprint=name,
        store=frame.store,
        run=frame.run,
        at=frame.at,
    )


def _text(news: News, frame: Frame) -> str:
    found, language = news.finding, frame.language
    about = _about(found, language)
    if news.event == "resolved":
        return about
    strange = found.subject.type in NUMBERED and not _NUMBER.fullmatch(found.subject.id)
    if strange or found.code.startswith(QUOTING):
        parts = [about]
    else:
        message = found.message.to(language)
        parts = [message] if not about or found.subject.id in message else [about, message]
        if news.how is not None:
            parts.append(news.how.to(language))
    if found.due_at:
        parts.append(_due(found.due_at, frame))
    return Text("；", "; ").to(language).join(part for part in parts if part)


def _due(due: datetime, frame: Frame) -> str:
    """A deadline on the reader's clock, with the backend's beside it where that differs."""
    here, there = due.astimezone(frame.zone), due.astimezone(BACKEND)
    own, backend = f"{here:%m-%d %H:%M}", f"{there:%m-%d %H:%M}"
    if here.utcoffset() == there.utcoffset():
        return Text(f"时限 {own}", f"due {own}").to(frame.language)
    return Text(f"时限 {own}（后台 {backend}）", f"due {own} (backend {backend})").to(frame.language)


def _about(found: Finding, language: Language) -> str:
    """What a finding is about, as far as it is the backend's own number or a word of ours."""
    kind, name = found.subject.type, found.subject.id
    if kind in NUMBERED:
        word = SUBJECT[kind].to(language)
        return f"{word} {name}" if _NUMBER.fullmatch(name) else word
    if kind == "document":
        known = NAMES.get(name.partition(":")[0])
        return known.to(language) if known else ""
    if kind == "page" and _FIELD.fullmatch(name):
        page, _, field = name.partition(".")
        return f"{page_name(page).to(language)} {field}".rstrip()
    return ""


def _clean(text: str, limit: int = LONGEST) -> str:
    """One line without control characters and mail addresses, of at most ``limit`` characters."""
    flat = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    flat = _ADDRESS.sub("…", flat)
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
