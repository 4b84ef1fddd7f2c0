"""The states that pages, rows and stores can be in: words alone, so that a rule may know them without any model."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import ConfigDict


class Verdict(StrEnum):
    """What a page is; only EXPECTED and EMPTY are read."""

    EXPECTED = "expected"
    EMPTY = "empty"
    LOGIN = "login"
    VERIFICATION = "verification"
    SKELETON = "skeleton"
    ERROR_PAGE = "error_page"
    WRONG_STORE = "wrong_store"
    UNKNOWN = "unknown"

    @property
    def readable(self) -> bool:
        return self in (Verdict.EXPECTED, Verdict.EMPTY)


class Sync(StrEnum):
    """Whether the backend has synchronised a tracking number."""

    SYNCED = "synced"
    NOT_SYNCED = "not_synced"
    MISSING = "missing"


class OrderStatus(StrEnum):
    """Where an order stands; texts of both languages are data."""

    AWAITING_PAYMENT = "awaiting_payment"
    AWAITING_SHIPMENT = "awaiting_shipment"
    PARTLY_SHIPPED = "partly_shipped"
    AWAITING_RECEIPT = "awaiting_receipt"
    COMPLETED = "completed"
    CLOSED = "closed"
    FROZEN = "frozen"
    CANCELLING = "cancelling"
    FUND_PROCESSING = "fund_processing"
    RISK_REVIEW = "risk_review"
    UNKNOWN = "unknown"


class AfterSale(StrEnum):
    """The after-sale state, independent of the order's status."""

    NONE = "none"
    CANCELLED = "cancelled"
    IN_DISPUTE = "in_dispute"
    DISPUTE_ENDED = "dispute_ended"


class ParcelStatus(StrEnum):
    """What the trace of a parcel amounts to."""

    NOT_SYNCED = "not_synced"
    PRE_TRANSIT = "pre_transit"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Level:
    """A seller level: kind and rank (0 stars is star/0)."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: Literal["star", "diamond", "crown"]
    rank: int
