"""Messages, disputes, reviews and figures of a store that answers in time, to be spoilt one by one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from extractors.models import (
    AssessmentData,
    AutoReply,
    Conversation,
    Dispute,
    DisputesData,
    HealthData,
    Level,
    LevelData,
    MessagesData,
    Problem,
    RatingData,
    Reading,
    Review,
    ReviewsData,
    TrackerItem,
)
from tests.rules.pages import at, page

GOOD_TEXT = "Hello! About your order {order_id}: a colleague will send you a personal solution within 2 hours."
ON = AutoReply(enabled=True, delay_s=45, text=GOOD_TEXT)


def reply(**changes: Any) -> AutoReply:
    return ON.model_copy(update=changes)


def conversation(waiting_since: datetime | None = None, **changes: Any) -> Conversation:
    """An answered conversation, or one whose buyer waits."""
    fields: dict[str, Any] = {
        "conversation_id": "2429-975",
        "buyer_country": "ES",
        "last_message_at": waiting_since or at("06-08 09:00"),
        "waiting_since": waiting_since,
        "last_from": "buyer" if waiting_since else "seller",
        "unread": 1 if waiting_since else 0,
        "tags": ("未回复",) if waiting_since else (),
    }
    return Conversation(**{**fields, **changes})


def messages(
    *conversations: Conversation,
    problems: tuple[Problem, ...] = (),
    absent: dict[str, str] | None = None,
    figures: dict[str, tuple[str, str]] | None = None,
    **changes: Any,
) -> Reading:
    fields: dict[str, Any] = {
        "response_rate": 0.98,
        "first_reply_12h_rate": 0.98,
        "reply_24h_rate": 0.99,
        "average_reply_s": 252,
        "auto_reply": ON,
        "conversations": conversations,
    }
    return page("messages", MessagesData(**{**fields, **changes}), *problems, absent=absent, figures=figures)


def dispute(**changes: Any) -> Dispute:
    """An open refund that waits for the buyer."""
    fields: dict[str, Any] = {
        "order_id": "8168",
        "dispute_id": "6037",
        "kind": "refund",
        "reason": None,
        "not_as_described": None,
        "amount": None,
        "opened_at": at("06-09 10:00"),
        "closed_at": None,
        "stage": "negotiating",
        "awaiting": "buyer",
        "respond_by": None,
        "insured": False,
    }
    return Dispute(**{**fields, **changes})


def disputes(*rows: Dispute, problems: tuple[Problem, ...] = ()) -> Reading:
    return page("disputes", DisputesData(total=len(rows), disputes=rows), *problems)


def review(stars: int | None = 1, **changes: Any) -> Review:
    fields: dict[str, Any] = {
        "order_id": "8154",
        "stars": stars,
        "posted_at": at("06-08 10:00"),
        "seller_contacted_at": None,
    }
    return Review(**{**fields, **changes})


def reviews(*rows: Review, problems: tuple[Problem, ...] = (), absent: dict[str, str] | None = None) -> Reading:
    return page("reviews", ReviewsData(total=len(rows), reviews=rows), *problems, absent=absent)


def _blank(shape: type[Any], **values: Any) -> Any:
    empty: dict[str, Any] = dict.fromkeys(shape.model_fields)
    return shape(**{**empty, **values})


def health(*problems: Problem, absent: dict[str, str] | None = None, **values: Any) -> Reading:
    return page("health", _blank(HealthData, **values), *problems, absent=absent)


def rating(*problems: Problem, absent: dict[str, str] | None = None, **values: Any) -> Reading:
    return page("rating", _blank(RatingData, **{"causes": (), "red_marks": (), **values}), *problems, absent=absent)


def assessment(*problems: Problem, absent: dict[str, str] | None = None, **values: Any) -> Reading:
    return page("assessment", _blank(AssessmentData, **{"cases": (), **values}), *problems, absent=absent)


def level(
    *tracker: tuple[str, float | None],
    problems: tuple[Problem, ...] = (),
    figures: dict[str, tuple[str, str]] | None = None,
) -> Reading:
    items = tuple(
        TrackerItem(name=name, label=name, value=value, threshold=0.96, unit="ratio", state="red")
        for name, value in tracker
    )
    current = Level(kind="star", rank=5)
    data = _blank(LevelData, current=current, tracker=items, why_not=(), weeks=())
    return page("level", data, *problems, figures=figures)
