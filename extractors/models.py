"""The models: what a page says, once it has been read.

One place for every shape that leaves an extractor and enters a check. All models are frozen; times are aware
(the backend's zone), rates are fractions of 1, money keeps its decimal, durations end in ``_s`` (seconds) or say
their unit in the name. ``None`` means "looked for and not there, or not assessed", never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass as plain_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, SkipValidation
from pydantic.dataclasses import dataclass


class Model(BaseModel):
    """Base of every model: frozen, refuses unknown keys, keeps the public key order.

    What validates a model is made when the first one is: a run needs few of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)


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


class Problem(Model):
    """Something an extractor could not read: the field, the label tried or found, the raw text."""

    type: Literal["field_not_found", "value_not_understood", "list_incomplete"]
    field: str
    label: str | None = None
    text: str | None = None


class Where(NamedTuple):
    """What all rows of a list have in common: the page, when it was captured, the labels, which texts are kept."""

    kind: str
    sequence: int
    captured_at: datetime
    labels: Mapping[str, str]
    names: tuple[str, ...]


@plain_dataclass(frozen=True, slots=True)
class Seen:
    """Where a row or a figure stood: the page, when it was captured, and the raw text by field.

    Of a list of a hundred thousand every row has one, so what is common to them is kept once.
    """

    where: Where
    shown: tuple[str, ...]

    @classmethod
    def on(
        cls, kind: str, sequence: int, captured_at: datetime, texts: Mapping[str, str], labels: Mapping[str, str]
    ) -> Seen:
        """The evidence of a single row."""
        return cls(Where(kind, sequence, captured_at, labels, tuple(texts)), tuple(texts.values()))

    @property
    def kind(self) -> str:
        return self.where.kind

    @property
    def sequence(self) -> int:
        return self.where.sequence

    @property
    def captured_at(self) -> datetime:
        return self.where.captured_at

    @property
    def labels(self) -> Mapping[str, str]:
        return self.where.labels

    @property
    def texts(self) -> Mapping[str, str]:
        return dict(zip(self.where.names, self.shown, strict=True))


class Row(Protocol):
    """A row of a list; ``seen`` is its evidence and never part of the public data."""

    @property
    def seen(self) -> Seen | None: ...


class ListRow(Model):
    """A row of a short list."""

    seen: Annotated[Seen | None, SkipValidation] = Field(default=None, exclude=True, repr=False)


