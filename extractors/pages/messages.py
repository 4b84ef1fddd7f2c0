"""Buyer messages: the figures panel, the automatic reply, the session list. No name and no message text is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from extractors.models.messages import AutoReply, Conversation, MessagesData
from extractors.page import PageKind, PageReader
from extractors.parts import Parts, parts_of, value_of
from extractors.texts import clean, not_assessed, shown
from extractors.times import duration_s, moment
from extractors.values import integer, rate

SESSION_ATTRIBUTE = re.compile(r"(?:session|conversation)-?id$", re.IGNORECASE)
SESSIONS_API = "querysessionlist"
SENDERS: dict[str, Literal["buyer", "seller"]] = {"11": "buyer", "12": "seller"}
ROBOT = "ai-serving"
ANSWERED = {"last_message_at": "lastMessageTime", "last_from": "senderAccountType"}
"""The names of the session answer, as evidence where the list itself shows nothing to be read."""
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
    """What the list shows, completed by what the page was told; what it was told alone where the list shows less."""
    answers = _answers(reader.page.responses)
    items = _items(reader)
    if answers is None and not (any(map(_session_id, items)) or (not items and reader.says_empty())):
        reader.missing("conversations.conversation_id", "data-session-id")
        reader.missing("conversations")  # none was read, which is not to say that there is none
    for item in items:
        number = _session_id(item)
        if number is not None:
            yield _conversation(reader, item, number, answers.pop(number, {}) if answers else {})
    for number, answer in (answers or {}).items():
        yield _told(reader, number, answer)


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
    told = _told(reader, number, answer) if answer else None
    unread = reader.parsed("conversations.unread", None, badges[0].rstrip("+"), integer) if badges else 0
    for name in ("last_message_at", "last_from"):
        if name not in parts.values and getattr(told, name, None) is None:
            reader.missing(f"conversations.{name}")
    return Conversation(
        conversation_id=number,
        buyer_country=_country(reader, parts.first("buyer_country") or answer.get("country")),
        last_message_at=_time(reader, parts, "last_message_at") or _exact(answer),
        waiting_since=_time(reader, parts, "waiting_since"),
        last_from=(told.last_from if told else None)
        if last_from is None
        else reader.word("last_from", "conversations.last_from", parts.shown["last_from"], last_from),
        unread=unread,
        tags=tuple(dict.fromkeys(chip for chip in chips if chip)) or (told.tags if told else ()),
        seen=reader.seen(parts.shown, {n: v[0] for n, v in parts.values.items() if v}),
    )


def _told(reader: PageReader, number: str, answer: Mapping[str, Any]) -> Conversation:
    """A conversation by the session answer alone. It tells the last message, not since when the buyer has waited."""
    tags = tuple(str(tag) for tag in given) if isinstance(given := answer.get("tags"), list) else ()
    sender = SENDERS.get(str(answer.get("senderAccountType")))
    unread = str(answer.get("nonReadNumber", ""))
    at = _exact(answer)
    shown_at = str(answer.get("lastMessageTime", ""))
    return Conversation(
        conversation_id=number,
        buyer_country=_country(reader, answer.get("country")),
        last_message_at=at,
        waiting_since=None,
        last_from="robot" if sender == "seller" and ROBOT in tags else sender,
        unread=int(unread) if unread.isdigit() else None,
        tags=tags,
        seen=reader.seen(ANSWERED, {"last_message_at": shown_at, "last_from": str(answer.get("senderAccountType"))}),
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


def _answers(responses: tuple[Mapping[str, Any], ...]) -> dict[str, Mapping[str, Any]] | None:
    """Session id -> what the page's own session query said of it; None when no such answer was kept."""
    found: dict[str, Mapping[str, Any]] | None = None
    for body in responses:
        if SESSIONS_API not in str(body.get("api", "")).lower():
            continue
        data = body.get("data")
        sessions = data.get("sessionViewDTOList") if isinstance(data, Mapping) else None
        if not isinstance(sessions, list):
            continue
        found = {} if found is None else found
        for session in sessions:
            if isinstance(session, Mapping) and isinstance(session.get("sessionData"), Mapping):
                found[str(session.get("sessionId"))] = session["sessionData"]
    return found


def _exact(answer: Mapping[str, Any]) -> datetime | None:
    """The last message's time in the answer: milliseconds since 1970, as text."""
    text = str(answer.get("lastMessageTime", ""))
    return datetime.fromtimestamp(int(text) / 1000, UTC) if text.isdigit() and len(text) == 13 else None


PAGE = PageKind("messages", read, rows="conversations", identity="last_message_at")
