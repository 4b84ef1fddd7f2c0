"""Buyer messages."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from extractors.models.base import Model, Ratio
from extractors.models.rows import ListRow


class AutoReply(Model):
    """The automatic reply; ``text`` is the seller's own template, ``delay_s`` in seconds."""

    enabled: bool | None
    delay_s: int | None
    text: str | None


class Conversation(ListRow):
    """A conversation; ``waiting_since`` is the first buyer message without an answer."""

    conversation_id: str
    buyer_country: str | None
    last_message_at: datetime | None
    waiting_since: datetime | None
    last_from: Literal["buyer", "seller", "robot"] | None
    unread: int | None
    tags: tuple[str, ...]


class MessagesData(Model):
    """Buyer messages: figures, the automatic reply, conversations (no texts, no names)."""

    response_rate: Ratio | None
    first_reply_12h_rate: Ratio | None
    reply_24h_rate: Ratio | None
    average_reply_s: int | None
    auto_reply: AutoReply | None
    conversations: tuple[Conversation, ...]