# Orders and parcels come by the hundred thousand. As dataclasses with slots they are validated just the same and take a
# fifth of the memory.
STRICT = ConfigDict(extra="forbid", defer_build=True)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class LongListRow:
    """A row of a list that may be long."""

    seen: Annotated[Seen | None, SkipValidation] = Field(default=None, exclude=True, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Money:
    """An amount of money; the amount is a decimal, written as a string."""

    currency: str
    amount: Annotated[Decimal, PlainSerializer(str, return_type=str)]


Ratio = float
"""A rate as a fraction of 1 (98.5 % is 0.985)."""


class Sync(StrEnum):
    """Whether the backend has synchronised a tracking number."""

    SYNCED = "synced"
    NOT_SYNCED = "not_synced"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TrackingNumber:
    """A tracking number as an order shows it."""

    number: str | None
    carrier: str | None = None
    sync: Sync | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Order(LongListRow):
    """An order of the order list or of the official export.

    ``tracking`` is None when the page has no such column. ``lines`` counts order lines, ``quantity`` pieces.
    The keys from ``paid_at`` on are known to the export only.
    """

    order_id: str
    placed_at: datetime | None
    status: OrderStatus
    status_text: str | None = None
    after_sale: AfterSale | None = None
    scan_by: datetime | None = None
    ship_by: datetime | None = None
    amount: Money | None = None
    amount_local: Money | None = None
    lines: int | None = None
    quantity: int | None = None
    tags: tuple[str, ...] | None = None
    shipping_service: str | None = None
    tracking: tuple[TrackingNumber, ...] | None = None
    paid_at: datetime | None = None
    shipped_at: tuple[datetime, ...] | None = None
    confirmed_at: datetime | None = None
    destination: str | None = None


class OrdersData(Model):
    """The order list (or an order export): total printed by the page, page number, pages, orders."""

    total: int | None
    page: int | None = None
    pages: int | None = None
    orders: tuple[Order, ...]


class ParcelStatus(StrEnum):
    """What the trace of a parcel amounts to."""

    NOT_SYNCED = "not_synced"
    PRE_TRANSIT = "pre_transit"
    IN_TRANSIT = "in_transit"
    DELIVERED = "delivered"
    EXCEPTION = "exception"
    RETURNED = "returned"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TraceEvent:
    """One line of a trace; ``scan`` is False for a mere declaration (CONSIGN, ASN)."""

    at: datetime
    place: str | None
    text: str
    scan: bool


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Parcel(LongListRow):
    """A parcel of an order with its trace, newest event first; ``destination`` is an ISO country."""

    order_id: str
    tracking_number: str | None
    carrier: str | None = None
    service: str | None = None
    destination: str | None = None
    shipped_at: datetime | None = None
    last_updated: datetime | None = None
    sync: Sync | None = None
    status: ParcelStatus = ParcelStatus.UNKNOWN
    recipient_matches: bool | None = None
    order_open: bool | None = None
    first_scan_at: datetime | None = None
    events: tuple[TraceEvent, ...] = ()


class TrackingData(Model):
    """Parcels, from the list or from one order's tracking page."""

    total: int | None
    parcels: tuple[Parcel, ...]


class PromiseCase(ListRow):
    """An order that broke the shipping promise; ``appeal_by`` is the end of the appeal."""

    order_id: str
    reason: Literal["late_first_scan", "false_shipment"] | None
    placed_at: datetime | None = None
    appeal_by: datetime | None = None


class AssessmentData(Model):
    """The shipping-promise page; rates are fractions."""

    stat_date: date | None
    on_time_rate: Ratio | None
    scan_72h_rate: Ratio | None
    fulfilment_rate: Ratio | None
    not_sold_rate: Ratio | None
    snad_rate: Ratio | None
    dispute_rate: Ratio | None
    positive_rate: Ratio | None
    reply_24h_rate: Ratio | None
    standard_shipping_share: Ratio | None
    total: int | None
    cases: tuple[PromiseCase, ...]


class PartScores(Model):
    """The five parts of the health score, 0–100 points each."""

    fulfilment: float | None = None
    dispute: float | None = None
    # "return" is a keyword in Python, so the attribute differs from the public key.
    returns: float | None = Field(default=None, alias="return")
    positive: float | None = None
    response: float | None = None


class HealthData(Model):
    """The store-health page; ``score`` and the parts in points (0–100), rates as fractions, ``*_s`` in seconds."""

    score: float | None
    as_of: date | None
    fulfilment_rate: Ratio | None
    dispute_rate: Ratio | None
    return_rate: Ratio | None
    positive_rate: Ratio | None
    response_s: int | None
    part_scores: PartScores | None
    order_defect_rate: Ratio | None
    average_reply_s: int | None
    cancel_rate: Ratio | None
    sales_30d: Money | None
    top_rated: bool | None
    level: Literal["healthy", "general", "severe", "frozen", "closed"] | None


class RatingDimension(Model):
    """One dimension of the store rating (0–5 points) and its three windows."""

    score: float | None
    days_30: float | None
    days_60: float | None
    days_90: float | None


class RatingData(Model):
    """The store-rating page; ratings in points of 5."""

    status: Literal["enabled", "calculating", "not_enabled"] | None
    rating: float | None
    causes: tuple[str, ...]
    description: RatingDimension | None
    logistics: RatingDimension | None
    service: RatingDimension | None
    orders_90d: int | None
    valid_orders_90d: int | None
    confirmed_rate: Ratio | None
    first_reply_12h_rate: Ratio | None
    dispute_rate: Ratio | None
    refund_72h_rate: Ratio | None
    opened_on: date | None
    course_completed: bool | None
    not_as_described_returns: int | None
    red_marks: tuple[str, ...]


class Level(Model):
    """A seller level: kind and rank (0 stars is star/0)."""

    kind: Literal["star", "diamond", "crown"]
    rank: int


class TrackerItem(Model):
    """One line of the Level Progress Tracker; value and threshold in ``unit`` (a ratio is a fraction)."""

    name: str
    label: str
    value: float | None
    threshold: float | None
    unit: Literal["ratio", "points", "money", "count", "days", "seconds"] | None
    state: Literal["green", "amber", "red"] | None


class WhyNot(Model):
    """An item of "Why Not Upgraded?" with the data snapshot it shows."""

    label: str
    text: str | None
    snapshot: str | None


class Week(Model):
    """A weekly evaluation: values by metric name, in the tracker's units."""

    week_ending: date
    metrics: dict[str, float | None]


class LevelData(Model):
    """The seller-level page."""

    current: Level | None
    next: Level | None
    evaluated_on: date | None
    next_evaluation_on: date | None
    tracker: tuple[TrackerItem, ...]
    why_not: tuple[WhyNot, ...]
    weeks: tuple[Week, ...]


class MedalMetric(Model):
    """A metric of the medal assessment: the value, the line to keep and the line to reach, in ``unit``."""

    label: str
    value: float | None
    keep: float | None
    reach: float | None
    unit: Literal["ratio", "points", "money", "count", "days", "seconds"] | None
    better: Literal["higher", "lower"] | None


class MedalData(Model):
    """The medal benefits centre."""

    current: Literal["gold", "silver", "ordinary"] | None
    front_badge: Literal["gold", "silver", "jbp", "stylised", "plus", "none"] | None
    good_seller_until: date | None
    opened_on: date | None
    period_ends_on: date | None
    metrics: tuple[MedalMetric, ...]


DocumentKind = Literal[
    "business_licence",
    "legal_person_id_front",
    "legal_person_id_back",
    "alipay_binding",
    "trademark",
    "brand_authorisation",
    "ce",
    "ukca",
    "fcc",
    "other",
]
DocumentStatus = Literal[
    "approved",
    "under_review",
    "rejected",
    "update_needed",
    "expiring",
    "expired",
    "missing",
    "bound",
    "not_bound",
]


class Document(ListRow):
    """A licence, certificate or binding; ``number`` as shown (masked), dates in the backend's zone."""

    kind: DocumentKind
    name: str
    number: str | None
    valid_from: date | None
    valid_until: date | None
    long_term: bool
    status: DocumentStatus | None
    submitted_on: date | None = None
    note: str | None = None
    standard: str | None = None
    superseded_by: str | None = None
    brand: str | None = None
    mark: Literal["R", "TM"] | None = None
    own_brand: bool | None = None


class DocumentsData(Model):
    """Licences and qualifications."""

    documents: tuple[Document, ...]
    registered_on: date | None
    regulated_categories: tuple[str, ...]


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


class Dispute(ListRow):
    """A dispute or refund; ``respond_by`` comes from the countdown shown."""

    order_id: str
    dispute_id: str | None
    kind: Literal["refund", "return"] | None
    reason: str | None
    not_as_described: bool | None
    amount: Money | None
    opened_at: datetime | None
    closed_at: datetime | None
    stage: Literal[
        "negotiating", "platform", "buyer_returning", "warehouse_receiving", "seller_receiving", "ended", "unknown"
    ]
    awaiting: Literal["seller", "buyer", "platform", "none"] | None
    respond_by: datetime | None
    insured: bool


class DisputesData(Model):
    """Disputes and refunds."""

    total: int | None
    disputes: tuple[Dispute, ...]


class Review(ListRow):
    """A buyer's review (stars 1–5) and when the seller contacted the buyer."""

    order_id: str
    stars: int | None
    posted_at: datetime | None
    seller_contacted_at: datetime | None


class ReviewsData(Model):
    """Reviews."""

    total: int | None
    reviews: tuple[Review, ...]


class Violation(ListRow):
    """A violation on record."""

    violation_id: str
    type: Literal["intellectual_property", "prohibited_item", "transaction", "other"]
    violation_class: Literal["A", "B", "C", "D"] | None = Field(alias="class")
    severe: bool | None
    points: float | None
    decided_on: date | None
    status: str | None


class ViolationsData(Model):
    """Violations and points."""

    total: int | None
    points: float | None
    violations: tuple[Violation, ...]


class Product(ListRow):
    """A product of the premium product-health page."""

    product_id: str
    title: str | None
    core: bool | None
    test: bool | None
    health_score: float | None
    pictures: int | None
    video: bool | None
    languages: tuple[str, ...]
    ctr: Ratio | None
    add_to_cart_rate: Ratio | None
    pay_conversion_rate: Ratio | None
    price: Money | None
    certificates: tuple[str, ...]
    category: str | None


class ProductsData(Model):
    """Premium product health; ``*_days`` in days (local fulfilment in working days)."""

    average_price: Money | None
    overseas_coverage: Ratio | None
    local_fulfilment_days: float | None
    turnover_days: float | None
    products: tuple[Product, ...]


class SettingsData(Model):
    """Logistics settings; days by region, orders of the last 30 days by ISO country."""

    auto_confirm_days: int | None
    auto_confirm_by_region: dict[str, int]
    destinations_30d: dict[str, int]


PageData = (
    OrdersData
    | TrackingData
    | AssessmentData
    | HealthData
    | RatingData
    | LevelData
    | MedalData
    | DocumentsData
    | MessagesData
    | DisputesData
    | ReviewsData
    | ViolationsData
    | ProductsData
    | SettingsData
)


class Store(Model):
    """The store that a capture belongs to; ``premium`` is the user's word, never read from a page."""

    id: str | None = None
    name: str | None = None
    channel_id: str | None = None
    premium: bool = False


class Figure(NamedTuple):
    """Evidence of one figure: its label as shown and the raw text beside it."""

    label: str | None
    text: str | None


class Reading(Model):
    """One page as it was read: what it is, its data, what could not be read.

    ``absent`` names fields whose label is not on the page at all (field -> labels tried); ``figures`` keeps the
    evidence of single fields. ``error`` is the capture's own error of a page that was not reached,
    ``mishap`` its type.
    """

    kind: str
    view: str | None
    sequence: int
    url: str | None
    captured_at: datetime
    verdict: Verdict | None
    data: Annotated[Any, SkipValidation] = None
    problems: tuple[Problem, ...] = ()
    absent: dict[str, str] = {}
    figures: Annotated[Mapping[str, Figure], SkipValidation] = {}
    error: str | None = None
    mishap: str | None = None
