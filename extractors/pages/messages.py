"""Buyer messages: the figures panel, the automatic reply, the session list. No name and no message text is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from extractors.models import AutoReply, Conversation, MessagesData
from extractors.page import PageKind, PageReader
from extractors.parts import Parts, parts_of, value_of
from extractors.texts import clean, not_assessed, shown
from extractors.times import duration_s, moment
from extractors.values import integer, rate

SESSION_ATTRIBUTE = re.compile(r"(?:session|conversation)-?id$", re.IGNORECASE)
SESSIONS_API = "querysessionlist"
CHIPS = "descendant::*[contains(@class,'tag-body') or contains(@class,'color-tag')]"
BADGE = "descendant::*[contains(@class,'badge-count')]"


def read(reader: PageReader) -> MessagesData:
    return MessagesData(
        response_rate=reader.figure("response_rate", rate),
        first_reply_12h_rate=reader.figure("first_reply_12h_rate", rate),
        reply_24h_rate=reader.figure("reply_24h_rate", rate),
        average_reply_s=reader.figure("average_reply_s", duration_s),
        auto_reply=_auto_reply(reader),
        conversations=tuple(_conversations(reader)),
    )


def _auto_reply(reader: PageReader) -> AutoReply | None:
    enabled = reader.figure("auto_reply_enabled", reader.flag)
    delay = reader.figure("auto_reply_delay", duration_s)
    text = reader.figure("auto_reply_text", _template)
    figure = reader.figures.get("auto_reply_enabled")
    if figure is not None:
        reader.evidence("auto_reply", figure.label, figure.text)
    if enabled is None and delay is None and text is None:
        reader.absent.setdefault("auto_reply", reader.labels.shown["auto_reply_enabled"])
        return None
    return AutoReply(enabled=enabled, delay_s=delay, text=text)


def _template(text: str) -> str | None:
    return None if not_assessed(text) else text


def _conversations(reader: PageReader) -> Iterator[Conversation]:
    answers = _answers(reader.page.responses)
    for item in _items(reader):
        number = _session_id(item)
        answer = answers.pop(number, {}) if number else {}
        if number is None:
            reader.missing("conversations.conversation_id", "data-session-id")
            continue
        yield _conversation(reader, item, number, answer)


def _items(reader: PageReader) -> list[Any]:
    """The boxes of the session list: each holds the labels of one conversation."""
    if reader.outline.tree is None:
        return []
    items = reader.outline.tree.xpath("//*[@role='listitem' or @role='option']")
    marked = [item for item in items if _session_id(item)]
    marked = marked or [i for i in reader.outline.tree.iter() if isinstance(i.tag, str) and _session_id(i)]
    # Without numbers they are conversations all the same, by their labels: that must not pass for "none".
    return marked or [i for i in items if "last_from" in parts_of(reader, reader.outline.texts_of(i)).values]


def _session_id(item: Any) -> str | None:
    return next((clean(value) for name, value in item.attrib.items() if SESSION_ATTRIBUTE.search(name)), None)


def _conversation(reader: PageReader, item: Any, number: str, answer: Mapping[str, Any]) -> Conversation:
    chips = [shown("".join(chip.itertext())) for chip in item.xpath(CHIPS)]
    badges = [clean("".join(badge.itertext())) for badge in item.xpath(BADGE)]
    parts = parts_of(reader, [t for t in reader.outline.texts_of(item) if t not in badges])
    last_from = parts.first("last_from")
    unread = reader.parsed("conversations.unread", None, badges[0].rstrip("+"), integer) if badges else 0
    for name in ("last_message_at", "last_from"):
        if name not in parts.values:
            reader.missing(f"conversations.{name}")
    return Conversation(
        conversation_id=number,
        buyer_country=_country(reader, parts.first("buyer_country") or answer.get("country")),
        last_message_at=_time(reader, parts, "last_message_at") or _exact(answer),
        waiting_since=_time(reader, parts, "waiting_since"),
        last_from=None
        if last_from is None
        else reader.word("last_from", "conversations.last_from", parts.shown["last_from"], last_from),
        unread=unread,
        tags=tuple(dict.fromkeys(chip for chip in chips if chip)),
        seen=reader.seen(parts.shown, {n: v[0] for n, v in parts.values.items() if v}),
    )


def _time(reader: PageReader, parts: Parts, name: str) -> datetime | None:
    text = parts.first(name)
    zone = reader.page.timezone
    if text is None:
        return None
    return value_of(reader, parts, name, f"conversations.{name}", parts.shown[name], lambda t: moment(t, zone))


def _country(reader: PageReader, text: str | None) -> str | None:
    if text is None or not_assessed(text):
        return None
    return text if re.fullmatch(r"[A-Z]{2}", text) else reader.vocabulary.word("country", text)


def _answers(responses: tuple[Mapping[str, Any], ...]) -> dict[str, Mapping[str, Any]]:
    """Session id -> what the page's own session query said of it."""
    found: dict[str, Mapping[str, Any]] = {}
    for body in responses:
        if SESSIONS_API not in str(body.get("api", "")).lower():
            continue
        data = body.get("data")
        sessions = data.get("sessionViewDTOList") if isinstance(data, Mapping) else None
        for session in sessions if isinstance(sessions, list) else []:
            if isinstance(session, Mapping) and isinstance(session.get("sessionData"), Mapping):
                found[str(session.get("sessionId"))] = session["sessionData"]
    return found


def _exact(answer: Mapping[str, Any]) -> datetime | None:
    """The last message's time in the answer: milliseconds since 1970, as text."""
    text = str(answer.get("lastMessageTime", ""))
    return datetime.fromtimestamp(int(text) / 1000, UTC) if text.isdigit() and len(text) == 13 else None


PAGE = PageKind("messages", read, rows="conversations", identity="last_message_at")
